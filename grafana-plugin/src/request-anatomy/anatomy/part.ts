/** A part of a request that is measured, by the refId of its query. */
export type PartName = 'queue' | 'inference' | 'upload' | 'fetch';

/** `rest` is what no part covers: submitting, network, polling. */
export type SegmentName = PartName | 'rest';

export interface PartKind {
  readonly name: PartName;
  /**
   * What it means that a request tells nothing of the part: a request without an upload or a result call of its own
   * spent nothing on it; one without a queue wait or a run time (run, stream) had them, and nobody outside saw them.
   */
  readonly absence: 'zero' | 'unknown';
  /** Seen by asking fal every now and then, so it is known to within the time between two polls. */
  readonly isPolled: boolean;
}

/** In the order of the stack: what fal does first, then the overhead. */
export const PARTS: readonly PartKind[] = [
  { name: 'queue', absence: 'unknown', isPolled: true },
  { name: 'inference', absence: 'unknown', isPolled: false },
  { name: 'upload', absence: 'zero', isPolled: false },
  { name: 'fetch', absence: 'zero', isPolled: false },
];

export const SEGMENTS: readonly SegmentName[] = [...PARTS.map(({ name }) => name), 'rest'];
