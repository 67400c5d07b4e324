import { nanoFromUsd } from '../domain/money.ts';
import type { FalAccess } from '../fal/client.ts';
import { platformGet, pricingPage } from '../fal/platform.ts';
import type { Collector } from './collector.ts';

/** Most ids that one pricing call takes. */
const IDS_PER_CALL = 50;

/**
 * List prices of the configured endpoints: what turns the units of a probe into money. An endpoint without a
 * price is missing from the answer, and stays unknown.
 */
export function createPricingCollector(
  endpointIds: readonly string[],
  intervalMs: number,
  access: FalAccess,
): Collector {
  return {
    name: 'pricing',
    intervalMs,
    async collect({ signal, emit }): Promise<void> {
      for (let start = 0; start < endpointIds.length; start += IDS_PER_CALL) {
        const query = { endpoint_id: endpointIds.slice(start, start + IDS_PER_CALL) };
        const call = { path: '/models/pricing', query, schema: pricingPage, key: access.falKey(), signal };
        const { prices } = await platformGet(access, call);
        for (const { endpoint_id: endpointId, unit, unit_price: unitPrice, currency } of prices) {
          if (currency !== 'USD' || !endpointIds.includes(endpointId)) continue;
          emit({
            kind: 'unit_price_observed',
            at: access.clock.now(),
            endpointId,
            unit,
            price: nanoFromUsd(unitPrice),
          });
        }
      }
    },
  };
}
