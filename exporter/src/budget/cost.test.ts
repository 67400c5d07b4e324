import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { costOf, costOfHeader, parseBillableUnits, SANE_RUN_COST } from './cost.ts';

/** Decimal text with up to 6 digits on each side, and the same number in millionths. */
const decimal = fc
  .record({ whole: fc.nat(999_999), millionths: fc.nat(999_999) })
  .map(({ whole, millionths }) => ({
    text: `${whole}.${String(millionths).padStart(6, '0')}`,
    millionths: BigInt(whole) * 1_000_000n + BigInt(millionths),
  }));

describe('the cost of a run', () => {
  it('is exact where floating point is not', () => {
    expect(costOf({ units: 1.05, unitPrice: 3_000_000 })).toBe(3_150_000);
    expect(costOf({ units: 0.1, unitPrice: 30 })).toBe(3);
    expect(costOf({ units: 3.008, unitPrice: 50_000_000 })).toBe(150_400_000);
  });

  it('rounds a part of a nano-dollar up, so that the books never show less than fal charges', () => {
    expect(costOf({ units: 0.5, unitPrice: 1 })).toBe(1);
    expect(costOf({ units: 1e-30, unitPrice: 1 })).toBe(1);
    expect(costOf({ units: 1.0000001, unitPrice: 3_000_000 })).toBe(3_000_001);
  });

  it('is zero for zero units and for a free model', () => {
    expect(costOf({ units: 0, unitPrice: 3_000_000 })).toBe(0);
    expect(Object.is(costOf({ units: -0, unitPrice: 3_000_000 }), 0)).toBe(true);
    expect(costOf({ units: 7, unitPrice: 0 })).toBe(0);
  });

  it('equals the product in whole numbers, for any header and price', () => {
    fc.assert(
      fc.property(decimal, fc.nat(1_000_000), ({ text, millionths }, unitPrice) => {
        const exact = millionths * BigInt(unitPrice);
        const expected = (exact + 999_999n) / 1_000_000n;
        expect(costOfHeader(text, unitPrice)).toBe(
          expected <= BigInt(SANE_RUN_COST) ? Number(expected) : undefined,
        );
      }),
    );
  });

  it('is unknown for whatever is no sane amount, so that the worst case is booked', () => {
    for (const units of [NaN, Infinity, -Infinity, -1, -1e-9, undefined]) {
      expect(costOf({ units, unitPrice: 3_000_000 })).toBeUndefined();
    }
    for (const unitPrice of [NaN, Infinity, -1, 0.5, 2 ** 53, undefined]) {
      expect(costOf({ units: 1, unitPrice })).toBeUndefined();
    }
  });

  it('is not believed above the bound, which can be set', () => {
    expect(costOf({ units: 1000, unitPrice: 1_000_000_000 })).toBe(SANE_RUN_COST);
    expect(costOf({ units: 1000.0001, unitPrice: 1_000_000_000 })).toBeUndefined();
    expect(costOf({ units: 1e300, unitPrice: 1_000_000_000 })).toBeUndefined();
    expect(costOf({ units: 11, unitPrice: 1, sanityBound: 10 })).toBeUndefined();
    expect(costOf({ units: 10, unitPrice: 1, sanityBound: 10 })).toBe(10);
  });

  it('is undefined or a whole number from 0 to the bound, whatever comes in', () => {
    fc.assert(
      fc.property(fc.double(), fc.double(), (units, unitPrice) => {
        const cost = costOf({ units, unitPrice });
        expect(cost === undefined || (Number.isSafeInteger(cost) && cost >= 0 && cost <= SANE_RUN_COST)).toBe(
          true,
        );
      }),
      { numRuns: 1000 },
    );
  });
});

describe('the units header', () => {
  it('is a plain decimal, with room around it', () => {
    expect(parseBillableUnits('1')).toBe(1);
    expect(parseBillableUnits('0')).toBe(0);
    expect(parseBillableUnits(' 1.05 ')).toBe(1.05);
    expect(parseBillableUnits('3.008000000000001')).toBe(3.008000000000001);
  });

  it('is unknown when it is anything else', () => {
    const hostile = ['', ' ', '-1', '+1', '1e3', '.5', '1.', '1,5', '0x10', 'NaN', 'Infinity', '1 2', '１'];
    for (const header of [...hostile, '1'.repeat(16), `1.${'0'.repeat(31)}`, null]) {
      expect(parseBillableUnits(header)).toBeUndefined();
    }
  });

  it('never yields anything but a finite number from 0 up', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (header) => {
        const units = parseBillableUnits(header);
        expect(units === undefined || (Number.isFinite(units) && units >= 0)).toBe(true);
      }),
    );
  });
});
