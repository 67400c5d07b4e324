import { z } from 'zod';
import { nanoFromUsd } from '../domain/money.ts';
import type { FalAccess } from '../fal/client.ts';
import { platformGet } from '../fal/platform.ts';
import type { CostLine } from './cost-line.ts';

/** What of an account's bill to read. */
export interface CostQuestion {
  readonly access: FalAccess;
  readonly adminKey: string;
  /** Ms since the epoch; `until` is exclusive. */
  readonly since: number;
  readonly until: number;
  /** Only these models; all when empty. */
  readonly endpointIds: readonly string[];
  readonly signal: AbortSignal;
  /** Called now and then with what has been read so far. */
  readonly onProgress: (lines: number) => void;
}

/** Buckets of a day in one answer: months of a busy account stay below the size of an answer. */
const DAYS_PER_PAGE = '7';
/** Beyond this something goes round in circles. */
const MAX_PAGES = 1000;

const usagePage = z.object({
  next_cursor: z.string().nullish(),
  time_series: z.array(
    z.object({
      bucket: z.string(),
      results: z.array(
        z.object({
          endpoint_id: z.string(),
          cost_subtotal: z.number().nonnegative(),
          cost_total: z.number().nonnegative(),
          currency: z.string(),
          auth_method: z.string().nullish(),
        }),
      ),
    }),
  ),
});

/**
 * The bill by day, model and key, from `GET /models/usage`. It does not tell requests.
 *
 * @throws PlatformError when fal does not answer; RangeError for money that is not in USD.
 * Source: https://api.fal.ai/v1/openapi.json
 */
export async function costFromUsage(question: CostQuestion): Promise<CostLine[]> {
  const { access, adminKey: key, since, until, endpointIds, signal } = question;
  const lines: CostLine[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const query = {
      ...{ start: [new Date(since).toISOString()], end: [new Date(until).toISOString()] },
      ...{ timeframe: ['day'], bound_to_timeframe: ['false'], expand: ['time_series', 'auth_method'] },
      ...{ endpoint_id: endpointIds, limit: [DAYS_PER_PAGE], cursor: cursor === undefined ? [] : [cursor] },
    };
    const call = { path: '/models/usage', query, schema: usagePage, key, signal };
    const { time_series: days, next_cursor: next } = await platformGet(access, call);
    for (const { bucket, results } of days) {
      for (const result of results) lines.push(lineOf(bucket, result));
    }
    question.onProgress(lines.length);
    if (next === null || next === undefined || next === cursor) return lines;
    cursor = next;
  }
  throw new RangeError(`GET /models/usage: more than ${MAX_PAGES} pages; ask for a shorter time`);
}

function lineOf(
  bucket: string,
  result: z.infer<typeof usagePage>['time_series'][number]['results'][number],
): CostLine {
  const { endpoint_id: endpoint, cost_total: total, cost_subtotal: subtotal, currency } = result;
  if (currency !== 'USD') {
    throw new RangeError(`GET /models/usage: money in ${currency.slice(0, 3)}, expected USD`);
  }
  return {
    ...{ day: new Date(bucket).toISOString().slice(0, 10), endpoint, key: result.auth_method ?? undefined },
    ...{ billed: nanoFromUsd(total), listed: nanoFromUsd(subtotal) },
  };
}
