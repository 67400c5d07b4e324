import { createFalClient } from '@fal-ai/client';
import type { FalClient } from '@fal-ai/client';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { realClock } from '../clock.ts';
import { createSimulator } from '../create-simulator.ts';
import { FAKE_API_KEY } from '../default-world.ts';
import { IMAGE_MODEL, steadyWorld } from '../fal-under-test.ts';
import type { Simulator } from '../simulator.ts';

const INPUT = { input: { prompt: 'a lighthouse' } };
/** More than any stream of this file takes. */
const LONG_MS = 60_000;

let simulator: Simulator;
let fal: FalClient;
beforeEach(() => {
  vi.useFakeTimers({
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'],
  });
  vi.spyOn(console, 'warn').mockReturnValue();
  simulator = createSimulator({ clock: realClock, world: steadyWorld() });
  fal = createFalClient({ credentials: FAKE_API_KEY, fetch: simulator.fetch });
});
afterEach(() => {
  simulator.close();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** What a stream came to until nothing more can come. */
interface Outcome {
  readonly events: unknown[];
  readonly errors: { message: string; status?: number }[];
  done: boolean;
}

describe.each(['server', 'client'] as const)('a model stream in connection mode %s', (connectionMode) => {
  async function streamed(options: Record<string, unknown> = {}): Promise<Outcome> {
    const outcome: Outcome = { events: [], errors: [], done: false };
    const stream = await fal.stream(IMAGE_MODEL, { ...INPUT, connectionMode, ...options });
    stream.on('data', (event: unknown) => outcome.events.push(event));
    stream.on('error', (error: unknown) => outcome.errors.push(error as Error));
    stream.on('done', () => (outcome.done = true));
    stream.done().catch(() => undefined);
    await vi.advanceTimersByTimeAsync(LONG_MS);
    return outcome;
  }

  test('is let in, gives its events, and is billed', async () => {
    const outcome = await streamed();
    expect(outcome).toMatchObject({ done: true, errors: [] });
    expect(outcome.events).toMatchObject([
      { progress: 0.33 },
      { progress: 0.67 },
      { images: [{ width: 1024 }] },
    ]);
    expect(simulator.ledger.jobs).toMatchObject([
      { mode: 'stream', keyId: 'simulated-key-id', outcome: 'ok', chargedNano: 20_000_000 },
    ]);
    const hosts = simulator.ledger.exchanges.map(({ host }) => host);
    expect(hosts).toEqual(connectionMode === 'client' ? ['rest.fal.ai', 'fal.run'] : ['fal.run']);
  });

  test.each([
    ['stream-cut', { events: 1, errors: ['terminated'], done: false }],
    ['stream-silent', { events: 1, errors: [], done: false }],
    ['stream-ends-early', { events: 1, errors: [], done: true }],
    ['stream-heartbeats', { events: 3, errors: [], done: true }],
  ])('under %s comes to %j', async (scenario, expected) => {
    simulator.applyScenario(scenario);
    const { events, errors, done } = await streamed();
    expect({ events: events.length, errors: errors.map(({ message }) => message), done }).toEqual(expected);
  });

  test('under stream-invalid-event an error comes between the events, and the stream goes on', async () => {
    simulator.applyScenario('stream-invalid-event');
    const { events, errors, done } = await streamed();
    expect([events.length, errors.length, done]).toEqual([3, 1, true]);
    expect(errors[0]).toBeInstanceOf(SyntaxError);
  });

  test('a body that is no event stream is handed over in raw chunks', async () => {
    simulator.engine.breakWire({ fault: 'wrong-content-type', steps: ['stream'] });
    const { events, done } = await streamed();
    expect(events[0]).toBeInstanceOf(Uint8Array);
    expect(done).toBe(true);
  });

  test('a silent stream that the caller gives up stops its run', async () => {
    simulator.applyScenario('stream-silent');
    for (const endpoint of simulator.world.endpoints.values()) endpoint.inference.medianMs = 1.5 * LONG_MS;
    const stream = await fal.stream(IMAGE_MODEL, { ...INPUT, connectionMode });
    await vi.advanceTimersByTimeAsync(LONG_MS);
    expect(simulator.ledger.jobs).toMatchObject([{ outcome: 'pending' }]);
    stream.abort();
    await vi.advanceTimersByTimeAsync(1);
    expect(simulator.ledger.jobs).toMatchObject([{ outcome: 'cancelled', errorType: 'client_disconnected' }]);
  });
});

async function tokenFor(app: string): Promise<string> {
  const response = await simulator.fetch('https://rest.fal.ai/tokens/', {
    method: 'POST',
    headers: { authorization: `Key ${FAKE_API_KEY}` },
    body: JSON.stringify({ allowed_apps: [app], token_expiration: 120 }),
  });
  return (await response.json()) as string;
}

test.each([
  ['that is none', () => Promise.resolve('nonsense')],
  ['for another app', () => tokenFor('fast-sdxl')],
])('a token %s is refused with 401', async (_what, tokenProvider) => {
  const stream = await fal.stream(IMAGE_MODEL, { ...INPUT, connectionMode: 'client', tokenProvider });
  const failed = stream.done().catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(LONG_MS);
  expect(await failed).toMatchObject({ status: 401, body: { detail: 'Unauthorized' } });
  expect(simulator.ledger.jobs).toEqual([]);
});

test('a broken token exchange is retried by the client', async () => {
  simulator.engine.breakWire({ fault: 'ingress-html-502', steps: ['token'], times: 2 });
  const stream = await fal.stream(IMAGE_MODEL, { ...INPUT, connectionMode: 'client' });
  const done = stream.done();
  await vi.advanceTimersByTimeAsync(LONG_MS);
  expect(await done).toMatchObject({ images: [{ width: 1024 }] });
  const tokens = simulator.ledger.exchanges.filter(({ host }) => host === 'rest.fal.ai');
  expect(tokens.map(({ answer }) => answer)).toEqual([502, 502, 200]);
});

test('heartbeats come every five seconds between the events', async () => {
  simulator.applyScenario('stream-heartbeats');
  for (const endpoint of simulator.world.endpoints.values()) endpoint.inference.medianMs = 36_000;
  const response = simulator
    .fetch(`https://fal.run/${IMAGE_MODEL}/stream`, {
      method: 'POST',
      headers: { authorization: `Key ${FAKE_API_KEY}` },
      body: JSON.stringify(INPUT.input),
    })
    .then((answer) => answer.text());
  await vi.advanceTimersByTimeAsync(LONG_MS);
  expect((await response).split('\n\n').map((event) => event.slice(0, 10))).toEqual([
    ...[': heartbea', ': heartbea', 'data: {"pr'],
    ...[': heartbea', ': heartbea', 'data: {"pr'],
    ...[': heartbea', ': heartbea', 'data: {"im'],
    '',
  ]);
});

describe('a status stream', () => {
  async function subscribed(): Promise<{ states: string[]; failure: unknown }> {
    const states: string[] = [];
    let failure: unknown;
    const pending = fal
      .subscribe(IMAGE_MODEL, {
        ...INPUT,
        mode: 'streaming',
        onQueueUpdate: ({ status }) => void states.push(status),
      })
      .catch((error: unknown) => void (failure = error));
    await vi.advanceTimersByTimeAsync(LONG_MS);
    void pending;
    return { states, failure };
  }

  test('that ends before COMPLETED makes the client ask for a result that is not there yet', async () => {
    simulator.applyScenario('stream-ends-early');
    const { states, failure } = await subscribed();
    expect(states).toEqual(['IN_PROGRESS']);
    expect(failure).toMatchObject({ status: 400, body: { detail: 'Request is still in progress' } });
    expect(simulator.ledger.jobs).toMatchObject([{ outcome: 'ok' }]);
  });

  test('that falls silent leaves the client waiting although the job is done', async () => {
    simulator.applyScenario('stream-silent');
    expect(await subscribed()).toEqual({ states: ['IN_PROGRESS'], failure: undefined });
    expect(simulator.ledger.jobs).toMatchObject([{ outcome: 'ok' }]);
    expect(simulator.ledger.jobs[0]?.resultFetchedAt).toBeUndefined();
  });

  test('with comments in it is read to its end', async () => {
    simulator.applyScenario('stream-heartbeats');
    expect(await subscribed()).toEqual({ states: ['IN_PROGRESS', 'COMPLETED'], failure: undefined });
    expect(simulator.ledger.jobs[0]?.resultFetchedAt).toBeDefined();
  });
});
