import type { Caller } from '../engine.ts';
import type { Job } from '../ledger.ts';
import { type HttpReply, json } from '../reply.ts';
import { PlatformRefusal, invalid } from './envelope.ts';
import { jobIndexOf } from './job-index.ts';
import type { PlatformCall } from './operation.ts';
import { numberedPage } from './paging.ts';
import { expansions, limitOf, oneOf, someOf } from './query.ts';
import {
  type EndedJob,
  endedJobs,
  indexedUntil,
  isKnownEndpoint,
  isoTime,
  reachedModel,
  statusClassOf,
  statusOf,
} from './records.ts';
import { type TimeRange, contains, timeRangeOf } from './time-range.ts';

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
export function requestsByEndpoint(call: PlatformCall, caller: Caller): HttpReply {
  const { engine, query } = call;
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
  const entries = [...endedEntries(call, caller, range), ...runningEntries(call, caller, range)]
    .filter(({ job }) => endpointIds.includes(job.endpointId))
    .filter(({ job }) => requestId === undefined || job.requestId === requestId)
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

function endedEntries({ engine }: PlatformCall, { account }: Caller, range: TimeRange): Entry[] {
  return endedJobs(engine, account, 'analytics', range)
    .filter(reachedModel)
    .map((job) => {
      // A job that no runner ever took, such as a start time-out, has nothing but its end.
      return { job, startedAt: job.runs[0]?.startedAt ?? job.completedAt, ended: job };
    });
}

/** Requests that run still, or whose end is not indexed yet; they count at the time of their start. */
function runningEntries({ engine }: PlatformCall, { account }: Caller, range: TimeRange): Entry[] {
  const until = indexedUntil(engine, 'analytics');
  const index = jobIndexOf(engine.ledger);
  const endedSince = index.ended({ start: until, end: Infinity }).filter((job) => job.completedAt > until);
  return [...endedSince, ...index.unfinished()].flatMap((job): Entry[] => {
    const startedAt = job.runs[0]?.startedAt;
    if (job.account !== account.name || !reachedModel(job)) return [];
    if (startedAt === undefined || startedAt > until || !contains(range, startedAt)) return [];
    return [{ job, startedAt, ended: undefined }];
  });
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
