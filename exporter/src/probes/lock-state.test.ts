import { FAKE_API_KEY, type Simulator, createSimulator, defaultWorld } from 'fal-simulator';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { testConfig } from '../config/test-config.ts';
import { systemClock } from '../domain/clock.ts';
import type { AccountLockObserved, ProbeTier } from '../domain/events.ts';
import { type LockWatch, createLockWatch } from '../domain/lock-watch.ts';
import { createProbes } from './registry.ts';

const ENDPOINT = 'fal-ai/flux/dev';

interface Rig {
  readonly simulator: Simulator;
  readonly watch: LockWatch;
  /** What the probe said of the lock, and when. */
  readonly said: AccountLockObserved[];
  /** Runs the probe; `meanwhile` is called after the seconds given. */
  readonly run: (meanwhile?: Readonly<Record<number, () => void>>) => Promise<void>;
}

const open: Simulator[] = [];

/** One probe on a simulator whose model takes ten seconds. */
function rig(tier: ProbeTier, scenario = 'healthy'): Rig {
  const world = defaultWorld();
  const endpoint = world.endpoints.get(ENDPOINT);
  if (endpoint === undefined) throw new Error(`the default world has no ${ENDPOINT}`);
  endpoint.inference = { medianMs: 10_000, sigma: 0 };
  const simulator = createSimulator({ seed: 7, world });
  open.push(simulator);
  simulator.applyScenario(scenario);
  const access = {
    clock: systemClock,
    fetch: simulator.fetch.bind(simulator),
    falKey: () => FAKE_API_KEY,
  };
  const endpointId = tier === 'free' ? undefined : ENDPOINT;
  const probes = [
    { name: 'p', tier, endpointId, intervalMs: 60_000, timeoutMs: 60_000, input: { prompt: 'x' } },
  ];
  const [probe] = createProbes({ config: testConfig({ probes }), access, randomUuid: () => 'u' });
  const watch = createLockWatch(systemClock);
  const said: AccountLockObserved[] = [];
  return {
    simulator,
    watch,
    said,
    async run(meanwhile = {}) {
      const emit = (event: { kind: string }): void => {
        if (event.kind !== 'account_lock_observed') return;
        said.push(event as AccountLockObserved);
        watch.observe(event as AccountLockObserved);
      };
      const context = { signal: new AbortController().signal, emit, onSubmitted: () => undefined };
      let isDone = false;
      const running = probe?.run(context).then(() => (isDone = true));
      for (let second = 1; second <= 120 && !isDone; second += 1) {
        await vi.advanceTimersByTimeAsync(1000);
        meanwhile[second]?.();
      }
      await running;
    },
  };
}

beforeEach(() =>
  vi.useFakeTimers({
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'],
  }),
);
afterEach(() => {
  for (const simulator of open.splice(0)) simulator.close();
  vi.useRealTimers();
});

describe('what a paid probe says of a lock', () => {
  it('does not end a lock with a job that was accepted before it', async () => {
    const { simulator, watch, run, said } = rig('inference');
    let lockedAt = 0;
    await run({
      4: () => {
        lockedAt = Date.now();
        simulator.applyScenario('locked-with-balance');
        watch.observe({ kind: 'account_lock_observed', at: lockedAt, account: 'default', locked: true });
      },
    });
    expect(said).toMatchObject([{ locked: false, witness: 'call' }]);
    expect(said.every(({ locked, at }) => locked || at < lockedAt)).toBe(true);
    expect(watch.isLocked('default')).toBe(true);
  });

  it('tells that fal takes calls as soon as it does, not when the job is done', async () => {
    const { run, said } = rig('inference');
    const startedAt = Date.now();
    await run();
    expect(said).toHaveLength(1);
    expect((said[0]?.at ?? Infinity) - startedAt).toBeLessThan(2000);
  });

  it.each(['queue', 'inference'] as const)(
    'names reason and request of a refused submit, by the %s tier',
    async (tier) => {
      const { run, said, simulator } = rig(tier, 'locked-top-up');
      await run();
      expect(said).toMatchObject([{ locked: true, reason: 'top_up', witness: 'call' }]);
      expect(said[0]?.requestId).toMatch(/^[\w-]{8,}$/);
      expect(simulator.ledger.jobs).toEqual([]);
    },
  );

  it('sees a lock that begins under a running job where reads are refused, as a reading', async () => {
    const { run, said, watch, simulator } = rig('inference');
    await run({ 4: () => simulator.applyScenario('locked-reads-too') });
    expect(said).toMatchObject([
      { locked: false, witness: 'call' },
      { locked: true, witness: 'read', reason: 'exhausted_balance' },
    ]);
    expect(said[1]?.requestId).toMatch(/^[\w-]{8,}$/);
    expect(watch.isLocked('default')).toBe(true);
  });

  it.each(['key-revoked', 'host-down-queue', 'ingress-html-502', 'hang'])(
    'says nothing of it under %s',
    async (scenario) => {
      const { run, said } = rig('queue', scenario);
      await run();
      expect(said).toEqual([]);
    },
  );
});

describe('what the free probe says of a lock', () => {
  it('names reason and request of a refused reading, and its end although another host is down', async () => {
    const { run, said, simulator, watch } = rig('free', 'locked-reads-too');
    await run();
    expect(said).toMatchObject([{ locked: true, reason: 'exhausted_balance', witness: 'read' }]);
    expect(said[0]?.requestId).toMatch(/^[\w-]{8,}$/);
    simulator.applyScenario('host-down-rest');
    await run();
    expect(said.slice(1)).toMatchObject([{ locked: false, witness: 'read' }]);
    expect(watch.isLocked('default')).toBe(false);
  });

  it.each(['host-down-queue', 'key-revoked', 'hang', 'ingress-html-502'])(
    'does not take %s for the end of a lock',
    async (scenario) => {
      const { run, said, simulator, watch } = rig('free', 'locked-reads-too');
      await run();
      simulator.applyScenario(scenario);
      await run();
      expect(said).toHaveLength(1);
      expect(watch.isLocked('default')).toBe(true);
    },
  );
});
