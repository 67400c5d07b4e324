import type { Engine } from '../engine.ts';
import type { Job } from '../ledger.ts';
import { type Account, offered } from '../world.ts';
import { type EndedJob, jobIndexOf } from './job-index.ts';
import type { TimeRange } from './time-range.ts';

export type { EndedJob } from './job-index.ts';

/** A job for which units were billed; its charge is absent when fal lists no price for the endpoint. */
export type BilledJob = EndedJob & { readonly billableUnits: number };

/**
 * Up to which completion time a source has caught up, ms since the epoch: the indexing lag behind now, or behind
 * the point where the scenario froze it.
 */
export function indexedUntil(engine: Engine, source: 'billing' | 'analytics'): number {
  const now = engine.clock.now();
  const frozen = source === 'analytics' ? engine.switches.analyticsFrozenAt : undefined;
  return Math.min(now, frozen ?? now) - engine.indexingLagMs;
}

/** Jobs of an account that ended in a range of time and are indexed, in the order of their ends. */
export function endedJobs(
  engine: Engine,
  account: Account,
  source: 'billing' | 'analytics',
  range?: TimeRange,
): EndedJob[] {
  const until = indexedUntil(engine, source);
  return jobIndexOf(engine.ledger)
    .ended(range)
    .filter((job) => job.account === account.name && job.completedAt <= until);
}

/** Such jobs as were billed. A job without billed units leaves no billing event. */
export function billedJobs(engine: Engine, account: Account, range?: TimeRange): BilledJob[] {
  return endedJobs(engine, account, 'billing', range).filter(isBilled);
}

export function isBilled(job: EndedJob): job is BilledJob {
  return job.billableUnits !== undefined && job.billableUnits > 0;
}

/** HTTP status that a job counts under; 499 for a cancelled one, which has no answer of its own. */
export function statusOf(job: EndedJob): number {
  return job.outcome === 'cancelled' ? 499 : (job.httpStatus ?? (job.outcome === 'ok' ? 200 : 500));
}

export type StatusClass = 'success' | 'user_error' | 'error';

/** 2xx, 4xx, 5xx in the words of analytics and request history. */
export function statusClassOf(job: EndedJob): StatusClass {
  const status = statusOf(job);
  if (status < 400) return 'success';
  return status < 500 ? 'user_error' : 'error';
}

/** A job that was cancelled while it waited never reached the model: analytics and history do not know it. */
export function reachedModel(job: Job): boolean {
  return job.outcome !== 'cancelled' || job.runs.length > 0;
}

/** Whether an id is in the catalogue or in the account's past. */
export function isKnownEndpoint(engine: Engine, endpointId: string): boolean {
  return (
    offered(engine.world, endpointId) !== undefined ||
    engine.ledger.jobs.some((job) => job.endpointId === endpointId)
  );
}

/** ISO 8601 in UTC. */
export function isoTime(at: number): string {
  return new Date(at).toISOString();
}
