import type { Simulator, SimulatorServer } from 'fal-simulator';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { BackgroundProcess } from './background-process.ts';
import {
  MEASURED,
  MODEL,
  runExample,
  scrape,
  startExample,
  startQuickSimulator,
  untilItSays,
} from './examples/example.ts';
import { EXAMPLES, examplesManifest, installExamples } from './examples/install.ts';
import { measuredByLedger, measuredByOtlp, measuredByScrape, valuesOf } from './examples/measured.ts';
import { startRedis } from './examples/redis.ts';
import { freePort } from './free-port.ts';
import { OTLP_TAKEN, startHttpSink } from './http-sink.ts';
import { type Packed, packInstrumentation } from './package/packed.ts';

const root = mkdtempSync(join(tmpdir(), 'fal-observability-examples-'));
const folder = join(root, 'examples');
let packed: Packed;
let simulator: Simulator;
let server: SimulatorServer;
let port: number;
const running: BackgroundProcess[] = [];

beforeAll(async () => {
  packed = await packInstrumentation(root);
  await installExamples(folder, packed.tarball);
});

afterAll(() => {
  rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
});

beforeEach(async () => {
  ({ simulator, server } = await startQuickSimulator());
  port = await freePort();
});

const stopAll = async (): Promise<void> => {
  await Promise.all(running.splice(0).map((each) => each.stop()));
};

afterEach(async () => {
  await stopAll();
  await server.close();
  simulator.close();
});

/** Of the example: a simulated fal, a place for its metrics, and what else it is told. */
const told = (env: Readonly<Record<string, string>> = {}): Record<string, string> => ({
  FAL_SIMULATOR_URL: server.url,
  OTEL_EXPORTER_PROMETHEUS_PORT: String(port),
  ...env,
});

async function start(args: readonly string[], env: Record<string, string>): Promise<BackgroundProcess> {
  const example = await startExample({ folder, args, env });
  running.push(example);
  return example;
}

const OK = `${MODEL} subscribe ok`;
const ERROR = `${MODEL} subscribe error`;

test('node: a script tells what it measured when it ends', async () => {
  const collector = await startHttpSink(OTLP_TAKEN);
  const env = told({
    OTEL_METRICS_EXPORTER: 'otlp',
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: `${collector.url}/v1/metrics`,
  });
  const output = await runExample({ folder, args: [...MEASURED, 'node/app.js', 'a lighthouse'], env });
  await collector.stop();

  const [job] = simulator.ledger.jobs;
  expect(output).toContain(`${job?.requestId}: http`);
  expect(measuredByOtlp(collector.deliveries)).toEqual(measuredByLedger(simulator.ledger));
  expect(measuredByOtlp(collector.deliveries)).toEqual({ requests: { [OK]: 1 }, units: { [MODEL]: 1 } });
});

test('express: what the server did for its callers is on /metrics, by team', async () => {
  const env = told({ PORT: '0', OTEL_INSTRUMENTATION_FAL_ATTRIBUTES: 'team' });
  const example = await start([...MEASURED, 'express/server.js'], env);
  const [, url] = await untilItSays(example, /listening on (\S+)/);
  const ask = async (team: string, body: object): Promise<number> => {
    const headers = { 'content-type': 'application/json', 'x-team': team };
    const answer = await fetch(`${url}/images`, { method: 'POST', headers, body: JSON.stringify(body) });
    await answer.text();
    return answer.status;
  };
  expect(await ask('growth', { prompt: 'a lighthouse' })).toBe(200);
  expect(await ask('support', { prompt: 'a harbour' })).toBe(200);
  expect(await ask('growth', {})).toBe(422);

  const metrics = await scrape(port);
  expect(measuredByScrape(metrics)).toEqual(measuredByLedger(simulator.ledger));
  expect(measuredByScrape(metrics)).toEqual({ requests: { [OK]: 2, [ERROR]: 1 }, units: { [MODEL]: 2 } });
  expect(valuesOf(metrics, 'fal_client_attributed_billable_units_total', 'team')).toEqual([
    'growth',
    'support',
  ]);
});

