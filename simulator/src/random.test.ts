import { expect, test } from 'vitest';
import { drawDuration, seededRandom, uniformOf } from './random.ts';

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

test('a number of a text is the same at every asking, and another for another seed or text', () => {
  expect(uniformOf(7, 'late 019a')).toBe(uniformOf(7, 'late 019a'));
  const numbers = [uniformOf(7, 'late 019a'), uniformOf(8, 'late 019a'), uniformOf(7, 'late 019b')];
  expect(new Set(numbers).size).toBe(3);
});

test('numbers of texts that differ in little are spread evenly, and those of two questions are independent', () => {
  const ids = draws(20_000, seededIds());
  const pairs = ids.map((id) => [uniformOf(3, `late ${id}`), uniformOf(3, `missing ${id}`)] as const);
  const cells = new Map<number, number>();
  for (const [a, b] of pairs) {
    const cell = Math.floor(a * 5) * 5 + Math.floor(b * 5);
    cells.set(cell, (cells.get(cell) ?? 0) + 1);
  }
  // 800 expected in each of 25 cells, with a deviation of 28.
  expect(cells.size).toBe(25);
  for (const count of cells.values()) expect(Math.abs(count - 800)).toBeLessThan(140);
});

function seededIds(): () => string {
  let count = 0;
  return () => `019a0000-0000-7000-8000-${(count++).toString(16).padStart(12, '0')}`;
}
