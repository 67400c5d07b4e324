import { createRequire } from 'node:module';
import type { createFalClient as CreateFalClient, FalClient } from '@fal-ai/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ENDPOINT, endings, scriptedFal } from './client/test-client.ts';
import { Recorder } from './conformance/recorded.ts';
import { currentTelemetry, useTelemetry } from './default-telemetry.ts';
import { FalInstrumentation } from './instrumentation.ts';

interface Client {
  readonly createFalClient: typeof CreateFalClient;
  readonly fal: FalClient & { config(config: Parameters<typeof CreateFalClient>[0]): void };
}

const OPTIONS = { input: { prompt: 'x' } };
const require = createRequire(import.meta.url);
const load = (): Client => require('@fal-ai/client') as Client;

const recorder = new Recorder();
const played = scriptedFal();
const config = { credentials: 'key-id:key-secret', fetch: played.fetch };

/** One for the whole file: hooks run once for each module of a process. */
let instrumentation: FalInstrumentation;

beforeAll(() => {
  useTelemetry(undefined);
  instrumentation = new FalInstrumentation();
  instrumentation.setMeterProvider(recorder.meterProvider);
  instrumentation.setTracerProvider(recorder.tracerProvider);
});
afterAll(() => {
  instrumentation.disable();
  useTelemetry(undefined);
});

const attempts = async (): Promise<number> => (await recorder.collect()).sum('fal.client.attempts');

describe('the instrumentation, one step after the other', () => {
  it('measures what is loaded after it, by its hook', async () => {
    const { fal, createFalClient } = load();
    expect(currentTelemetry()).toBeDefined();
    fal.config(config);
    await fal.run(ENDPOINT, OPTIONS);
    await createFalClient(config).subscribe(ENDPOINT, OPTIONS);
    expect(await endings(recorder)).toEqual({ 'run ok': 1, 'subscribe ok': 1 });
    expect(await attempts()).toBe(4);
    expect(recorder.spans.map(({ name }) => name)).toContain(`run ${ENDPOINT}`);
  });

  it('measures nothing when it is switched off, the configuration of the app being as it was', async () => {
    instrumentation.disable();
    const { fal } = load();
    const before = played.sent.length;
    await fal.run(ENDPOINT, OPTIONS);
    expect(played.sent).toHaveLength(before + 1);
    expect(await endings(recorder)).toEqual({ 'run ok': 1, 'subscribe ok': 1 });
  });

  it('measures again when it is switched on, the configuration of the app being as it was', async () => {
    instrumentation.enable();
    const { fal } = load();
    await new Promise((resolve) => setImmediate(resolve));
    const before = played.sent.length;
    await fal.run(ENDPOINT, OPTIONS);
    expect(played.sent).toHaveLength(before + 1);
    expect(await endings(recorder)).toEqual({ 'run ok': 2, 'subscribe ok': 1 });
    expect(await attempts()).toBe(5);
  });
});
