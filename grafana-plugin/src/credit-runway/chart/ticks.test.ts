import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tickPattern, timeTicks, valueTicks } from './ticks.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const utc = (): number => 0;

/** Berlin in 2026: summer time from 29 March to 25 October, 01:00 UTC. */
function berlin(time: number): number {
  return time >= Date.UTC(2026, 2, 29, 1) && time < Date.UTC(2026, 9, 25, 1) ? 2 * HOUR : HOUR;
}

describe('ticks of time', () => {
  it('are round and within the span', () => {
    const from = Date.UTC(2026, 10, 21, 10, 7);
    expect(timeTicks({ from, to: from + 6 * HOUR }, 6, utc)).toEqual({
      times: [11, 12, 13, 14, 15, 16].map((hour) => Date.UTC(2026, 10, 21, hour)),
      stepMs: HOUR,
    });
  });

  it('are midnight on the wall when the clock changes between them', () => {
    const from = Date.UTC(2026, 9, 23, 22);
    const { times } = timeTicks({ from, to: from + 4 * DAY }, 5, berlin);
    expect(times.map((time) => new Date(time + berlin(time)).toISOString().slice(5, 16))).toEqual([
      '10-24T00:00',
      '10-25T00:00',
      '10-26T00:00',
      '10-27T00:00',
    ]);
  });

  it('are ascending, within the span, and no more than there is room for', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: Date.UTC(2026, 0), max: Date.UTC(2026, 11) }),
        fc.integer({ min: 60_000, max: 400 * DAY }),
        fc.integer({ min: 1, max: 20 }),
        (from, length, most) => {
          const { times } = timeTicks({ from, to: from + length }, most, berlin);
          expect(times.length).toBeLessThanOrEqual(most + 2);
          expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
          for (const time of times) expect(time >= from && time <= from + length).toBe(true);
        },
      ),
    );
  });

  it('are written by the clock within days, by the day within weeks, by the month within years', () => {
    expect(tickPattern(HOUR, { from: 0, to: DAY })).toEqual({ midnight: 'ddd D', other: 'HH:mm' });
    expect(tickPattern(DAY, { from: 0, to: 20 * DAY })).toEqual({ midnight: 'D MMM', other: 'D MMM' });
    expect(tickPattern(91 * DAY, { from: 0, to: 400 * DAY }).other).toBe('MMM YYYY');
  });
});

describe('ticks of money', () => {
  it('are round', () => {
    expect(valueTicks({ from: 0, to: 43 }, 5)).toEqual([0, 10, 20, 30, 40]);
    expect(valueTicks({ from: -0.2, to: 0.1 }, 3)).toEqual([-0.2, -0.1, 0, 0.1]);
  });

  it('are none for a span that is no span', () => {
    expect(valueTicks({ from: 1, to: 1 }, 5)).toEqual([]);
    expect(valueTicks({ from: 0, to: Infinity }, 5)).toEqual([]);
  });

  it('are ascending, within the span, and about as many as there is room for', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1e6, max: 1e6, noNaN: true }),
        fc.double({ min: 1e-3, max: 1e6, noNaN: true }),
        fc.integer({ min: 1, max: 10 }),
        (from, length, most) => {
          const ticks = valueTicks({ from, to: from + length }, most);
          expect(ticks.length).toBeLessThanOrEqual(most + 1);
          expect(ticks).toEqual([...new Set(ticks)].sort((a, b) => a - b));
        },
      ),
    );
  });
});
