import type { ProbeTier } from '../domain/events.ts';
import { formatDuration } from './duration.ts';

/** What a tier asks of fal decides how often it may run and how long it may take. */
export interface TierRule {
  readonly intervalMs: number;
  readonly minIntervalMs: number;
  /** Unless the interval is shorter: then the interval. */
  readonly timeoutMs: number;
}

/**
 * Defaults and lower limits for each tier. A run of a model may pass the usual limit of 60 s and still be
 * worth measuring, so `inference` waits twice as long.
 */
export const TIER_RULES: Readonly<Record<ProbeTier, TierRule>> = {
  free: { intervalMs: 60_000, minIntervalMs: 5000, timeoutMs: 10_000 },
  queue: { intervalMs: 300_000, minIntervalMs: 10_000, timeoutMs: 30_000 },
  inference: { intervalMs: 300_000, minIntervalMs: 10_000, timeoutMs: 120_000 },
};

/** One column of the table in words: `1m for free, 5m for queue, 5m for inference`. */
export function perTier(rule: keyof TierRule): string {
  return Object.entries(TIER_RULES)
    .map(([tier, rules]) => `${formatDuration(rules[rule])} for ${tier}`)
    .join(', ');
}
