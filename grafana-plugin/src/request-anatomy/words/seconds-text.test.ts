import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SECONDS } from './seconds-text.ts';

const UNITS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, min: 60, h: 3600 };

/** Back from text to seconds. */
function read(text: string): number {
  return [...text.matchAll(/([\d.]+) (ms|s|min|h)\b/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * (UNITS[unit ?? ''] ?? NaN),
    0,
  );
}

describe('a number of seconds', () => {
  it.each([
    [0, '0 s'],
    [0.0463, '46 ms'],
    [0.3457, '350 ms'],
    [0.999, '1 s'],
    [3.42, '3.4 s'],
    [94.2, '94 s'],
    [119.7, '2 min'],
    [500, '8 min 20 s'],
    [3599.8, '1 h'],
    [7500, '2 h 5 min'],
    [200_000, '55 h 33 min'],
  ])('%d reads %s', (seconds, text) => {
    expect(SECONDS.one(seconds)).toBe(text);
  });

  it('is never off by more than its rounding', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 500_000, noNaN: true }), (seconds) => {
        expect(Math.abs(read(SECONDS.one(seconds)) - seconds)).toBeLessThanOrEqual(seconds * 0.051);
      }),
    );
  });
});

describe('a range of seconds', () => {
  it.each([
    [0, 0.05, '0–50 ms'],
    [0.2, 0.35, '200–350 ms'],
    [0.75, 1.5, '0.75–1.5 s'],
    [59.5, 90, '59–90 s'],
    [90, 120, '90–120 s'],
    [449.5, 600, '7.4–10 min'],
    [1800, 3600, '0.5–1 h'],
    [3600, Infinity, '≥ 1 h'],
    [60, 60, '60 s'],
  ])('from %d to %d reads %s', (low, high, text) => {
    expect(SECONDS.range(low, high)).toBe(text);
  });

  it('is rounded outwards, so that it still holds the truth', () => {
    const ends = fc.double({ min: 0.001, max: 20_000, noNaN: true });
    fc.assert(
      fc.property(ends, ends, (a, b) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        const [, from = '', to = from, unit = ''] =
          /^([\d.]+)(?:–([\d.]+))? (\w+)$/.exec(SECONDS.range(low, high)) ?? [];
        const scale = UNITS[unit] ?? NaN;
        expect(Number(from) * scale).toBeLessThanOrEqual(low * (1 + 1e-8));
        expect(Number(to) * scale).toBeGreaterThanOrEqual(high * (1 - 1e-8));
      }),
    );
  });
});
