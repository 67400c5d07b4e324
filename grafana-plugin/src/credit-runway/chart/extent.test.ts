import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOUR, line, NOON, reading } from '../account/test-reading.ts';
import { outlookOf, type Outlook } from '../forecast/outlook.ts';
import { bandCorners, bandEdges, forecastEnd, valueExtent } from './extent.ts';

const levels = [
  { kind: 'warning', value: 20 },
  { kind: 'empty', value: 0 },
] as const;
const day = { from: NOON - 24 * HOUR, to: NOON };
const spending = (balance: number, ...rates: number[]): Outlook =>
  outlookOf(
    reading({
      balance: line([balance]),
      burns: rates.map((perHour, index) => ({ window: `${index}h`, perHour })),
    }),
    NOON,
  );
const hoursAhead = (outlook: Outlook, range = day): number =>
  ((forecastEnd(outlook, { range, levels, horizon: 'auto' }) ?? NOON) - NOON) / HOUR;

describe('how far the chart looks ahead', () => {
  it('is as far as the reader chose', () => {
    expect(forecastEnd(spending(10, 1), { range: day, levels, horizon: '24h' })).toBe(NOON + 24 * HOUR);
    expect(forecastEnd(spending(10, 1), { range: day, levels, horizon: '7d' })).toBe(NOON + 7 * 24 * HOUR);
    expect(forecastEnd(spending(10, 1), { range: day, levels, horizon: '30d' })).toBe(NOON + 30 * 24 * HOUR);
  });

  it('is nothing without a forecast', () => {
    expect(forecastEnd(spending(10), { range: day, levels, horizon: '7d' })).toBeUndefined();
  });

  it('shows the empty account by itself when that is near enough', () => {
    expect(hoursAhead(spending(10, 1, 2))).toBeCloseTo(10.8, 6);
  });

  it('leaves the past its room when the money lasts long', () => {
    expect(hoursAhead(spending(1000, 1, 2))).toBe(24);
  });

  it('shows the first threshold when the empty account is too far away', () => {
    expect(hoursAhead(spending(38, 0.2, 0.3))).toBe(72);
    expect(hoursAhead(spending(45, 0.2, 0.3))).toBe(24);
  });

  it('shows where the band begins to be empty when nothing is spent in one window', () => {
    expect(hoursAhead(spending(10, 0, 1))).toBe(72);
  });
});

describe('the values of the chart', () => {
  it('reach from nothing to the highest balance or threshold', () => {
    expect(valueExtent(line([10, 40]).samples, levels)).toMatchObject({ from: 0 });
    expect(valueExtent(line([10, 40]).samples, levels).to).toBeCloseTo(43.2, 6);
    expect(valueExtent(line([10]).samples, levels).to).toBeCloseTo(21.6, 6);
  });

  it('leave out a threshold that would press the balance to the ground', () => {
    expect(valueExtent(line([1]).samples, levels).to).toBeCloseTo(1.08, 6);
  });

  it('reach below zero for a debt', () => {
    expect(valueExtent(line([-2, 1]).samples, []).from).toBeCloseTo(-2.16, 6);
  });

  it('are never without height', () => {
    expect(valueExtent(line([0]).samples, [])).toEqual({ from: 0, to: 1 });
    expect(valueExtent([], levels).to).toBeGreaterThan(0);
  });
});

describe('the band', () => {
  it('is a polygon from the start to its end that stops at nothing', () => {
    const start = { time: NOON, value: 10 };
    expect(bandCorners({ start, slow: 1, fast: 2 }, NOON + 8 * HOUR)).toEqual([
      [NOON, 10],
      [NOON + 8 * HOUR, 2],
      [NOON + 8 * HOUR, 0],
      [NOON + 5 * HOUR, 0],
    ]);
  });

  it('has edges that end where the account is empty', () => {
    const start = { time: NOON, value: 10 };
    expect(bandEdges({ start, slow: 0, fast: 2 }, NOON + 8 * HOUR)).toEqual({
      upper: [
        [NOON, 10],
        [NOON + 8 * HOUR, 10],
      ],
      lower: [
        [NOON, 10],
        [NOON + 5 * HOUR, 0],
      ],
    });
  });

  it('has only numbers and nothing below zero or beyond its end, at any rate', () => {
    const rate = fc.double({ min: 0, max: 100, noNaN: true });
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 1e4, noNaN: true }), rate, rate, (value, one, other) => {
        const forecast = {
          start: { time: NOON, value },
          slow: Math.min(one, other),
          fast: Math.max(one, other),
        };
        for (const [time, corner] of bandCorners(forecast, NOON + HOUR)) {
          expect(time >= NOON && time <= NOON + HOUR).toBe(true);
          expect(corner >= -1e-9 && corner <= value).toBe(true);
        }
      }),
    );
  });
});
