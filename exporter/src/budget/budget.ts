import type { BudgetConfig } from '../config/config.ts';
import type { Clock } from '../domain/clock.ts';
import type { BudgetWindow, SpendBooked } from '../domain/events.ts';
import type { NanoUsd } from '../domain/money.ts';
import type { SpendLedger, WindowStarts } from '../state/spend-ledger.ts';
import { BudgetClock } from './budget-clock.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * Rolling windows in ms. The month is 31 days, the longest month there is: whatever calendar month (or billing
 * period) one looks at lies within one window, so none of them can exceed the cap.
 */
export const WINDOW_MS: Readonly<Record<BudgetWindow, number>> = {
  hour: HOUR_MS,
  day: DAY_MS,
  month: 31 * DAY_MS,
};
const WINDOWS = ['hour', 'day', 'month'] as const satisfies readonly BudgetWindow[];

/** Entries are merged by the hour when no hour or day can tell the difference, and dropped after two months. */
const MERGE_AFTER_MS = 25 * HOUR_MS;
const KEEP_MS = 62 * DAY_MS;

/** Money set aside on disk for one run. */
export interface Reservation {
  readonly id: number;
  readonly probe: string;
  readonly endpointId: string;
  readonly amount: NanoUsd;
}

export interface ReservationRequest {
  readonly probe: string;
  readonly endpointId: string;
  /** What the run should cost. Unknown: the configured worst case is reserved. */
  readonly estimatedCost?: NanoUsd | undefined;
}

export type ReservationAnswer = { readonly ok: true; readonly reservation: Reservation } | BudgetRefusal;

export interface BudgetRefusal {
  readonly ok: false;
  /** The window that stays full for longest. */
  readonly window: BudgetWindow;
  /** When the same request fits, if nothing else is booked meanwhile. */
  readonly retryAfterMs: number;
  /** What would have been reserved. */
  readonly needed: NanoUsd;
  /** The run alone is more than the cap: waiting does not help, only a higher cap does. */
  readonly isLargerThanCap: boolean;
}

export interface Budget {
  /** Reserves the cost of one run on disk, or says why not. Throws a StateError when it cannot be written. */
  reserve(request: ReservationRequest): ReservationAnswer;
  /**
   * Books what the run cost and returns it. Without a cost (no header, no price, timed out) the reserved amount
   * is booked. Throws a StateError when it cannot be written; then it is kept and booked with the next write.
   */
  settle(
    reservation: Reservation,
    cost: NanoUsd | undefined,
  ): { readonly cost: NanoUsd; readonly source: SpendBooked['source'] };
  /** Gives a reservation back: nothing was submitted, or fal proved that it bills nothing. Throws like `settle`. */
  release(reservation: Reservation): void;
  /** What is left per window; never negative. */
  remaining(): Record<BudgetWindow, NanoUsd>;
  /** Spent by this probe since the state file was made, with what crashed processes left open. Never falls. */
  spentTotal(probe: string): NanoUsd;
  /** Spent by this probe since this budget was made: a counter from zero. */
  spentSinceStart(probe: string): NanoUsd;
}

export interface BudgetOptions {
  readonly state: { readonly ledger: SpendLedger };
  readonly clock: Clock;
  /** Read at every decision, so that a reload counts at once. */
  readonly config: () => BudgetConfig;
}

/**
 * The spend cap of the probes. What is decided is on disk before it is answered, so a killed process forgets
 * nothing: a reservation whose end was never written counts as spent.
 *
 * ```text
 *   reserve ──▶ run ──▶ settle          counts from reserve on, and for a whole window after settle
 *   reserve ──▶ run ──▶ killed          counts for a whole window after the next start
 *   reserve ──▶ refused by fal ──▶ release                                       counts no more
 * ```
 *
 * An open reservation counts in every window whatever its age. So the money of any 60 minutes, 24 hours or 31
 * days stays within the cap, wherever between reserve and settle fal charges it.
 *
 * The bound when a run costs more than was reserved for it: the cap can be exceeded by the sum of these
 * differences over the runs that were in flight together, which is one run's difference per probe that runs
 * at the time. The difference is booked and stands in the way of later runs, and the endpoint's largest cost
 * of the last 31 days is what is reserved next, so it happens once.
 */
export function createBudget(options: BudgetOptions): Budget {
  return new LedgerBudget(options);
}

/** How a reservation ended, until it is written. */
interface Ending {
  readonly reservation: Reservation;
  readonly cost: NanoUsd | undefined;
  readonly isRelease: boolean;
}

class LedgerBudget implements Budget {
  readonly #ledger: SpendLedger;
  readonly #clock: BudgetClock;
  readonly #config: () => BudgetConfig;
  /** Reservations of ours without a written end. */
  readonly #open = new Set<number>();
  /** Ends that the disk refused; the next transaction brings them along. */
  readonly #unwritten = new Map<number, Ending>();
  readonly #sinceStart = new Map<string, NanoUsd>();
  #compactedAt = -Infinity;

  constructor({ state, clock, config }: BudgetOptions) {
    this.#ledger = state.ledger;
    this.#clock = new BudgetClock(clock, state.ledger);
    this.#config = config;
    // Whatever dead processes left open is dated now. A disk that refuses will refuse `reserve` as well.
    this.#tryToMark();
  }

