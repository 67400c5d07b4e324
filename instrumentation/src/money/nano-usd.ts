/**
 * Money of the app side: whole nano-dollars (1 USD = 1e9). A sum of integers is exact where a sum of floats
 * drifts; the largest safe value is about nine million dollars.
 */
export type NanoUsd = number;

/** Nano-dollars in a dollar. */
export const NANO = 1e9;

/** A price that rounding to nano-dollars misstates by more than this share is refused: 1 %. */
const LARGEST_ROUNDING = 0.01;

/** What `nanoPriceOf` takes, in words for the person whose price was refused. */
export const PRICE_EXPECTED =
  'a number of dollars per unit, 0 or more, that whole nano-dollars (1e-9 USD) state within 1 %';

/**
 * Dollars per unit as nano-dollars per unit, rounded to the nearest. Undefined for what is no price: no number,
 * negative, not finite, beyond the safe integers. Also for a price so small that whole nano-dollars would misstate
 * it (0.4 n$ would be free, 1.5 n$ would be 2): an unknown cost is counted as unknown, a wrong one looks right.
 */
export function nanoPriceOf(usdPerUnit: unknown): NanoUsd | undefined {
  if (typeof usdPerUnit !== 'number' || !(usdPerUnit >= 0)) return undefined;
  const exact = usdPerUnit * NANO;
  const nano = Math.round(exact);
  if (!Number.isSafeInteger(nano) || Math.abs(nano - exact) > exact * LARGEST_ROUNDING) return undefined;
  return nano === 0 ? 0 : nano;
}
