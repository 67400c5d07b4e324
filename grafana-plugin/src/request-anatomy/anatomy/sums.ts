import { type Estimate, between, exactly, seenByPolling } from '../histogram/estimate.ts';
import type { Histogram } from '../histogram/histogram.ts';
import type { PartKind } from './part.ts';

/** Room for the extrapolation of increase(), which treats the sum and each bucket by itself: up to a scrape or two. */
const TOLERANCE = 0.1;

/** A histogram and the sum of what it counted, in seconds. */
export interface Summed {
  readonly histogram: Histogram;
  readonly sum: number;
}

/** Whether a sum can be that of the requests in the buckets; one of another range or unit cannot. */
export function isPlausible({ histogram, sum }: Summed): boolean {
  const { count } = histogram;
  const least = leastSumOfShortest(histogram, count) * (1 - TOLERANCE);
  const most = mostSumOfLongest(histogram, count) * (1 + TOLERANCE);
  return sum >= least && sum <= most;
}

export function meanOf({ histogram, sum }: Summed): Estimate {
  return exactly(sum / histogram.count);
}

/**
 * Seconds of a part per request of the whole: so defined, the means of parts add up. Requests that do not tell the
 * part leave the mean open upwards, by no more than they lasted. Where the part counted more requests than the
 * whole (failed ones, say), which of them to leave out is open as well.
 */
export function partMeanOf(part: Summed, whole: Summed, kind: PartKind, pollSeconds: number): Estimate {
  const requests = whole.histogram.count;
  const excess = part.histogram.count - requests;
  const mean = excess > 0 ? meanOfSome(part, requests) : meanOfFewer(part, whole, kind);
  return kind.isPolled
    ? seenByPolling(mean, pollSeconds * Math.min(1, part.histogram.count / requests))
    : mean;
}

function meanOfFewer(part: Summed, whole: Summed, { absence }: PartKind): Estimate {
  const requests = whole.histogram.count;
  const known = part.sum / requests;
  if (absence === 'zero') return exactly(known);
  const silent = mostSumOfLongest(whole.histogram, requests - part.histogram.count);
  return between(known, Math.min(whole.sum, part.sum + silent) / requests, known);
}

function meanOfSome({ histogram, sum }: Summed, requests: number): Estimate {
  const excess = histogram.count - requests;
  const least = Math.max(leastSumOfShortest(histogram, requests), sum - mostSumOfLongest(histogram, excess));
  const most = sum - leastSumOfShortest(histogram, excess);
  return between(least / requests, most / requests, sum / histogram.count);
}

/** What the shortest `count` requests took at least. */
function leastSumOfShortest({ bounds, cumulative }: Histogram, count: number): number {
  let left = count;
  let sum = 0;
  for (let index = 0; index < bounds.length && left > 0; index += 1) {
    const taken = Math.min(left, (cumulative[index] ?? 0) - (cumulative[index - 1] ?? 0));
    sum += taken * (bounds[index - 1] ?? 0);
    left -= taken;
  }
  return sum;
}

/** What the longest `count` requests took at most; Infinity when one of them lies in the bucket +Inf. */
function mostSumOfLongest({ bounds, cumulative, count: all }: Histogram, count: number): number {
  let left = count;
  let sum = 0;
  for (let index = bounds.length - 1; index >= 0 && left > all * 1e-10; index -= 1) {
    const taken = Math.min(left, (cumulative[index] ?? 0) - (cumulative[index - 1] ?? 0));
    if (taken > 0) sum += taken * (bounds[index] ?? Infinity);
    left -= taken;
  }
  return sum;
}
