import { DEFAULT_ACCOUNT, FAKE_API_KEY, type Simulator, VirtualClock, createSimulator } from 'fal-simulator';
import type { Fetch } from 'opentelemetry-instrumentation-fal/core';
import { describe, expect, it } from 'vitest';
import type { DomainEvent } from '../domain/events.ts';
import { PlatformError } from '../fal/platform.ts';
import { createLockCollector } from './lock-collector.ts';

const CONFIG = { enabled: true, intervalMs: 60_000, callsPerHour: 120 };
const LOCK_TEXT = 'User is locked. Reason: TOP_UP.';

interface Rig {
  readonly clock: VirtualClock;
  readonly events: DomainEvent[];
  readonly calls: () => number;
  /** Collects once; gives what it threw. */
  readonly collect: () => Promise<unknown>;
}

function rig(fetch: Fetch, clock = new VirtualClock(), isLocked?: () => boolean | undefined): Rig {
  const access = { clock, fetch, falKey: () => FAKE_API_KEY };
  const collector = createLockCollector({ access, account: 'default', config: CONFIG, isLocked });
  const events: DomainEvent[] = [];
  let calls = 0;
  return {
    clock,
    events,
    calls: () => calls,
    async collect() {
      const context = {
        signal: new AbortController().signal,
        emit: (event: DomainEvent) => void events.push(event),
        spendCall: () => void (calls += 1),
      };
      const running = collector.collect(context).then(
        () => undefined,
        (error: unknown) => error,
      );
      await clock.advance(31_000);
      return running;
    },
  };
}

function onSimulator(): Rig & { simulator: Simulator } {
  const clock = new VirtualClock();
  const simulator = createSimulator({ clock, seed: 3 });
  return { ...rig(simulator.fetch.bind(simulator), clock), simulator };
}

type Answer = readonly [status: number, body: string, headers?: Record<string, string>];

/** Answers in turn; the last one for ever. */
function answering(...answers: readonly Answer[]): Fetch {
  let next = 0;
  return () => {
    const answer = answers[Math.min(next, answers.length - 1)];
    if (answer === undefined) throw new Error('nothing to answer with');
    const [status, body, headers] = answer;
    next += 1;
    return Promise.resolve(new Response(body, { status, headers: headers ?? {} }));
  };
}

const locked: Answer = [403, JSON.stringify({ detail: LOCK_TEXT }), { 'x-fal-request-id': 'req-1' }];
const letIn: Answer = [200, '{"upload_url":"https://v3.fal.media/x?signature=s","file_url":"f"}'];

