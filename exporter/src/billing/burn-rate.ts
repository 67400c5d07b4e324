import type { BurnWindow } from '../domain/events.ts';
import type { NanoUsd } from '../domain/money.ts';

const HOUR_MS = 3_600_000;

export const BURN_WINDOW_MS: Readonly<Record<BurnWindow, number>> = { '1h': HOUR_MS, '24h': 24 * HOUR_MS };

/** A balance at a moment, in ms on any clock that never goes back; only differences mean anything. */
export interface BalancePoint {
  readonly at: number;
  readonly balance: NanoUsd;
}

/** Money that is known to be spent within a time, and how much of that time was watched. */
export interface WatchedSpend {
  readonly amount: NanoUsd;
  readonly coveredMs: number;
}

/**
 * What was spent at least since `from`, as falls of the balance show. A rise is a top-up and hides what was spent
 * between its two readings, so only falls are summed; the fall across `from` is left out, because nobody knows on
 * which side of it the money went.
 *
 * ```text
 *   balance  10 ──── 8 ──── 7 ──── 27 ──── 26          amount 1 + 1, over the time from 8 to 26
 *                 │← window                  (8 to 7, 27 to 26; 10 to 8 lies across its beginning)
 * ```
 *
 * @param points oldest first
 */
export function fallsSince(points: readonly BalancePoint[], from: number): WatchedSpend {
  let amount = 0;
  let first: BalancePoint | undefined;
  let last: BalancePoint | undefined;
  for (const point of points) {
    if (point.at < from) continue;
    if (last !== undefined) amount += Math.max(0, last.balance - point.balance);
    first ??= point;
    last = point;
  }
  return { amount, coveredMs: first === undefined || last === undefined ? 0 : last.at - first.at };
}

/**
 * Nano-dollars per hour over a window, from several ways of watching the same money. Each is a lower bound: billing
 * lags and knows models only, a balance hides what a top-up covers. So the larger one is nearer to the truth, and a
 * sum would count everything twice.
 *
 * Divided by the time that was watched and not by the window: ten dollars in the first forty minutes of a new
 * exporter are fifteen dollars an hour. Absent until half of the window was watched, because a single large bill
 * would read as a frightening rate.
 */
export function burnPerHour(window: BurnWindow, spends: readonly WatchedSpend[]): NanoUsd | undefined {
  const rates = spends
    .filter(({ coveredMs }) => coveredMs * 2 >= BURN_WINDOW_MS[window])
    .map(({ amount, coveredMs }) => Math.round((amount / coveredMs) * HOUR_MS));
  return rates.length === 0 ? undefined : Math.max(...rates);
}

/**
 * Seconds until the balance is used up: balance ÷ burn. 0 when it is used up already, whatever is spent. Absent when
 * nothing is spent, because then it lasts for ever, and when either is unknown.
 */
export function runwaySeconds(balance: NanoUsd | undefined, burn: NanoUsd | undefined): number | undefined {
  if (balance === undefined) return undefined;
  if (balance <= 0) return 0;
  if (burn === undefined || burn <= 0) return undefined;
  return (balance / burn) * 3600;
}
