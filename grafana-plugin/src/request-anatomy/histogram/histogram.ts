/** One bucket as a query gives it: how many requests took `le` or less. */
export interface Bucket {
  /** As the series spells it: "1", "1.0", "+Inf". */
  readonly le: string;
  /** Any finite number: increase() extrapolates, so it is seldom whole. */
  readonly count: number;
}

/** How often which durations came, as far as buckets tell. */
export interface Histogram {
  /** Upper bounds, inclusive, ascending; the last one is Infinity. */
  readonly bounds: readonly number[];
  /** Requests at or below each bound; never decreases. */
  readonly cumulative: readonly number[];
  /** All requests: the last of `cumulative`. */
  readonly count: number;
  /** By how many requests the cumulative numbers may be off, because some of them went down a little. */
  readonly slack: number;
}

/** Why buckets are no histogram. */
export type HistogramTrouble =
  | { readonly kind: 'bad_bound'; readonly le: string }
  | { readonly kind: 'no_infinity' }
  | { readonly kind: 'negative'; readonly le: string }
  | { readonly kind: 'decreasing'; readonly le: string };

export type HistogramReading = Histogram | HistogramTrouble;

/**
 * Share of all requests by which a bucket may fall below the one before it. increase() extrapolates each bucket by
 * itself, and scrapes of several instances come at different times; more than this is not rounding.
 */
const TOLERANCE = 0.01;

/**
 * The histogram that cumulative buckets make, in whatever order they come. Buckets of one bound are added up, so
 * series of several instances or accounts may be mixed. No bucket at all is a histogram of no requests.
 */
export function histogramOf(buckets: readonly Bucket[]): HistogramReading {
  const counts = new Map<number, number>();
  for (const { le, count } of buckets) {
    const bound = boundOf(le);
    if (bound === undefined) return { kind: 'bad_bound', le };
    counts.set(bound, (counts.get(bound) ?? 0) + count);
  }
  if (counts.size === 0) counts.set(Infinity, 0);
  if (!counts.has(Infinity)) return { kind: 'no_infinity' };
  return cumulated([...counts].sort(([a], [b]) => a - b));
}

export function isHistogram(reading: HistogramReading): reading is Histogram {
  return !('kind' in reading);
}

/** The bound that a label `le` means, in any of its spellings; undefined when it means none, or one below 0. */
export function boundOf(le: string): number | undefined {
  const text = le.trim();
  if (/^\+?inf(inity)?$/i.test(text)) return Infinity;
  const bound = text === '' ? NaN : Number(text);
  return Number.isFinite(bound) && bound >= 0 ? bound : undefined;
}

function cumulated(buckets: readonly (readonly [number, number])[]): HistogramReading {
  const most = Math.max(...buckets.map(([, count]) => count));
  const tolerance = Math.max(0, most * TOLERANCE);
  const cumulative: number[] = [];
  let highest = 0;
  let slack = 0;
  for (const [bound, count] of buckets) {
    if (count < -tolerance) return { kind: 'negative', le: spelled(bound) };
    if (highest - count > tolerance) return { kind: 'decreasing', le: spelled(bound) };
    slack = Math.max(slack, highest - count);
    highest = Math.max(highest, count);
    cumulative.push(highest);
  }
  return { bounds: buckets.map(([bound]) => bound), cumulative, count: highest, slack };
}

function spelled(bound: number): string {
  return bound === Infinity ? '+Inf' : String(bound);
}
