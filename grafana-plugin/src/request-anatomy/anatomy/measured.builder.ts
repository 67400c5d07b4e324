import type { Measurement, Measurements } from './anatomy.ts';
import { BOUNDS, counted, recorded, sum, totalOf, type TrueRequest } from './true-requests.ts';

/** A request that took no time and tells everything: tests say what is different. */
export const PLAIN: TrueRequest = {
  queue: 0,
  inference: 0,
  upload: 0,
  fetch: 0,
  rest: 0,
  pollLag: 0,
  isTold: true,
};

/** What instruments with bounds `upTo` measure of these requests: histograms, and sums in seconds. */
export function measured(all: readonly TrueRequest[], upTo: readonly number[] = BOUNDS): Measurements {
  const of = (values: readonly number[]): Measurement => ({
    histogram: counted(values, upTo),
    sum: sum(values),
  });
  return {
    total: of(all.map(totalOf)),
    parts: {
      queue: of(recorded(all, 'queue')),
      inference: of(recorded(all, 'inference')),
      upload: of(recorded(all, 'upload')),
      fetch: of(recorded(all, 'fetch')),
    },
  };
}
