import fc from 'fast-check';
import { expect, it } from 'vitest';
import { HOUR_MS, hourOf, inHours, shareOf } from './hour.ts';

const moment = fc.integer({ min: 0, max: 6 * HOUR_MS });
const amount = fc.integer({ min: -1e15, max: Number.MAX_SAFE_INTEGER });

it('a span falls into whole hours and at most two pieces, without a gap and without an overlap', () => {
  fc.assert(
    fc.property(moment, moment, (a, b) => {
      const [from, to] = [Math.min(a, b), Math.max(a, b)];
      const { whole, parts } = inHours(from, to);
      const spans = [...parts, whole].filter((span) => span.to > span.from).sort((x, y) => x.from - y.from);
      expect(spans.reduce((sum, span) => sum + span.to - span.from, 0)).toBe(to - from);
      for (const [index, span] of spans.entries()) {
        expect(span.from).toBe(index === 0 ? from : spans[index - 1]?.to);
      }
      expect((whole.to - whole.from) % HOUR_MS).toBe(0);
      for (const part of parts) expect(hourOf(part.from)).toBe(hourOf(part.to - 1));
    }),
  );
});

it('a span that ends before it begins is empty', () => {
  for (const [from, to] of [[5, 5] as const, [HOUR_MS, 5] as const, [5 * HOUR_MS, HOUR_MS] as const]) {
    const { whole, parts } = inHours(from, to);
    expect(parts).toEqual([]);
    expect(whole.to).toBeLessThanOrEqual(whole.from);
  }
});

it('moments between two ms belong to the next one', () => {
  expect(inHours(0.5, HOUR_MS + 0.5)).toEqual({
    whole: { from: HOUR_MS, to: HOUR_MS },
    parts: [
      { from: 1, to: HOUR_MS },
      { from: HOUR_MS, to: HOUR_MS + 1 },
    ],
  });
});

it('shares are exact to the nano-dollar, whatever the amount', () => {
  fc.assert(
    fc.property(amount, moment, moment, fc.integer({ min: 1, max: HOUR_MS }), (money, from, to, of) => {
      const grown = (ms: number): bigint => floorDivide(BigInt(money) * BigInt(Math.min(ms, of)), BigInt(of));
      expect(BigInt(shareOf(money, { from, to, of }))).toBe(grown(to) - grown(from));
    }),
  );
});

it('shares of adjoining parts add up to the share of both, and all of them to the amount', () => {
  expect(shareOf(10, { from: 0, to: 1, of: 3 })).toBe(3);
  expect(shareOf(10, { from: 1, to: 2, of: 3 })).toBe(3);
  expect(shareOf(10, { from: 2, to: 3, of: 3 })).toBe(4);
  expect(shareOf(10, { from: 0, to: HOUR_MS, of: 3 })).toBe(10);
});

function floorDivide(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b < 0n ? quotient - 1n : quotient;
}
