import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Calendar, TIMEFRAMES } from './calendar.ts';
import { automaticTimeframe, bucketedRangeOf } from './time-range.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = Date.UTC(2026, 9, 1, 12, 34, 56, 789);
const at = (text: string): number => Date.parse(text);
const rangeOf = (query: string): { start: string; end: string; timeframe: string } => {
  const { start, end, timeframe } = bucketedRangeOf(new URLSearchParams(query), NOW);
  return { start: new Date(start).toISOString(), end: new Date(end).toISOString(), timeframe };
};

test.each([
  [2 * HOUR - 1, 'minute'],
  [2 * HOUR, 'hour'],
  [2 * DAY - 1, 'hour'],
  [2 * DAY, 'day'],
  [64 * DAY, 'week'],
  [183 * DAY, 'month'],
])('a span of %i ms is shown by %s', (span, timeframe) => {
  expect(automaticTimeframe(span)).toBe(timeframe);
});

test('the last 24 hours are asked for by default, and widened to whole hours', () => {
  expect(rangeOf('')).toEqual({
    start: '2026-09-30T12:00:00.000Z',
    end: '2026-10-01T13:00:00.000Z',
    timeframe: 'hour',
  });
});

test('bound_to_timeframe=false keeps the ends as they were asked for', () => {
  const query = 'start=2026-10-01T10:00:30Z&end=2026-10-01T10:20:40Z';
  expect(rangeOf(query)).toMatchObject({
    start: '2026-10-01T10:00:00.000Z',
    end: '2026-10-01T10:21:00.000Z',
  });
  expect(rangeOf(`${query}&bound_to_timeframe=false`)).toEqual({
    start: '2026-10-01T10:00:30.000Z',
    end: '2026-10-01T10:20:40.000Z',
    timeframe: 'minute',
  });
});

test('ends that lie on a border stay where they are', () => {
  expect(rangeOf('start=2026-09-01&end=2026-09-08&timeframe=day')).toMatchObject({
    start: '2026-09-01T00:00:00.000Z',
    end: '2026-09-08T00:00:00.000Z',
  });
});

test('a time zone shifts days, and dates without a time begin in it', () => {
  expect(rangeOf('start=2026-09-01&end=2026-09-08&timezone=Asia/Kolkata&timeframe=day')).toMatchObject({
    start: '2026-08-31T18:30:00.000Z',
    end: '2026-09-07T18:30:00.000Z',
  });
});

test('weeks begin on Monday, and months on their first day', () => {
  const calendar = new Calendar('UTC');
  expect(calendar.floor(at('2026-10-04T23:00:00Z'), 'week')).toBe(at('2026-09-28T00:00:00Z'));
  expect(calendar.ceil(at('2026-12-15T00:00:00Z'), 'month')).toBe(at('2027-01-01T00:00:00Z'));
});

test('a day on which clocks change has 23 or 25 hours, and the offset in a bucket is that of the moment', () => {
  const berlin = new Calendar('Europe/Berlin');
  const spring = berlin.floor(at('2026-03-29T12:00:00Z'), 'day');
  expect(berlin.format(spring)).toBe('2026-03-29T00:00:00+01:00');
  expect(berlin.ceil(spring + 1, 'day') - spring).toBe(23 * HOUR);
  const autumn = berlin.floor(at('2026-10-25T12:00:00Z'), 'day');
  expect(berlin.format(autumn)).toBe('2026-10-25T00:00:00+02:00');
  expect(berlin.ceil(autumn + 1, 'day') - autumn).toBe(25 * HOUR);
  expect(new Calendar('America/St_Johns').format(at('2026-01-01T12:00:00Z'))).toBe(
    '2026-01-01T08:30:00-03:30',
  );
});

test('every instant lies between the border before and the border after it, in any zone', () => {
  const zones = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kathmandu', 'Pacific/Auckland'].map(
    (name) => new Calendar(name),
  );
  const instants = fc.integer({ min: at('2025-01-01T00:00:00Z'), max: at('2028-01-01T00:00:00Z') });
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      fc.constantFrom(...TIMEFRAMES),
      instants,
      (calendar, frame, instant) => {
        const floor = calendar.floor(instant, frame);
        const ceil = calendar.ceil(instant, frame);
        expect(floor).toBeLessThanOrEqual(instant);
        expect(ceil).toBeGreaterThanOrEqual(instant);
        expect(calendar.floor(floor, frame)).toBe(floor);
        expect(calendar.floor(ceil, frame)).toBe(ceil);
      },
    ),
    { numRuns: 300 },
  );
});
