import { WindowSlots } from './window-slots.ts';
import type { SlotLayout } from './window-slots.ts';

const SUB_BUCKET_BITS = 7;
/** Values below 2^-20 s (about a microsecond) share the first bucket, read as 0; those from 2^17 s (36 hours) on the last. */
const LOWEST_EXPONENT = -20;
const HIGHEST_EXPONENT = 17;
const EXPONENT_BIAS = 1023;
const FIRST_INDEX = (LOWEST_EXPONENT + EXPONENT_BIAS) << SUB_BUCKET_BITS;
const BUCKETS = 1 + ((HIGHEST_EXPONENT - LOWEST_EXPONENT) << SUB_BUCKET_BITS);

const double = new DataView(new ArrayBuffer(8));

/**
 * The bucket of a value: exponent and top seven bits of the mantissa, read from the float itself, which cuts
 * each octave into 128 equal parts. The middle of a part is at most 1/256 (0.4 %) from any value in it.
 */
function bucketOf(value: number): number {
  double.setFloat64(0, value + 0); // -0 + 0 is 0: a sign bit would look like an enormous exponent
  const index = (double.getUint32(0) >>> (20 - SUB_BUCKET_BITS)) - FIRST_INDEX + 1;
  return Math.min(Math.max(index, 0), BUCKETS - 1);
}

/** The middle of a bucket, in the unit of the values. */
function middleOf(bucket: number): number {
  if (bucket === 0) return 0;
  const parts = 1 << SUB_BUCKET_BITS;
  const octave = Math.floor((bucket - 1) / parts) + LOWEST_EXPONENT;
  const part = (bucket - 1) % parts;
  return 2 ** octave * (1 + (part + 0.5) / parts);
}

/** What one window holds at one moment. */
export interface QuantileReading {
  /** Values in the window. */
  readonly count: number;
  /** One per asked quantile, in the same order; empty when the window is. */
  readonly values: readonly number[];
}

/**
 * Quantiles over several sliding windows from one stream of values (durations in seconds, finite, ≥ 0).
 *
 * Definition: nearest rank. The q-quantile of n values is the ceil(q·n)-th smallest, so it is always a value
 * that occurred; this sketch returns it within 0.4 % (values from 1 µs to 36 h). Time is cut into slots: a window
 * of n slots holds the slot of now and the n-1 before it.
 */
export class WindowQuantiles {
  readonly #slots: WindowSlots<Map<number, number>>;
  readonly #windows: { readonly counts: Map<number, number>; total: number }[];

  constructor(layout: SlotLayout) {
    this.#windows = layout.windows.map(() => ({ counts: new Map<number, number>(), total: 0 }));
    this.#slots = new WindowSlots(
      layout,
      () => new Map<number, number>(),
      (slot, window) => this.#subtract(slot, window),
    );
  }

  /** Counts a value at `now` (monotonic ms). A negative, NaN or infinite one is ignored. */
  observe(value: number, now: number): void {
    if (!(value >= 0 && value < Infinity)) return;
    const bucket = bucketOf(value);
    addTo(this.#slots.at(now), bucket, 1);
    for (const window of this.#windows) {
      addTo(window.counts, bucket, 1);
      window.total += 1;
    }
  }

  /** The quantiles (each in 0 < q ≤ 1) of the window with this index at `now` (monotonic ms). */
  read(window: number, quantiles: readonly number[], now: number): QuantileReading {
    this.#slots.slideTo(now);
    const state = this.#windows[window];
    if (state === undefined || state.total === 0) return { count: 0, values: [] };
    const buckets = [...state.counts.keys()].sort((a, b) => a - b);
    const values = quantiles.map((q) =>
      middleOf(bucketAtRank(buckets, state.counts, rankOf(q, state.total))),
    );
    return { count: state.total, values };
  }

  #subtract(slot: Map<number, number>, window: number): void {
    const state = this.#windows[window];
    if (state === undefined) return;
    for (const [bucket, count] of slot) {
      addTo(state.counts, bucket, -count);
      state.total -= count;
    }
  }
}

/** Nearest rank, 1 … n. The guard against float error keeps 0.95 × 20 at 19, not 20. */
function rankOf(quantile: number, count: number): number {
  return Math.min(Math.max(Math.ceil(quantile * count - 1e-9), 1), count);
}

function bucketAtRank(buckets: readonly number[], counts: ReadonlyMap<number, number>, rank: number): number {
  let seen = 0;
  let found = 0;
  for (const bucket of buckets) {
    found = bucket;
    seen += counts.get(bucket) ?? 0;
    if (seen >= rank) break;
  }
  return found;
}

function addTo(counts: Map<number, number>, bucket: number, n: number): void {
  const next = (counts.get(bucket) ?? 0) + n;
  if (next === 0) counts.delete(bucket);
  else counts.set(bucket, next);
}
