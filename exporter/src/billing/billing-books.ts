import type { EndpointSpend } from '../domain/events.ts';
import type { NanoUsd } from '../domain/money.ts';

/** One billed request as fal lists it. */
export interface BillingEvent {
  readonly requestId: string;
  readonly endpointId: string;
  /** By fal's clock, ms since the epoch. */
  readonly at: number;
  /** After discounts. */
  readonly cost: NanoUsd;
  /** The same units at fal's list price; absent when there is none. */
  readonly estimate?: NanoUsd | undefined;
  /** Alias of the key that sent the request, as fal shows it; absent when it was not asked for. */
  readonly keyAlias?: string | undefined;
}

/** What usage says of one model in one hour, all its rows added up. */
export interface UsageHour {
  readonly endpointId: string;
  /** Beginning of the hour, ms since the epoch. */
  readonly hour: number;
  readonly cost: NanoUsd;
}

/**
 * The books of what one account was billed: they survive `kill -9`, and no reading of either source, however often
 * repeated, late, corrected or incomplete, doubles or loses a nano-dollar.
 *
 * ```text
 *   billing events ─▶ by request id ─▶ by hour ─┐
 *                                               ├─▶ per model the larger sum ─▶ counter (never falls)
 *   usage ────────────────────────────▶ by hour ─┘
 * ```
 *
 * Both sources tell of the same requests; each is a lower bound while it lags, so the larger one is nearer to the
 * truth, and the sum of both would count everything twice. They are compared over all hours together: each may date
 * a request by another moment (the end of the run, the billing, a correction), and hour by hour such a request would
 * count in two of them. Usage is read 48 hours back: of older hours that it never spoke of, the events' word stands.
 */
export interface BillingBooks {
  /**
   * Books events in one transaction and gives the models whose cumulative numbers changed. An event that is known
   * changes nothing unless its cost was corrected; one from before the horizon is left out, because it may have been
   * booked and forgotten.
   *
   * @throws RangeError when a row cannot be booked exactly (see bookable.ts), StateError when the file refuses; then
   *   none of the rows is booked.
   */
  bookEvents(events: readonly BillingEvent[]): readonly EndpointSpend[];
  /**
   * Puts what usage says of some hours in the place of what it said of them before.
   *
   * @throws as bookEvents does
   */
  bookUsage(hours: readonly UsageHour[]): readonly EndpointSpend[];
  /**
   * Usage was read whole for these hours: of a model that it did not name in one of them, it says 0.
   *
   * @throws StateError when the file refuses
   */
  closeUsage(hours: { readonly from: number; readonly to: number }): readonly EndpointSpend[];
  /** All models, for the start of a process. */
  spend(): readonly EndpointSpend[];
  /**
   * Billed between two moments (`from` inclusive, `to` exclusive), as far as is known: for 40 days. What only usage
   * tells is shared out evenly over its hour; of the running hour over what has passed of it.
   */
  billedBetween(from: number, to: number): NanoUsd;
  /** Of events in that time which have both: what they cost and what they would have at list price. */
  comparedBetween(from: number, to: number): { readonly billed: NanoUsd; readonly estimated: NanoUsd };
  /** Cost of those requests, of the given ids, that were billed in that time. Single requests are known for 48 hours. */
  billedFor(requestIds: readonly string[], from: number, to: number): NanoUsd;
  /** Where the next walk through the events may end: everything older has been read and is final, ms since the epoch. */
  readonly cursor: BillingCursor;
  /** A whole walk from now back to `from` has succeeded. */
  walked(walk: { readonly from: number; readonly isDeep: boolean; readonly at: number }): void;
}

export interface BillingCursor {
  /** Nothing older is booked: the hour in which the books were opened, or what was forgotten since. */
  readonly horizon: number;
  /** Time of the newest event that was booked, by fal's clock; absent before the first. */
  readonly newestAt?: number | undefined;
  /** When the last whole walk over everything since the horizon took place, by our clock. */
  readonly deepWalkAt?: number | undefined;
}
