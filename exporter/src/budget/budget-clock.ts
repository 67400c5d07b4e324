import type { Clock } from '../domain/clock.ts';
import type { BudgetMoment, SpendLedger } from '../state/spend-ledger.ts';

/** Less than this is the daily work of a time service, and no window notices it. */
const NOTABLE_STEP_MS = 1_000;

/**
 * The time by which the budget's windows roll, in ms. Only its differences mean anything.
 *
 * Within a process it advances with the monotonic clock alone, so a step of the wall clock moves nothing.
 * Each entry of the ledger leaves a mark (budget time, wall time beside it); a new process goes on from the
 * last mark and adds what the wall clock says has passed since, never less than nothing:
 *
 * ```text
 *   true time      0 h      1 h          2 h              3 h        4 h
 *   wall clock     09:00    10:00 ─step─▶ next year ─step─▶ 12:00     13:00
 *   process        ├───── first ───────────────┤ killed    ├─ second ─▶
 *   budget time    09:00    10:00        11:00              11:00     12:00
 *                                          ▲ last mark: 11:00, wall next year; wall − mark < 0, so + 0
 * ```
 *
 * - Wall clock set back, in a process or between two: frees nothing, at worst the windows roll late.
 * - Wall clock set forward in a process: frees nothing, now or after a restart, because the difference is
 *   taken from the wall time of the mark and not from the absolute time.
 * - Suspended machine: the monotonic clock may stand still, so the windows roll late. A restart does not make
 *   up for it either, which is the safe side: a suspend and a clock step look alike from here, hence no resync.
 * - Not protected: a wall clock set forward between the last mark and the next start looks like down time and
 *   frees what that time would have freed. Each call of reserve leaves a mark, granted or not, and so does the
 *   first question for what is left after a step, which the exporter asks every 15 seconds.
 */
export class BudgetClock {
  readonly #clock: Clock;
  readonly #ledger: SpendLedger;
  #base: number;
  readonly #startedAt: number;

  constructor(clock: Clock, ledger: SpendLedger) {
    this.#clock = clock;
    this.#ledger = ledger;
    this.#startedAt = clock.monotonic();
    const wall = Math.max(0, Math.floor(clock.now()));
    const last = ledger.lastMoment();
    this.#base = last === undefined ? wall : last.at + Math.max(0, wall - last.wall);
  }

  /** Budget time now, a whole number of ms. Never goes back. */
  now(): number {
    return Math.floor(this.#base + (this.#clock.monotonic() - this.#startedAt));
  }

  /** Whether somebody has set the wall clock since the last mark, so that a restart would misread that mark. */
  hasStepped(): boolean {
    const last = this.#ledger.lastMoment();
    if (last === undefined) return false;
    const passed = this.now() - last.at;
    return Math.abs(this.#clock.now() - (last.wall + passed)) >= NOTABLE_STEP_MS;
  }

  /** Leaves a mark in the open transaction. Never behind the mark of a command that runs beside us. */
  mark(): BudgetMoment {
    const last = this.#ledger.lastMoment();
    const behind = Math.max(0, (last?.at ?? 0) - this.now());
    this.#base += behind;
    const moment = { at: this.now(), wall: Math.floor(this.#clock.now()) };
    this.#ledger.noteMoment(moment);
    return moment;
  }
}
