import { trueInferenceMs, trueQueueWaitMs } from '../ledger.ts';
import { type EndedJob, isBilled, statusClassOf } from './records.ts';

/** A runner start longer than this makes a request a cold boot. Source: https://api.fal.ai/v1/openapi.json */
const COLD_BOOT_MS = 1000;

type Metric = (jobs: readonly EndedJob[]) => number | undefined;

/** Error types behind the four counts by kind; the rest is in none of them. Source: as above. */
const KINDS = {
  startup_error_count: ['startup_timeout', 'runner_scheduling_failure'],
  connection_error_count: [
    'runner_connection_timeout',
    'runner_connection_refused',
    'runner_connection_error',
    'runner_disconnected',
  ],
  timeout_error_count: ['request_timeout'],
  runtime_error_count: ['internal_error', 'runner_server_error'],
} as const;

function countWhere(matches: (job: EndedJob) => boolean): Metric {
  return (jobs) => jobs.filter(matches).length;
}

function countOfTypes(types: readonly string[]): Metric {
  return countWhere((job) => job.errorType !== undefined && types.includes(job.errorType));
}

/** Interpolated in milliseconds and then turned into seconds, so that no digits of floating point show. */
function quantile(percent: number, msOf: (job: EndedJob) => number | undefined): Metric {
  return (jobs) => {
    const ms = quantileOf(percent / 100, jobs.map(msOf));
    return ms === undefined ? undefined : ms / 1000;
  };
}

/**
 * The quantile of the values that are known, with linear interpolation between the two nearest ranks; `undefined`
 * when there is none.
 */
export function quantileOf(share: number, values: readonly (number | undefined)[]): number | undefined {
  const sorted = values.filter((value) => value !== undefined).sort((a, b) => a - b);
  const rank = share * (sorted.length - 1);
  const low = sorted[Math.floor(rank)];
  const high = sorted[Math.ceil(rank)];
  return low === undefined || high === undefined ? undefined : low + (high - low) * (rank - Math.floor(rank));
}

/** The longest runner start that the job waited for, in ms, if that was a cold boot. */
function coldBootMs(job: EndedJob): number | undefined {
  const longest = Math.max(0, ...job.runs.map((run) => run.coldStartMs));
  return longest > COLD_BOOT_MS ? longest : undefined;
}

function billableSeconds(jobs: readonly EndedJob[]): number {
  const milliseconds = jobs.filter(isBilled).reduce((sum, job) => sum + (trueInferenceMs(job) ?? 0), 0);
  return milliseconds / 1000;
}

/** Every metric that `GET /models/analytics` offers, computed from what really happened; durations in seconds. */
export const ANALYTICS_METRICS = {
  request_count: (jobs) => jobs.length,
  success_count: countWhere((job) => statusClassOf(job) === 'success'),
  user_error_count: countWhere((job) => statusClassOf(job) === 'user_error'),
  error_count: countWhere((job) => statusClassOf(job) === 'error'),
  startup_error_count: countOfTypes(KINDS.startup_error_count),
  connection_error_count: countOfTypes(KINDS.connection_error_count),
  timeout_error_count: countOfTypes(KINDS.timeout_error_count),
  runtime_error_count: countOfTypes(KINDS.runtime_error_count),
  p50_prepare_duration: quantile(50, trueQueueWaitMs),
  p75_prepare_duration: quantile(75, trueQueueWaitMs),
  p90_prepare_duration: quantile(90, trueQueueWaitMs),
  p95_prepare_duration: quantile(95, trueQueueWaitMs),
  p99_prepare_duration: quantile(99, trueQueueWaitMs),
  p25_duration: quantile(25, trueInferenceMs),
  p50_duration: quantile(50, trueInferenceMs),
  p75_duration: quantile(75, trueInferenceMs),
  p90_duration: quantile(90, trueInferenceMs),
  p95_duration: quantile(95, trueInferenceMs),
  p99_duration: quantile(99, trueInferenceMs),
  cold_boot_count: countWhere((job) => coldBootMs(job) !== undefined),
  p50_cold_boot_duration: quantile(50, coldBootMs),
  p75_cold_boot_duration: quantile(75, coldBootMs),
  p90_cold_boot_duration: quantile(90, coldBootMs),
  total_billable_duration: billableSeconds,
} as const satisfies Readonly<Record<string, Metric>>;

export type AnalyticsMetric = keyof typeof ANALYTICS_METRICS;

/** The names above. */
export function analyticsMetricNames(): readonly AnalyticsMetric[] {
  return Object.keys(ANALYTICS_METRICS) as AnalyticsMetric[];
}
