import type { z } from 'zod';
import type { UsageHour } from '../billing/billing-books.ts';
import { HOUR_MS } from '../billing/hour.ts';
import type { NanoUsd } from '../domain/money.ts';
import { type usageBucket, usageLineOf } from './usage-rows.ts';

/**
 * Usage by hour and model. The same line of the same hour that comes twice, because buckets moved from one page to
 * another, counts once; an hour that is split over two pages is put together again.
 */
export class UsageHours {
  unreadable = 0;
  readonly #hours = new Map<number, Map<string, { readonly endpointId: string; readonly cost: NanoUsd }>>();

  /** @throws RangeError for money that is not in USD, and for a bucket that does not begin with an hour of UTC. */
  add({ bucket, results }: z.infer<typeof usageBucket>): void {
    if (bucket % HOUR_MS !== 0)
      throw new RangeError(
        `GET /models/usage: a bucket begins at ${new Date(bucket).toISOString()}, expected whole hours`,
      );
    const lines = this.#hours.get(bucket) ?? new Map<string, { endpointId: string; cost: NanoUsd }>();
    this.#hours.set(bucket, lines);
    for (const row of results) {
      const line = usageLineOf(row);
      if (line === undefined) this.unreadable += 1;
      else lines.set(line.key, line);
    }
  }

  /** Everything that was added, as slices of at most `most`. Works out no more than it gives. */
  *slices(most: number): Generator<readonly UsageHour[], void, void> {
    let slice: UsageHour[] = [];
    for (const [hour, lines] of this.#hours) {
      for (const [endpointId, cost] of costsByModel(lines.values())) {
        slice.push({ endpointId, hour, cost });
        if (slice.length < most) continue;
        yield slice;
        slice = [];
      }
    }
    if (slice.length > 0) yield slice;
  }
}

function costsByModel(
  lines: Iterable<{ readonly endpointId: string; readonly cost: NanoUsd }>,
): ReadonlyMap<string, NanoUsd> {
  const costs = new Map<string, NanoUsd>();
  for (const { endpointId, cost } of lines) costs.set(endpointId, (costs.get(endpointId) ?? 0) + cost);
  return costs;
}
