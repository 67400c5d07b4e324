import { type BatchObservableCallback, createNoopMeter } from '@opentelemetry/api';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { type Histogram, MeterProvider } from '@opentelemetry/sdk-metrics';
import { describe, expect, it } from 'vitest';
import type { ErrorType } from '../errors/error-type.ts';
import type { RequestRecord } from '../request/life-cycle.ts';
import { LABELS, over, readableMetrics, testedMetrics } from './test-reading.ts';

const RUN = 'endpoint_id=fal-ai/flux/dev,operation=run';

describe('a request that began', () => {
  it('makes its four outcomes exist at zero, and no error', async () => {
    const { metrics, read } = readableMetrics();
    metrics.started(LABELS);
    expect(await read('fal.client.requests')).toEqual({
      [`${RUN},outcome=ok`]: 0,
      [`${RUN},outcome=error`]: 0,
      [`${RUN},outcome=timeout`]: 0,
      [`${RUN},outcome=cancelled`]: 0,
    });
    expect(await read('fal.client.errors')).toEqual({});
    expect(await read('fal.client.platform_retries')).toEqual({ 'endpoint_id=fal-ai/flux/dev': 0 });
    expect(await read('fal.client.unpriced_requests')).toEqual({ 'endpoint_id=fal-ai/flux/dev': 0 });
    expect(await read('fal.client.duplicate_submits')).toEqual({ [RUN]: 0 });
  });

  it('leaves counts alone when it is not the first', async () => {
    const { metrics, read } = readableMetrics();
    metrics.started(LABELS);
    metrics.ended(over());
    metrics.started(LABELS);
    expect(await read('fal.client.requests')).toMatchObject({ [`${RUN},outcome=ok`]: 1 });
  });

  it('cannot be submitted twice when it only fetches a result', async () => {
    const { metrics, read } = readableMetrics();
    metrics.started({ endpointId: 'a/b', operation: 'result' });
    expect(await read('fal.client.duplicate_submits')).toEqual({});
  });
});

describe('a request that ended', () => {
  const failed = (record: Partial<RequestRecord>): Promise<Record<string, number>> => {
    const { metrics, read } = readableMetrics();
    metrics.ended(over(record));
    return read('fal.client.errors');
  };

  it('counts a failure by its cause and by whose fault it is', async () => {
    expect(await failed({ outcome: 'timeout', errorType: 'generation_timeout' })).toEqual({
      'endpoint_id=fal-ai/flux/dev,error_type=generation_timeout,fault=model,operation=run': 1,
    });
  });

  it('counts a failure of no known cause as _OTHER', async () => {
    const other = { 'endpoint_id=fal-ai/flux/dev,error_type=_OTHER,fault=unknown,operation=run': 1 };
    expect(await failed({ outcome: 'error' })).toEqual(other);
    expect(await failed({ outcome: 'error', errorType: 'made up' as ErrorType })).toEqual(other);
  });

  it('counts no error when the caller cancelled it', async () => {
    expect(await failed({ outcome: 'cancelled', errorType: 'aborted' })).toEqual({});
  });

  it('is counted without a duration when nobody here knows when it began', async () => {
    const { metrics, read } = readableMetrics();
    metrics.ended(over({ total: undefined }));
    expect(await read('fal.client.requests')).toMatchObject({ [`${RUN},outcome=ok`]: 1 });
    expect(await read('fal.client.request.duration.seconds')).toEqual({});
  });

  it('records the parts that are known, by endpoint only', async () => {
    const { metrics, read } = readableMetrics();
    const seconds = (value: number): { seconds: number; certainty: 'exact' } => ({
      seconds: value,
      certainty: 'exact',
    });
    const labels = { ...LABELS, attributes: { team: 'a' } };
    metrics.ended(
      over(
        { queueWait: seconds(1), inference: seconds(2), upload: seconds(3), timeToFirstChunk: seconds(4) },
        { labels },
      ),
    );
    const part = { 'endpoint_id=fal-ai/flux/dev': 1 };
    expect(await read('fal.client.queue_wait.seconds')).toEqual(part);
    expect(await read('fal.client.inference.seconds')).toEqual(part);
    expect(await read('fal.client.upload.seconds')).toEqual(part);
    expect(await read('fal.client.time_to_first_chunk.seconds')).toEqual(part);
    expect(await read('fal.client.result_fetch.seconds')).toEqual({});
  });

  it('hands over no duration that is no number of seconds', () => {
    const handedOver: number[] = [];
    const meter = createNoopMeter();
    meter.createHistogram = () => ({ record: (seconds) => void handedOver.push(seconds) });
    let collect: BatchObservableCallback = () => undefined;
    meter.addBatchObservableCallback = (callback) => void (collect = callback);
    const { metrics } = testedMetrics({ getMeter: () => meter });
    for (const seconds of [NaN, -1, 0, Infinity, 2])
      metrics.ended(over({ total: { seconds, certainty: 'exact' } }));
    expect(handedOver).toEqual([]);
    void collect({ observe: () => undefined });
    expect(handedOver).toEqual([0, 2]);
  });

  it('hands its duration over before the next collection when many wait already', () => {
    const handedOver: number[] = [];
    const meter = createNoopMeter();
    meter.createHistogram = () => ({ record: (seconds) => void handedOver.push(seconds) });
    const { metrics } = testedMetrics({ getMeter: () => meter });
    for (let i = 0; i < 499; i++) metrics.ended(over());
    expect(handedOver).toHaveLength(0);
    metrics.ended(over());
    expect(handedOver).toHaveLength(500);
  });

  it('that is not over is not counted, and that is said once', async () => {
    const { metrics, errors, read } = readableMetrics();
    metrics.ended(over({ outcome: undefined }));
    metrics.ended(over({ outcome: undefined }));
    expect(await read('fal.client.requests')).toEqual({});
    expect(errors).toHaveLength(1);
  });
});

