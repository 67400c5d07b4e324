import type { Caller, Engine } from '../engine.ts';
import type { Job } from '../ledger.ts';
import { type HttpReply, json } from '../reply.ts';
import type { Account } from '../world.ts';
import { PlatformRefusal, invalid } from './envelope.ts';
import type { PlatformCall } from './operation.ts';
import { numberedPage } from './paging.ts';
import { expansions, limitOf, oneOf, someOf } from './query.ts';
import {
  type EndedJob,
  indexedUntil,
  isKnownEndpoint,
  isoTime,
  reachedModel,
  statusClassOf,
  statusOf,
} from './records.ts';
import { contains, timeRangeOf } from './time-range.ts';

const PAGE = { byDefault: 50, most: 100, refuseMore: true };
const NINETY_DAYS_MS = 90 * 86_400_000;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** A request as the history shows it. */
interface Entry {
  readonly job: Job;
  readonly startedAt: number;
  /** Present once the end is indexed. */
  readonly ended: EndedJob | undefined;
}

/**
 * `GET /models/requests/by-endpoint`: requests that started, newest end first; those that run still stand in front,
 * with nulls. `expand=payloads` is understood, but the simulator keeps no payloads, so there are none to show.
 *
 * Source: https://api.fal.ai/v1/openapi.json
 */
export function requestsByEndpoint({ engine, query }: PlatformCall, caller: Caller): HttpReply {
  const endpointIds = someOf(query, 'endpoint_id');
  expansions(query, ['payloads']);
  const limit = limitOf(query, PAGE);
  const requestId = requestIdOf(query);
  const status = oneOf(query, 'status', ['success', 'error', 'user_error']);
  const sortBy = oneOf(query, 'sort_by', ['ended_at', 'duration']) ?? 'ended_at';
  const span = requestId === undefined ? {} : { defaultSpanMs: NINETY_DAYS_MS };
  const range = timeRangeOf(query, engine.clock.now(), span);
  if (!endpointIds.some((id) => isKnownEndpoint(engine, id))) {
    throw new PlatformRefusal('not_found', `No such endpoint: ${endpointIds.join(', ')}`);
  }
  const entries = indexedEntries(engine, caller.account)
    .filter(({ job }) => endpointIds.includes(job.endpointId))
    .filter(({ job }) => requestId === undefined || job.requestId === requestId)
    .filter((entry) => contains(range, timeOf(entry)))
    .filter(({ ended }) => status === undefined || (ended !== undefined && statusClassOf(ended) === status))
    .sort(sortBy === 'duration' ? byDuration : byEnd);
  const { items, ...cursor } = numberedPage(entries, query, limit);
  return json(200, { items: items.map(itemOf), ...cursor });
}

function requestIdOf(query: URLSearchParams): string | undefined {
  const requestId = query.get('request_id') ?? undefined;
  if (requestId !== undefined && !UUID.test(requestId)) throw invalid('request_id', 'one UUID');
  return requestId;
}

function indexedEntries(engine: Engine, account: Account): Entry[] {
  const until = indexedUntil(engine, 'analytics');
  const entries: Entry[] = [];
  for (const job of engine.ledger.jobs) {
    if (job.account !== account.name || !reachedModel(job)) continue;
    const ended = isEndedBy(job, until) ? job : undefined;
    // A job that no runner ever took, such as a start time-out, has nothing but its end.
    const startedAt = job.runs[0]?.startedAt ?? ended?.completedAt;
    if (startedAt !== undefined && startedAt <= until) entries.push({ job, startedAt, ended });
  }
  return entries;
}

function isEndedBy(job: Job, until: number): job is EndedJob {
  return job.completedAt !== undefined && job.completedAt <= until;
}

function timeOf({ startedAt, ended }: Entry): number {
  return ended?.completedAt ?? startedAt;
}

function byEnd(a: Entry, b: Entry): number {
  const [first, second] = [a, b].map(({ ended }) => ended?.completedAt ?? Infinity);
  return first === second ? timeOf(b) - timeOf(a) : (second ?? 0) - (first ?? 0);
}

function byDuration(a: Entry, b: Entry): number {
  return (secondsOf(b) ?? -1) - (secondsOf(a) ?? -1);
}

/** From the start of processing to its end, platform retries included; `null` for what never ran or runs still. */
function secondsOf({ job, startedAt, ended }: Entry): number | null {
  return ended === undefined || job.runs.length === 0 ? null : (ended.completedAt - startedAt) / 1000;
}

function itemOf(entry: Entry): Record<string, unknown> {
  const { job, startedAt, ended } = entry;
  return {
    request_id: job.requestId,
    endpoint_id: job.endpointId,
    sent_at: isoTime(job.submittedAt),
    started_at: isoTime(startedAt),
    ended_at: ended === undefined ? null : isoTime(ended.completedAt),
    status_code: ended === undefined ? null : statusOf(ended),
    duration: secondsOf(entry),
  };
}
