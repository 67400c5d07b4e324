import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE, MoneyRig } from './test-money-rig.ts';

const DAY = 24 * HOUR;
const FRESH_MS = 15 * MINUTE;
const TICK_MS = 15_000;

type Operation =
  | { readonly kind: 'spend' | 'top_up'; readonly amount: number }
  | { readonly kind: 'read' | 'fail' | 'restart' | 'disk' }
  | { readonly kind: 'pass' | 'step'; readonly ms: number };

interface Seen {
  /** True time, ms. */
  readonly at: number;
  readonly balance: number;
  readonly spent: number;
}

/** What is true, kept in the plainest form beside what the watch tells. */
class Trial {
  readonly rig = new MoneyRig();
  /** Readings that reached the disk. */
  readonly seen: Seen[] = [];
  #balance = 1_000;
  #spent = 0;
  #toppedUp = 0;
  runways = 0;

  run(operations: readonly Operation[]): void {
    for (const operation of operations) {
      this.#apply(operation);
      this.#judge();
    }
  }

  #apply(operation: Operation): void {
    const { clock, journal } = this.rig;
    switch (operation.kind) {
      case 'spend':
        this.#balance -= operation.amount;
        this.#spent += operation.amount;
        return;
      case 'top_up':
        this.#balance += operation.amount;
        this.#toppedUp += operation.amount;
        return;
      case 'read':
        return this.#read();
      case 'fail':
        return this.rig.ran('balance', { ok: false });
      case 'pass':
        return clock.advance(operation.ms);
      case 'step':
        return clock.step(operation.ms);
      case 'disk':
        journal.isFull = !journal.isFull;
        return;
      case 'restart':
        return this.rig.restart();
    }
  }

  /** Fal shows a debt as 0. */
  #read(): void {
    const { clock, journal } = this.rig;
    const balance = Math.max(0, this.#balance);
    this.rig.balance(balance);
    if (!journal.isFull) this.seen.push({ at: clock.trueTime, balance, spent: this.#spent });
  }

  #judge(): void {
    this.#judgeTopUps();
    const money = this.rig.last('money_observed');
    if (money === undefined) return;
    for (const burn of Object.values(money.burnPerHour))
      expect(Number.isSafeInteger(burn) && burn >= 0).toBe(true);
    if (money.runwaySeconds === undefined) return;
    this.runways++;
    expect(Number.isFinite(money.runwaySeconds) && money.runwaySeconds >= 0).toBe(true);
  }

  #judgeTopUps(): void {
    const { topUps } = this.rig.journal;
    const first = this.seen[0]?.balance ?? 0;
    expect(first + topUps - fallsOf(this.seen)).toBe(this.seen.at(-1)?.balance ?? 0);
    // A debt shown as 0 can make a top-up look smaller, nothing can make it look larger.
    expect(topUps).toBeLessThanOrEqual(this.#toppedUp);
    const told = this.rig.all('top_ups_observed').map(({ total }) => total);
    expect(told).toEqual(told.toSorted((a, b) => a - b));
    expect(told.at(-1) ?? 0).toBe(topUps);
  }

  /** Burn of the balance alone at a moment, from true times. */
  burnAt(now: number, windowMs: number): number | undefined {
    const within = this.seen.filter(({ at }) => at >= now - windowMs);
    const [first, last] = [within[0], within.at(-1)];
    if (first === undefined || last === undefined || (last.at - first.at) * 2 < windowMs) return undefined;
    const falls = fallsOf(within);
    expect(falls).toBeLessThanOrEqual(last.spent - first.spent);
    return Math.round((falls / (last.at - first.at)) * HOUR);
  }
}

function fallsOf(seen: readonly Seen[]): number {
  return seen.reduce(
    (sum, { balance }, index) => sum + Math.max(0, (seen[index - 1]?.balance ?? balance) - balance),
    0,
  );
}

const amount = fc.oneof(fc.nat(500), fc.nat(2 ** 45));
const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('spend' as const), amount }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('top_up' as const), amount }) },
  { weight: 8, arbitrary: fc.constant<Operation>({ kind: 'read' }) },
  { weight: 6, arbitrary: passOf(fc.nat(20 * MINUTE)) },
  { weight: 1, arbitrary: passOf(fc.nat(4 * HOUR)) },
  { weight: 1, arbitrary: fc.constant<Operation>({ kind: 'restart' }) },
  { weight: 1, arbitrary: fc.constant<Operation>({ kind: 'fail' }) },
);
const step: fc.Arbitrary<Operation> = fc.record({
  kind: fc.constant('step' as const),
  ms: fc.integer({ min: -90 * DAY, max: 90 * DAY }),
});
const disk = fc.constant<Operation>({ kind: 'disk' });

function passOf(ms: fc.Arbitrary<number>): fc.Arbitrary<Operation> {
  return fc.record({ kind: fc.constant('pass' as const), ms });
}

function sequenceOf(operations: fc.Arbitrary<Operation>): fc.Arbitrary<Operation[]> {
  return fc.array(operations, { minLength: 10, maxLength: 80, size: 'max' });
}

const anything = fc.oneof({ weight: 20, arbitrary: operation }, step, disk);

describe('any sequence of spending, top-ups, readings, restarts and clock steps', () => {
  it(
    'adds up: the first balance, plus top-ups, minus falls, is the last balance',
    { timeout: 30_000 },
    () => {
      const seen = { topUps: 0, runways: 0 };
      fc.assert(
        fc.property(sequenceOf(anything), (operations) => {
          const trial = new Trial();
          trial.run(operations);
          seen.topUps += trial.rig.journal.topUps;
          seen.runways += trial.runways;
        }),
        { numRuns: 60 },
      );
      expect(Math.min(seen.topUps, seen.runways)).toBeGreaterThan(0);
    },
  );

  it('leaves nothing standing that nobody has read for a quarter of an hour', { timeout: 30_000 }, () => {
    fc.assert(
      fc.property(sequenceOf(anything), fc.nat(2 * HOUR), (operations, more) => {
        const trial = new Trial();
        trial.run(operations);
        trial.rig.clock.advance(FRESH_MS + TICK_MS + more);
        const { burnPerHour, runwaySeconds } = trial.rig.last('money_observed') ?? { burnPerHour: {} };
        expect(burnPerHour).toEqual({});
        expect(runwaySeconds).toBeUndefined();
      }),
      { numRuns: 60 },
    );
  });

  it(
    'tells the burn rate that true time gives, as long as no clock is set between two processes',
    { timeout: 30_000 },
    () => {
      let known = 0;
      const seenSteps = step.map((one): Operation[] => [one, { kind: 'read' }]);
      const steps = fc.oneof({ weight: 20, arbitrary: operation.map((one) => [one]) }, seenSteps);
      fc.assert(
        fc.property(fc.array(steps, { minLength: 20, maxLength: 120, size: 'max' }), (operations) => {
          const trial = new Trial();
          trial.run([...operations.flat(), { kind: 'read' }]);
          const { rig } = trial;
          rig.clock.advance(TICK_MS);
          const now = rig.clock.trueTime;
          rig.ran('pricing');
          const at = now - rig.lastToldAt < TICK_MS ? rig.lastToldAt : now;
          const expected = { '1h': trial.burnAt(at, HOUR), '24h': trial.burnAt(at, DAY) };
          expect(rig.last('money_observed')?.burnPerHour ?? {}).toEqual(expected);
          known += Object.values(expected).filter((burn) => burn !== undefined).length;
        }),
        { numRuns: 60 },
      );
      expect(known).toBeGreaterThan(20);
    },
  );
});