describe('nextjs', () => {
  test('the route handler is measured once instrumentation.js has run', async () => {
    const script = `
      const { register } = await import('./nextjs/instrumentation.js');
      await register();
      const { POST } = await import('./nextjs/app/api/generate/route.js');
      const body = JSON.stringify({ prompt: 'a lighthouse' });
      const answer = await POST(new Request('http://127.0.0.1/api/generate', { method: 'POST', body }));
      console.log(JSON.stringify(await answer.json()));
      console.log(await (await fetch('http://127.0.0.1:${port}/metrics')).text());`;
    const args = ['--input-type=module', '--eval', script];
    const output = await runExample({ folder, args, env: told({ NEXT_RUNTIME: 'nodejs' }) });

    const [job] = simulator.ledger.jobs;
    expect(output).toContain(`"requestId":"${job?.requestId}"`);
    expect(measuredByScrape(output)).toEqual(measuredByLedger(simulator.ledger));
    expect(measuredByScrape(output)).toEqual({ requests: { [OK]: 1 }, units: { [MODEL]: 1 } });
  });

  test('on the edge runtime nothing of Node is loaded', async () => {
    const script = `
      const { register } = await import('./nextjs/instrumentation.js');
      await register();
      await fetch('http://127.0.0.1:${port}/metrics').catch(({ cause }) => console.log(cause.code));`;
    const args = ['--input-type=module', '--eval', script];
    expect(await runExample({ folder, args, env: told({ NEXT_RUNTIME: 'edge' }) })).toBe('ECONNREFUSED\n');
  });

  test('next.config.js keeps what is hooked, and the hooks, out of the bundle', async () => {
    const file = pathToFileURL(join(EXAMPLES, 'nextjs', 'next.config.js')).href;
    const { default: config } = (await import(file)) as {
      readonly default: { readonly serverExternalPackages: readonly string[] };
    };
    expect(config.serverExternalPackages).toEqual(
      expect.arrayContaining(['@fal-ai/client', 'opentelemetry-instrumentation-fal']),
    );
    const known = Object.keys(examplesManifest().dependencies);
    expect(config.serverExternalPackages.filter((name) => !known.includes(name))).toEqual([]);
  });
});

describe('serverless', () => {
  const invoke = async (env: Record<string, string>): Promise<string> =>
    runExample({ folder, args: ['serverless/invoke.js', 'a lighthouse', 'a harbour'], env: told(env) });

  test.each(['cumulative', 'delta'])('all is pushed before the instance ends, %s', async (temporality) => {
    const collector = await startHttpSink(OTLP_TAKEN);
    const output = await invoke({
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: temporality,
    });
    await collector.stop();

    expect(output).toMatch(/^(200 .*\n){2}$/);
    expect(collector.deliveries.map(({ path }) => path)).toEqual(['/v1/metrics', '/v1/metrics']);
    expect(measuredByOtlp(collector.deliveries)).toEqual(measuredByLedger(simulator.ledger));
    expect(measuredByOtlp(collector.deliveries)).toEqual({ requests: { [OK]: 2 }, units: { [MODEL]: 2 } });
  });

  test('a collector that hangs costs each caller two seconds, and nobody the picture', async () => {
    const hanging = createServer().listen(0, '127.0.0.1');
    await once(hanging, 'listening');
    const started = performance.now();
    const output = await invoke({
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(hanging.address() as AddressInfo).port}`,
    });
    const tookMs = performance.now() - started;
    hanging.close();
    hanging.closeAllConnections();

    expect(output.match(/^200 /gm)).toHaveLength(2);
    expect(output).toMatch(/timeout|timed out/i);
    expect(tookMs).toBeGreaterThan(4_000);
    expect(tookMs).toBeLessThan(10_000);
  });
});

test('bullmq: a job that is retried is two requests, by team and feature', async () => {
  const redis = await startRedis();
  try {
    simulator.engine.failNext({ endpointId: MODEL, errorType: 'internal_server_error', final: true });
    const env = told({
      REDIS_URL: redis.url,
      OTEL_INSTRUMENTATION_FAL_ATTRIBUTES: 'team,feature',
    });
    await runExample({ folder, args: ['bullmq/producer.js', 'a lighthouse'], env });
    const worker = await start([...MEASURED, 'bullmq/worker.js'], env);
    await untilItSays(worker, /job 1 failed[^]*job 1 is done/);

    const metrics = await scrape(port);
    expect(measuredByScrape(metrics)).toEqual(measuredByLedger(simulator.ledger));
    expect(measuredByScrape(metrics)).toEqual({
      requests: { [OK]: 1, [ERROR]: 1 },
      units: { [MODEL]: 1 },
    });
    expect(valuesOf(metrics, 'fal_client_attributed_requests_total', 'team')).toEqual(['growth']);
    expect(valuesOf(metrics, 'fal_client_attributed_requests_total', 'feature')).toEqual(['onboarding']);
    expect(await worker.stop()).toMatchObject({ code: 0, signal: null });
  } finally {
    // The worker first: it waits for a Redis that is gone.
    await stopAll();
    await redis.stop();
  }
});

describe('the documents', () => {
  const readme = readFileSync(join(EXAMPLES, 'README.md'), 'utf8');

  test('README.md leads to every example', () => {
    const entries = readdirSync(EXAMPLES, { withFileTypes: true }).filter(
      (entry) => entry.isDirectory() && !['lib', 'node_modules'].includes(entry.name),
    );
    expect(entries).not.toEqual([]);
    for (const { name } of entries) expect(readme).toContain(`](${name}/`);
  });

  test('package.json names exact versions, of ourselves the one that is here', () => {
    const { dependencies } = examplesManifest();
    expect(Object.values(dependencies).filter((version) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
    expect(dependencies['opentelemetry-instrumentation-fal']).toBe(packed.version);
  });
});
