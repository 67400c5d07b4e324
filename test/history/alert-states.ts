import type { QueryRange } from '../prometheus-api.ts';

export interface AlertRhythm {
  readonly forSeconds: number;
  readonly keepSeconds: number;
  readonly range: QueryRange;
}

export interface AlertState {
  /** Unix time in seconds. */
  readonly at: number;
  readonly state: 'pending' | 'firing';
  /** Since when its expression has given a sample, Unix time in seconds. */
  readonly since: number;
}

/**
 * The states of one alert at each evaluation, from the times at which its expression gave a sample: pending until it
 * has done so for `forSeconds` without a break, then firing until it has not for `keepSeconds`.
 */
export function alertStates(
  times: readonly number[],
  { forSeconds, keepSeconds, range }: AlertRhythm,
): AlertState[] {
  const active = new Set(times);
  const states: AlertState[] = [];
  let activeSince: number | undefined;
  let firingUntil: number | undefined;
  for (let at = range.start; at <= range.end; at += range.stepSeconds) {
    if (active.has(at)) {
      activeSince ??= at;
      if (at - activeSince >= forSeconds) firingUntil = at + keepSeconds;
    } else if (firingUntil === undefined || at > firingUntil) {
      activeSince = undefined;
      firingUntil = undefined;
    }
    if (firingUntil !== undefined && at <= firingUntil)
      states.push({ at, state: 'firing', since: activeSince ?? at });
    else if (activeSince !== undefined) states.push({ at, state: 'pending', since: activeSince });
  }
  return states;
}
