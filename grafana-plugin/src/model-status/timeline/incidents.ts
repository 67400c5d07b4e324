import type { Segment } from './segments.ts';
import { type Kind, kindOf, worseOf } from './verdict-rank.ts';

/** A stretch in which something was wrong. Being unclear within it does not end it; a time without data does. */
export interface Incident {
  /** The worst verdict in it. */
  readonly verdict: string;
  /** Unix milliseconds. */
  readonly from: number;
  readonly to: number;
  /** False when the time before is not known: it may have begun earlier. */
  readonly isStartSeen: boolean;
  /** False when the time after is not known, or has not come. */
  readonly isEndSeen: boolean;
  /** Goes on at the end of the range. */
  readonly isOngoing: boolean;
  /** What was said in it, in order of time. */
  readonly course: readonly Segment[];
}

/** What is known of a model at the end of the range. */
export interface State {
  /** undefined: no data. */
  readonly verdict: string | undefined;
  /** Start of what goes on now: of the whole incident, where it is one. undefined when nothing was ever known. */
  readonly since: number | undefined;
  /** False: at least since then. */
  readonly isSinceSeen: boolean;
  /** What was said last, where there is no data now. */
  readonly before?: string | undefined;
}

/** All incidents, ascending. */
export function incidentsOf(segments: readonly Segment[]): Incident[] {
  const incidents: Incident[] = [];
  let first: number | undefined;
  let last = 0;
  segments.forEach((segment, index) => {
    const kind = kindIn(segment);
    if (kind === 'trouble') {
      first ??= index;
      last = index;
    } else if (kind !== 'unclear' && first !== undefined) {
      incidents.push(incidentOf(segments, first, last));
      first = undefined;
    }
  });
  if (first !== undefined) incidents.push(incidentOf(segments, first, last));
  return incidents;
}

/** Where a model stands at the end of its segments. */
export function stateOf(segments: readonly Segment[], incidents: readonly Incident[]): State {
  const last = segments.at(-1);
  if (last === undefined) return { verdict: undefined, since: undefined, isSinceSeen: false };
  const before = segments.at(-2)?.verdict;
  if (last.verdict === undefined) {
    return {
      verdict: undefined,
      since: before === undefined ? undefined : last.from,
      isSinceSeen: true,
      before,
    };
  }
  const incident = incidents.at(-1);
  if (incident?.isOngoing === true) {
    return { verdict: last.verdict, since: incident.from, isSinceSeen: incident.isStartSeen };
  }
  return { verdict: last.verdict, since: last.from, isSinceSeen: before !== undefined };
}

function incidentOf(segments: readonly Segment[], first: number, last: number): Incident {
  const course = segments.slice(first, last + 1);
  const verdicts = course.flatMap(({ verdict }) => verdict ?? []);
  return {
    verdict: verdicts.reduce(worseOf),
    from: course[0]?.from ?? 0,
    to: course.at(-1)?.to ?? 0,
    isStartSeen: segments[first - 1]?.verdict !== undefined,
    isEndSeen: segments[last + 1]?.verdict !== undefined,
    isOngoing: last === segments.length - 1,
    course,
  };
}

function kindIn({ verdict }: Segment): Kind | 'no-data' {
  return verdict === undefined ? 'no-data' : kindOf(verdict);
}
