import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BudgetWindow } from '../domain/events.ts';
import { AdjustableClock } from '../state/adjustable-clock.ts';
import { type State, openState } from '../state/state-file.ts';
import { type Budget, type Reservation, createBudget, WINDOW_MS } from './budget.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const CAPS = { hour: 100, day: 400, month: 2_000 };
const CONFIG = { perHour: 100, perDay: 400, perMonth: 2_000, worstCaseRun: 30 };
const WINDOWS = ['hour', 'day', 'month'] as const;
/** The ledger keeps entries that are merged by the hour for up to one hour longer. */
const MERGE_SLACK = HOUR;

type Operation =
  | { readonly kind: 'reserve'; readonly estimate: number | undefined }
  /** Settles the n-th open reservation at this share of it; no share: as a time-out. */
  | { readonly kind: 'settle'; readonly nth: number; readonly share: number | undefined }
  | { readonly kind: 'release'; readonly nth: number }
  | { readonly kind: 'advance'; readonly ms: number }
  | { readonly kind: 'step'; readonly ms: number }
  | { readonly kind: 'restart' };

interface Run {
  readonly reservedAt: number;
  /** Absent while open. */
  endedAt?: number;
  cost: number;
  provenCost: number;
}

/** The rules in the plainest form: a list of runs in true time, and sums over it. */
class Reference {
  now = 0;
  readonly runs: Run[] = [];
  total = 0;

  counted(window: BudgetWindow, slack = 0): number {
    const from = this.now - WINDOW_MS[window] - slack;
    return sum(this.runs.filter(({ endedAt }) => endedAt === undefined || endedAt >= from));
  }

  fits(amount: number, slack = 0): boolean {
    return WINDOWS.every((window) => {
      return this.counted(window, window === 'month' ? slack : 0) + amount <= CAPS[window];
    });
  }

  largestProven(slack = 0): number {
    const from = this.now - WINDOW_MS.month - slack;
    return Math.max(0, ...this.runs.filter((run) => (run.endedAt ?? 0) >= from).map((run) => run.provenCost));
  }

  /** The most that was charged in any window, if each run is charged at the moment that `when` says. */
  worst(window: BudgetWindow, when: (run: Run) => number): number {
    return Math.max(
      0,
      ...this.runs.map((last) => {
        const to = when(last);
        const within = this.runs.filter((run) => when(run) <= to && when(run) >= to - WINDOW_MS[window]);
        return sum(within);
      }),
    );
  }
}

function sum(runs: readonly Run[]): number {
  return runs.reduce((total, { cost }) => total + cost, 0);
}

class Trial {
  readonly #dir = mkdtempSync(join(tmpdir(), 'fal-model-'));
  readonly #clock = new AdjustableClock();
  readonly #reference = new Reference();
  #open: { readonly reservation: Reservation; readonly run: Run }[] = [];
  #wasStepped = false;
  #state: State;
  #budget: Budget;
  granted = 0;
  refused = 0;

  constructor() {
    this.#state = openState({ dir: this.#dir, clock: this.#clock });
    this.#budget = this.#newBudget();
  }

  run(operations: readonly Operation[]): void {
    try {
      for (const operation of operations) {
        this.#apply(operation);
        this.#compare();
      }
      this.#judge();
    } finally {
      this.#state.close();
      rmSync(this.#dir, { recursive: true });
    }
  }

  #apply(operation: Operation): void {
    switch (operation.kind) {
      case 'reserve':
        return this.#reserve(operation.estimate);
      case 'settle':
        return this.#settle(operation.nth, operation.share);
      case 'release':
        return this.#release(operation.nth);
      case 'advance':
        this.#clock.advance(operation.ms);
        this.#reference.now += operation.ms;
        return;
      case 'step':
        this.#clock.step(operation.ms);
        this.#wasStepped = true;
        // A forward step that no call saw before a restart cannot be told from down time.
        if (operation.ms > 0) this.#reserve(1);
        return;
      case 'restart':
        return this.#restart();
    }
  }

  #reserve(estimate: number | undefined): void {
    const reference = this.#reference;
    const answer = this.#budget.reserve({ probe: 'p', endpointId: 'e', estimatedCost: estimate });
    const amount = answer.ok ? answer.reservation.amount : answer.needed;
    const expected = estimate ?? CONFIG.worstCaseRun;
    expect(amount).toBeGreaterThanOrEqual(Math.max(expected, reference.largestProven()));
    if (!this.#wasStepped) {
      expect(amount).toBeLessThanOrEqual(Math.max(expected, reference.largestProven(MERGE_SLACK)));
    }
    if (!reference.fits(amount)) expect(answer.ok).toBe(false);
    if (!this.#wasStepped && reference.fits(amount, MERGE_SLACK)) expect(answer.ok).toBe(true);
    if (!answer.ok) return void this.refused++;
    this.granted++;
    const run = { reservedAt: reference.now, cost: amount, provenCost: 0 };
    reference.runs.push(run);
    this.#open.push({ reservation: answer.reservation, run });
  }

