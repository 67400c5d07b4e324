import { VirtualClock } from 'fal-simulator';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sleep } from '../domain/clock.ts';
import type { CollectorName } from '../domain/collector-name.ts';
import type { CollectorRan, DomainEvent } from '../domain/events.ts';
import { PlatformError } from '../fal/platform.ts';
import { Schedule } from '../schedule.ts';
import { CollectorRunner } from './collector-runner.ts';
import type { CollectContext, Collected, Collector } from './collector.ts';

const MINUTE = 60_000;

type Collect = (context: CollectContext) => Promise<Collected | void>;

interface Parts {
  readonly name?: CollectorName;
  readonly intervalMs?: number;
  readonly callsPerHour?: number;
}

function collectorOf(collect: Collect, parts: Parts = {}): Collector {
  return { name: 'balance', intervalMs: 10 * MINUTE, callsPerHour: 1000, ...parts, collect };
}

interface Rig {
  readonly clock: VirtualClock;
  readonly events: DomainEvent[];
  readonly run: (collector: Collector) => Promise<number>;
  readonly schedule: Schedule<Collector>;
  readonly ran: (name?: CollectorName) => CollectorRan[];
}

/** A runner and the schedule that the exporter puts around it. */
function rig(random = (): number => 1): Rig {
  const clock = new VirtualClock();
  const events: DomainEvent[] = [];
  const runner = new CollectorRunner({ clock, random, emit: (event) => events.push(event) });
  const schedule = new Schedule<Collector>({ clock, random: () => 0.5, run: runner.run });
  return {
    ...{ clock, events, schedule },
    run: (collector) => runner.run(collector, new AbortController().signal),
    ran: (name = 'balance') =>
      events.filter((event) => event.kind === 'collector_ran').filter(({ collector }) => collector === name),
  };
}

const limited = (seconds?: number): PlatformError =>
  new PlatformError(
    '/models/usage',
    { errorType: 'platform.rate_limited', fault: 'account', outcome: 'error' },
    { retryAfterSeconds: seconds },
  );

/** Monotonic ms, from the first one, at which something was read. */
function readingsOf(
  clock: VirtualClock,
  collect: Collect,
): { readonly times: number[]; readonly collect: Collect } {
  const times: number[] = [];
  const origin = clock.monotonic();
  return {
    times,
    collect: (context) => {
      times.push(clock.monotonic() - origin);
      return collect(context);
    },
  };
}

describe('a collector that succeeds', () => {
  it('is due again one interval after it began, however long it took', async () => {
    const { clock, schedule } = rig();
    const { times, collect } = readingsOf(clock, () => sleep(clock, 20_000));
    schedule.replace([collectorOf(collect, { intervalMs: MINUTE })]);
    await clock.advance(4.9 * MINUTE);
    expect(times).toEqual([0, 1, 2, 3, 4].map((n) => n * MINUTE));
    await schedule.stop();
  });

  it('is not asked again at once when it takes longer than its interval, and never twice at a time', async () => {
    const { clock, schedule } = rig();
    let [now, most] = [0, 0];
    const { times, collect } = readingsOf(clock, async () => {
      most = Math.max(most, ++now);
      await sleep(clock, 50_000);
      now--;
    });
    schedule.replace([collectorOf(collect, { intervalMs: 20_000 })]);
    await clock.advance(3 * MINUTE);
    expect(times).toEqual([0, 52_000, 104_000, 156_000]);
    expect(most).toBe(1);
    const stopped = schedule.stop();
    await clock.advance(MINUTE);
    await stopped;
  });

  it('tells interval, duration, calls so far, and up to when its data are known', async () => {
    const { clock, run, ran } = rig();
    const lagging = { dataUntil: 1_234_567 };
    const collect: Collect = async ({ spendCall }) => {
      spendCall();
      spendCall();
      await Promise.resolve();
      return lagging;
    };
    await run(collectorOf(collect));
    await clock.advance(MINUTE);
    await run(collectorOf(() => Promise.resolve()));
    expect(ran()).toEqual([
      {
        ...{
          kind: 'collector_ran',
          at: clock.now() - MINUTE,
          collector: 'balance',
          ok: true,
          durationSeconds: 0,
        },
        ...{ intervalMs: 10 * MINUTE, dataUntil: 1_234_567, calls: 2 },
      },
      {
        ...{ kind: 'collector_ran', at: clock.now(), collector: 'balance', ok: true, durationSeconds: 0 },
        ...{ intervalMs: 10 * MINUTE, dataUntil: clock.now(), calls: 2 },
      },
    ]);
  });
});

