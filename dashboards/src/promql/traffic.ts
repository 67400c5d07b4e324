import { app, model } from './selectors.ts';

/** Whose requests: the app's own, or our probes. The two are never mixed in one ratio. */
export interface Traffic {
  /** For titles and legends. */
  readonly noun: string;
  readonly requests: string;
  readonly errors: string;
  readonly duration: string;
  readonly queueWait: string;
  readonly inference: string;
  select(metric: string, ...matchers: readonly string[]): string;
}

export const APP: Traffic = {
  noun: 'requests',
  requests: 'fal_client_requests_total',
  errors: 'fal_client_errors_total',
  duration: 'fal_client_request_duration_seconds',
  queueWait: 'fal_client_queue_wait_seconds',
  inference: 'fal_client_inference_seconds',
  // Uploads of all models go to one storage, which is not a model.
  select: (metric, ...matchers) => app(metric, 'endpoint_id!="storage"', ...matchers),
};

export const PROBES: Traffic = {
  noun: 'probe runs',
  requests: 'fal_probe_runs_total',
  errors: 'fal_probe_errors_total',
  duration: 'fal_probe_duration_seconds',
  queueWait: 'fal_probe_queue_wait_seconds',
  inference: 'fal_probe_inference_seconds',
  select: model,
};

/** The window that the reader chose for ratios and quantiles. */
export const WINDOW = '$window';
/** The shown range, for totals. */
export const RANGE = '$__range';
/** For plain rates: Grafana's own choice, at least four scrapes. */
export const RATE_INTERVAL = '$__rate_interval';

/** `sum by (endpoint_id) (…)`; without labels one sum of all. */
export function sumBy(labels: readonly string[], expr: string): string {
  return aggregate('sum', labels, expr);
}

/** `max by (…) (…)`: also what takes the doubles of two exporters of one account away. */
export function maxBy(labels: readonly string[], expr: string): string {
  return aggregate('max', labels, expr);
}

/** `min by (…) (…)`: of two readings of one balance the lower, as the alerts have it. */
export function minBy(labels: readonly string[], expr: string): string {
  return aggregate('min', labels, expr);
}

function aggregate(operator: string, labels: readonly string[], expr: string): string {
  return labels.length === 0 ? `${operator}(${expr})` : `${operator} by (${labels.join(', ')}) (${expr})`;
}

/** Finished requests over a window, without the cancelled: whoever cancelled did not want an answer any more. */
export function finished(traffic: Traffic, labels: readonly string[], window: string): string {
  const series = traffic.select(traffic.requests, 'outcome!="cancelled"');
  return sumBy(labels, `increase(${series}[${window}])`);
}

/** Errors that are neither the app's nor the account's, over a window; 0 where requests finished and none failed. */
export function failures(traffic: Traffic, labels: readonly string[], window: string): string {
  const series = traffic.select(traffic.errors, 'fault!~"app|account"');
  return `(${sumBy(labels, `increase(${series}[${window}])`)} or 0 * ${finished(traffic, labels, window)})`;
}

/** Failures ÷ finished requests, 0 to 1; absent where nothing finished, since nothing can be said. */
export function failureRatio(traffic: Traffic, labels: readonly string[], window: string): string {
  return `${failures(traffic, labels, window)} / (${finished(traffic, labels, window)} > 0)`;
}

/**
 * A quantile of how long callers waited for their result, or for nothing: fast failures would make an outage look
 * quick. Absent where nobody waited. Within the bounds of a bucket it is an estimate.
 */
export function latency(
  traffic: Traffic,
  quantile: number,
  labels: readonly string[],
  window: string,
): string {
  return quantileOf(
    quantile,
    traffic.select(`${traffic.duration}_bucket`, 'outcome=~"ok|timeout"'),
    labels,
    window,
  );
}

/** Seconds that P95 of a model may take: `latency_limit` of the exporter’s configuration. */
export function latencyLimit(labels: readonly string[]): string {
  return maxBy(labels, model('fal_endpoint_latency_limit_seconds'));
}

/** A quantile of any histogram, given the selector of its buckets. Absent, not NaN, over no observations. */
export function quantileOf(
  quantile: number,
  buckets: string,
  labels: readonly string[],
  window: string,
): string {
  const rate = sumBy([...labels, 'le'], `rate(${buckets}[${window}])`);
  return `histogram_quantile(${quantile}, ${rate}) >= 0`;
}

/** The app's own number where there is one, else that of the probes, per value of the labels. */
export function appElseProbes(labels: readonly string[], expressionOf: (traffic: Traffic) => string): string {
  // An app may name no account, where the probes always do: the choice is by everything else.
  const choice = labels.filter((label) => label !== 'account');
  return `(${expressionOf(APP)}) or on (${choice.join(', ')}) (${expressionOf(PROBES)})`;
}
