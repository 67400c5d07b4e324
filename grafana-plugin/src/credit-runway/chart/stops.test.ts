import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOUR, line, NOON } from '../account/test-reading.ts';
import { nearestStop, stopAfterKey, stopsOf, type Stop } from './stops.ts';

const forecast = { start: { time: NOON, value: 10 }, slow: 1, fast: 2 };
const ahead = { forecast, end: NOON + 12 * HOUR, levels: [{ kind: 'empty', value: 0 } as const] };

describe('the stops of a reader', () => {
  it('are the samples, and then the forecast with its crossings', () => {
    const stops = stopsOf(line([12, 11, 10]).samples, ahead);
    expect(stops.slice(0, 3).map(({ kind }) => kind)).toEqual(['sample', 'sample', 'sample']);
    expect(stops.slice(3).every(({ kind }) => kind === 'forecast')).toBe(true);
    expect(stops).toContainEqual({ kind: 'forecast', time: NOON + 5 * HOUR, high: 5, low: 0 });
    expect(stops).toContainEqual({ kind: 'forecast', time: NOON + 10 * HOUR, high: 0, low: 0 });
    expect(stops.at(-1)?.time).toBe(NOON + 12 * HOUR);
    expect(stops.map(({ time }) => time)).toEqual(stops.map(({ time }) => time).sort((a, b) => a - b));
  });

  it('are the samples alone without a forecast', () => {
    expect(stopsOf(line([12, 11]).samples, undefined)).toHaveLength(2);
  });

  it('are found by the time that is nearest', () => {
    const times = fc.uniqueArray(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(times, fc.integer({ min: -100, max: 1100 }), (some, wanted) => {
        const stops = some.sort((a, b) => a - b).map((time): Stop => ({ kind: 'sample', time, value: 1 }));
        const found = stops[nearestStop(stops, wanted)];
        const nearest = Math.min(...some.map((time) => Math.abs(time - wanted)));
        expect(Math.abs((found?.time ?? Infinity) - wanted)).toBe(nearest);
      }),
    );
    expect(nearestStop([], 5)).toBe(-1);
  });

  it('are walked with the keys of a slider and never left', () => {
    expect(stopAfterKey('ArrowLeft', 5, 10)).toBe(4);
    expect(stopAfterKey('ArrowRight', 5, 10)).toBe(6);
    expect(stopAfterKey('ArrowRight', 9, 10)).toBe(9);
    expect(stopAfterKey('ArrowLeft', 0, 10)).toBe(0);
    expect(stopAfterKey('PageDown', 50, 100)).toBe(40);
    expect(stopAfterKey('PageUp', 95, 100)).toBe(99);
    expect(stopAfterKey('Home', 5, 10)).toBe(0);
    expect(stopAfterKey('End', 5, 10)).toBe(9);
    expect(stopAfterKey('Tab', 5, 10)).toBeUndefined();
    expect(stopAfterKey('constructor', 5, 10)).toBeUndefined();
    expect(stopAfterKey('Home', -1, 0)).toBeUndefined();
  });
});
