import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOUR, NOON } from '../account/test-reading.ts';
import { bandAt, crossingOf, type Forecast } from './forecast.ts';

const start = { time: NOON, value: 30 };
const dollars = fc.double({ min: 0.01, max: 10_000, noNaN: true });
const rate = fc.double({ min: 0.001, max: 500, noNaN: true });

function between(one: number, other: number): { slow: number; fast: number } {
  return { slow: Math.min(one, other), fast: Math.max(one, other) };
}

describe('a forecast', () => {
  it('crosses a level between the times of the fast and the slow rate', () => {
    expect(crossingOf({ start, slow: 1, fast: 2 }, 10)).toEqual({
      earliest: NOON + 10 * HOUR,
      latest: NOON + 20 * HOUR,
    });
  });

  it('crosses no level that the balance has reached or is below', () => {
    expect(crossingOf({ start, slow: 1, fast: 2 }, 30)).toBeUndefined();
    expect(crossingOf({ start, slow: 1, fast: 2 }, 31)).toBeUndefined();
  });

  it('has no latest crossing when a window shows no spending', () => {
    expect(crossingOf({ start, slow: 0, fast: 2 }, 0)).toEqual({
      earliest: NOON + 15 * HOUR,
      latest: undefined,
    });
  });

  it('says nothing of what lies further than a year away', () => {
    expect(crossingOf({ start, slow: 0.000001, fast: 0.00001 }, 0)).toEqual({
      earliest: undefined,
      latest: undefined,
    });
  });

  it('crosses later, the less is spent', () => {
    fc.assert(
      fc.property(dollars, rate, rate, (value, one, other) => {
        const { slow, fast } = between(one, other);
        const at = (perHour: number): number =>
          crossingOf({ start: { time: NOON, value }, slow: perHour, fast: perHour }, 0)?.earliest ?? Infinity;
        expect(at(slow)).toBeGreaterThanOrEqual(at(fast));
      }),
    );
  });

  it('crosses a lower level later', () => {
    fc.assert(
      fc.property(dollars, dollars, rate, (one, other, perHour) => {
        const forecast: Forecast = { start: { time: NOON, value: 10_001 }, slow: perHour, fast: perHour };
        const at = (level: number): number => crossingOf(forecast, level)?.earliest ?? Infinity;
        expect(at(Math.min(one, other))).toBeGreaterThanOrEqual(at(Math.max(one, other)));
      }),
    );
  });

  it('holds the truth of every account that spends between the rates, also when its pace changes', () => {
    fc.assert(
      fc.property(
        dollars,
        rate,
        rate,
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 20 }),
        (value, one, other, paces) => {
          const { slow, fast } = between(one, other);
          const crossing = crossingOf({ start: { time: NOON, value }, slow, fast }, 0);
          const hours = hoursUntilEmpty(
            value,
            (hour) => slow + (fast - slow) * (paces[hour % paces.length] ?? 0),
          );
          if (hours === undefined) return;
          const slack = 1 + hours * HOUR * 1e-9;
          expect(NOON + hours * HOUR).toBeGreaterThanOrEqual((crossing?.earliest ?? Infinity) - slack);
          expect(NOON + hours * HOUR).toBeLessThanOrEqual((crossing?.latest ?? Infinity) + slack);
        },
      ),
    );
  });

  it('has a band that holds each balance on the way, and whose edges meet the crossings', () => {
    fc.assert(
      fc.property(dollars, rate, rate, (value, one, other) => {
        const forecast: Forecast = { start: { time: NOON, value }, ...between(one, other) };
        const { earliest, latest } = crossingOf(forecast, 0) ?? {};
        if (earliest !== undefined) expect(bandAt(forecast, earliest).low).toBeCloseTo(0, 4);
        if (latest !== undefined) expect(bandAt(forecast, latest).high).toBeCloseTo(0, 4);
        const { high, low } = bandAt(forecast, NOON + HOUR);
        expect(low).toBeLessThanOrEqual(high);
        expect(bandAt(forecast, NOON)).toEqual({ high: value, low: value });
      }),
    );
  });
});

/** Spends hour by hour; undefined when the money outlasts 300 days. */
function hoursUntilEmpty(value: number, paceOf: (hour: number) => number): number | undefined {
  let left = value;
  for (let hour = 0; hour < 7200; hour += 1) {
    const pace = paceOf(hour);
    if (left <= pace) return hour + left / pace;
    left -= pace;
  }
  return undefined;
}
