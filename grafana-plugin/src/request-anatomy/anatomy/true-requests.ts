import fc from 'fast-check';
import { type Histogram, histogramOf, isHistogram } from '../histogram/histogram.ts';
import type { PartName } from './part.ts';

/** One request as it really was, in seconds, and what of it was told. */
export interface TrueRequest {
  readonly queue: number;
  readonly inference: number;
  readonly upload: number;
  readonly fetch: number;
  readonly rest: number;
  /** By how much the queue wait looked longer than it was, because polls see a change late. */
  readonly pollLag: number;
  /** A call like run or stream tells neither queue wait nor run time. */
  readonly isTold: boolean;
}

/** Bounds of the duration histograms (exporter/METRICS.md), and coarser ones. */
export const BOUNDS: readonly number[] = [
  0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1, 1.5, 2, 3, 4, 6, 8, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 300, 450,
  600, 900, 1200, 1800, 3600,
];

export const POLL_SECONDS = 0.5;

const seconds = fc.oneof(
  fc.constant(0),
  fc.constantFrom(...BOUNDS),
  fc.double({ min: 0, max: 2, noNaN: true }),
  fc.double({ min: 0, max: 5000, noNaN: true }),
);
const seldom = fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: seconds });

export const requests: fc.Arbitrary<TrueRequest[]> = fc.array(
  fc
    .record({
      queue: seconds,
      inference: seconds,
      upload: seldom,
      fetch: seldom,
      rest: fc.double({ min: 0, max: 3, noNaN: true }),
      pollLag: fc.double({ min: 0, max: POLL_SECONDS, noNaN: true }),
      isTold: fc.boolean(),
    })
    // What was polled late ran meanwhile.
    .map((request) => ({ ...request, pollLag: Math.min(request.pollLag, request.inference + request.rest) })),
  { minLength: 1, maxLength: 60 },
);

export const bounds: fc.Arbitrary<readonly number[]> = fc.oneof(
  fc.constant(BOUNDS),
  fc.subarray([...BOUNDS], { minLength: 1 }),
  fc.constant([]),
);

export function totalOf({ queue, inference, upload, fetch, rest }: TrueRequest): number {
  return queue + inference + upload + fetch + rest;
}

/** The values of a part that were recorded. */
export function recorded(all: readonly TrueRequest[], part: PartName): number[] {
  switch (part) {
    case 'queue':
      return all.filter(({ isTold }) => isTold).map(({ queue, pollLag }) => queue + pollLag);
    case 'inference':
      return all.filter(({ isTold }) => isTold).map(({ inference }) => inference);
    case 'upload':
    case 'fetch':
      return all.map((request) => request[part]).filter((value) => value > 0);
  }
}

/** The histogram that an instrument with these bounds makes of values. */
export function counted(values: readonly number[], upTo: readonly number[]): Histogram {
  const les = [...upTo.map(String), '+Inf'];
  const buckets = les.map((le) => ({
    le,
    count: values.filter((value) => le === '+Inf' || value <= Number(le)).length,
  }));
  const histogram = histogramOf(buckets);
  if (!isHistogram(histogram)) throw new Error(`expected a histogram, got ${histogram.kind}`);
  return histogram;
}

/** The smallest value that at least the share q does not exceed. */
export function nearestRank(values: readonly number[], q: number): number {
  const ordered = [...values].sort((a, b) => a - b);
  const rank = Math.ceil(q * ordered.length - 1e-9);
  return ordered[Math.max(0, rank - 1)] ?? NaN;
}

export function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}
