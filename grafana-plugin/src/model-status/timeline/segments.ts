import type { Sample } from './samples.ts';

/** A time over which one thing is known of a model. */
export interface Segment {
  /** Unix milliseconds; `from` belongs to it, `to` does not. */
  readonly from: number;
  readonly to: number;
  /** undefined: no data. */
  readonly verdict: string | undefined;
}

export interface Period {
  /** Unix milliseconds. */
  readonly from: number;
  readonly to: number;
}

/** A sample speaks for the time until the next one, but not across a gap of more steps than this. */
export const MAX_GAP_STEPS = 3;

/**
 * The period, cut where the verdict changes: the segments touch, none is empty, neighbours differ. A sample after
 * which nothing came for more than `MAX_GAP_STEPS` steps speaks for one step only; the rest is a time without data.
 * `samples` ascend.
 */
export function segmentsOf(samples: readonly Sample[], period: Period, stepMs: number): Segment[] {
  const segments: Segment[] = [];
  let covered = period.from;
  samples.forEach(({ time, verdict }, index) => {
    const next = samples[index + 1]?.time ?? Math.max(period.to, time);
    const isGap = next - time > MAX_GAP_STEPS * stepMs;
    const from = Math.max(time, period.from);
    const to = Math.min(isGap ? time + stepMs : next, period.to);
    if (to <= from) return;
    append(segments, { from: covered, to: from, verdict: undefined });
    append(segments, { from, to, verdict });
    covered = to;
  });
  append(segments, { from: covered, to: period.to, verdict: undefined });
  return segments;
}

function append(segments: Segment[], segment: Segment): void {
  if (segment.to <= segment.from) return;
  const last = segments.at(-1);
  if (last?.verdict === segment.verdict && last !== undefined) {
    segments[segments.length - 1] = { ...last, to: segment.to };
  } else {
    segments.push(segment);
  }
}
