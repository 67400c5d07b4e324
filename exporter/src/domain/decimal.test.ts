import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimalOf, roundedProduct } from './decimal.ts';

describe('a product in decimal', () => {
  it.each([
    [[1.005, 100], 101],
    [[1.05, 3_000_000], 3_150_000],
    [[0.00315, 1e9], 3_150_000],
    [[0.1, 5], 1],
    [[0.1, 4], 0],
    [[5e-10, 1e9], 1],
    [[4.9e-10, 1e9], 0],
    [[1e21, 1e-21], 1],
    [[0.5, 0.5, 2], 1],
    [[0, 7], 0],
  ])('of %j is %d, rounded half up', (factors, product) => {
    expect(roundedProduct(...factors)).toBe(product);
  });

  it('is unknown for what is no amount, and beyond the safe integers', () => {
    for (const factor of [-1, NaN, Infinity, 1e300]) expect(roundedProduct(factor, 1e9)).toBeUndefined();
  });

  it('is exact for whatever a sender writes with up to nine places', () => {
    fc.assert(
      fc.property(fc.nat({ max: 9_000 }), fc.nat({ max: 999_999_999 }), (dollars, nano) => {
        const text = `${dollars}.${String(nano).padStart(9, '0')}`;
        expect(roundedProduct(Number(text), 1e9)).toBe(dollars * 1e9 + nano);
      }),
    );
  });
});

describe('a number as a decimal', () => {
  it('means the number again', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e30, noNaN: true }), (value) => {
        const { digits, scale } = decimalOf(value);
        expect(Number(`${digits}e-${scale}`)).toBe(value);
      }),
    );
  });
});
