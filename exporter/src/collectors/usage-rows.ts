import { z } from 'zod';
import { LARGEST_COST } from '../billing/bookable.ts';
import { roundedProduct } from '../domain/decimal.ts';
import type { NanoUsd } from '../domain/money.ts';
import { keyAliasOf } from './billing-event-row.ts';
import { moment } from './fal-time.ts';

const NANO = 1e9;

/** One line of usage: a model in one unit at one price. `cost` is the same as `cost_total` and never added to it. */
const usageRow = z.object({
  endpoint_id: z.string().regex(/^[^\p{C}\s]{1,200}$/u),
  unit: z.string().max(200),
  quantity: z.number().nonnegative(),
  cost_subtotal: z.number().nullish().catch(undefined),
  cost_total: z.number().nonnegative(),
  currency: z.string(),
  unit_price: z.number().nullish().catch(undefined),
  percent_discount: z.number().nullish().catch(undefined),
  auth_method: z.string().nullish().catch(undefined),
});

/** Rows one by one, so that one which cannot be read does not take the others with it. */
export const summaryRow = z.unknown();
export const usageBucket = z.object({ bucket: moment, results: z.array(z.unknown()) });

/** A line of usage with its money in whole nano-dollars. */
export interface UsageLine {
  readonly endpointId: string;
  readonly unit: string;
  readonly units: number;
  readonly cost: NanoUsd;
  /** Before discounts; the same as `cost` where fal does not say. */
  readonly listed: NanoUsd;
  /** Alias of the key, or how else fal names who called; only where rows were asked for by caller. */
  readonly keyAlias: string | undefined;
  /** What no second row of the same time may have in common with it. */
  readonly key: string;
}

/**
 * Reads one row; undefined for one that is not what the API promises.
 *
 * @throws RangeError for money that is not in USD: no sum of it would mean anything.
 */
export function usageLineOf(row: unknown): UsageLine | undefined {
  const { success, data } = usageRow.safeParse(row);
  if (!success) return undefined;
  if (data.currency !== 'USD') throw new RangeError(`usage is in ${inShort(data.currency)}, expected USD`);
  const cost = nanoOf(data.cost_total);
  if (cost === undefined) return undefined;
  const { endpoint_id: endpointId, unit, quantity: units, unit_price: price, percent_discount: off } = data;
  const keyAlias = keyAliasOf(data.auth_method ?? '');
  return {
    ...{ endpointId, unit, units, cost, keyAlias },
    listed: Math.max(nanoOf(data.cost_subtotal ?? 0) ?? 0, cost),
    key: JSON.stringify([endpointId, unit, price ?? 0, off ?? 0, keyAlias]),
  };
}

function nanoOf(usd: number): NanoUsd | undefined {
  const nano = roundedProduct(usd, NANO);
  return nano !== undefined && nano <= LARGEST_COST ? nano : undefined;
}

/** Codes of currencies have three letters; whatever else stands there is not repeated. */
function inShort(currency: string): string {
  return /^[A-Za-z]{3}$/.test(currency) ? currency : 'no known currency';
}