describe('what happens to a request on its way', () => {
  it('counts attempts by status code or network error, and anything else as _OTHER', async () => {
    const { metrics, read } = readableMetrics();
    const statuses = ['200', '503', 'ECONNRESET', 'aborted', '099', '600', '42', 'it broke', ''];
    for (const status of statuses) metrics.attempted(LABELS, status);
    expect(await read('fal.client.attempts')).toEqual({
      [`${RUN},status=200`]: 1,
      [`${RUN},status=503`]: 1,
      [`${RUN},status=ECONNRESET`]: 1,
      [`${RUN},status=aborted`]: 1,
      [`${RUN},status=_OTHER`]: 5,
    });
  });

  it('counts platform retries and repeated submits', async () => {
    const { metrics, read } = readableMetrics();
    metrics.started(LABELS);
    metrics.platformRetried(LABELS);
    metrics.submitRepeated(LABELS);
    metrics.submitRepeated(LABELS);
    expect(await read('fal.client.platform_retries')).toEqual({ 'endpoint_id=fal-ai/flux/dev': 1 });
    expect(await read('fal.client.duplicate_submits')).toEqual({ [RUN]: 2 });
  });

  it('counts realtime connections, and messages in both directions from zero', async () => {
    const { metrics, read } = readableMetrics();
    metrics.realtimeConnected('fal-ai/fast');
    metrics.realtimeMessage('fal-ai/fast', 'sent');
    expect(await read('fal.client.realtime_connections')).toEqual({ 'endpoint_id=fal-ai/fast': 1 });
    expect(await read('fal.client.realtime_messages')).toEqual({
      'direction=sent,endpoint_id=fal-ai/fast': 1,
      'direction=received,endpoint_id=fal-ai/fast': 0,
    });
  });
});

