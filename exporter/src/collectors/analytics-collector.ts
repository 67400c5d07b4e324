import { z } from 'zod';
import type { CollectorConfig } from '../config/config.ts';
import type { AnalyticsObserved, Quantiles } from '../domain/events.ts';
import type { FalAccess } from '../fal/client.ts';
import { platformPages } from '../fal/platform-pages.ts';
import { MISSHAPEN, PlatformError } from '../fal/platform.ts';
import { AnalyticsBuckets, BUCKET_MS, type BucketRow } from './analytics-buckets.ts';
import type { CollectContext, Collected, Collector } from './collector.ts';
import { EndpointQuestions } from './endpoint-questions.ts';
import { moment } from './fal-time.ts';

const LOOK_BACK_MS = 30 * 60_000;
/** An id that fal's analytics do not know is asked for again after this long. */
const LEAVE_OUT_MS = 3_600_000;
/** Half an hour in minutes is one page today; should fal cut it up, this is as far as we follow. */
const MOST_PAGES = 5;

const value = z.number().nonnegative().nullish();
const row = z.object({
  endpoint_id: z.string(),
  success_count: value,
  user_error_count: value,
  error_count: value,
  p50_duration: value,
  p75_duration: value,
  p90_duration: value,
  p95_duration: value,
  p99_duration: value,
  p50_prepare_duration: value,
  p75_prepare_duration: value,
  p90_prepare_duration: value,
  p95_prepare_duration: value,
  p99_prepare_duration: value,
  cold_boot_count: value,
});
type Row = z.infer<typeof row>;
type Measure = Exclude<keyof Row, 'endpoint_id'>;

const EXPAND = ['time_series', ...Object.keys(row.shape).filter((name) => name !== 'endpoint_id')];

const analyticsBucket = z.object({ bucket: moment, results: z.array(row) });

export interface AnalyticsCollectorOptions {
  readonly access: FalAccess;
  readonly config: CollectorConfig;
  readonly endpointIds: readonly string[];
}

/**
 * What fal itself measured of the account's requests, minute by minute. Quantiles of two buckets cannot be merged, so
 * only the newest complete one of each endpoint is told. `dataUntil` is its end: it stands still when fal's data do,
 * and also while nobody sends a request, because then there is nothing to date the data by.
 *
 * Source: `GET /models/analytics` of https://api.fal.ai/v1/openapi.json
 */
export function createAnalyticsCollector({
  access,
  config,
  endpointIds,
}: AnalyticsCollectorOptions): Collector {
  const { clock } = access;
  const questions = new EndpointQuestions({ endpointIds, clock, leaveOutMs: LEAVE_OUT_MS });
  const buckets = new AnalyticsBuckets<Row>();
  return {
    name: 'analytics',
    intervalMs: config.intervalMs,
    callsPerHour: config.callsPerHour,
    async collect(context): Promise<Collected> {
      // A whole number of buckets: the first one of the answer must not be half of one.
      const start = Math.floor((clock.now() - LOOK_BACK_MS) / BUCKET_MS) * BUCKET_MS;
      const rows: BucketRow<Row>[] = [];
      const tell = (): number | undefined => {
        const complete = buckets.read(rows, clock.now());
        for (const one of complete.rows) context.emit(observed(one, clock.now()));
        return complete.until;
      };
      try {
        await questions.askAll(async (ids) => {
          rows.push(...(await readRows(access, { ids, start }, context)));
        });
      } catch (error) {
        // A reading that told nothing is no reading before the next one.
        if (rows.length > 0) tell();
        throw error;
      }
      return { dataUntil: tell() };
    },
  };
}

async function readRows(
  access: FalAccess,
  { ids, start }: { readonly ids: readonly string[]; readonly start: number },
  { signal, spendCall }: CollectContext,
): Promise<BucketRow<Row>[]> {
  const rows: BucketRow<Row>[] = [];
  const query = {
    ...{ endpoint_id: ids, expand: EXPAND, timeframe: ['minute'], bound_to_timeframe: ['false'] },
    start: [new Date(start).toISOString()],
  };
  // In slices: half an hour of fifty models is a megabyte, which would stall everything else when read at once.
  const list = { list: 'time_series', item: analyticsBucket, mostPages: MOST_PAGES };
  const call = { path: '/models/analytics', query, key: access.falKey(), signal, spendCall, ...list };
  for await (const { items, unreadable } of platformPages(access, call)) {
    if (unreadable > 0)
      throw new PlatformError(call.path, MISSHAPEN, { detail: 'a bucket is not what it should be' });
    for (const { bucket, results } of items) {
      if (bucket < start) continue;
      const wanted = results.filter((result) => ids.includes(result.endpoint_id));
      rows.push(...wanted.map((values) => ({ endpointId: values.endpoint_id, start: bucket, values })));
    }
  }
  return rows;
}

function observed({ endpointId, start, values }: BucketRow<Row>, at: number): AnalyticsObserved {
  return {
    ...{ kind: 'analytics_observed', at, endpointId, bucketStart: start, bucketEnd: start + BUCKET_MS },
    requests: known({
      success: values.success_count,
      user_error: values.user_error_count,
      error: values.error_count,
    }),
    duration: quantilesOf(values, 'duration'),
    prepare: quantilesOf(values, 'prepare_duration'),
    coldBoots: values.cold_boot_count ?? undefined,
  };
}

function quantilesOf(values: Row, what: 'duration' | 'prepare_duration'): Quantiles {
  const of = (percent: 50 | 75 | 90 | 95 | 99): Row[Measure] => values[`p${percent}_${what}`];
  return known({ 0.5: of(50), 0.75: of(75), 0.9: of(90), 0.95: of(95), 0.99: of(99) });
}

/** Only what fal told: a count that is missing is unknown, not 0. */
function known<K extends PropertyKey>(
  values: Readonly<Record<K, number | null | undefined>>,
): Readonly<Partial<Record<K, number>>> {
  const told = Object.entries(values).filter(([, number]) => number !== null && number !== undefined);
  return Object.fromEntries(told) as Readonly<Partial<Record<K, number>>>;
}
