import { afterEach, describe, expect, test } from 'vitest';
import type { Caller, Seen } from './caller.ts';
import { pass } from './passing-time.ts';
import { IMAGE_MODEL, ROADS, type Stage, close, openBare, openObserved } from './stage.ts';

const PROMPT = { prompt: 'a lighthouse' };
const ENDPOINT = { endpoint_id: IMAGE_MODEL };

afterEach(close);

interface Session {
  readonly scenario: string;
  /** Messages that the app sends, five seconds apart. */
  readonly messages?: number;
  readonly arrange?: (stage: Stage) => void;
  readonly outcome: string;
  readonly errorType?: string;
}

const SESSIONS: readonly Session[] = [
  { scenario: 'healthy', outcome: 'ok' },
  { scenario: 'healthy', messages: 3, outcome: 'ok' },
  { scenario: 'slow-inference', outcome: 'ok' },
  { scenario: 'realtime-slow', outcome: 'ok' },
  { scenario: 'realtime-silent', outcome: 'ok' },
  { scenario: 'realtime-refused', outcome: 'error', errorType: 'network_error' },
  { scenario: 'realtime-cut', outcome: 'error', errorType: 'network_error' },
  { scenario: 'realtime-server-error', outcome: 'error', errorType: 'network_error' },
  { scenario: 'realtime-garbage', outcome: 'error', errorType: 'invalid_json' },
  { scenario: 'realtime-garbage', messages: 2, outcome: 'ok' },
  { scenario: 'host-down-run', outcome: 'error', errorType: 'network_error' },
  { scenario: 'one-model-outage', outcome: 'error', errorType: '_OTHER' },
];

describe('a realtime session', () => {
  test.each(
    SESSIONS.map((session, index) => [session.scenario, session.messages ?? 1, session, index] as const),
  )('under %s with %i messages is counted as it went, and the app sees no difference', async (...each) => {
    const [, , session, index] = each;
    const bare = openBare();
    await play(bare, session);
    const expected = seenBy(bare.caller);
    close();
    const stage = await openObserved(ROADS[index % ROADS.length] ?? 'module');
    await play(stage, session);
    expect(seenBy(stage.caller)).toEqual(expected);
    expect(stage.logged).toEqual([]);
    const reading = await stage.recorder.collect();
    const labels = { ...ENDPOINT, operation: 'realtime' };
    expect(reading.of('fal.client.requests')).toEqual([
      { labels: { ...labels, outcome: session.outcome }, value: 1 },
    ]);
    const { errorType } = session;
    expect(Object.keys(reading.by('fal.client.errors', 'error_type'))).toEqual(
      errorType === undefined ? [] : [errorType],
    );
    expect(reading.sum('fal.client.realtime_connections')).toBe(handshakes(stage));
    expect(reading.by('fal.client.realtime_messages', 'direction')).toEqual(messagesOf(stage));
    expect(reading.count('fal.client.request.duration.seconds')).toBe(0);
    expect(reading.of('fal.client.active_requests')).toEqual([]);
    expect(stage.recorder.openSpans).toBe(0);
    expect(stage.recorder.spans).toMatchObject([
      { name: `realtime ${IMAGE_MODEL}`, isError: session.outcome === 'error' },
    ]);
  });
});

/** Messages one after the other, then the app closes. */
async function play(stage: Stage, { scenario, messages = 1 }: Session): Promise<void> {
  const { fal, caller, simulator } = stage;
  simulator.applyScenario(scenario);
  const connection = fal.realtime.connect<object, object>(IMAGE_MODEL, {
    throttleInterval: 0,
    connectionKey: `${scenario} ${messages} ${crypto.randomUUID()}`,
    tokenProvider: async () => tokenOf(stage),
    onResult: (result) => caller.note('result', result),
    onError: (error) => caller.note('error', error),
  });
  for (let count = 0; count < messages; count += 1) {
    caller.note('sends');
    connection.send(PROMPT);
    await pass(15_000);
  }
  connection.close();
  caller.note('closes');
  await pass(1000);
}

/** Not through the client: the app's own server asks for it. */
async function tokenOf({ simulator }: Stage): Promise<string> {
  const response = await simulator.fetch('https://rest.fal.ai/tokens/realtime', {
    method: 'POST',
    headers: { authorization: 'Key simulated-key-id:simulated-key-secret' },
    body: JSON.stringify({ allowed_apps: [IMAGE_MODEL], duration: 120 }),
  });
  return ((await response.json()) as { token: string }).token;
}

function seenBy({ seen }: Caller): readonly Seen[] {
  return seen;
}

/** Sockets that the client tried to open. */
function handshakes({ simulator }: Stage): number {
  return simulator.ledger.exchanges.filter(
    ({ path }) => path.endsWith('/realtime') && path.startsWith('/fal-ai'),
  ).length;
}

/** What the app sent, and the outputs that it got. */
function messagesOf({ caller }: Stage): Record<string, number> {
  const count = (name: string): number => caller.seen.filter(({ what }) => what === name).length;
  const [sent, received] = [count('sends'), count('result')];
  return { sent, ...(received > 0 ? { received } : {}) };
}