describe('the lock canary', () => {
  it('asks as the client does before an upload, uploads nothing and costs nothing', async () => {
    const { simulator, collect, events, calls } = onSimulator();
    const before = simulator.world.accounts.get(DEFAULT_ACCOUNT)?.balanceNano;
    expect(await collect()).toBeUndefined();
    expect(calls()).toBe(1);
    expect(events).toEqual([]);
    expect(simulator.ledger.jobs).toEqual([]);
    expect(simulator.world.accounts.get(DEFAULT_ACCOUNT)?.balanceNano).toBe(before);
    expect(simulator.ledger.exchanges).toMatchObject([
      { method: 'POST', host: 'rest.fal.ai', path: '/storage/upload/initiate', answer: 200 },
    ]);
  });

  it('sends the key in a header, two fields about a file, and nothing else', async () => {
    const seen: [string, RequestInit | undefined][] = [];
    const fetch: Fetch = (input, init) => {
      seen.push([new Request(input).url, init]);
      return answering(letIn)(input, init);
    };
    await rig(fetch).collect();
    const [[url, init] = ['', undefined]] = seen;
    expect(url).toBe('https://rest.fal.ai/storage/upload/initiate?storage_type=fal-cdn-v3');
    expect(init?.method).toBe('POST');
    expect(new Headers(init?.headers).get('authorization')).toBe(`Key ${FAKE_API_KEY}`);
    expect(Object.keys(JSON.parse(init?.body as string) as object).sort()).toEqual([
      'content_type',
      'file_name',
    ]);
  });

  it('names the reason of a lock, and tells its end once, at the next reading', async () => {
    const { simulator, collect, events } = onSimulator();
    simulator.applyScenario('locked-with-balance');
    expect(await collect()).toBeUndefined();
    await collect();
    expect(events).toHaveLength(2);
    expect(events[1]).toMatchObject({
      ...{ kind: 'account_lock_observed', account: 'default', locked: true, witness: 'upload' },
      reason: 'exhausted_balance',
    });
    simulator.applyScenario('healthy');
    await collect();
    await collect();
    expect(events.slice(2)).toMatchObject([{ locked: false, witness: 'upload' }]);
  });

  it('tells that it was let in while somebody else holds the account to be locked', async () => {
    let isLocked: boolean | undefined;
    const { collect, events } = rig(answering(letIn), new VirtualClock(), () => isLocked);
    await collect();
    isLocked = false;
    await collect();
    expect(events).toEqual([]);
    isLocked = true;
    await collect();
    expect(events).toMatchObject([{ locked: false, witness: 'upload' }]);
  });

  it('says how long the answer took: it proves nothing of what happened meanwhile', async () => {
    const clock = new VirtualClock();
    const slow: Fetch = async (...call) => {
      await new Promise<void>((resolve) => clock.after(5_000, resolve));
      return answering(letIn)(...call);
    };
    const { collect, events } = rig(slow, clock, () => true);
    await collect();
    expect(events).toMatchObject([{ locked: false, askedMsAgo: 5_000 }]);
  });

  it('keeps the address to upload to, which is signed, to itself', async () => {
    const { collect, events } = rig(answering(locked, letIn));
    await collect();
    await collect();
    expect(JSON.stringify(events)).not.toContain('signature');
  });

  const html = '<html><body>User is locked. Reason: TOP_UP.</body></html>';
  it.each<[string, string, Answer]>([
    ['a plain 403', 'forbidden', [403, '{"detail":"Access denied"}']],
    ['a 403 page with the very text', 'forbidden', [403, html, { 'content-type': 'text/html' }]],
    ['a 401', 'unauthorized', [401, '{"detail":"No user found for Key ID and Secret"}']],
    ['a 401 with the lock text', 'unauthorized', [401, JSON.stringify({ detail: LOCK_TEXT })]],
    ['a 402', '402', [402, '{"detail":"Payment required"}']],
    ['a 404', 'not_found', [404, '{"detail":"Not Found"}']],
    ['a 422', 'validation_error', [422, '{"detail":[{"type":"missing","loc":["body"],"msg":"m"}]}']],
    ['a 429', '429', [429, '{"detail":"Too many requests"}', { 'x-fal-request-id': 'r' }]],
    ['a 500 with the lock text', '500', [500, JSON.stringify({ detail: LOCK_TEXT })]],
    ['a 502 page', 'ingress_error', [502, html]],
    ['a redirect', '_OTHER', [302, '', { location: 'https://example.org/' }]],
    ['a 200 page', 'invalid_json', [200, html]],
    ['a 200 with the lock text', 'invalid_json', [200, JSON.stringify({ detail: LOCK_TEXT })]],
    ['a 200 with null', 'invalid_json', [200, 'null']],
    ['half an answer', 'invalid_json', [200, '{"upload_url":"https://v3']],
  ])('takes %s for neither a lock nor its end, and says so in words', async (_name, type, answer) => {
    const { collect, events } = rig(answering(answer, locked, answer, letIn));
    for (const turn of [1, 3]) {
      const error = await collect();
      expect(error).toBeInstanceOf(PlatformError);
      expect((error as Error).message).toMatch(/^POST \/storage\/upload\/initiate: .*nothing of a lock$/);
      expect((error as PlatformError).classification.errorType).toBe(type);
      await collect();
      expect(events).toMatchObject([{ locked: true }, { locked: false }].slice(0, (turn + 1) / 2));
    }
  });

  it('names the refused request, where fal gives it an id', async () => {
    const { collect, events } = rig(answering(locked));
    await collect();
    expect(events).toMatchObject([{ locked: true, reason: 'top_up', requestId: 'req-1' }]);
  });

  it('gives up on a host that is down, and in time on one that never answers', async () => {
    const { simulator, collect, events } = onSimulator();
    simulator.applyScenario('host-down-rest');
    expect(await collect()).toBeInstanceOf(PlatformError);
    expect(events).toEqual([]);
    const silent = rig(() => new Promise<never>(() => undefined));
    expect(await silent.collect()).toMatchObject({ classification: { errorType: 'client_timeout' } });
  });

  it('says when fal wants to be left alone', async () => {
    const limited: Answer = [429, '{}', { 'x-ratelimit-reset': '42' }];
    expect(await rig(answering(limited)).collect()).toMatchObject({ retryAfterSeconds: 42 });
    const wild: Answer = [429, '{}', { 'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT' }];
    expect(await rig(answering(wild)).collect()).toMatchObject({ retryAfterSeconds: undefined });
  });

  it('asks nothing when its calls are used up', async () => {
    let asked = 0;
    const fetch: Fetch = () => {
      asked += 1;
      return Promise.resolve(new Response('{}'));
    };
    const access = { clock: new VirtualClock(), fetch, falKey: () => FAKE_API_KEY };
    const collector = createLockCollector({ access, account: 'default', config: CONFIG });
    const spendCall = (): void => {
      throw new RangeError('used up');
    };
    const context = { signal: new AbortController().signal, emit: () => undefined, spendCall };
    await expect(collector.collect(context)).rejects.toThrow('used up');
    expect(asked).toBe(0);
  });
});
