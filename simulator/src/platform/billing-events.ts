import type { Caller } from '../engine.ts';
import { type HttpReply, json } from '../reply.ts';
import { type BillingRow, billingRows } from './billing-rows.ts';
import { AUTH_EXPANSIONS, authFields, chargeFilter, costFields, discountOf, usd } from './charges.ts';
import { invalid, platformError } from './envelope.ts';
import type { PlatformCall } from './operation.ts';
import { newerFirst, pageByPlace, pageWindowOf } from './paging.ts';
import { expansions, limitOf, manyOf } from './query.ts';
import { isoTime } from './records.ts';
import { timeRangeOf } from './time-range.ts';

const PAGE = { byDefault: 1000, most: 10_000 };
const LONGEST_SPAN_MS = 90 * 86_400_000;

/**
 * `GET /models/billing-events`: one event per billed request, newest first, unless a fault is on.
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
  const limit = limitOf(query, PAGE);
  const rows = billingRows(engine, caller.account, {
    range,
    isWanted: (job) => wanted(job) && (requestIds.length === 0 || requestIds.includes(job.requestId)),
    window: pageWindowOf(query),
    // One more than a page holds, to know whether there is another.
    enough: limit + 1,
  }).sort((a, b) => newerFirst(a.place, b.place));
  const { items, ...cursor } = pageByPlace(rows, query, {
    limit,
    placeOf: ({ place }) => place,
    isRepeated: (row) => row.isRepeated,
  });
  return json(200, {
    billing_events: items.map((row) => ({ ...eventOf(row), ...authFields(engine, row.job.keyId, expand) })),
    ...cursor,
  });
}

function eventOf({ job, at, units, charge }: BillingRow): Record<string, unknown> {
  return {
    request_id: job.requestId,
    endpoint_id: job.endpointId,
    timestamp: isoTime(at),
    output_units: units,
    unit_price: job.unitPriceNano === undefined ? null : usd(job.unitPriceNano),
    percent_discount: discountOf(job),
    ...costFields(charge),
    cost_estimate_nano_usd: charge.totalNano,
  };
}
