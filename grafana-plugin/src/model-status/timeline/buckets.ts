import type { Period, Segment } from './segments.ts';
import { kindOf, rankOf } from './verdict-rank.ts';

/** How long one verdict was in force in a bucket. */
export interface Part {
  /** undefined: no data. */
  readonly verdict: string | undefined;
  /** Of the whole bucket, above 0, at most 1. */
  readonly share: number;
}

/** One bar: an equal part of the range. */
export interface Bucket extends Period {
  /** The worst first. Together less than 1 where the bucket is not over yet. */
  readonly parts: readonly Part[];
  /** What the bar shows. */
  readonly shown: Shown;
}

/** The verdict that a bar shows; `no-data` for an empty cell, `future` for a time that has not come. */
export type Shown = { readonly verdict: string } | 'no-data' | 'future';

/**
 * `count` buckets of equal length over the range. A bar shows the worst verdict in it, however short; but one of which
 * nothing worse than OK is known, and most of which is not known at all, is an empty cell.
 */
export function bucketsOf(segments: readonly Segment[], range: Period, count: number): Bucket[] {
  const length = (range.to - range.from) / count;
  const buckets: Bucket[] = [];
  let first = 0;
  for (let index = 0; index < count; index += 1) {
    const from = range.from + index * length;
    const to = index === count - 1 ? range.to : from + length;
    while ((segments[first]?.to ?? Number.POSITIVE_INFINITY) <= from) first += 1;
    const parts = partsIn(segments, first, { from, to });
    buckets.push({ from, to, parts, shown: shownOf(parts) });
  }
  return buckets;
}

function partsIn(segments: readonly Segment[], first: number, { from, to }: Period): Part[] {
  const lengths = new Map<string | undefined, number>();
  for (let index = first; index < segments.length; index += 1) {
    const segment = segments[index];
    if (segment === undefined || segment.from >= to) break;
    const length = Math.min(segment.to, to) - Math.max(segment.from, from);
    if (length > 0) lengths.set(segment.verdict, (lengths.get(segment.verdict) ?? 0) + length);
  }
  return [...lengths]
    .map(([verdict, length]) => ({ verdict, share: Math.min(1, length / (to - from)) }))
    .sort((one, other) => rankOf(other.verdict) - rankOf(one.verdict) || other.share - one.share);
}

function shownOf(parts: readonly Part[]): Shown {
  if (parts.length === 0) return 'future';
  const known = parts.find(({ verdict }) => verdict !== undefined);
  if (known?.verdict === undefined) return 'no-data';
  const { verdict } = known;
  const missing = parts.find((part) => part.verdict === undefined)?.share ?? 0;
  return kindOf(verdict) === 'ok' && missing > known.share ? 'no-data' : { verdict };
}