  #settle(nth: number, share: number | undefined): void {
    const [picked] = this.#open.splice(nth % Math.max(1, this.#open.length), 1);
    if (picked === undefined) return;
    const { reservation, run } = picked;
    const cost = share === undefined ? undefined : Math.floor(reservation.amount * share);
    const booked = this.#budget.settle(reservation, cost);
    expect(booked.cost).toBe(cost ?? reservation.amount);
    run.cost = booked.cost;
    run.provenCost = cost ?? 0;
    this.#finish(run);
  }

  #finish(run: Run): void {
    run.endedAt = this.#reference.now;
    this.#reference.total += run.cost;
  }

  #release(nth: number): void {
    const [picked] = this.#open.splice(nth % Math.max(1, this.#open.length), 1);
    if (picked === undefined) return;
    this.#budget.release(picked.reservation);
    this.#reference.runs.splice(this.#reference.runs.indexOf(picked.run), 1);
  }

  #restart(): void {
    this.#state.close();
    this.#state = openState({ dir: this.#dir, clock: this.#clock });
    this.#budget = this.#newBudget();
    for (const { run } of this.#open) this.#finish(run);
    this.#open = [];
  }

  #newBudget(): Budget {
    return createBudget({ state: this.#state, clock: this.#clock, config: () => CONFIG });
  }

  #compare(): void {
    const remaining = this.#budget.remaining();
    for (const window of WINDOWS) {
      const most = CAPS[window] - this.#reference.counted(window);
      expect(remaining[window]).toBeGreaterThanOrEqual(0);
      expect(remaining[window]).toBeLessThanOrEqual(most);
      if (window !== 'month' && !this.#wasStepped) expect(remaining[window]).toBe(most);
    }
    expect(this.#budget.spentTotal('p')).toBe(this.#reference.total);
  }

  /** Whenever fal charged between reserve and end, no window holds more than its cap. */
  #judge(): void {
    for (const window of WINDOWS) {
      const worst = (when: (run: Run) => number): number => this.#reference.worst(window, when);
      expect(worst(({ reservedAt }) => reservedAt)).toBeLessThanOrEqual(CAPS[window]);
      expect(worst((run) => run.endedAt ?? this.#reference.now)).toBeLessThanOrEqual(CAPS[window]);
    }
  }
}

const minutes = fc.nat(20).map((n) => n * MINUTE + 7);
const hours = fc.nat(30).map((n) => n * HOUR);
const days = fc.nat(20).map((n) => n * DAY + 13);
const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 12, arbitrary: reserveOf(fc.option(fc.nat(35), { nil: undefined })) },
  {
    weight: 8,
    arbitrary: fc.record({ kind: fc.constant('settle' as const), nth: fc.nat(9), share: share() }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('release' as const), nth: fc.nat(9) }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('advance' as const), ms: minutes }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('advance' as const), ms: fc.oneof(hours, days) }) },
  { weight: 2, arbitrary: fc.constant<Operation>({ kind: 'restart' }) },
);
const step: fc.Arbitrary<Operation> = fc.record({
  kind: fc.constant('step' as const),
  ms: fc.integer({ min: -90 * DAY, max: 90 * DAY }),
});

function reserveOf(estimate: fc.Arbitrary<number | undefined>): fc.Arbitrary<Operation> {
  return fc.record({ kind: fc.constant('reserve' as const), estimate });
}

function share(): fc.Arbitrary<number | undefined> {
  return fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined });
}

function tryAll(operations: fc.Arbitrary<Operation>, numRuns: number): { granted: number; refused: number } {
  const seen = { granted: 0, refused: 0 };
  fc.assert(
    fc.property(fc.array(operations, { minLength: 20, maxLength: 120, size: 'max' }), (sequence) => {
      const trial = new Trial();
      trial.run(sequence);
      seen.granted += trial.granted;
      seen.refused += trial.refused;
    }),
    { numRuns },
  );
  return seen;
}

describe('any sequence of reservations, endings, restarts and time', () => {
  it('gives the answers of the plain rules', { timeout: 60_000 }, () => {
    const { granted, refused } = tryAll(operation, 40);
    expect(Math.min(granted, refused)).toBeGreaterThan(60);
  });

  it('stays within every cap when somebody sets the wall clock as well', { timeout: 60_000 }, () => {
    const steps = fc.oneof({ weight: 6, arbitrary: operation }, { weight: 1, arbitrary: step });
    const { granted, refused } = tryAll(steps, 40);
    expect(Math.min(granted, refused)).toBeGreaterThan(60);
  });
});
