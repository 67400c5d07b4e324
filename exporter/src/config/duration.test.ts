import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatDuration, parseDuration, suggestDuration } from './duration.ts';

describe('a written duration', () => {
  test.each([
    ['250ms', 250],
    ['30s', 30_000],
    ['5m', 300_000],
    ['1h30m', 5_400_000],
    ['2d', 172_800_000],
    ['1m500ms', 60_500],
    ['1d2h3m4s5ms', 93_784_005],
    ['0s', 0],
  ])('%s is %i milliseconds', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  test.each([
    '',
    '30',
    '5 m',
    '1.5h',
    '-5s',
    '30m1h',
    '5s5s',
    '5M',
    '5min',
    's',
    '1e3s',
    ' 5s',
    '5s\n',
    '9999999999s',
  ])('%j is refused', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });

  test('written and read again is the same, for every whole number of milliseconds up to a thousand days', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 86_400_000_000 }), (ms) => {
        expect(parseDuration(formatDuration(ms))).toBe(ms);
      }),
    );
  });

  test('read and written again is the shortest form', () => {
    expect(formatDuration(parseDuration('90m') ?? NaN)).toBe('1h30m');
    expect(formatDuration(parseDuration('1000ms') ?? NaN)).toBe('1s');
  });

  test('no text whatsoever gives anything but whole milliseconds or a refusal', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[0-9dhms. ]{0,12}$/)), (text) => {
        const ms = parseDuration(text);
        expect(ms === undefined || (Number.isSafeInteger(ms) && ms >= 0)).toBe(true);
      }),
    );
  });
});

describe('the duration that was probably meant', () => {
  test.each([
    [30, '30s'],
    ['45', '45s'],
    [0.5, '500ms'],
    ['1.5h', '1h30m'],
    ['5 minutes', '5m'],
    ['10 Sec', '10s'],
    ['1w', '7d'],
  ])('%j is %s', (written, meant) => {
    expect(suggestDuration(written)).toBe(meant);
  });

  test.each(['soon', '', true, null, ['5s'], '5 constructor'])('%j is anybody’s guess', (written) => {
    expect(suggestDuration(written)).toBeUndefined();
  });
});