describe('what the app reports', () => {
  it('counts fallbacks, with the other outcomes from zero', async () => {
    const { metrics, read } = readableMetrics();
    metrics.recordFallback({ endpointId: 'a/b', provider: 'elsewhere', outcome: 'error' });
    const series = (outcome: string): string => `endpoint_id=a/b,outcome=${outcome},provider=elsewhere`;
    expect(await read('fal.client.fallbacks')).toEqual({
      ...{ [series('ok')]: 0, [series('error')]: 1 },
      ...{ [series('timeout')]: 0, [series('cancelled')]: 0 },
    });
  });

  it('tells twenty providers apart and no more', async () => {
    const { metrics, read, warnings } = readableMetrics();
    for (let i = 0; i < 30; i += 1)
      metrics.recordFallback({ endpointId: 'a', provider: `p${i}`, outcome: 'ok' });
    const counted = await read('fal.client.fallbacks');
    expect(Object.keys(counted)).toHaveLength(4 * 21);
    expect(counted['endpoint_id=a,outcome=ok,provider=_OTHER']).toBe(10);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('fallback providers');
  });

  it('refuses an outcome and a state that are none, and says so once for each', async () => {
    const { metrics, read, errors } = readableMetrics();
    for (let i = 0; i < 2; i += 1) {
      metrics.recordFallback({ endpointId: 'a', provider: 'p', outcome: 'meh' as 'ok' });
      metrics.recordCircuitState('a', 'ajar' as 'open');
    }
    expect(errors).toHaveLength(2);
    expect(await read('fal.client.fallbacks')).toEqual({});
    expect(await read('fal.client.circuit_state')).toEqual({});
  });

  it('shows a circuit breaker as 1 at its state, and as 0 everywhere once it is gone', async () => {
    const { metrics, read } = readableMetrics();
    const series = (closed: number, open: number, halfOpen: number): Record<string, number> => ({
      'endpoint_id=a,state=closed': closed,
      'endpoint_id=a,state=open': open,
      'endpoint_id=a,state=half_open': halfOpen,
    });
    metrics.recordCircuitState('b', undefined);
    metrics.recordCircuitState('a', 'open');
    expect(await read('fal.client.circuit_state')).toEqual(series(0, 1, 0));
    metrics.recordCircuitState('a', 'half_open');
    expect(await read('fal.client.circuit_state')).toEqual(series(0, 0, 1));
    metrics.recordCircuitState('a', undefined);
    expect(await read('fal.client.circuit_state')).toEqual(series(0, 0, 0));
  });
});

describe('the duration under its GenAI name', () => {
  const V1 = 'gen_ai.client.operation.duration';
  const LATEST = 'gen_ai.client.inference.duration';
  const COMMON =
    'gen_ai.operation.name=generate_content,gen_ai.provider.name=fal_ai,gen_ai.request.model=fal-ai/flux/dev';

  it('is off unless asked for', async () => {
    const { metrics, read } = readableMetrics();
    metrics.ended(over());
    expect([await read(V1), await read(LATEST)]).toEqual([{}, {}]);
  });

  it.each([
    ['v1', V1, LATEST],
    ['latest', LATEST, V1],
  ] as const)('is %s where that is wanted, and nothing else', async (genAi, wanted, other) => {
    const { metrics, read } = readableMetrics({ genAi });
    metrics.ended(over({}, { host: 'queue.fal.run' }));
    expect(await read(wanted)).toEqual({ [`${COMMON},server.address=queue.fal.run`]: 1 });
    expect(await read(other)).toEqual({});
  });

  it('names the error only of a failure', async () => {
    const { metrics, read } = readableMetrics({ genAi: 'latest' });
    metrics.ended(over({ outcome: 'error', errorType: '503' }));
    metrics.ended(over({ outcome: 'cancelled', errorType: 'aborted' }));
    expect(await read(LATEST)).toEqual({ [`error.type=503,${COMMON}`]: 1, [COMMON]: 1 });
  });

  it('tells twenty hosts apart and no more', async () => {
    const { metrics, read } = readableMetrics({ genAi: 'v1' });
    for (let i = 0; i < 25; i += 1) metrics.ended(over({}, { host: `h${i}.example` }));
    const counted = await read(V1);
    expect(Object.keys(counted)).toHaveLength(21);
    expect(counted[`${COMMON},server.address=_OTHER`]).toBe(5);
  });

  it('leaves out what is no call to a model', async () => {
    const { metrics, read } = readableMetrics({ genAi: 'v1' });
    for (const operation of ['upload', 'realtime'] as const)
      metrics.ended(over({}, { labels: { endpointId: 'storage', operation } }));
    expect(await read(V1)).toEqual({});
  });

  it('has the bounds that the conventions advise', async () => {
    const reader = new PrometheusExporter({ preventServerStart: true });
    const { metrics } = testedMetrics(new MeterProvider({ readers: [reader] }), { genAi: 'v1' });
    metrics.ended(over());
    const { resourceMetrics } = await reader.collect();
    const found = resourceMetrics.scopeMetrics[0]?.metrics.find(({ descriptor }) => descriptor.name === V1);
    const histogram = found?.dataPoints[0]?.value as Histogram | undefined;
    expect(histogram?.buckets.boundaries.slice(-2)).toEqual([40.96, 81.92]);
    expect(found?.descriptor.unit).toBe('s');
  });
});
