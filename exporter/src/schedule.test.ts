import fc from 'fast-check';
import { VirtualClock } from 'fal-simulator';
import { describe, expect, it } from 'vitest';
import { sleep } from './domain/clock.ts';
import { type Recurring, Schedule } from './schedule.ts';

interface Run {
  readonly name: string;
  readonly at: number;
}

/** A clock that can lose hours, as a suspended machine does. */
class SuspendableClock extends VirtualClock {
  #lostMs = 0;
  override monotonic(): number {
    return super.monotonic() + this.#lostMs;
  }
  suspend(ms: number): void {
    this.#lostMs += ms;
  }
}

function setUp(options: { durationMs?: number; random?: () => number } = {}): {
  clock: SuspendableClock;
  schedule: Schedule<Recurring>;
  runs: Run[];
  overlap: () => number;
} {
  const clock = new SuspendableClock();
  const origin = clock.monotonic();
  const runs: Run[] = [];
  const active = new Map<string, number>();
  let most = 0;
  const schedule = new Schedule<Recurring>({
    clock,
    random: options.random ?? (() => 0.5),
    run: async ({ name }, signal) => {
      runs.push({ name, at: clock.monotonic() - origin });
      const now = (active.get(name) ?? 0) + 1;
      active.set(name, now);
      most = Math.max(most, now);
      await sleep(clock, options.durationMs ?? 0, signal).catch(() => undefined);
      active.set(name, now - 1);
    },
  });
  return { clock, schedule, runs, overlap: () => most };
}

const item = (name: string, intervalMs: number): Recurring => ({ name, intervalMs });
const times = (runs: readonly Run[], name: string): number[] =>
  runs.filter((r) => r.name === name).map((r) => r.at);

