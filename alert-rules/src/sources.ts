import type { Source } from './alert.ts';
import { sumWithout, maxWithout, type PromQl } from './promql.ts';

/**
 * One of the two sources of truth under the words that the rules use for it. App and probes are measured alike,
 * so a rule is written once and stands once for each.
 */
export interface SourceOfTruth {
  readonly source: Source;
  /** What is counted, for people: `requests`, `probe runs`. */
  readonly noun: string;
  /** Family names without `_total`, as recorded series carry them. */
  readonly requests: string;
  readonly duration: string;
  /** Prefix of what is recorded as failures, timeouts and so on. */
  readonly family: string;
  readonly errors: string;
  /** Where failures are counted: a family, and the matchers that leave out what is no failure. */
  readonly failures: readonly [metric: string, ...matchers: readonly string[]];
  /** Labels beyond account and endpoint that the rules sum away. */
  readonly ownLabels: readonly string[];
  /** A selector of this source's own families. */
  select(promql: PromQl, metric: string, ...matchers: readonly string[]): string;
  /** Sums processes away and makes sure that there is an account: grouping and inhibition need it on every alert. */
  sum(expr: string, ...labels: readonly string[]): string;
  max(expr: string, ...labels: readonly string[]): string;
}

export const APP: SourceOfTruth = {
  source: 'app',
  noun: 'requests',
  requests: 'fal_client_requests',
  duration: 'fal_client_request_duration_seconds',
  family: 'fal_client',
  errors: 'fal_client_errors_total',
  failures: ['fal_client_errors_total', 'fault!~"app|account"'],
  ownLabels: ['operation', 'outcome', 'error_type', 'fault'],
  select: (promql, metric, ...matchers) => promql.app(metric, ...matchers),
  sum: (expr, ...labels) => withAccount(sumWithout(labels, expr)),
  max: (expr, ...labels) => withAccount(maxWithout(labels, expr)),
};

export const PROBES: SourceOfTruth = {
  source: 'probe',
  noun: 'probe runs',
  requests: 'fal_probe_runs',
  duration: 'fal_probe_duration_seconds',
  family: 'fal_probe',
  errors: 'fal_probe_errors_total',
  // Every probe has its errors of all types at zero from the start: adding those up would be the dearest of all rules.
  failures: ['fal_probe_failures_total'],
  ownLabels: ['probe', 'outcome', 'error_type', 'fault'],
  // Free probes ask hosts and no model: they have no endpoint and no place in a ratio over one.
  select: (promql, metric, ...matchers) => promql.exporter(metric, 'endpoint_id!=""', ...matchers),
  sum: (expr, ...labels) => sumWithout(labels, expr),
  max: (expr, ...labels) => maxWithout(labels, expr),
};

export const SOURCES: readonly SourceOfTruth[] = [APP, PROBES];

/** An app that names no account belongs to the one that the exporter calls `default` unless told otherwise. */
function withAccount(expr: string): string {
  return `label_replace(\n  ${expr},\n  "account", "default", "account", ""\n)`;
}

/** The names of recorded series, in one place for rules, panels and tests. Windows are part of the name. */
export const RECORDED = {
  requests: ({ requests }: SourceOfTruth, window: string) => `endpoint:${requests}:increase${window}`,
  failures: ({ family }: SourceOfTruth, window: string) => `endpoint:${family}_failures:increase${window}`,
  failureRatio: ({ family, requests }: SourceOfTruth, window: string) =>
    `endpoint:${family}_failures_per_${lastWord(requests)}:ratio_increase${window}`,
  slowRatio: ({ family, requests }: SourceOfTruth, window: string) =>
    `endpoint:${family}_slow_per_${lastWord(requests)}:ratio_increase${window}`,
  timeouts: ({ family }: SourceOfTruth, window: string) => `endpoint:${family}_timeouts:increase${window}`,
  quantile: ({ duration }: SourceOfTruth, quantile: number, window: string) =>
    `endpoint:${duration}:p${quantile * 100}_${window}`,
  mean: ({ duration }: SourceOfTruth, window: string) => `endpoint:${duration}:mean_${window}`,
  latencyLimit: 'endpoint:fal_endpoint_latency_limit_seconds:last5m',
  activeRequests: 'endpoint:fal_client_active_requests:sum',
  oldestRequest: 'endpoint:fal_client_oldest_request_age_seconds:max',
  appErrorRatio: 'endpoint:fal_client_app_errors_per_requests:ratio_increase5m',
  balance: 'account:fal_account_balance_usd:fresh',
  /** Three kinds of money, side by side. They tell of the same requests, so nobody may add them. */
  billed: 'account:fal_account_spend_usd:increase1h',
  atListPrice: 'account:fal_account_estimated_spend_usd:increase1h',
  estimatedByApp: 'account:fal_client_cost_usd:increase1h',
  wastedByApp: 'account:fal_client_wasted_cost_usd:increase15m',
  waste: 'account:fal_account_wasted_usd:sum1d',
} as const;

function lastWord(family: string): string {
  return family.slice(family.lastIndexOf('_') + 1);
}
