import { decimalOf } from '../domain/decimal.ts';
import type { NanoUsd } from '../domain/money.ts';

/** A run that seems to cost more than this is a defect of a header or a price, not a price: 1,000 USD. */
export const SANE_RUN_COST: NanoUsd = 1_000_000_000_000;

/** Digits only, one optional point, no sign, no exponent: nothing else is documented for the header. */
const UNITS = /^\d{1,15}(?:\.\d{1,30})?$/;

/**
 * The header `X-Fal-Billable-Units` as a number, or undefined for anything but a plain decimal
 * (https://fal.ai/docs/documentation/model-apis/common-parameters: the quantity billed).
 */
export function parseBillableUnits(header: string | null): number | undefined {
  const text = header?.trim() ?? '';
  return UNITS.test(text) ? Number(text) : undefined;
}

export interface CostQuestion {
  readonly units: number | undefined;
  /** Price of one unit. */
  readonly unitPrice: NanoUsd | undefined;
  /** Costs above this are not believed. */
  readonly sanityBound?: NanoUsd | undefined;
}

/**
 * Units × unit price, exact in decimal and rounded up to a whole nano-dollar, so that the books never show
 * less than fal charges. 1.05 units at 0.003 USD are 3,150,000 nano-dollars, not 3,150,000.0000000005.
 *
 * Undefined when either side is missing or no sane amount: then the caller books its worst case.
 */
export function costOf({ units, unitPrice, sanityBound = SANE_RUN_COST }: CostQuestion): NanoUsd | undefined {
  if (unitPrice === undefined || !Number.isSafeInteger(unitPrice) || unitPrice < 0) return undefined;
  if (units === undefined || !Number.isFinite(units) || units < 0) return undefined;
  const { digits, scale } = decimalOf(units);
  const divisor = 10n ** BigInt(scale);
  const cost = (digits * BigInt(unitPrice) + divisor - 1n) / divisor;
  return cost <= BigInt(Math.trunc(sanityBound)) ? Number(cost) : undefined;
}

/** The cost of a run from the header as it came; undefined when it does not tell. */
export function costOfHeader(header: string | null, unitPrice: NanoUsd | undefined): NanoUsd | undefined {
  return costOf({ units: parseBillableUnits(header), unitPrice });
}
