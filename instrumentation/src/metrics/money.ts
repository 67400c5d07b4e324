import type { Outcome } from '../errors/error-type.ts';
import { parseUnits } from '../money/billable-units.ts';
import type { EndpointPrice } from '../money/prices.ts';
import type { Operation } from '../request/operation.ts';
import { type AttributeSet, NO_ATTRIBUTES } from './call-attributes.ts';
import type { Counter } from './instruments.ts';

export interface Prices {
  readonly priceOf: (endpointId: string) => EndpointPrice | undefined;
  /** Whole nano-dollars for a decimal of units, or undefined when they cannot be known. */
  readonly costNanoOf: (unitsText: string, unitPriceNano: number) => number | undefined;
}

export interface MoneyCounters {
  readonly units: Counter<'endpoint_id' | 'unit'>;
  readonly cost: Counter<'endpoint_id' | 'source'>;
  readonly wastedCost: Counter<'endpoint_id' | 'reason'>;
  readonly unpriced: Counter<'endpoint_id'>;
  readonly attributedUnits: Counter<'endpoint_id' | 'unit'>;
  readonly attributedCost: Counter<'endpoint_id' | 'source'>;
}

/** What money was spent on: how the request ended, or the job that a repeated POST made beside it. */
export type SpentOn = Outcome | 'duplicate';

/** A request that is over, as far as money goes. */
export interface BilledRequest {
  readonly endpoint: string;
  /** For the price: it is known by the real id even where the label is `_OTHER`. */
  readonly endpointId: string;
  readonly operation: Operation;
  readonly outcome: SpentOn;
  /** Header `X-Fal-Billable-Units`, as sent. */
  readonly unitsText: string | undefined;
  readonly extra: AttributeSet;
}

/**
 * Books what a request cost. Unknown is never 0: a success of unknown price is counted as unpriced. What did not
 * succeed and was billed all the same is wasted as well.
 */
export function bookMoney(request: BilledRequest, prices: Prices, counters: MoneyCounters): void {
  const { endpoint, outcome, extra } = request;
  const units = unitsIn(request.unitsText);
  // Sending a file to fal's storage is not billed.
  if (units === 0 || (units === undefined && request.operation === 'upload')) return;
  const price = prices.priceOf(request.endpointId);
  const unit = price?.unit;
  const isAttributed = extra !== NO_ATTRIBUTES;
  if (units !== undefined) {
    counters.units.add(units, { endpoint_id: endpoint, unit });
    if (isAttributed) counters.attributedUnits.add(units, { endpoint_id: endpoint, unit }, extra);
  }
  const nano = units === undefined ? undefined : costOf(request.unitsText, price, prices);
  if (nano === undefined) {
    if (outcome === 'ok') counters.unpriced.add(1, { endpoint_id: endpoint });
    return;
  }
  const bill = { endpoint_id: endpoint, source: 'list_price' };
  counters.cost.add(nano, bill);
  if (isAttributed) counters.attributedCost.add(nano, bill, extra);
  if (outcome !== 'ok') counters.wastedCost.add(nano, { endpoint_id: endpoint, reason: outcome });
}

function costOf(
  unitsText: string | undefined,
  price: EndpointPrice | undefined,
  prices: Prices,
): number | undefined {
  if (unitsText === undefined || price === undefined) return undefined;
  const nano = prices.costNanoOf(unitsText, price.unitPriceNano);
  return nano !== undefined && Number.isSafeInteger(nano) && nano >= 0 ? nano : undefined;
}

/** The units in a header, or undefined when it holds no believable decimal. */
function unitsIn(text: string | undefined): number | undefined {
  return parseUnits(text) === undefined ? undefined : Number(text);
}
