import type { Caller } from '../engine.ts';
import { type HttpReply, json } from '../reply.ts';
import {
  AUTH_EXPANSIONS,
  authFields,
  chargeFilter,
  chargeOf,
  costFields,
  discountOf,
  usd,
} from './charges.ts';
import { invalid, platformError } from './envelope.ts';
import type { PlatformCall } from './operation.ts';
import { newerFirst, pageByPlace } from './paging.ts';
import { expansions, limitOf, manyOf } from './query.ts';
import { type BilledJob, billedJobs, isoTime } from './records.ts';
import { contains, timeRangeOf } from './time-range.ts';

const PAGE = { byDefault: 1000, most: 10_000 };
const LONGEST_SPAN_MS = 90 * 86_400_000;

/**
 * `GET /models/billing-events`: one event per billed request, newest first.
 * Source: https://api.fal.ai/v1/openapi.json
 */
export function billingEvents({ engine, query }: PlatformCall, caller: Caller): HttpReply {
  if (engine.switches.billingEventsFail) return platformError('server_error', 'Internal server error');
  const expand = expansions(query, AUTH_EXPANSIONS);
  const range = timeRangeOf(query, engine.clock.now());
  if (range.end - range.start > LONGEST_SPAN_MS) throw invalid('start', 'at most 90 days before end');
  const requestIds = manyOf(query, 'request_id');
  const wanted = chargeFilter({
    endpointIds: manyOf(query, 'endpoint_id'),
    keyIds: manyOf(query, 'api_key_id'),
    logins: manyOf(query, 'login_username'),
  });
  const events = billedJobs(engine, caller.account)
    .filter((job) => contains(range, job.completedAt) && wanted(job))
    .filter((job) => requestIds.length === 0 || requestIds.includes(job.requestId))
    .sort((a, b) => newerFirst(placeOf(a), placeOf(b)));
  const { items, ...cursor } = pageByPlace(events, query, { limit: limitOf(query, PAGE), placeOf });
  return json(200, {
    billing_events: items.map((job) => ({ ...eventOf(job), ...authFields(engine, job.keyId, expand) })),
    ...cursor,
  });
}

function placeOf(job: BilledJob): { at: number; id: string } {
  return { at: job.completedAt, id: job.requestId };
}

function eventOf(job: BilledJob): Record<string, unknown> {
  return {
    request_id: job.requestId,
    endpoint_id: job.endpointId,
    timestamp: isoTime(job.completedAt),
    output_units: job.billableUnits,
    unit_price: job.unitPriceNano === undefined ? null : usd(job.unitPriceNano),
    percent_discount: discountOf(job),
    ...costFields(chargeOf(job)),
    cost_estimate_nano_usd: chargeOf(job).totalNano,
  };
}
