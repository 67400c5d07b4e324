import type { Caller } from '../engine.ts';
import type { HttpReply } from '../reply.ts';
import { json } from '../reply.ts';
import {
  AUTH_EXPANSIONS,
  type Charge,
  authFields,
  chargeFilter,
  chargeOf,
  costFields,
  discountOf,
  usd,
} from './charges.ts';
import { invalid, platformError } from './envelope.ts';
import type { PlatformCall } from './operation.ts';
import { numberedPage, pageNumberOf } from './paging.ts';
import { expansions, limitOf, manyOf } from './query.ts';
import { type BilledJob, billedJobs } from './records.ts';
import { type BucketedRange, bucketedRangeOf } from './time-range.ts';

/** fal states no number for this list; a page counts buckets. */
const PAGE = { byDefault: 1000, most: 1000 };

const EXPANSIONS = ['time_series', 'summary', ...AUTH_EXPANSIONS] as const;
type Expand = ReadonlySet<(typeof EXPANSIONS)[number]>;

/**
 * `GET /models/usage`: billed quantities and money, one row per endpoint, unit, unit price and discount (and key,
 * when asked for). Source: https://api.fal.ai/v1/openapi.json
 */
export function usage(call: PlatformCall, caller: Caller): HttpReply {
  const { engine, query } = call;
  if (engine.switches.usageFails) return platformError('server_error', 'Internal server error');
  const expand: Expand = expansions(query, EXPANSIONS, ['time_series']);
  if (!expand.has('time_series') && !expand.has('summary')) {
    throw invalid('expand', 'at least one of time_series and summary');
  }
  const range = bucketedRangeOf(query, engine.clock.now());
  const wanted = chargeFilter({
    endpointIds: manyOf(query, 'endpoint_id'),
    keyIds: manyOf(query, 'api_key_id'),
    logins: manyOf(query, 'login_username'),
  });
  const jobs = billedJobs(engine, caller.account, range).filter(wanted);
  const rows = (some: readonly BilledJob[]): unknown[] => usageRows(call, some, expand);
  const { items, ...cursor } = numberedPage(bucketsOf(jobs, range), query, limitOf(query, PAGE));
  return json(200, {
    ...(expand.has('time_series')
      ? {
          time_series: items.map(([at, some]) => ({
            bucket: range.calendar.format(at),
            results: rows(some),
          })),
        }
      : {}),
    // Whole on the first page and empty after it: whoever adds up the pages counts nothing twice.
    ...(expand.has('summary') ? { summary: pageNumberOf(query) === 1 ? rows(jobs) : [] } : {}),
    ...(expand.has('time_series') ? cursor : { next_cursor: null, has_more: false }),
  });
}

/** Jobs by the bucket that their completion falls into, oldest bucket first; buckets without jobs are left out. */
export function bucketsOf<T extends { readonly completedAt: number }>(
  jobs: readonly T[],
  range: BucketedRange,
): readonly (readonly [number, T[]])[] {
  const buckets = Map.groupBy(jobs, (job) => range.calendar.floor(job.completedAt, range.timeframe));
  return [...buckets].sort(([a], [b]) => a - b);
}

function usageRows({ engine }: PlatformCall, jobs: readonly BilledJob[], expand: Expand): unknown[] {
  const splitsByKey = AUTH_EXPANSIONS.some((name) => expand.has(name));
  const lines = Map.groupBy(jobs, (job) =>
    JSON.stringify([
      job.endpointId,
      job.unit,
      job.unitPriceNano ?? 0,
      discountOf(job),
      splitsByKey ? job.keyId : '',
    ]),
  );
  return [...lines]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, group]) => {
      const [first] = group;
      if (first === undefined) return [];
      return [{ ...usageRow(first, group), ...authFields(engine, first.keyId, expand) }];
    });
}

function usageRow(first: BilledJob, group: readonly BilledJob[]): Record<string, unknown> {
  const costs = costFields(sumOf(group));
  return {
    endpoint_id: first.endpointId,
    unit: first.unit,
    quantity: sumOfQuantities(group),
    unit_price: usd(first.unitPriceNano ?? 0),
    percent_discount: discountOf(first),
    ...costs,
    cost: costs.cost_total,
    currency: 'USD',
  };
}

function sumOf(jobs: readonly BilledJob[]): Charge {
  let [subtotalNano, totalNano] = [0, 0];
  for (const job of jobs) {
    const charge = chargeOf(job);
    subtotalNano += charge.subtotalNano;
    totalNano += charge.totalNano;
  }
  return { subtotalNano, totalNano };
}

/** Rounded to nine digits, so that adding up decimals does not show 0.30000000000000004. */
function sumOfQuantities(jobs: readonly BilledJob[]): number {
  return Math.round(jobs.reduce((sum, job) => sum + job.billableUnits, 0) * 1e9) / 1e9;
}
