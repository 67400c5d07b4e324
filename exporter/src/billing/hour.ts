import type { NanoUsd } from '../domain/money.ts';

export const HOUR_MS = 3_600_000;

/** Beginning of the UTC hour of a moment, ms since the epoch. */
export function hourOf(at: number): number {
  return Math.floor(at / HOUR_MS) * HOUR_MS;
}

/** `from` inclusive, `to` exclusive, whole ms since the epoch. */
export interface TimeSpan {
  readonly from: number;
  readonly to: number;
}

/**
 * Splits a time into its whole hours (none: an empty span) and at most two pieces of hours, each within one hour.
 * Moments between two ms are those of the next ms, because events have whole ones.
 */
export function inHours(
  from: number,
  to: number,
): { readonly whole: TimeSpan; readonly parts: readonly TimeSpan[] } {
  const [start, end] = [Math.ceil(from), Math.ceil(to)];
  const whole = { from: Math.ceil(start / HOUR_MS) * HOUR_MS, to: hourOf(end) };
  if (whole.to < whole.from)
    return { whole: { from: start, to: start }, parts: solid({ from: start, to: end }) };
  return { whole, parts: [...solid({ from: start, to: whole.from }), ...solid({ from: whole.to, to: end })] };
}

function solid(span: TimeSpan): TimeSpan[] {
  return span.from < span.to ? [span] : [];
}

/** A part of a stretch of time, both in ms from its beginning. */
export interface Part {
  readonly from: number;
  readonly to: number;
  /** Length of the whole stretch. */
  readonly of: number;
}

/**
 * What of an amount falls on a part of a time over which it is spread evenly. Whole nano-dollars: the shares of
 * adjoining parts add up to the share of both, so that none is lost or doubled by asking in pieces.
 */
export function shareOf(amount: NanoUsd, { from, to, of }: Part): NanoUsd {
  return grownBy(amount, to, of) - grownBy(amount, from, of);
}

/** `floor(amount × elapsed ÷ length)` without a product beyond 2^53, which would lose digits. */
function grownBy(amount: NanoUsd, elapsed: number, length: number): NanoUsd {
  const perMs = Math.floor(amount / length);
  const rest = amount - perMs * length;
  const ms = Math.min(Math.max(elapsed, 0), length);
  return perMs * ms + Math.floor((rest * ms) / length);
}
