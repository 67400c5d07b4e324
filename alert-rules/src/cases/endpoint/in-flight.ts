import type { InputSeries } from '../rule-case.ts';
import { type Phase, type Who, gauge, key } from '../series.ts';

/** One stretch of what is in flight. */
export interface InFlight extends Phase {
  /** Requests in flight. */
  readonly active: number;
  /** Age of the oldest at the first sample of the stretch, in seconds; absent when nothing is in flight. */
  readonly oldestFrom?: number | undefined;
  /** Seconds by which the oldest ages between two samples; the step while it is the same request, 0 in a steady flow. */
  readonly ages?: number | undefined;
}

/** Gauges of the requests in flight in one state. */
export function inFlight(
  phases: readonly InFlight[],
  who: Who & { readonly state?: string } = {},
): InputSeries {
  const { state = 'running', step = 15 } = who;
  const labels = { operation: '', ...who.labels };
  const ages = phases.map((phase, index) => {
    const samples = (phase.minutes * 60) / step + (index === 0 ? 1 : 0);
    return phase.missing === true || phase.oldestFrom === undefined
      ? ['stale', ...(samples > 1 ? [`_x${samples - 1}`] : [])].join(' ')
      : `${phase.oldestFrom}+${phase.ages ?? step}x${samples - 1}`;
  });
  return {
    [key('fal_client_active_requests', { ...who, labels }, { state })]: gauge(
      phases.map((phase) => ({ ...phase, value: phase.active })),
      { step },
    ),
    [key('fal_client_oldest_request_age_seconds', { ...who, labels }, { state })]: ages.join(' '),
  };
}
