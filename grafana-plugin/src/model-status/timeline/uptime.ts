import type { Segment } from './segments.ts';
import { kindOf } from './verdict-rank.ts';

export interface Uptime {
  /** OK ÷ known time, 0 to 1; undefined when nothing is known. */
  readonly share: number | undefined;
  readonly okMs: number;
  /** Time with a verdict that says something: OK or trouble. */
  readonly knownMs: number;
  /** The rest: no data, and verdicts that say that nobody can tell. Counts neither way. */
  readonly unknownMs: number;
}

export function uptimeOf(segments: readonly Segment[]): Uptime {
  const times = { ok: 0, trouble: 0, unclear: 0 };
  for (const { from, to, verdict } of segments) {
    times[verdict === undefined ? 'unclear' : kindOf(verdict)] += to - from;
  }
  const knownMs = times.ok + times.trouble;
  return {
    share: knownMs > 0 ? times.ok / knownMs : undefined,
    okMs: times.ok,
    knownMs,
    unknownMs: times.unclear,
  };
}
