import type { Measured } from './observation.ts';

/** One part of a request on the clock of its observations, for a span. */
export interface RequestPart {
  readonly name: 'upload' | 'submit' | 'queue_wait' | 'inference' | 'result_fetch';
  readonly from: number;
  readonly to: number;
  readonly certainty: Measured['certainty'];
  readonly boundSeconds?: number | undefined;
}
