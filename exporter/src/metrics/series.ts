import type { RenderedLabels } from './labels.ts';

/** How long a series stays: always, or until nobody has written to it for the store's expiry time. */
export type Lifetime = 'kept' | 'idle';

export interface Counter {
  /** Adds `n` (1 unless given). Negative, NaN and infinite amounts are ignored and counted by the store. */
  inc(n?: number): void;
  /** Follows a running total that is kept elsewhere (exact money, CPU time). Lower totals change nothing. */
  raiseTo(total: number): void;
}

export interface Gauge {
  /** Sets the value; NaN means unknown and clears it. */
  set(value: number): void;
  /** Makes the value unknown: the series is absent from a scrape until the next `set`. */
  clear(): void;
}

export interface Histogram {
  /** Counts one value. Negative, NaN and infinite values are ignored and counted by the store. */
  observe(value: number): void;
}

/** The state of one series, owned by the store. Handles write to it; a collection copies it. */
export abstract class Series {
  readonly labels: RenderedLabels;
  /** Wall clock in ms when counting began: the start time of a cumulative point. */
  readonly startedAt: number;
  lifetime: Lifetime;
  isAttached = true;
  /** Written to since the last look for idle series. A flag instead of a time keeps the clock off the hot path. */
  isActive = true;
  /** Monotonic ms of the last look that found it active. */
  activeAt: number;

  constructor(labels: RenderedLabels, lifetime: Lifetime, startedAt: number, activeAt: number) {
    this.labels = labels;
    this.lifetime = lifetime;
    this.startedAt = startedAt;
    this.activeAt = activeAt;
  }

  /** Copies the present values to `values` from `offset` on, in the layout of `SeriesSnapshot`. */
  abstract copyTo(values: Float64Array, offset: number): void;
}

export class ScalarSeries extends Series {
  /** NaN is "no value", for gauges only. */
  value: number;

  constructor(initial: number, ...base: ConstructorParameters<typeof Series>) {
    super(...base);
    this.value = initial;
  }

  override copyTo(values: Float64Array, offset: number): void {
    values[offset] = this.value;
  }
}

export class HistogramSeries extends Series {
  readonly bounds: readonly number[];
  /** Observations per bucket, not cumulative; the last one is above all bounds. */
  readonly counts: Float64Array;
  sum = 0;

  constructor(bounds: readonly number[], ...base: ConstructorParameters<typeof Series>) {
    super(...base);
    this.bounds = bounds;
    this.counts = new Float64Array(bounds.length + 1);
  }

  override copyTo(values: Float64Array, offset: number): void {
    let cumulative = 0;
    let at = offset;
    for (const count of this.counts) {
      cumulative += count;
      values[at++] = cumulative;
    }
    values[at] = this.sum;
  }

  /** Index of the first bound at or above the value: bounds are inclusive. */
  bucketOf(value: number): number {
    let low = 0;
    let high = this.bounds.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.bounds[middle] ?? Infinity) < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** What a handle asks of the store when its series is gone or a value is no value. */
export interface SeriesKeeper<S extends Series> {
  /** The series with these labels again, from zero; undefined when the cap refuses it. */
  revive(gone: S): S | undefined;
  ignoreValue(): void;
}

/**
 * The holder's end of a series. A write after the series was removed starts it again from zero, which
 * Prometheus reads as a counter reset; when the cap is reached by then, the handle stays silent for good.
 */
abstract class Handle<S extends Series> {
  readonly #keeper: SeriesKeeper<S>;
  #series: S;
  #isRefused = false;

  constructor(series: S, keeper: SeriesKeeper<S>) {
    this.#series = series;
    this.#keeper = keeper;
  }

  /** The series as it stands, attached or not. */
  protected get held(): S {
    return this.#series;
  }

  protected writable(): S | undefined {
    const series = this.#series;
    if (series.isAttached) {
      series.isActive = true;
      return series;
    }
    return this.#isRefused ? undefined : this.#revive();
  }

  protected ignore(): void {
    this.#keeper.ignoreValue();
  }

  #revive(): S | undefined {
    const series = this.#keeper.revive(this.#series);
    if (series === undefined) {
      this.#isRefused = true;
      return undefined;
    }
    series.isActive = true;
    this.#series = series;
    return series;
  }
}

export class CounterHandle extends Handle<ScalarSeries> implements Counter {
  inc(n = 1): void {
    if (!(n >= 0 && n < Infinity)) return this.ignore();
    const series = this.writable();
    if (series === undefined) return;
    const next = series.value + n;
    if (next === Infinity) return this.ignore();
    series.value = next;
  }

  raiseTo(total: number): void {
    if (!(total >= 0 && total < Infinity)) return this.ignore();
    const series = this.writable();
    if (series !== undefined && total > series.value) series.value = total;
  }
}

export class GaugeHandle extends Handle<ScalarSeries> implements Gauge {
  set(value: number): void {
    if (Number.isNaN(value)) return this.clear();
    const series = this.writable();
    if (series !== undefined) series.value = value;
  }

  clear(): void {
    if (this.held.isAttached) this.held.value = NaN;
  }
}

export class HistogramHandle extends Handle<HistogramSeries> implements Histogram {
  observe(value: number): void {
    if (!(value >= 0 && value < Infinity)) return this.ignore();
    const series = this.writable();
    if (series === undefined) return;
    const sum = series.sum + value;
    if (sum === Infinity) return this.ignore();
    const bucket = series.bucketOf(value);
    series.counts[bucket] = (series.counts[bucket] ?? 0) + 1;
    series.sum = sum;
  }
}

/** Handle of a refused series: takes everything, keeps nothing, so that callers need no second path. */
export const NOOP_HANDLE: Counter & Gauge & Histogram = Object.freeze({
  inc: () => undefined,
  raiseTo: () => undefined,
  set: () => undefined,
  clear: () => undefined,
  observe: () => undefined,
});
