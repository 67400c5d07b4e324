import type { Row } from '../anatomy/anatomy.ts';

/** Where a number of seconds stands on a bar, as a share of its width between 0 and 1. */
export interface Axis {
  readonly position: (seconds: number) => number;
  /** Numbers to write beside it. */
  readonly ticks: readonly number[];
  readonly max: number;
}

/** A logarithmic axis begins here at the latest: below the lowest bound of the histograms nothing can be told. */
const LOG_START = 0.1;

/** Powers of ten, as far as clocks have them. */
const LOG_TICKS: readonly number[] = [0.001, 0.01, 0.1, 1, 10, 60, 600, 3600, 36_000, 360_000];

/** Steps that clocks have, so that seconds make whole minutes and hours. */
const STEPS: readonly number[] = [15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400];

const MOST_TICKS = 5;

/**
 * An axis that holds all of the rows, with their intervals where they end. Stacks may be longer than the total, because
 * quantiles do not add up. A limit is held as well unless it would squeeze the rows.
 */
export function axisFor(rows: readonly Row[], kind: 'linear' | 'log', limit?: number): Axis {
  const longest = Math.max(0, ...rows.map(lengthOf));
  const isNear = limit !== undefined && limit <= 2 * longest;
  const max = (isNear ? Math.max(longest, limit * 1.02) : longest) || 1;
  return kind === 'log' ? logAxis(max) : linearAxis(max);
}

function lengthOf({ total, segments }: Row): number {
  const stack = segments.reduce((sum, { estimate }) => sum + estimate.value, 0);
  const end = total.high === Infinity ? total.value * 1.1 : total.high;
  return Math.max(stack, end, total.value);
}

function linearAxis(max: number): Axis {
  const step = stepFor(max);
  const ticks = Array.from({ length: Math.floor(max / step) + 1 }, (_, index) => index * step);
  return { max, ticks, position: (seconds) => clamp(seconds / max) };
}

function stepFor(max: number): number {
  const wanted = max / MOST_TICKS;
  if (wanted > 10) return STEPS.find((step) => step >= wanted) ?? decimalStep(wanted);
  return decimalStep(wanted);
}

function decimalStep(wanted: number): number {
  const power = 10 ** Math.floor(Math.log10(wanted));
  return ([1, 2, 5, 10].find((factor) => factor * power >= wanted) ?? 10) * power;
}

function logAxis(max: number): Axis {
  const start = Math.min(LOG_START, 10 ** (Math.ceil(Math.log10(max)) - 1));
  const decades = Math.log10(max / start);
  const ticks = LOG_TICKS.filter((tick) => tick >= start && tick <= max);
  return { max, ticks, position: (seconds) => clamp(Math.log10(Math.max(seconds, start) / start) / decades) };
}

function clamp(share: number): number {
  return Math.min(1, Math.max(0, share));
}
