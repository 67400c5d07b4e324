import type { BillingCursor } from '../billing/billing-books.ts';
import type { Clock } from '../domain/clock.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Events that are listed later than newer ones are found by every walk up to this age. */
const OVERLAP_MS = HOUR_MS;
/** How often everything that may still change is read. */
const DEEP_EVERY_MS = HOUR_MS;
/** fal refuses a span of more than 90 days up to its own now, https://api.fal.ai/v1/openapi.json */
const LONGEST_SPAN_MS = 90 * DAY_MS - 10 * 60_000;
/** fal refuses a start that is not before its own now. */
const LEAST_SPAN_MS = 1_000;

/** One walk through the events, from the newest back to `from`. */
export interface Walk {
  /** Ms since the epoch. */
  readonly from: number;
  /** Over everything that may still change. */
  readonly isDeep: boolean;
  /** When it began, ms since the epoch. */
  readonly at: number;
}

/**
 * Decides how far back each walk goes.
 *
 * ```text
 *   horizon                                     newest event     now
 *      ├───────────────────────────┬─── 1 h ───────┼──────────────┤
 *      │                           │◀──────────── short walk ─────┤
 *      │◀──────────────────────────────────────── deep walk ──────┤  at the start, then every hour
 * ```
 *
 * Ends of the past are fal's time (of events), so that a clock of ours that is off leaves no gap. A walk that
 * was cut off has moved the newest event forward and left a gap behind it, so the next one ends no later than that
 * should have; what a process left behind that was killed, the deep walk of the next one closes.
 */
export class WalkPlan {
  readonly #clock: Clock;
  /** Both clocks, because the monotonic one stands still while a laptop sleeps. */
  #deepAt: { readonly monotonic: number; readonly wall: number } | undefined;
  /** How far back a short walk must go, because the newest one did not get there: ms since the epoch. */
  #owedFrom = Infinity;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  next({ horizon, newestAt = Infinity }: BillingCursor): Walk {
    const now = this.#clock.now();
    const isDeep = this.#isDeepDue();
    this.#owedFrom = Math.min(Math.min(newestAt, now) - OVERLAP_MS, this.#owedFrom);
    const wanted = isDeep ? horizon : Math.max(this.#owedFrom, horizon);
    const from = Math.min(Math.max(wanted, now - LONGEST_SPAN_MS), now - LEAST_SPAN_MS);
    return { from: Math.floor(from), isDeep, at: now };
  }

  succeeded({ isDeep }: Walk): void {
    this.#owedFrom = Infinity;
    if (isDeep) this.#noteDeep();
  }

  /** @param isTooLong more pages than allowed: at once again would only use up the calls of the short walks. */
  failed({ isDeep }: Walk, isTooLong: boolean): void {
    if (isDeep && isTooLong) this.#noteDeep();
  }

  #isDeepDue(): boolean {
    if (this.#deepAt === undefined) return true;
    const { monotonic, wall } = this.#deepAt;
    const since = Math.max(this.#clock.monotonic() - monotonic, Math.abs(this.#clock.now() - wall));
    return since >= DEEP_EVERY_MS;
  }

  #noteDeep(): void {
    this.#deepAt = { monotonic: this.#clock.monotonic(), wall: this.#clock.now() };
  }
}
