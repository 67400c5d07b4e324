import type { z } from 'zod';
import { usageBucket, usageLineOf } from '../collectors/usage-rows.ts';
import { platformPages } from '../fal/platform-pages.ts';
import { MISSHAPEN, PlatformError } from '../fal/platform.ts';
import type { CostLine } from './cost-line.ts';
import { type CostQuestion, DAY_MS, callLimit, spansOf } from './cost-question.ts';

const PATH = '/models/usage';

/** The lines of one day by what no two of them have in common. */
type Day = ReadonlyMap<string, CostLine>;

/**
 * The bill by day, model and key, from `GET /models/usage`. It does not tell requests. It is whole or it fails: a
 * bill without a day or a row of it would be believed.
 *
 * @throws PlatformError when fal does not answer, or not as promised; RangeError for money that is not in USD, and
 * when there are too many pages.
 * Source: https://api.fal.ai/v1/openapi.json
 */
export async function costFromUsage(question: CostQuestion): Promise<CostLine[]> {
  const { access, adminKey: key, endpointIds, signal } = question;
  const list = { list: 'time_series', item: usageBucket };
  const call = { path: PATH, key, signal, ...list, ...callLimit(PATH) };
  const days = new Map<number, Day>();
  for (const span of spansOf(question)) {
    const query = {
      ...{ ...span, timeframe: ['day'], bound_to_timeframe: ['false'], timezone: ['UTC'] },
      ...{ expand: ['time_series', 'auth_method'], endpoint_id: endpointIds },
    };
    for await (const { items, unreadable } of platformPages(access, { ...call, query })) {
      if (unreadable > 0)
        throw misshapen('a day that cannot be read, expected an ISO 8601 time and its rows');
      for (const bucket of items) {
        // A day that moved from one page to the next comes twice: what came last holds.
        days.set(bucket.bucket, new Map([...(days.get(bucket.bucket) ?? []), ...linesOf(bucket)]));
      }
      question.onProgress([...days.values()].reduce((lines, day) => lines + day.size, 0));
    }
  }
  return [...days.values()].flatMap((day) => [...day.values()]);
}

function linesOf({ bucket, results }: z.infer<typeof usageBucket>): Day {
  if (bucket % DAY_MS !== 0) throw misshapen('a day that does not begin at midnight, UTC');
  const day = new Date(bucket).toISOString().slice(0, 10);
  const lines = new Map<string, CostLine>();
  for (const row of results) {
    const line = usageLineOf(row);
    if (line === undefined) throw misshapen('a row that cannot be read, expected a model and a cost in USD');
    // Two keys may have the same alias.
    const { billed = 0, listed = 0 } = lines.get(line.key) ?? {};
    const sums = { billed: billed + line.cost, listed: listed + line.listed };
    lines.set(line.key, { day, endpoint: line.endpointId, key: line.keyAlias, ...sums });
  }
  return lines;
}

function misshapen(detail: string): PlatformError {
  return new PlatformError(PATH, MISSHAPEN, { detail });
}