  reserve({ probe, endpointId, estimatedCost }: ReservationRequest): ReservationAnswer {
    const answer = this.#write((now) => {
      const seen = this.#ledger.largestSeenCost(endpointId, now - WINDOW_MS.month);
      const amount = Math.max(this.#expected(estimatedCost), seen);
      const refusal = this.#refusal(now, amount);
      if (refusal !== undefined) return refusal;
      const id = this.#ledger.open({ at: now, probe, endpointId, amount });
      return { ok: true, reservation: { id, probe, endpointId, amount } } as const;
    });
    if (answer.ok) this.#open.add(answer.reservation.id);
    return answer;
  }

  settle(
    reservation: Reservation,
    cost: NanoUsd | undefined,
  ): { readonly cost: NanoUsd; readonly source: SpendBooked['source'] } {
    if (cost !== undefined) mustBeAmount(cost, 'cost of a run');
    this.#end({ reservation, cost, isRelease: false });
    return cost === undefined
      ? { cost: reservation.amount, source: 'worst_case' }
      : { cost, source: 'units' };
  }

  release(reservation: Reservation): void {
    this.#end({ reservation, cost: undefined, isRelease: true });
  }

  remaining(): Record<BudgetWindow, NanoUsd> {
    if (this.#clock.hasStepped()) this.#tryToMark();
    if (this.#ledger.unbookedRecovery() !== undefined) return { hour: 0, day: 0, month: 0 };
    const caps = capsOf(this.#config());
    const sums = this.#ledger.sums(startsAt(this.#clock.now()));
    const left = (window: BudgetWindow): NanoUsd => Math.max(0, caps[window] - sums[window]);
    return { hour: left('hour'), day: left('day'), month: left('month') };
  }

  spentTotal(probe: string): NanoUsd {
    return this.#ledger.total(probe);
  }

  spentSinceStart(probe: string): NanoUsd {
    return this.#sinceStart.get(probe) ?? 0;
  }

  /** The estimate where there is one that can be an amount; otherwise the worst case. */
  #expected(estimate: NanoUsd | undefined): NanoUsd {
    if (estimate !== undefined && isAmount(estimate)) return estimate;
    return mustBeAmount(this.#config().worstCaseRun, 'configured worst case of a run');
  }

  #refusal(now: number, needed: NanoUsd): BudgetRefusal | undefined {
    const caps = capsOf(this.#config());
    const sums = this.#ledger.sums(startsAt(now));
    // Written so that a cap which is no number refuses.
    const full = WINDOWS.filter((window) => !(sums[window] + needed <= caps[window]));
    const refusals = full.map((window) => ({
      ...{ ok: false as const, window, needed },
      isLargerThanCap: !(needed <= caps[window]),
      retryAfterMs: this.#waitFor(window, now, caps[window] - needed),
    }));
    return refusals.sort((a, b) => b.retryAfterMs - a.retryAfterMs)[0];
  }

  /** Until enough has left the window; a whole window where nothing that leaves would be enough. */
  #waitFor(window: BudgetWindow, now: number, room: NanoUsd): number {
    const length = WINDOW_MS[window];
    const blocking = room >= 0 ? this.#ledger.blockingEntry(now - length, room) : undefined;
    return blocking === undefined ? length : Math.max(1, blocking + length + 1 - now);
  }

  #end(ending: Ending): void {
    const { id, probe } = ending.reservation;
    if (!this.#open.has(id)) {
      throw new Error(
        `Ending reservation ${id} of probe ${probe}: it has ended before, or is not of this process. ` +
          'Each reservation is settled or released once.',
      );
    }
    this.#unwritten.set(id, ending);
    this.#write(() => undefined);
  }

  /** One transaction: what is overdue, then `work`, which gets the budget time. */
  #write<T>(work: (now: number) => T): T {
    const endings = [...this.#unwritten.values()];
    const compactedAt = this.#compactedAt;
    try {
      const result = this.#ledger.transact(() => {
        const now = this.#clock.mark().at;
        this.#bookOverdue(now);
        for (const ending of endings) this.#book(ending, now);
        return work(now);
      });
      for (const ending of endings) this.#forget(ending);
      return result;
    } catch (error) {
      this.#compactedAt = compactedAt;
      throw error;
    }
  }

  #bookOverdue(now: number): void {
    this.#ledger.abandonForeign(now);
    if (this.#ledger.unbookedRecovery() !== undefined) {
      const { month } = this.#ledger.sums(startsAt(now));
      this.#ledger.bookRecovery(now, Math.max(0, this.#config().perMonth - month));
    }
    if (now - this.#compactedAt < HOUR_MS) return;
    this.#compactedAt = now;
    this.#ledger.compact({ mergeBefore: now - MERGE_AFTER_MS, dropBefore: now - KEEP_MS });
  }

  #book({ reservation, cost, isRelease }: Ending, now: number): void {
    const { id, probe, amount } = reservation;
    if (isRelease) this.#ledger.release(id);
    else this.#ledger.settle(id, { at: now, probe, amount: cost ?? amount, seenCost: cost ?? 0 });
  }

  #forget({ reservation, cost, isRelease }: Ending): void {
    const { id, probe, amount } = reservation;
    this.#open.delete(id);
    this.#unwritten.delete(id);
    if (!isRelease) this.#sinceStart.set(probe, this.spentSinceStart(probe) + (cost ?? amount));
  }

  /** Nothing is lost when the disk refuses, and the next write tries again. */
  #tryToMark(): void {
    try {
      this.#write(() => undefined);
    } catch {
      // See above.
    }
  }
}

function capsOf({ perHour, perDay, perMonth }: BudgetConfig): Record<BudgetWindow, NanoUsd> {
  return { hour: perHour, day: perDay, month: perMonth };
}

function startsAt(now: number): WindowStarts {
  return { hour: now - WINDOW_MS.hour, day: now - WINDOW_MS.day, month: now - WINDOW_MS.month };
}

function isAmount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function mustBeAmount(value: number, what: string): NanoUsd {
  if (isAmount(value)) return value;
  throw new RangeError(`The ${what} must be a whole number of nano-dollars from 0 up, not ${value}.`);
}
