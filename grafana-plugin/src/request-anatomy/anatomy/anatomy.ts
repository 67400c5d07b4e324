import { type Estimate, between, remainderOf, seenByPolling } from '../histogram/estimate.ts';
import type { Histogram } from '../histogram/histogram.ts';
import { PARTS, type PartKind, type PartName, type SegmentName } from './part.ts';
import { atRanks, quantileOf } from '../histogram/quantile.ts';
import { type Summed, isPlausible, meanOf, partMeanOf } from './sums.ts';

/** What a row is about: a quantile by its share (0.95), or the mean. */
export type Statistic = number | 'mean';

export interface Segment {
  readonly name: SegmentName;
  readonly estimate: Estimate;
}

/** Where the seconds of one quantile, or of the mean, went. */
export interface Row {
  readonly statistic: Statistic;
  readonly total: Estimate;
  /** Known parts in the order of PARTS, then the rest. */
  readonly segments: readonly Segment[];
}

/** How many of the requests tell a part. */
export interface Coverage {
  readonly name: PartName;
  /** Its count ÷ the count of the whole; above 1 when it counts requests that the whole leaves out. */
  readonly share: number;
  /** Whether a request without it spent nothing on it, so that a share below 1 hides nothing. */
  readonly isComplete: boolean;
}

/** What was measured of one part of a model's requests. */
export interface Measurement {
  readonly histogram: Histogram;
  /** Seconds; undefined when no query asks for them, or when they do not fit the histogram. */
  readonly sum?: number | undefined;
}

export interface Measurements {
  readonly total: Measurement;
  /** A part that is not here is counted in the rest. */
  readonly parts: Readonly<Partial<Record<PartName, Measurement>>>;
}

export interface Anatomy {
  readonly rows: readonly Row[];
  readonly coverage: readonly Coverage[];
  /** Parts that nothing is known of; the rest holds them. */
  readonly unknown: readonly PartName[];
}

export interface AnatomyQuestion {
  /** Shares between 0 and 1. */
  readonly quantiles: readonly number[];
  readonly withMean: boolean;
  /** Seconds between two looks at the queue. */
  readonly pollSeconds: number;
}

interface Part {
  readonly kind: PartKind;
  readonly measured: Measurement;
}

/**
 * Takes the requests of one model apart. Every number is about **all** requests that the total counts: one without
 * an upload or a result call of its own spent 0 s on it; one that does not tell its queue wait or run time spent
 * anything between 0 s and all its time on it, which widens the interval. Quantiles of parts do not add up to that
 * of the total (the slowest in the queue need not be the slowest in inference); means do.
 */
export function anatomyOf({ total, parts }: Measurements, question: AnatomyQuestion): Anatomy {
  const known = PARTS.flatMap((kind): Part[] => {
    const measured = parts[kind.name];
    return measured === undefined || isSilent(kind, measured) ? [] : [{ kind, measured }];
  });
  const rows = question.quantiles.map((q) => quantileRow(total.histogram, known, { q, ...question }));
  const mean = question.withMean ? meanRow(total, known, question.pollSeconds) : undefined;
  return {
    rows: mean === undefined ? rows : [...rows, mean],
    coverage: known.map(({ kind, measured }) => coverageOf(kind, measured.histogram, total.histogram)),
    unknown: PARTS.map(({ name }) => name).filter((name) => known.every(({ kind }) => kind.name !== name)),
  };
}

/** No request told it, and that does not mean that it took no time. */
function isSilent({ absence }: PartKind, { histogram }: Measurement): boolean {
  return absence === 'unknown' && histogram.count === 0;
}

/** Share of the requests below which a difference is not worth a word. */
const WORTH_A_WORD = 0.005;

function coverageOf({ name, absence }: PartKind, part: Histogram, total: Histogram): Coverage {
  const share = part.count / total.count;
  const isAll = isSameCount(part.count, total.count) || Math.abs(share - 1) <= WORTH_A_WORD;
  return { name, share: isAll ? 1 : share, isComplete: isAll || (absence === 'zero' && share < 1) };
}

/** Less than half a request apart: increase() extrapolates each series by itself, and requests are whole. */
function isSameCount(some: number, others: number): boolean {
  return Math.abs(some - others) < Math.min(0.5, 0.05 * others);
}

interface QuantileQuestion {
  readonly q: number;
  readonly pollSeconds: number;
}

function quantileRow(total: Histogram, parts: readonly Part[], question: QuantileQuestion): Row {
  const whole = quantileOf(total, question.q);
  const segments = parts.map(({ kind, measured }): Segment => {
    const estimate = partQuantile(kind, measured.histogram, { total, whole, q: question.q });
    const isPolled = kind.isPolled;
    return { name: kind.name, estimate: isPolled ? seenByPolling(estimate, question.pollSeconds) : estimate };
  });
  return withRest(question.q, whole, segments);
}

interface Whole {
  readonly total: Histogram;
  readonly whole: Estimate;
  readonly q: number;
}

/**
 * The q-quantile of a part over all `n` requests of the total, of which `m` tell the part.
 *
 * ```text
 * m < n, the others spent nothing:  n − m zeros come first, so rank q·n is rank q·n − (n − m) of those that tell
 * m < n, the others unknown:        as many zeros first at least; at most they come last, and none of them spent
 *                                   more than its whole time, so the quantile is at most that of the total
 * m > n, the part counts more:      the m − n to leave out are the longest at least, the shortest at most
 * ```
 */
function partQuantile({ absence }: PartKind, part: Histogram, { total, whole, q }: Whole): Estimate {
  const m = part.count;
  const n = isSameCount(m, total.count) ? m : total.count;
  const missing = Math.max(0, n - m);
  const rank = q * n;
  const low = rank - missing;
  if (m <= n && absence === 'zero') return atRanks(part, { low, value: low, high: low });
  const high = rank + Math.max(0, m - n);
  const estimate = atRanks(part, { low, value: q * m, high });
  return missing > 0 && estimate.high === Infinity && high > m
    ? between(estimate.low, whole.high, estimate.value)
    : estimate;
}

function withRest(statistic: Statistic, total: Estimate, segments: readonly Segment[]): Row {
  const rest = remainderOf(
    total,
    segments.map(({ estimate }) => estimate),
  );
  return { statistic, total, segments: [...segments, { name: 'rest', estimate: rest }] };
}

/** A part without a sum is left in the rest; undefined without a sum of the total that fits its histogram. */
function meanRow(total: Measurement, parts: readonly Part[], pollSeconds: number): Row | undefined {
  const whole = summed(total);
  if (whole === undefined) return undefined;
  const segments = parts.flatMap(({ kind, measured }): Segment[] => {
    const part = measured.histogram.count === 0 ? { ...measured, sum: 0 } : summed(measured);
    if (part === undefined) return [];
    return [{ name: kind.name, estimate: partMeanOf(part, whole, kind, pollSeconds) }];
  });
  return withRest('mean', meanOf(whole), segments);
}

function summed({ histogram, sum }: Measurement): Summed | undefined {
  if (sum === undefined || histogram.count <= 0) return undefined;
  const found = { histogram, sum };
  return isPlausible(found) ? found : undefined;
}
