import { createFalClient } from '@fal-ai/client';
import { DiagLogLevel, diag } from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Observed, ENDPOINT, endings, notedLog, observed, scriptedFal } from './client/test-client.ts';
import { useTelemetry } from './default-telemetry.ts';
import { instrumentFal } from './instrument-fal.ts';

const OPTIONS = { input: { prompt: 'x' } };
const key = (): { credentials: string; fetch: typeof fetch } => ({
  credentials: 'key-id:key-secret',
  fetch: scriptedFal().fetch,
});
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

let made: Observed;

beforeEach(() => {
  made = observed();
  useTelemetry(made.telemetry);
});
afterEach(() => {
  useTelemetry(undefined);
  diag.disable();
});

const attempts = async (): Promise<number> => (await made.recorder.collect()).sum('fal.client.attempts');

describe('instrumentFal', () => {
  it('returns the same client, and measures its requests with their exchanges', async () => {
    const client = createFalClient(key());
    expect(instrumentFal(client)).toBe(client);
    await client.run(ENDPOINT, OPTIONS);
    expect(await endings(made.recorder)).toEqual({ 'run ok': 1 });
    expect(await attempts()).toBe(1);
  });

  it('of a client that is instrumented already changes nothing', async () => {
    const client = createFalClient(key());
    const before = { ...instrumentFal(client) };
    expect({ ...instrumentFal(client) }).toEqual(before);
    await client.run(ENDPOINT, OPTIONS);
    expect(await endings(made.recorder)).toEqual({ 'run ok': 1 });
    expect(await attempts()).toBe(1);
  });

  it('by two copies of the package counts once', async () => {
    const client = createFalClient(key());
    instrumentFal(client);
    vi.resetModules();
    const copy = await import('./instrument-fal.ts');
    expect(copy.instrumentFal).not.toBe(instrumentFal);
    copy.instrumentFal(client);
    await client.subscribe(ENDPOINT, OPTIONS);
    expect(await endings(made.recorder)).toEqual({ 'subscribe ok': 1 });
    expect(await attempts()).toBe(3);
  });

  it('of a factory returns one whose clients are measured', async () => {
    const create = instrumentFal(createFalClient);
    expect(create).not.toBe(createFalClient);
    expect(instrumentFal(create)).toBe(create);
    await create(key()).run(ENDPOINT, OPTIONS);
    expect(await endings(made.recorder)).toEqual({ 'run ok': 1 });
  });

  it.each([undefined, null, {}, 'fal', 7, { run: vi.fn() }])('of %j says what it wants instead', (target) => {
    expect(() => instrumentFal(target)).toThrow(/expected fal, a client .* or createFalClient; got/);
  });

  it('measures what it can of a client that hides its configuration, and says so', async () => {
    const log: string[] = [];
    diag.setLogger(notedLog(log), { logLevel: DiagLogLevel.INFO, suppressOverrideMessage: true });
    const data = { data: {}, requestId: 'r' };
    const client = { run: () => Promise.resolve(data), subscribe: () => Promise.resolve(data) };
    instrumentFal(client);
    expect(await client.run()).toBe(data);
    await turn();
    expect(await endings(made.recorder)).toEqual({ 'run ok': 1 });
    expect(log).toHaveLength(1);
    expect(log[0]).toMatch(/^info: .*hides its configuration.*Pass createFalClient/);
  });

  it('leaves a frozen client working', async () => {
    const client = Object.freeze(createFalClient(key()));
    instrumentFal(client);
    await expect(client.run(ENDPOINT, OPTIONS)).resolves.toMatchObject({ data: { images: [] } });
  });
});
