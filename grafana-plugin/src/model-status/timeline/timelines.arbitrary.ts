import fc from 'fast-check';
import type { Sample } from './samples.ts';
import { type Segment, segmentsOf } from './segments.ts';

const WORDS = ['ok', 'app', 'account', 'model', 'platform', 'unknown', 'a word of tomorrow'] as const;

/** Ascending samples at any times, before and after the period 0 to 600 as well. */
export const sampleLists: fc.Arbitrary<Sample[]> = fc
  .uniqueArray(fc.record({ time: fc.integer({ min: -200, max: 800 }), verdict: fc.constantFrom(...WORDS) }), {
    selector: ({ time }) => time,
    maxLength: 40,
  })
  .map((samples) => samples.sort((one, other) => one.time - other.time));

/** The segments of any samples over the period 0 to 600. */
export const timelines: fc.Arbitrary<Segment[]> = sampleLists.map((samples) =>
  segmentsOf(samples, { from: 0, to: 600 }, 20),
);
