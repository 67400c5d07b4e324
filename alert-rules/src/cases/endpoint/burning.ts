import type { Severity, Source } from '../../alert.ts';
import type { Firing } from '../rule-case.ts';
import { expected } from './expected.ts';

export interface Burning {
  readonly severity: Severity;
  readonly slo: 'availability' | 'latency';
  readonly window: string;
  readonly share: string;
  /** Of the budget of 30 days. */
  readonly used: string;
  readonly source?: Source | undefined;
}

/** What a burn-rate alert says, whichever of its pairs of windows fires. */
export function burning({ severity, slo, window, share, used, source = 'app' }: Burning): Firing {
  const noun = { app: 'requests', probe: 'probe runs' }[source];
  const model = 'fal-ai/flux/dev';
  const failed = {
    summary: `fal: ${model} uses up its error budget (${share} failed over ${window})`,
    description: `${share} of the ${noun} to ${model} (account default) failed over ${window}, and it goes on: ${used} of the budget of 30 days is gone. Fast: treat it as an outage. Slow: find the error type that recurs, and decide whether this model still fits.`,
  };
  const slow = {
    summary: `fal: ${model} uses up its latency budget (${share} over 60 s in ${window})`,
    description: `${share} of the ${noun} to ${model} (account default) took over 60 s in ${window}, and it goes on: ${used} of the budget of 30 days is gone. A model that always takes longer than that needs an objective of its own: switch this pack off for it, or use FalLatencyP95High with its latency_limit.`,
  };
  return expected({
    severity,
    source,
    dashboard: 'fal-endpoint',
    ...{ availability: failed, latency: slow }[slo],
    labels: { slo, window },
  });
}