describe('a collector that fails', () => {
  it('comes back after 15, 30, 60 s and so on, never later than its interval, and starts anew after a success', async () => {
    const { run } = rig();
    const failing = collectorOf(() => Promise.reject(new RangeError('no')), { intervalMs: 5 * MINUTE });
    const waits: number[] = [];
    for (let n = 0; n < 7; n++) waits.push(await run(failing));
    expect(waits).toEqual([15_000, 30_000, 60_000, 120_000, 240_000, 300_000, 300_000]);
    await run(collectorOf(() => Promise.resolve()));
    expect(await run(failing)).toBe(15_000);
  });

  it('waits at least half of that, so that many exporters do not come back together', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        fc.integer({ min: 10_000, max: 86_400_000 }),
        fc.integer({ min: 1, max: 2000 }),
        async (random, intervalMs, failures) => {
          const { run } = rig(() => random);
          const failing = collectorOf(() => Promise.reject(new RangeError('no')), { intervalMs });
          let waitMs = NaN;
          for (let n = 0; n < failures; n++) waitMs = await run(failing);
          const full = 15_000 * 2 ** (failures - 1);
          expect(waitMs).toBeGreaterThanOrEqual(Math.min(intervalMs, full / 2));
          expect(waitMs).toBeLessThanOrEqual(Math.min(intervalMs, full));
        },
      ),
      { numRuns: 40 },
    );
  });

  it('is read at those times by the schedule, and then at its interval again', async () => {
    const { clock, schedule, ran } = rig();
    let left = 3;
    const { times, collect } = readingsOf(clock, () =>
      left-- > 0 ? Promise.reject(new RangeError('no')) : Promise.resolve(),
    );
    schedule.replace([collectorOf(collect)]);
    await clock.advance(30 * MINUTE);
    const seconds = times.map((at) => at / 1000);
    expect(seconds).toEqual([0, 15, 45, 105, 705, 1305]);
    expect(ran().map(({ ok }) => ok)).toEqual([false, false, false, true, true, true]);
    await schedule.stop();
  });

  it('stays quiet for as long as fal asks, even beyond its interval', async () => {
    const { clock, schedule } = rig();
    const { times, collect } = readingsOf(clock, () => Promise.reject(limited(1800)));
    schedule.replace([collectorOf(collect)]);
    await clock.advance(31 * MINUTE);
    expect(times).toEqual([0, 1_800_001]);
    await schedule.stop();
  });

  it('keeps quiet through a new configuration as well', async () => {
    const { clock, schedule } = rig();
    const { times, collect } = readingsOf(clock, () => Promise.reject(limited(600)));
    schedule.replace([collectorOf(collect, { intervalMs: MINUTE })]);
    await clock.advance(MINUTE);
    schedule.replace([collectorOf(collect, { intervalMs: 2 * MINUTE })]);
    await clock.advance(8 * MINUTE);
    expect(times).toEqual([0]);
    await clock.advance(MINUTE + 1);
    expect(times).toEqual([0, 600_001]);
    await schedule.stop();
  });

  it('does not wait longer for a limit without a time than for any other failure', async () => {
    const { run } = rig();
    expect(await run(collectorOf(() => Promise.reject(limited())))).toBe(15_000);
    expect(await run(collectorOf(() => Promise.reject(limited(2))))).toBe(30_000);
  });

  it.each<[string, Error, string]>([
    ['a rate limit', limited(5), 'GET /models/usage: platform.rate_limited'],
    [
      'a key without the scope',
      new PlatformError('/x', { errorType: 'platform.authorization_error', fault: 'app', outcome: 'error' }),
      'GET /x: platform.authorization_error: the key is rejected or lacks the scope for it',
    ],
    ['a value that cannot be', new RangeError('the balance is in EUR'), 'the balance is in EUR'],
    ['foreign words', new Error('key 0123 <script>'), 'failed by a defect of the exporter'],
  ])('tells of %s in our own words', async (_what, error, problem) => {
    const { run, ran } = rig();
    await run(collectorOf(() => Promise.reject(error)));
    expect(ran()).toMatchObject([{ ok: false, problem }]);
    expect(ran()[0]).not.toHaveProperty('dataUntil');
  });

  it('fails alone when it throws before it does anything', async () => {
    const { run, ran } = rig();
    await run(
      collectorOf(() => {
        throw new TypeError('x is not a function');
      }),
    );
    expect(ran()).toMatchObject([{ ok: false, problem: 'failed by a defect of the exporter' }]);
  });
});

