import type { Caller } from '../engine.ts';
import { type HttpReply, json } from '../reply.ts';
import { ANALYTICS_METRICS, type AnalyticsMetric, analyticsMetricNames } from './analytics-metrics.ts';
import { PlatformRefusal, invalid } from './envelope.ts';
import type { PlatformCall } from './operation.ts';
import { numberedPage, pageNumberOf } from './paging.ts';
import { expansions, limitOf, someOf } from './query.ts';
import { type EndedJob, endedJobs, isKnownEndpoint, reachedModel } from './records.ts';
import { bucketedRangeOf } from './time-range.ts';
import { bucketsOf } from './usage.ts';

/** fal states no number for this list; a page counts buckets. */
const PAGE = { byDefault: 1000, most: 1000 };

/**
 * `GET /models/analytics`: counts and percentiles per endpoint and bucket. A metric without any sample in a bucket
 * is left out. Source: https://api.fal.ai/v1/openapi.json
 */
export function analytics({ engine, query }: PlatformCall, caller: Caller): HttpReply {
  const endpointIds = someOf(query, 'endpoint_id');
  const { metrics, series, summary } = selectionOf(query);
  if (!endpointIds.some((id) => isKnownEndpoint(engine, id))) {
    throw new PlatformRefusal('not_found', `No such endpoint: ${endpointIds.join(', ')}`);
  }
  const range = bucketedRangeOf(query, engine.clock.now());
  const jobs = endedJobs(engine, caller.account, 'analytics', range).filter(
    (job) => endpointIds.includes(job.endpointId) && reachedModel(job),
  );
  const { items, ...cursor } = numberedPage(bucketsOf(jobs, range), query, limitOf(query, PAGE));
  const timeSeries = items.map(([at, some]) => ({
    bucket: range.calendar.format(at),
    results: rowsOf(some, metrics),
  }));
  return json(200, {
    ...(series ? { time_series: timeSeries } : {}),
    ...(summary ? { summary: pageNumberOf(query) === 1 ? rowsOf(jobs, metrics) : [] } : {}),
    ...(series ? cursor : { next_cursor: null, has_more: false }),
  });
}

function selectionOf(query: URLSearchParams): {
  metrics: readonly AnalyticsMetric[];
  series: boolean;
  summary: boolean;
} {
  const names = analyticsMetricNames();
  const known = ['time_series', 'summary', ...names] as const;
  const expand = expansions(query, known, ['time_series', 'request_count']);
  const metrics = names.filter((name) => expand.has(name));
  const [series, summary] = [expand.has('time_series'), expand.has('summary')];
  if (!series && !summary) throw invalid('expand', 'at least one of time_series and summary');
  if (metrics.length === 0) throw invalid('expand', 'at least one metric');
  return { metrics, series, summary };
}

function rowsOf(jobs: readonly EndedJob[], metrics: readonly AnalyticsMetric[]): unknown[] {
  const byEndpoint = [...Map.groupBy(jobs, (job) => job.endpointId)].sort(([a], [b]) => (a < b ? -1 : 1));
  return byEndpoint.map(([endpointId, some]) => ({
    endpoint_id: endpointId,
    ...Object.fromEntries(metrics.map((name) => [name, ANALYTICS_METRICS[name](some)])),
  }));
}