describe('the schedule', () => {
  it('runs everything soon after the start and then spreads it over the interval', async () => {
    const { clock, schedule, runs } = setUp();
    schedule.replace([item('a', 60_000), item('b', 60_000), item('c', 60_000)]);
    await clock.advance(3_000);
    expect(runs.map((r) => r.name)).toEqual(['a', 'b', 'c']);
    await clock.advance(600_000);
    const phases = ['a', 'b', 'c']
      .map((name) => (times(runs, name).at(-1) ?? 0) % 60_000)
      .sort((x, y) => x - y);
    expect((phases[1] ?? 0) - (phases[0] ?? 0)).toBeCloseTo(20_000, -2);
    expect((phases[2] ?? 0) - (phases[1] ?? 0)).toBeCloseTo(20_000, -2);
  });

  it('keeps the interval on average, whatever the jitter', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1_000, max: 300_000 }),
        fc.integer({ min: 1, max: 2 ** 31 }),
        async (interval, seed) => {
          let state = seed;
          const random = (): number => ((state = (state * 48_271) % 2_147_483_647) - 1) / 2_147_483_646;
          const { clock, schedule, runs } = setUp({ random });
          schedule.replace([item('a', interval), item('b', interval * 2)]);
          await clock.advance(interval * 50);
          expect(Math.abs(times(runs, 'a').length - 50)).toBeLessThanOrEqual(2);
          expect(Math.abs(times(runs, 'b').length - 25)).toBeLessThanOrEqual(2);
          const gaps = times(runs, 'a')
            .slice(1)
            .map((at, i) => at - (times(runs, 'a')[i] ?? 0));
          expect(Math.min(...gaps.slice(1))).toBeGreaterThanOrEqual(interval * 0.85);
          await schedule.stop();
        },
      ),
      { numRuns: 30 },
    );
  });

  it('never runs one item twice at once, and skips what a long run overlaps', async () => {
    const { clock, schedule, runs, overlap } = setUp({ durationMs: 25_000 });
    schedule.replace([item('slow', 10_000)]);
    await clock.advance(200_000);
    expect(overlap()).toBe(1);
    expect(runs.length).toBeGreaterThan(4);
    expect(runs.length).toBeLessThanOrEqual(8);
  });

  it('is late once after a suspended machine, not a burst', async () => {
    const { clock, schedule, runs } = setUp();
    schedule.replace([item('a', 10_000)]);
    await clock.advance(30_000);
    const before = runs.length;
    clock.suspend(8 * 3_600_000);
    await clock.advance(100);
    expect(runs.length - before).toBeLessThanOrEqual(1);
    await clock.advance(10_500);
    expect(runs.length - before).toBeLessThanOrEqual(3);
  });

  it('keeps the rhythm of what a reload leaves as it is, starts what is new and ends what is gone', async () => {
    const { clock, schedule, runs } = setUp();
    const [a, b] = [item('a', 10_000), item('b', 10_000)];
    schedule.replace([a, b]);
    await clock.advance(60_000);
    const due = (times(runs, 'a').at(-1) ?? 0) + 10_000;
    schedule.replace([a, item('c', 10_000)]);
    await clock.advance(15_000);
    expect(times(runs, 'a').some((at) => Math.abs(at - due) <= 1_000)).toBe(true);
    expect(times(runs, 'c').length).toBeGreaterThanOrEqual(1);
    const ended = times(runs, 'b').length;
    await clock.advance(60_000);
    expect(times(runs, 'b')).toHaveLength(ended);
  });

  it('knows when an item is due next', async () => {
    const { clock, schedule, runs } = setUp();
    schedule.replace([item('a', 10_000), item('b', 10_000)]);
    expect([schedule.dueInMs('a'), schedule.dueInMs('b'), schedule.dueInMs('c')]).toEqual([
      0,
      1_000,
      undefined,
    ]);
    await clock.advance(25_000);
    const dueIn = schedule.dueInMs('a') ?? NaN;
    const before = times(runs, 'a').length;
    await clock.advance(dueIn - 1);
    expect(times(runs, 'a')).toHaveLength(before);
    await clock.advance(1);
    expect(times(runs, 'a')).toHaveLength(before + 1);
  });

  it('lets a run of a changed item end before the new one begins, and waits for it when it stops', async () => {
    const { clock, schedule, runs, overlap } = setUp({ durationMs: 30_000 });
    schedule.replace([item('a', 10_000)]);
    await clock.advance(1_000);
    schedule.replace([item('a', 10_000)]);
    await clock.advance(20_000);
    expect(runs).toHaveLength(1);
    await clock.advance(60_000);
    expect(runs.length).toBeGreaterThan(1);
    expect(overlap()).toBe(1);
    schedule.replace([]);
    let isOver = false;
    void schedule.stop().then(() => (isOver = true));
    await clock.advance(0);
    expect(isOver).toBe(true);
  });

  it('repeats a run when the run asks for it, earlier or later than the rhythm has it, and then goes on', async () => {
    const clock = new VirtualClock();
    const origin = clock.monotonic();
    const wishes = [5_000, 25_000, undefined, undefined];
    const begun: number[] = [];
    const schedule = new Schedule<Recurring>({
      ...{ clock, random: () => 0.5 },
      run: async () => {
        begun.push(clock.monotonic() - origin);
        await sleep(clock, 1_000);
        return wishes.shift();
      },
    });
    schedule.replace([item('a', 10_000)]);
    await clock.advance(5_999);
    expect([begun, schedule.dueInMs('a')]).toEqual([[0], 1]);
    await clock.advance(54_001);
    expect(begun.slice(0, 3)).toEqual([0, 6_000, 32_000]);
    const gaps = begun.slice(3).map((at, i) => at - (begun[i + 2] ?? 0));
    expect(gaps.length).toBeGreaterThanOrEqual(2);
    for (const gap of gaps.slice(1)) expect(gap).toBeCloseTo(10_000, -1);
    await schedule.stop();
  });

  it('does not repeat what was removed or replaced while it ran, whatever the run asks for', async () => {
    const clock = new VirtualClock();
    const begun: string[] = [];
    const schedule = new Schedule<Recurring>({
      ...{ clock, random: () => 0.5 },
      run: async ({ name, intervalMs }) => {
        begun.push(`${name} ${intervalMs}`);
        await sleep(clock, 5_000);
        return intervalMs === 1e6 ? 2_000 : undefined;
      },
    });
    schedule.replace([item('a', 1e6), item('b', 1e6)]);
    await clock.advance(2_000);
    schedule.replace([item('a', 2e6)]);
    await clock.advance(100_000);
    expect(begun).toEqual(['a 1000000', 'b 1000000', 'a 2000000']);
    await schedule.stop();
  });

  it('does not let a changed item wait for its next turn when its first one met a run of the old one', async () => {
    const { clock, schedule, runs, overlap } = setUp({ durationMs: 30_000 });
    schedule.replace([item('a', 86_400_000)]);
    await clock.advance(1_000);
    schedule.replace([item('a', 86_400_000)]);
    await clock.advance(1_000);
    schedule.replace([item('a', 86_400_000)]);
    await clock.advance(120_000);
    expect(times(runs, 'a')).toEqual([0, 30_000]);
    expect(overlap()).toBe(1);
    await schedule.stop();
  });

  it('stops at once: aborts what runs, waits for it, starts nothing more', async () => {
    const { clock, schedule, runs } = setUp({ durationMs: 1e9 });
    schedule.replace([item('a', 10_000)]);
    await clock.advance(1);
    expect(runs).toHaveLength(1);
    await schedule.stop();
    await clock.advance(60_000);
    expect(runs).toHaveLength(1);
  });
});