describe('a collector without calls', () => {
  const threeCalls: Collect = async ({ spendCall, emit }) => {
    for (let n = 0; n < 3; n++) {
      spendCall();
      await Promise.resolve();
      emit({ kind: 'top_ups_observed', at: 0, account: 'a', total: n });
    }
  };

  it('keeps what it read, says why it stopped, and goes on when calls are possible again', async () => {
    const { clock, run, ran, events } = rig();
    const collector = collectorOf(threeCalls, { intervalMs: MINUTE, callsPerHour: 5 });
    await run(collector);
    await clock.advance(MINUTE);
    const waitMs = await run(collector);
    expect(events.filter(({ kind }) => kind === 'top_ups_observed')).toHaveLength(5);
    expect(ran()).toMatchObject([
      { ok: true, calls: 3 },
      {
        ...{ ok: false, calls: 5 },
        problem:
          'balance: all 5 calls of this hour are made, the next is possible in 59 min; more are allowed by calls_per_hour',
      },
    ]);
    expect(waitMs).toBe(59 * MINUTE + 1);
    await clock.advance(waitMs);
    await run(collector);
    expect(ran()[2]).toMatchObject({ ok: true, calls: 8 });
  });

  it('says so even when the refusal was taken for a failure of fal on the way', async () => {
    const { run, ran } = rig();
    const wrapping: Collect = ({ spendCall }) => {
      try {
        spendCall();
        spendCall();
        return Promise.resolve();
      } catch {
        return Promise.reject(limited());
      }
    };
    await run(collectorOf(wrapping, { callsPerHour: 1 }));
    expect(ran()[0]?.problem).toContain('the only call of this hour is made');
  });

  it('never makes more calls in an hour than it may, whatever happens to it', async () => {
    const { clock, schedule } = rig();
    const calls: number[] = [];
    const greedy: Collect = async ({ spendCall }) => {
      for (let n = 0; n < 4; n++) {
        spendCall();
        calls.push(clock.monotonic());
        await sleep(clock, 700);
      }
      if (calls.length % 3 === 0) throw new RangeError('no');
    };
    for (const callsPerHour of [40, 25]) {
      schedule.replace([collectorOf(greedy, { intervalMs: 20_000, callsPerHour })]);
      await clock.advance(150 * MINUTE);
    }
    expect(calls.length).toBeGreaterThan(100);
    const half = calls.filter((at) => at < (calls[0] ?? 0) + 150 * MINUTE);
    for (const start of calls) {
      const limit = half.includes(start) ? 40 : 25;
      expect(calls.filter((at) => at >= start && at < start + 60 * MINUTE).length).toBeLessThanOrEqual(limit);
    }
    await schedule.stop();
  });
});

describe('a reading that hangs', () => {
  const waitForAbort: Collect = ({ signal }) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    });

  it.each([20_000, 86_400_000])('at an interval of %i ms is given up after a minute', async (intervalMs) => {
    const { clock, run, ran } = rig();
    const running = run(collectorOf(waitForAbort, { intervalMs }));
    await clock.advance(59_999);
    expect(ran()).toEqual([]);
    await clock.advance(1);
    await running;
    expect(ran()).toMatchObject([
      { ok: false, durationSeconds: 60, problem: 'nothing read within 1 min, given up' },
    ]);
  });

  it('is none as long as it makes a call each minute', async () => {
    const { clock, run, ran } = rig();
    const patient: Collect = async ({ spendCall }) => {
      for (let n = 0; n < 20; n++) {
        spendCall();
        await sleep(clock, 59_000);
      }
    };
    const running = run(collectorOf(patient));
    await clock.advance(20 * MINUTE);
    await running;
    expect(ran()).toMatchObject([{ ok: true, calls: 20, durationSeconds: 1180 }]);
  });

  it('delays no other collector', async () => {
    const { clock, schedule, ran } = rig();
    const quick = collectorOf(() => Promise.resolve(), { name: 'pricing', intervalMs: MINUTE });
    schedule.replace([collectorOf(waitForAbort), quick]);
    await clock.advance(59_000);
    expect([ran('pricing').length, ran().length]).toEqual([1, 0]);
    await clock.advance(4 * MINUTE);
    expect([ran('pricing').length, ran('pricing').every(({ ok }) => ok)]).toEqual([5, true]);
    const stopped = schedule.stop();
    await clock.advance(1);
    await stopped;
  });

  it('and ignores that it is given up is not begun a second time, nor heard any more', async () => {
    const { clock, run, ran, events } = rig();
    let begun = 0;
    let release = (): void => undefined;
    const deaf: Collect = async ({ emit }) => {
      begun += 1;
      if (begun === 1) await new Promise<void>((resolve) => (release = resolve));
      emit({ kind: 'top_ups_observed', at: 0, account: 'a', total: begun });
    };
    const collector = collectorOf(deaf);
    const running = run(collector);
    await clock.advance(MINUTE);
    await running;
    await run(collector);
    expect([begun, ran().at(-1)?.problem]).toEqual([
      1,
      'the reading before it was given up and has not ended',
    ]);
    release();
    await clock.advance(0);
    await run(collector);
    expect(begun).toBe(2);
    expect(events.filter((event) => event.kind === 'top_ups_observed').map(({ total }) => total)).toEqual([
      2,
    ]);
  });

  it('ends at once, and untold, when the exporter stops', async () => {
    const { clock, schedule, events } = rig();
    schedule.replace([
      collectorOf(waitForAbort),
      collectorOf(() => new Promise(() => undefined), { name: 'lock' }),
    ]);
    await clock.advance(10_000);
    await schedule.stop();
    expect(events).toEqual([]);
  });
});
