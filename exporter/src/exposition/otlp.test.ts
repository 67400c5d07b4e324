import { context, metrics } from '@opentelemetry/api';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import type { AddressInfo } from 'node:net';
import process from 'node:process';
import { counter, gauge, histogram } from 'opentelemetry-instrumentation-fal/core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HandClock } from '../metrics/hand-clock.ts';
import { MetricStore } from '../metrics/store.ts';
import { startOtlpPush } from './otlp.ts';
import type { OtlpPush } from './otlp.ts';
import { createMetricProducer } from './otlp-producer.ts';
import { collectBody } from './render.ts';
import { TEXT_0_0_4 } from './text.ts';

const START = Date.UTC(2026, 10, 21, 10);
const RUNS = counter({
  name: 'runs_total',
  instrument: 'runs',
  unit: '{run}',
  labels: ['a'],
  help: 'Runs.',
  fedBy: 'exporter',
});
const UP = gauge({ name: 'up', instrument: 'up', unit: '', labels: ['a'], help: 'Up.', fedBy: 'exporter' });
const TIME = histogram({
  ...{
    name: 'time_seconds',
    instrument: 'time.seconds',
    unit: 's',
    labels: ['a'],
    help: 'Time.',
    fedBy: 'exporter',
  },
  bounds: [1, 2],
});

let clock: HandClock;
let store: MetricStore;

beforeEach(() => {
  clock = new HandClock(START);
  store = new MetricStore({ clock, limit: 100, expireAfterMs: 1000 });
  store.bind(RUNS, { a: 'x' }).inc(3);
  store.bind(UP, { a: undefined }).set(1);
  store.bind(UP, { a: 'unknown' });
  const time = store.bind(TIME, { a: 'x' });
  for (const value of [0.5, 1.5, 1.5, 9]) time.observe(value);
  clock.advance(1500);
});

describe('the metric producer', () => {
  it('gives cumulative points with start times, attributes and the types of the catalogue', async () => {
    const { resourceMetrics, errors } = await createMetricProducer(store, '1.2.3').collect();
    const [scope] = resourceMetrics.scopeMetrics;
    const times = { startTime: [START / 1000, 0], endTime: [START / 1000 + 1, 500_000_000] };
    expect(errors).toEqual([]);
    expect(scope?.scope).toEqual({ name: 'fal-exporter', version: '1.2.3' });
    expect(scope?.metrics).toEqual([
      expect.objectContaining({
        descriptor: expect.objectContaining({ name: 'runs', unit: '{run}', description: 'Runs.' }) as object,
        isMonotonic: true,
        aggregationTemporality: 1,
        dataPoints: [{ ...times, attributes: { a: 'x' }, value: 3 }],
      }),
      expect.objectContaining({
        dataPoints: [
          {
            ...times,
            attributes: { a: 'x' },
            value: { buckets: { boundaries: [1, 2], counts: [1, 2, 1] }, count: 4, sum: 12.5 },
          },
        ],
      }),
      expect.objectContaining({ dataPoints: [{ ...times, attributes: {}, value: 1 }] }),
    ]);
  });

  it('hands on the error of a refresher instead of throwing it', async () => {
    store.beforeCollect('broken', () => {
      throw new Error('no');
    });
    const { resourceMetrics, errors } = await createMetricProducer(store, '1.2.3').collect();
    expect(resourceMetrics.scopeMetrics).toEqual([]);
    expect(errors).toEqual([expect.objectContaining({ name: 'CollectError' })]);
  });
});

