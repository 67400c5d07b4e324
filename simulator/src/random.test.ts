import { expect, test } from 'vitest';
import { drawDuration, seededRandom } from './random.ts';

const draws = <T>(count: number, draw: () => T): T[] => Array.from({ length: count }, draw);

test('the same seed gives the same numbers, another seed others', () => {
  const of = (seed: number): number[] => {
    const random = seededRandom(seed);
    return draws(20, () => random.next());
  };
  expect(of(7)).toEqual(of(7));
  expect(of(7)).not.toEqual(of(8));
});

test('numbers are spread evenly over [0, 1)', () => {
  const random = seededRandom(3);
  const numbers = draws(20_000, () => random.next());
  expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...numbers)).toBeLessThan(1);
  const tenths = Array.from({ length: 10 }, (_, tenth) =>
    numbers.filter((n) => Math.floor(n * 10) === tenth),
  );
  for (const { length } of tenths) expect(Math.abs(length - 2000)).toBeLessThan(200);
});

test('half of the durations lie below the median, and the logarithm spreads as told', () => {
  const random = seededRandom(11);
  const durations = draws(20_000, () => drawDuration(random, { medianMs: 10_000, sigma: 0.5 }));
  const below = durations.filter((ms) => ms < 10_000).length;
  expect(Math.abs(below - 10_000)).toBeLessThan(300);
  // One standard deviation: e^0.5 = 1.6487 times the median has 84.13 % below it.
  const belowOneSigma = durations.filter((ms) => ms < 16_487).length;
  expect(Math.abs(belowOneSigma - 16_826)).toBeLessThan(300);
});

test('without spread every duration is the median', () => {
  expect(drawDuration(seededRandom(1), { medianMs: 1234, sigma: 0 })).toBe(1234);
});
