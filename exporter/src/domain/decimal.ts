/** A decimal number without loss: `digits` divided by ten to the power of `scale`, which is 0 or more. */
export interface Decimal {
  readonly digits: bigint;
  readonly scale: number;
}

/**
 * A finite number ≥ 0 as digits ÷ 10^scale. Takes the shortest decimal that means this number, which is what
 * the sender wrote as long as it wrote no more than 15 digits: 1.05 becomes 105 ÷ 10², not 1.0500000000000000444.
 */
export function decimalOf(value: number): Decimal {
  const [mantissa = '0', exponent = '0'] = String(value).split('e');
  const [whole = '0', fraction = ''] = mantissa.split('.');
  const scale = fraction.length - Number(exponent);
  const digits = BigInt(whole + fraction);
  return scale >= 0 ? { digits, scale } : { digits: digits * 10n ** BigInt(-scale), scale: 0 };
}

/**
 * The product of some numbers ≥ 0, exact in decimal and rounded half up to a whole number: 1.005 × 100 is 101, where
 * the product of doubles is 100.49999999999999. Undefined when one of them is no finite number ≥ 0, and when the
 * product is beyond the safe integers.
 */
export function roundedProduct(...factors: readonly number[]): number | undefined {
  let [digits, scale] = [1n, 0];
  for (const factor of factors) {
    if (!Number.isFinite(factor) || factor < 0) return undefined;
    const decimal = decimalOf(factor);
    digits *= decimal.digits;
    scale += decimal.scale;
  }
  const divisor = 10n ** BigInt(scale);
  const product = Number((2n * digits + divisor) / (2n * divisor));
  return Number.isSafeInteger(product) ? product : undefined;
}
