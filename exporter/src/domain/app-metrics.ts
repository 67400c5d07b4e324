/**
 * What fal's own metrics of deployed apps begin with. No metric of ours may: then the two can never collide.
 * Source: https://fal.ai/docs/documentation/serverless/observability/metrics
 */
export const APP_METRIC_PREFIX = 'fal_app_';

/** One metric of the account's deployed apps as fal exposes it, to be passed on with its name and labels. */
export interface AppMetricFamily {
  /** Begins with the prefix. */
  readonly name: string;
  readonly help: string;
  /** Otherwise nobody knows its type, or the type that it says does not fit its names and labels. */
  readonly isGauge: boolean;
  readonly samples: readonly AppMetricSample[];
}

export interface AppMetricSample {
  /** Names and values, unescaped, in fal's order; no name twice. */
  readonly labels: readonly (readonly [name: string, value: string])[];
  /** Never NaN. */
  readonly value: number;
}

/** Shows the metrics of deployed apps in place of those before, for so many ms at most. */
export type ShowAppMetrics = (families: readonly AppMetricFamily[], validMs: number) => void;