interface Arrival {
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A receiver that keeps what arrives; `answer` is the status it gives, 0 for never answering. */
async function openReceiver(answer: number): Promise<{ url: string; arrivals: Arrival[]; server: Server }> {
  const arrivals: Arrival[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      arrivals.push({ url: request.url, headers: request.headers, body: Buffer.concat(chunks) });
      if (answer !== 0) response.writeHead(answer, { 'Content-Type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, arrivals, server };
}

describe('pushing', () => {
  const problems: string[] = [];
  let open: Server | undefined;

  afterEach(() => {
    vi.unstubAllEnvs();
    metrics.disable();
    context.disable();
    problems.length = 0;
    open?.closeAllConnections();
    open?.close();
  });

  /** The SDK reads the process's own environment, so that is what is set. */
  async function push(
    answer: number,
    env: Record<string, string>,
  ): Promise<{ push: OtlpPush; arrivals: Arrival[] }> {
    const { url, arrivals, server } = await openReceiver(answer);
    open = server;
    for (const [name, value] of Object.entries({ OTEL_EXPORTER_OTLP_ENDPOINT: url, ...env }))
      vi.stubEnv(name, value);
    const onProblem = (text: string): void => void problems.push(text);
    const started = await startOtlpPush({ store, clock, env: process.env, version: '1.2.3', onProblem });
    if (started === undefined) throw new Error(`no push: ${problems.join()}`);
    return { push: started, arrivals };
  }

  it('sends the store as JSON with names, units, values and the service', async () => {
    const { push: started, arrivals } = await push(200, { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' });
    await started.shutdown();
    expect(started).toMatchObject({ protocol: 'http/json', intervalMs: 15_000 });
    expect(arrivals).toHaveLength(1);
    expect(arrivals[0]).toMatchObject({
      url: '/v1/metrics',
      headers: { 'content-type': 'application/json' },
    });
    const { resourceMetrics } = JSON.parse(arrivals[0]?.body.toString() ?? '') as Payload;
    expect(resource(resourceMetrics)).toMatchObject({
      'service.name': { stringValue: 'fal-exporter' },
      'service.version': { stringValue: '1.2.3' },
    });
    const sent = resourceMetrics[0]?.scopeMetrics.flatMap((scope) => scope.metrics) ?? [];
    expect(sent.map(({ name, unit }) => [name, unit])).toEqual([
      ['runs', '{run}'],
      ['time.seconds', 's'],
      ['up', ''],
    ]);
    expect(sent[0]?.sum).toMatchObject({ aggregationTemporality: 2, isMonotonic: true });
    expect(sent[0]?.sum?.dataPoints[0]).toMatchObject({
      asDouble: 3,
      startTimeUnixNano: `${START}000000`,
      timeUnixNano: `${START + 1500}000000`,
    });
    expect(sent[1]?.histogram?.dataPoints[0]).toMatchObject({ count: 4, explicitBounds: [1, 2], sum: 12.5 });
    expect(problems).toEqual([]);
  });

  it('sends protobuf by default, and no command line', async () => {
    const { push: started, arrivals } = await push(200, {});
    await started.shutdown();
    expect(arrivals).toHaveLength(1);
    expect(arrivals[0]).toMatchObject({
      url: '/v1/metrics',
      headers: { 'content-type': 'application/x-protobuf' },
    });
    const text = arrivals[0]?.body.toString('latin1') ?? '';
    expect(text).toContain('time.seconds');
    expect(text).toContain('fal-exporter');
    expect(text).not.toContain('process.command');
  });

  it('takes the service name that the environment gives', async () => {
    const env = { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json', OTEL_SERVICE_NAME: 'fal-exporter-eu' };
    const { push: started, arrivals } = await push(200, env);
    await started.shutdown();
    const { resourceMetrics } = JSON.parse(arrivals[0]?.body.toString() ?? '') as Payload;
    expect(resource(resourceMetrics)['service.name']).toEqual({ stringValue: 'fal-exporter-eu' });
  });

  it('says once that a receiver refuses, and scrapes go on', async () => {
    const { push: started } = await push(400, { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' });
    await started.shutdown();
    expect(problems).toEqual([expect.stringMatching(/^OTLP push fails \(.*400/)]);
    expect((await collectBody(store, TEXT_0_0_4)).toString()).toContain('runs_total{a="x"} 3');
  });

  it('stops within its time limit although the receiver never answers', async () => {
    const { push: started, arrivals } = await push(0, { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' });
    const stopped = started.shutdown();
    await vi.waitFor(() => expect(arrivals).toHaveLength(1));
    clock.advance(5000);
    await stopped;
    await started.shutdown();
    expect(problems).toEqual(['the last OTLP push may be lost (no answer within 5000 ms)']);
  });

  it('pushes again after each interval', async () => {
    const { push: started, arrivals } = await push(200, { OTEL_METRIC_EXPORT_INTERVAL: '20' });
    await vi.waitFor(() => expect(arrivals.length).toBeGreaterThanOrEqual(2), { timeout: 5000 });
    await started.shutdown();
  });

  it('speaks gRPC when asked to', async () => {
    const paths: unknown[] = [];
    const server = createHttp2Server();
    server.on('stream', (stream, headers) => {
      paths.push(headers[':path'], headers['content-type']);
      stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
      stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
      // An empty message: not compressed, length zero.
      stream.resume().on('end', () => stream.end(Buffer.alloc(5)));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const env = { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc', OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: url };
    const { push: started } = await push(200, env);
    await started.shutdown();
    server.close();
    expect(paths).toEqual([
      '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export',
      'application/grpc',
    ]);
    expect(problems).toEqual([]);
  });

  it('does not start when nobody asks for it', async () => {
    const onProblem = (text: string): void => void problems.push(text);
    expect(await startOtlpPush({ store, clock, env: {}, version: '1', onProblem })).toBeUndefined();
    expect(problems).toEqual([]);
  });
});

interface Payload {
  readonly resourceMetrics: readonly {
    readonly resource: { readonly attributes: readonly { readonly key: string; readonly value: unknown }[] };
    readonly scopeMetrics: readonly { readonly metrics: readonly SentMetric[] }[];
  }[];
}

interface SentMetric {
  readonly name: string;
  readonly unit: string;
  readonly sum?: { readonly dataPoints: readonly unknown[] };
  readonly histogram?: { readonly dataPoints: readonly unknown[] };
}

function resource(sent: Payload['resourceMetrics']): Record<string, unknown> {
  return Object.fromEntries(sent[0]?.resource.attributes.map(({ key, value }) => [key, value]) ?? []);
}
