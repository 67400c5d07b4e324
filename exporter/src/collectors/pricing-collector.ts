import type { CollectorConfig } from '../config/config.ts';
import { nanoFromUsd } from '../domain/money.ts';
import type { UnitPrice } from '../domain/unit-price.ts';
import type { FalAccess } from '../fal/client.ts';
import { platformGet, pricingPage } from '../fal/platform.ts';
import type { CollectContext, Collector } from './collector.ts';
import { EndpointQuestions } from './endpoint-questions.ts';
import { readPages } from './pages.ts';
import type { PriceAnswer, PriceWatch } from './price-watch.ts';

/** One page holds fifty prices today; should fal ever cut them up, this is as far as we follow. */
const MOST_PAGES = 10;

export interface PricingCollectorOptions {
  readonly access: FalAccess;
  readonly config: CollectorConfig;
  readonly endpointIds: readonly string[];
  /** Compares each reading with the last one. */
  readonly watch: PriceWatch;
}

/**
 * List prices of the configured endpoints: what turns the units of a probe into money. An endpoint without a
 * price is missing from the answer, and stays unknown. Prices are those of the account, so the key matters.
 */
export function createPricingCollector(options: PricingCollectorOptions): Collector {
  const { access, config, endpointIds, watch } = options;
  const { clock } = access;
  const questions = new EndpointQuestions({ endpointIds, clock, leaveOutMs: 0 });
  return {
    name: 'pricing',
    intervalMs: config.intervalMs,
    callsPerHour: config.callsPerHour,
    async collect(context): Promise<void> {
      let hasRead = false;
      const take = (asked: readonly string[], answer: PriceAnswer): void => {
        hasRead = true;
        tell(context, answer, clock.now());
        watch.observe(asked, answer, clock.now());
      };
      try {
        await questions.askAll(
          async (ids) => take(ids, await readPrices(access, ids, context)),
          // fal knows no such model, so it has no price either.
          (id) => take([id], { prices: [], isWhole: true }),
        );
      } finally {
        const changes = watch.changes(clock.now());
        if (hasRead) context.emit({ kind: 'price_changes_observed', at: clock.now(), changes });
      }
    },
  };
}

async function readPrices(
  access: FalAccess,
  endpointIds: readonly string[],
  { signal, spendCall }: CollectContext,
): Promise<PriceAnswer> {
  const prices: { endpointId: string; price: UnitPrice | undefined }[] = [];
  const isWhole = await readPages(
    (cursor) => {
      spendCall();
      const query = { endpoint_id: endpointIds, ...(cursor === undefined ? {} : { cursor: [cursor] }) };
      return platformGet(access, {
        ...{ path: '/models/pricing', query, schema: pricingPage, key: access.falKey(), signal },
      });
    },
    (page) => {
      for (const { endpoint_id: endpointId, unit, unit_price: usd, currency } of page.prices) {
        if (!endpointIds.includes(endpointId)) continue;
        prices.push({
          endpointId,
          price: currency === 'USD' ? { unit, price: nanoFromUsd(usd) } : undefined,
        });
      }
    },
    MOST_PAGES,
  );
  return { prices, isWhole };
}

function tell({ emit }: CollectContext, { prices }: PriceAnswer, at: number): void {
  for (const { endpointId, price } of prices)
    if (price !== undefined) emit({ kind: 'unit_price_observed', at, endpointId, ...price });
}
