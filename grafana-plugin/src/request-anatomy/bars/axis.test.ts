import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Row } from '../anatomy/anatomy.ts';
import { axisFor } from './axis.ts';
import { stackOf } from './stack.ts';

function row(value: number, high = value, parts: readonly number[] = [value]): Row {
  return {
    statistic: 0.95,
    total: { value, low: value / 2, high },
    segments: parts.map((part) => ({
      name: 'queue',
      estimate: { value: part, low: part / 2, high: part * 2 },
    })),
  };
}

const seconds = fc.double({ min: 0, max: 20_000, noNaN: true });
const rows = fc.array(
  fc
    .tuple(seconds, seconds, fc.array(seconds, { maxLength: 5 }))
    .map(([a, b, parts]) => row(Math.min(a, b), Math.max(a, b), parts)),
  { maxLength: 8 },
);

describe('axisFor', () => {
  it('keeps every piece and every whisker on the bar, in order, on either axis', () => {
    fc.assert(
      fc.property(
        rows,
        fc.constantFrom('linear' as const, 'log' as const),
        fc.option(seconds, { nil: undefined }),
        (some, kind, limit) => {
          const axis = axisFor(some, kind, limit);
          for (const each of some) {
            const { pieces, total } = stackOf(each, axis);
            const along = pieces.flatMap(({ from, sureTo, to }) => [from, sureTo, to]);
            const all = [...along, total.low, total.value, total.high];
            expect(along).toEqual([...along].sort((a, b) => a - b));
            expect(total.low).toBeLessThanOrEqual(total.value);
            expect(total.value).toBeLessThanOrEqual(total.high);
            expect(all.every((share) => share >= 0 && share <= 1)).toBe(true);
          }
          expect(axis.ticks.every((tick) => tick <= axis.max * (1 + 1e-9))).toBe(true);
          expect(axis.ticks.length).toBeLessThanOrEqual(10);
        },
      ),
    );
  });

  it('puts ticks where clocks have them', () => {
    expect(axisFor([row(100)], 'linear').ticks).toEqual([0, 30, 60, 90]);
    expect(axisFor([row(3000)], 'linear').ticks).toEqual([0, 600, 1200, 1800, 2400, 3000]);
    expect(axisFor([row(4)], 'linear').ticks).toEqual([0, 1, 2, 3, 4]);
    expect(axisFor([row(4000)], 'log').ticks).toEqual([0.1, 1, 10, 60, 600, 3600]);
  });

  it('holds a limit that is near, and lets one go that would squeeze the bars', () => {
    expect(axisFor([row(40)], 'linear', 60).max).toBeGreaterThan(60);
    expect(axisFor([row(2)], 'linear', 60).max).toBe(2);
  });

  it('holds a stack that is longer than the total', () => {
    expect(axisFor([row(90, 120, [80, 70])], 'linear').max).toBe(150);
  });

  it('goes a little beyond a total that has no end', () => {
    const axis = axisFor([row(3600, Infinity)], 'linear');
    expect(axis.max).toBeCloseTo(3960, 6);
    expect(stackOf(row(3600, Infinity), axis)).toMatchObject({ isOpen: true, total: { high: 1 } });
  });

  it('has a length even without anything to show', () => {
    expect(axisFor([], 'linear').max).toBe(1);
    expect(axisFor([row(0)], 'log').position(0)).toBe(0);
  });
});

describe('stackOf', () => {
  it('is solid up to the lower end and pale beyond', () => {
    const { pieces } = stackOf(row(10, 10, [10]), axisFor([row(10, 10, [10])], 'linear'));
    expect(pieces).toEqual([{ name: 'queue', from: 0, sureTo: 0.5, to: 1 }]);
  });

  it('leaves out what takes no room', () => {
    expect(stackOf(row(10, 10, [0]), axisFor([row(10)], 'linear')).pieces).toEqual([]);
  });
});
