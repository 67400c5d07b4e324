import { z } from 'zod';
import { LARGEST_COST } from '../billing/bookable.ts';
import { roundedProduct } from '../domain/decimal.ts';
import type { NanoUsd } from '../domain/money.ts';
import { moment } from './fal-time.ts';

const NANO = 1e9;

/** One line of usage: a model in one unit at one price. `cost` is the same as `cost_total` and never added to it. */
const usageRow = z.object({
  endpoint_id: z.string().regex(/^[^\p{C}\s]{1,200}$/u),
  unit: z.string().max(200),
  quantity: z.number().nonnegative(),
  cost_total: z.number().nonnegative(),
  currency: z.string(),
  unit_price: z.number().nullish().catch(undefined),
  percent_discount: z.number().nullish().catch(undefined),
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
  const cost = roundedProduct(data.cost_total, NANO);
  if (cost === undefined || cost > LARGEST_COST) return undefined;
  const { endpoint_id: endpointId, unit, quantity: units, unit_price: price, percent_discount: off } = data;
  return { endpointId, unit, units, cost, key: JSON.stringify([endpointId, unit, price ?? 0, off ?? 0]) };
}

/** Codes of currencies have three letters; whatever else stands there is not repeated. */
function inShort(currency: string): string {
  return /^[A-Za-z]{3}$/.test(currency) ? currency : 'no known currency';
}
