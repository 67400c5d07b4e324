import { type NanoUsd, usdFromNano } from '../domain/money.ts';

/** An amount for people, with as many digits as it needs: 12.30, 0.0123, 0.000123. */
export function usdText(nano: NanoUsd): string {
  return inOneForm([nano])[0] ?? '';
}

/**
 * Amounts that stand in one column: all have the digits that the smallest needs, as far as the largest is not drowned
 * in them, so that the points stand one below the other. What is less than the last digit shows as such; – for none.
 */
export function inOneForm(amounts: readonly (NanoUsd | undefined)[]): string[] {
  const sizes = amounts.flatMap((nano = 0) => (nano === 0 ? [] : [Math.abs(nano)]));
  const digits = Math.min(digitsFor(Math.min(...sizes)), mostDigitsBeside(Math.max(...sizes)));
  return amounts.map((nano) => (nano === undefined ? '–' : withDigits(nano, digits)));
}

function digitsFor(smallest: NanoUsd): number {
  if (smallest >= 1e9) return 2;
  if (smallest >= 1e6) return 4;
  return smallest >= 1e4 ? 6 : 9;
}

function mostDigitsBeside(largest: NanoUsd): number {
  if (largest >= 10_000e9) return 2;
  if (largest >= 100e9) return 4;
  return largest >= 1e9 ? 6 : 9;
}

function withDigits(nano: NanoUsd, digits: number): string {
  const least = 10 ** (9 - digits);
  if (nano > 0 && nano < least) return `<${usdFromNano(least).toFixed(digits)}`;
  return digits === 9 ? decimal(nano) : usdFromNano(nano).toFixed(digits);
}

/** Every nano-dollar: 3150000 is 0.003150000. */
export function decimal(nano: NanoUsd): string {
  const digits = String(Math.abs(nano)).padStart(10, '0');
  return `${nano < 0 ? '-' : ''}${digits.slice(0, -9)}.${digits.slice(-9)}`;
}
