import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EMPTY_LINE, line, MINUTE, NOON } from './test-reading.ts';
import { sumOf, topUpsOf } from './top-ups.ts';

describe('top-ups', () => {
  it('are the increases of the counter', () => {
    expect(topUpsOf(EMPTY_LINE, line([0, 50, 0, 25]))).toEqual([
      { time: NOON - 2 * MINUTE, amount: 50, isAtLeast: false },
      { time: NOON, amount: 25, isAtLeast: false },
    ]);
  });

  it('are the rises of the balance where no counter tells, and then at least that much', () => {
    expect(topUpsOf(line([10, 9, 58, 57]), undefined)).toEqual([
      { time: NOON - MINUTE, amount: 49, isAtLeast: true },
    ]);
  });

  it('are seen across a gap, too', () => {
    expect(topUpsOf(line([10, undefined, undefined, 58]), undefined)).toMatchObject([
      { time: NOON, amount: 48 },
    ]);
  });

  it('are not what increase() makes of them when it stretches a step to its window', () => {
    const [topUp] = topUpsOf(line([10, 9.9, 59.85, 59.75]), line([0, 0, 66.67, 0]));
    expect(topUp?.amount).toBeCloseTo(49.95 + 0.1, 6);
  });

  it('are counted once when the windows of the query overlap', () => {
    const topUps = topUpsOf(line([10, 9, 58, 57, 56, 55]), line([0, 0, 50, 50, 50, 0]));
    expect(topUps).toEqual([{ time: NOON - 3 * MINUTE, amount: 50, isAtLeast: false }]);
  });

  it('count in full when as much was spent in the same step', () => {
    expect(topUpsOf(line([10, 7, 7, 4]), line([0, 0, 3, 0]))).toEqual([
      { time: NOON - MINUTE, amount: 3, isAtLeast: false },
    ]);
  });

  it('are not the crumbs that rounding leaves', () => {
    expect(topUpsOf(line([1, 1.000001]), undefined)).toEqual([]);
    expect(topUpsOf(EMPTY_LINE, line([0, 0.004]))).toEqual([]);
  });

  it('have no sum when there is none', () => {
    expect(sumOf([])).toBeUndefined();
  });

  const amounts = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 500 })), {
    minLength: 2,
    maxLength: 50,
  });

  it('add up to what was paid in, however it was stretched', () => {
    fc.assert(
      fc.property(
        amounts,
        fc.integer({ min: 0, max: 40 }),
        fc.double({ min: 1, max: 1.5, noNaN: true }),
        (paid, cents, stretch) => {
          let balance = 100;
          const balances = [balance, ...paid.map((amount) => (balance += amount - cents / 100))];
          // A step without a top-up, so that the spending of a step is seen.
          balances.push(balance - cents / 100);
          const told = line([0, ...paid.map((amount) => amount * stretch), 0]);
          const truth = paid.reduce((sum, amount) => sum + amount, 0);
          expect(sumOf(topUpsOf(line(balances), told))?.amount ?? 0).toBeCloseTo(truth, 6);
        },
      ),
    );
  });

  it('read off the balance never add up to more than was paid in', () => {
    fc.assert(
      fc.property(amounts, fc.integer({ min: 0, max: 400 }), (paid, cents) => {
        let balance = 100;
        const balances = [balance, ...paid.map((amount) => (balance += amount - cents / 100))];
        const truth = paid.reduce((sum, amount) => sum + amount, 0);
        expect(sumOf(topUpsOf(line(balances), undefined))?.amount ?? 0).toBeLessThanOrEqual(truth + 1e-6);
      }),
    );
  });
});
