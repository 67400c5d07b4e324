/**
 * Money inside the exporter: whole nano-dollars (1 USD = 1e9). A sum of integers is exact where a sum of
 * floats drifts; the largest safe value is about nine million dollars.
 */
export type NanoUsd = number;

const NANO = 1e9;

/** Dollars to nano-dollars, rounded to the nearest. Throws a RangeError for what is no finite amount. */
export function nanoFromUsd(usd: number): NanoUsd {
  const nano = Math.round(usd * NANO);
  if (!Number.isSafeInteger(nano)) throw new RangeError(`not an amount of money in USD: ${usd}`);
  return nano === 0 ? 0 : nano;
}

/** Nano-dollars to dollars, for exposition and people only; never sum the result. */
export function usdFromNano(nano: NanoUsd): number {
  return nano / NANO;
}
