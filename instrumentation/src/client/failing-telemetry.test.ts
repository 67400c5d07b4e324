/** Telemetry that fails inside: the caller is unaffected, and diag says each thing once. */
import type { Meter, MeterProvider, Tracer, TracerProvider } from '@opentelemetry/api';
import { afterEach, describe, expect, it } from 'vitest';
import { useTelemetry } from '../default-telemetry.ts';
import { instrumentFal } from '../instrument-fal.ts';
import type { TelemetrySurroundings } from '../telemetry.ts';
import { patchModule } from './patch-module.ts';
import {
  ENDPOINT,
  endings,
  json,
  observed,
  observedClient,
  scriptedFal,
  wellBehaved,
} from './test-client.ts';

const OPTIONS = { input: { prompt: 'x' } };

function fail(): never {
  throw new Error('defect of the telemetry');
}

/** Anything whose every function fails. */
function failing<T extends object>(): T {
  return new Proxy({} as T, { get: () => fail });
}

/** A meter that makes instruments, of which none can be used. */
const brokenMeter = new Proxy({} as Meter, { get: () => () => failing() });
const brokenSpan = { isRecording: () => true, spanContext: fail, setAttributes: fail, end: fail };

const SURROUNDINGS: readonly (readonly [string, TelemetrySurroundings])[] = [
  ['a meter provider that throws', { meterProvider: () => failing<MeterProvider>() }],
  ['a meter provider that cannot be had', { meterProvider: fail }],
  ['a meter that throws', { meterProvider: () => ({ getMeter: () => failing<Meter>() }) }],
  ['instruments that throw', { meterProvider: () => ({ getMeter: () => brokenMeter }) }],
  ['a tracer provider that throws', { tracerProvider: () => failing<TracerProvider>() }],
  ['a tracer that throws', { tracerProvider: () => ({ getTracer: () => failing<Tracer>() }) }],
  [
    'a span that throws',
    { tracerProvider: () => ({ getTracer: () => ({ startSpan: () => brokenSpan }) as unknown as Tracer }) },
  ],
  ['a clock that throws', { clock: { monotonic: fail, wall: fail } }],
  ['a clock that says NaN', { clock: { monotonic: () => NaN, wall: () => NaN } }],
  ['a clock that goes backwards', { clock: { monotonic: backwards(), wall: backwards() } }],
  ['a switch that throws', { isEnabled: fail }],
  ['a call context that throws where it is read', { calls: { run: (_, fn) => fn(), get: fail } }],
];

function backwards(): () => number {
  let now = 1e9;
  return () => (now -= 1000);
}

/** What an app gets from each kind of call. */
async function useAll(client: ReturnType<typeof observedClient>): Promise<unknown[]> {
  const { request_id: requestId } = await client.queue.submit(ENDPOINT, OPTIONS);
  const calls = [
    () => client.run(ENDPOINT, OPTIONS),
    () => client.subscribe(ENDPOINT, OPTIONS),
    () => client.queue.status(ENDPOINT, { requestId }),
    () => client.queue.result(ENDPOINT, { requestId }),
    () => client.queue.cancel(ENDPOINT, { requestId }),
    () => client.run('refused/model', OPTIONS),
    async () => (await client.stream(ENDPOINT, OPTIONS)).done() as Promise<unknown>,
    () => client.storage.upload(new Blob(['x'])),
    () => Promise.resolve(Object.keys(client.realtime.connect(ENDPOINT, { onResult: () => undefined }))),
  ];
  const got: unknown[] = [requestId];
  for (const call of calls) got.push(await call().catch((error: unknown) => [error]));
  return got;
}

function someRefused(): ReturnType<typeof scriptedFal> {
  const answer = wellBehaved();
  const refuse = (): Response => json({ detail: 'no' }, { status: 422 });
  return scriptedFal((sent) => (sent.url.pathname.startsWith('/refused') ? refuse() : answer(sent)));
}

describe.each(SURROUNDINGS)('%s', (what, around) => {
  it('costs the caller nothing, and is told once', async () => {
    const without = await useAll(observedClient(observed().telemetry, someRefused()));
    const { telemetry, recorder, log } = observed({}, around);
    const client = observedClient(telemetry, someRefused());
    expect(await useAll(client)).toEqual(without);
    await recorder.collect();
    const lines = [...log];
    // Again, with nothing new to say.
    await useAll(client);
    await recorder.collect();
    expect(log).toEqual(lines);
    expect(new Set(lines).size).toBe(lines.length);
    if (what !== 'a clock that goes backwards') expect(lines).not.toEqual([]);
    for (const line of lines)
      expect(line).toMatch(/^error: fal telemetry: .* failed\. Requests are not affected/);
  });
});

describe('tracing that fails', () => {
  it.each(SURROUNDINGS.filter(([, around]) => 'tracerProvider' in around))(
    'costs no counts: %s',
    async (_, around) => {
      const { telemetry, recorder } = observed({}, around);
      await useAll(observedClient(telemetry, someRefused()));
      expect(await endings(recorder)).toEqual({
        'run ok': 1,
        'run error': 1,
        'subscribe ok': 1,
        'submit ok': 1,
        'stream ok': 1,
        'upload ok': 1,
      });
      expect((await recorder.collect()).sum('fal.client.active_requests')).toBe(0);
    },
  );
});

describe('a logger that throws', () => {
  it('costs the caller nothing', async () => {
    const around = { tracerProvider: () => failing<TracerProvider>(), log: failing<never>() };
    const client = observedClient(observed({}, around).telemetry, someRefused());
    await expect(client.run(ENDPOINT, OPTIONS)).resolves.toMatchObject({ data: { images: [] } });
  });
});

describe('a client that is instrumented twice', () => {
  afterEach(() => useTelemetry(undefined));

  it('by the hook and by instrumentFal counts once', async () => {
    const { telemetry, recorder } = observed();
    useTelemetry(telemetry);
    const { createFalClient } = await import('@fal-ai/client');
    const exports = { createFalClient, fal: undefined };
    patchModule(telemetry, exports);
    const fal = exports.createFalClient({ credentials: 'a:b', fetch: scriptedFal().fetch });
    instrumentFal(fal);
    await fal.subscribe(ENDPOINT, OPTIONS);
    expect(await endings(recorder)).toEqual({ 'subscribe ok': 1 });
    expect((await recorder.collect()).sum('fal.client.attempts')).toBe(3);
  });
});
