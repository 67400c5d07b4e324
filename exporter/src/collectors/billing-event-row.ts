import { z } from 'zod';
import type { BillingEvent } from '../billing/billing-books.ts';
import { LARGEST_COST } from '../billing/bookable.ts';
import { roundedProduct } from '../domain/decimal.ts';
import type { NanoUsd } from '../domain/money.ts';
import type { UnitPrice } from '../domain/unit-price.ts';
import { moment } from './fal-time.ts';

const NANO = 1e9;

/** Text without control characters, which would spoil a label or a terminal. */
const id = z.string().regex(/^[^\p{C}\s]{1,200}$/u);
/** A number that the row can do without. */
const number = z.number().nullish().catch(undefined);

/** One row of billing events, with what may be missing. Source: https://api.fal.ai/v1/openapi.json */
export const billingEventRow = z.object({
  request_id: id,
  endpoint_id: id,
  timestamp: moment,
  output_units: number,
  unit_price: number,
  cost_subtotal: number,
  cost_total: number,
  cost_estimate_nano_usd: number,
  auth_method: z.string().nullish().catch(undefined),
});

export type BillingEventRow = z.infer<typeof billingEventRow>;

/** The newest list price of an endpoint, where it is known. */
export type PriceOf = (endpointId: string) => UnitPrice | undefined;

/** What a row says, or undefined when it tells no cost, or one that nobody is billed. */
export function billingEventOf(row: BillingEventRow, priceOf: PriceOf): BillingEvent | undefined {
  const cost = costOf(row);
  if (cost === undefined) return undefined;
  return {
    ...{ requestId: row.request_id, endpointId: row.endpoint_id, at: row.timestamp, cost },
    estimate: estimateOf(row, priceOf),
    keyAlias: keyAliasOf(row.auth_method ?? ''),
  };
}

/** fal's own integer where there is a sound one, else the decimal in dollars. */
function costOf({ cost_estimate_nano_usd: nano, cost_total: usd }: BillingEventRow): NanoUsd | undefined {
  if (typeof nano === 'number' && Number.isSafeInteger(nano) && nano >= 0) return bookable(nano);
  return typeof usd === 'number' ? bookable(roundedProduct(usd, NANO)) : undefined;
}

/** What a row would have cost without a discount; undefined where fal does not say. */
export function subtotalOf({ cost_subtotal: usd }: BillingEventRow): NanoUsd | undefined {
  return typeof usd === 'number' ? bookable(roundedProduct(usd, NANO)) : undefined;
}

/**
 * Units × list price, exact in decimal and rounded half up: the middle of what could be meant, because it stands
 * beside bills to be compared, and not, as the worst case of a probe, before them.
 */
function estimateOf(row: BillingEventRow, priceOf: PriceOf): NanoUsd | undefined {
  const { output_units: units, unit_price: usd } = row;
  if (typeof units !== 'number') return undefined;
  const listed = priceOf(row.endpoint_id)?.price;
  if (listed !== undefined) return bookable(roundedProduct(units, listed));
  return typeof usd === 'number' ? bookable(roundedProduct(units, usd, NANO)) : undefined;
}

function bookable(amount: NanoUsd | undefined): NanoUsd | undefined {
  return amount !== undefined && amount <= LARGEST_COST ? amount : undefined;
}

const LONGEST_ALIAS = 64;

/** People write aliases: no line breaks, nothing that turns text around, and not for ever. */
export function keyAliasOf(authMethod: string): string | undefined {
  const clean = authMethod
    .slice(0, 4 * LONGEST_ALIAS)
    .replace(/\p{C}/gu, ' ')
    .trim();
  const alias = [...clean].slice(0, LONGEST_ALIAS).join('').trim();
  return alias === '' ? undefined : alias;
}
