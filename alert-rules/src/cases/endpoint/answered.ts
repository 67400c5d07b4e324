import type { InputSeries } from '../rule-case.ts';
import { type DurationPhase, type Who, durations, key, traffic } from '../series.ts';

/** Requests that all got an answer, and how long each took: counter and histogram of the same traffic. */
export function answered(
  phases: readonly DurationPhase[],
  who: Who & { readonly spelling?: 'text' | 'openmetrics' } = {},
): InputSeries {
  const counted = phases.map((phase) => ({
    ...phase,
    perMinute: { ok: Object.values(phase.perMinute).reduce((total, each) => total + each, 0) },
  }));
  return { ...traffic(counted, who), ...durations(phases, who) };
}

/** The limit of fal-ai/flux/dev as the exporter publishes it from its configuration. */
export function latencyLimit(seconds: number, { account = 'default', samples = 400 } = {}): InputSeries {
  const series = key('fal_endpoint_latency_limit_seconds', {
    source: 'probe',
    labels: { probe: '', account },
  });
  return { [series]: `${seconds}+0x${samples}` };
}
