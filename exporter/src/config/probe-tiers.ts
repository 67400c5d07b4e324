import type { ProbeTier } from '../domain/events.ts';

/** What a tier asks of fal decides how often it may run and how long it may take. */
export interface TierRule {
  readonly interval: string;
  readonly minInterval: string;
  readonly timeout: string;
}

/**
 * Defaults and lower limits for each tier. A run of a model may pass the usual limit of 60 s and still be
 * worth measuring, so `inference` waits twice as long.
 */
export const TIER_RULES: Readonly<Record<ProbeTier, TierRule>> = {
  free: { interval: '1m', minInterval: '5s', timeout: '10s' },
  queue: { interval: '5m', minInterval: '10s', timeout: '30s' },
  inference: { interval: '5m', minInterval: '10s', timeout: '2m' },
};

/** One column of the table, for each tier. */
export function perTier(rule: keyof TierRule): Readonly<Record<ProbeTier, string>> {
  const { free, queue, inference } = TIER_RULES;
  return { free: free[rule], queue: queue[rule], inference: inference[rule] };
}
