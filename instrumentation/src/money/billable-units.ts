import type { NanoUsd } from './nano-usd.ts';

/** A decimal number without loss: `digits` divided by ten to the power of `scale`. */
export interface BillableUnits {
  readonly digits: bigint;
  /** 0 or more. */
  readonly scale: number;
}

/** A plain decimal, or one with an exponent, as JSON and Python print numbers. */
const DECIMAL = /^(?=\.?\d)(\d*)\.?(\d*)(?:[eE]([+-]?\d{1,2}))?$/;

/** Longer than any decimal that a server prints for a double. */
const LONGEST_TEXT = 40;

/** No request is billed for more; a counter that swallowed such a number would never be right again. */
const MOST_UNITS = 10n ** 9n;

/** Texts that have been read: a model bills the same few numbers over and over. */
const read = new Map<string, BillableUnits>();
const MOST_READ = 200;

/**
 * Reads the header `X-Fal-Billable-Units`: "1", "3.008", "1e3". Undefined for anything else, such as a sign, a
 * word, "NaN", two values joined by a comma, more than 40 characters, or more than a billion units.
 */
export function parseUnits(text: string | undefined): BillableUnits | undefined {
  if (text === undefined || text.length > LONGEST_TEXT) return undefined;
  const known = read.get(text);
  if (known !== undefined) return known;
  const units = parsed(text);
  if (units !== undefined && read.size < MOST_READ) read.set(text, units);
  return units;
}

function parsed(text: string): BillableUnits | undefined {
  const [, whole, fraction = '', exponent = '0'] = DECIMAL.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const digits = BigInt(whole + fraction);
  const scale = fraction.length - Number(exponent);
  const units = scale < 0 ? { digits: digits * 10n ** BigInt(-scale), scale: 0 } : { digits, scale };
  return units.digits <= MOST_UNITS * 10n ** BigInt(units.scale) ? units : undefined;
}

/**
 * What units cost at a price: the exact product, rounded half up to a whole nano-dollar, before any discount.
 * Source of the formula: https://github.com/TanStack/ai/issues/722.
 *
 * @param unitsText the header as sent.
 * @param unitPriceNano nano-dollars per unit, a whole number.
 * @returns undefined when the units cannot be read, the price is none, or the cost is beyond the safe integers.
 */
export function costNanoOf(unitsText: string | undefined, unitPriceNano: NanoUsd): NanoUsd | undefined {
  if (!Number.isSafeInteger(unitPriceNano) || unitPriceNano < 0) return undefined;
  const units = parseUnits(unitsText);
  if (units === undefined) return undefined;
  // Whole units at a whole price need no big numbers.
  const plain = units.scale === 0 ? Number(units.digits) * unitPriceNano : Number.NaN;
  if (Number.isSafeInteger(plain)) return plain;
  const divisor = 10n ** BigInt(units.scale);
  const cost = Number((2n * units.digits * BigInt(unitPriceNano) + divisor) / (2n * divisor));
  return Number.isSafeInteger(cost) ? cost : undefined;
}
