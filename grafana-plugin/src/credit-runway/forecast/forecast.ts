import type { Sample } from '../account/balance-line.ts';

export const HOUR_MS = 3_600_000;
const YEAR_MS = 365 * 24 * HOUR_MS;

/**
 * A band of balances to come: what is left if the account goes on to spend between `slow` and `fast` per hour.
 *
 * ```text
 *   balance ●                      ● start: the last sample
 *             ╲ ⟍
 *              ╲  ⟍
 *   level ──────●───●────          ● earliest and latest crossing
 *               ╲     ⟍
 * ```
 */
export interface Forecast {
  readonly start: Sample;
  /** Spent per hour, 0 or more. */
  readonly slow: number;
  /** Spent per hour, more than 0, `slow` or more. */
  readonly fast: number;
}

/** When a balance falls to a level: Unix milliseconds. */
export interface Crossing {
  /** Undefined: not within a year, which is as far as a burn rate of a day may be believed. */
  readonly earliest: number | undefined;
  /** Undefined: not within a year, or never. */
  readonly latest: number | undefined;
}

/** When the balance falls to `level`; undefined when it is there already. */
export function crossingOf({ start, slow, fast }: Forecast, level: number): Crossing | undefined {
  const left = start.value - level;
  if (left <= 0) return undefined;
  return { earliest: within(start.time, left / fast), latest: within(start.time, left / slow) };
}

/** The highest and the lowest balance to expect at a time from the start on. */
export function bandAt(
  { start, slow, fast }: Forecast,
  time: number,
): { readonly high: number; readonly low: number } {
  const hours = (time - start.time) / HOUR_MS;
  return { high: start.value - slow * hours, low: start.value - fast * hours };
}

/** Division by a rate of 0 gives infinity, which is not within a year. */
function within(start: number, hours: number): number | undefined {
  const afterMs = hours * HOUR_MS;
  return afterMs <= YEAR_MS ? start + afterMs : undefined;
}
