import { type Estimate, NOTHING, between } from './estimate.ts';
import type { Histogram } from './histogram.ts';

/** Rounding of sums of binary fractions, relative to the count; far below one request. */
const ROUNDING = 1e-10;

/**
 * The q-quantile of what a histogram counted (nearest rank: the smallest value that at least the share q does not
 * exceed). The truth lies within the bounds of its bucket; the value is interpolated in it as Prometheus's
 * histogram_quantile() does, so that it agrees with other panels. In the bucket +Inf only the lower end is known.
 */
export function quantileOf(histogram: Histogram, q: number): Estimate {
  const rank = q * histogram.count;
  return atRanks(histogram, { low: rank, value: rank, high: rank });
}

export interface Ranks {
  readonly low: number;
  readonly value: number;
  readonly high: number;
}

/**
 * The values at ranks counted from the smallest request. A rank of 0 or less means a request of 0 s, one above the
 * count a request of unknown length.
 */
export function atRanks(histogram: Histogram, { low, value, high }: Ranks): Estimate {
  const { slack } = histogram;
  const lowest = bucketAt(histogram, low - slack);
  const highest = bucketAt(histogram, high + slack, high);
  return between(lowest.low, highest.high, interpolated(histogram, value));
}

/** A rank beyond the last request that slack alone put there still means the last one. */
function bucketAt(histogram: Histogram, rank: number, rankWithoutSlack = rank): Estimate {
  const index = indexAt(
    histogram,
    rankWithoutSlack > histogram.count ? rank : Math.min(rank, histogram.count),
  );
  if (index === undefined) return NOTHING;
  const { bounds } = histogram;
  return between(bounds[index - 1] ?? 0, bounds[index] ?? Infinity, 0);
}

/** The first bucket that reaches the rank; one past the last when none does; undefined for a rank of 0. */
function indexAt({ cumulative, count }: Histogram, rank: number): number | undefined {
  const rounding = count * ROUNDING;
  if (rank <= rounding) return undefined;
  const index = cumulative.findIndex((below) => below >= rank - rounding);
  return index === -1 ? cumulative.length : index;
}

function interpolated(histogram: Histogram, rank: number): number {
  const { bounds, cumulative } = histogram;
  const index = indexAt(histogram, rank);
  if (index === undefined) return 0;
  const lower = bounds[index - 1] ?? 0;
  const upper = bounds[index] ?? Infinity;
  if (upper === Infinity) return lastFinite(bounds);
  const before = cumulative[index - 1] ?? 0;
  const inside = (cumulative[index] ?? 0) - before;
  return inside > 0 ? lower + (upper - lower) * Math.min(1, Math.max(0, (rank - before) / inside)) : upper;
}

function lastFinite(bounds: readonly number[]): number {
  return bounds.findLast((bound) => bound !== Infinity) ?? 0;
}
