import { traitsOf } from '../errors/error-table.ts';
import type { Failure } from '../failures.ts';
import { type Random, drawDuration } from '../random.ts';
import type { Endpoint } from '../world.ts';
import type { LiveJob } from './live-job.ts';

/** Defaults of fal's own SDK for apps: https://github.com/fal-ai/fal, `projects/fal/src/fal/app.py`. */
const PROCESSING_LIMIT_MS = 3_600_000;
const STARTUP_TIMEOUT_MS = 600_000;

/** How an attempt on a runner will go unless somebody interferes. */
export interface AttemptPlan {
  readonly durationMs: number;
  readonly failure: Failure | undefined;
}

/**
 * Draws how long an attempt runs and when its failure comes. A run beyond the processing limit of the app ends
 * there with `request_timeout`, planned or not.
 */
export function planAttempt(endpoint: Endpoint, failure: Failure | undefined, random: Random): AttemptPlan {
  const inferenceMs = drawDuration(random, endpoint.inference);
  const limitMs = endpoint.processingLimitMs ?? PROCESSING_LIMIT_MS;
  if (failure !== undefined) return { durationMs: failureMs(failure, inferenceMs, limitMs), failure };
  return inferenceMs > limitMs
    ? { durationMs: limitMs, failure: { errorType: 'request_timeout', final: false } }
    : { durationMs: inferenceMs, failure: undefined };
}

function failureMs(failure: Failure, inferenceMs: number, limitMs: number): number {
  const { moment } = traitsOf(failure.errorType);
  if (moment.at !== 'runner') return 0;
  if ('limit' in moment) return limitMs;
  return Math.min(limitMs, 'ms' in moment ? moment.ms : Math.round(inferenceMs * moment.share));
}

/** How long a job may wait for a runner before `startup_timeout`, ms. */
export function startupTimeoutMs(endpoint: Endpoint): number {
  return endpoint.startupTimeoutMs ?? STARTUP_TIMEOUT_MS;
}

/** How long a failure that needs no runner takes to show, ms. */
export function queueFailureMs(endpoint: Endpoint, failure: Failure): number {
  const { moment } = traitsOf(failure.errorType);
  if (moment.at !== 'queue') return 0;
  return moment.ms === 'startup-timeout' ? startupTimeoutMs(endpoint) : moment.ms;
}

/**
 * Retries on the ordered endpoint before an equivalent one takes over, where there is one.
 *
 * Source: "up to five retries", https://fal.ai/docs/documentation/model-apis/inference/reliability.
 */
const RETRIES_BEFORE_FALLBACK = 5;

/** Whether the next attempt of a job goes to the equivalent endpoint, if one exists and the caller allows it. */
export function isFallbackDue(job: LiveJob): boolean {
  const { noFallback, endpoint } = job.order;
  return !noFallback && job.servedBy === endpoint && job.attempts > RETRIES_BEFORE_FALLBACK;
}

/** Attempts in total that the platform makes of one queued job. */
export const MAX_ATTEMPTS = 10;

/**
 * Pause before the platform tries again, ms: 0.5 s doubling up to 10 s. The attempt limit is documented
 * (https://fal.ai/docs/documentation/serverless/reliability/retries), the pauses are invented.
 */
export function retryPauseMs(attempts: number): number {
  return Math.min(10_000, 500 * 2 ** (attempts - 1));
}
