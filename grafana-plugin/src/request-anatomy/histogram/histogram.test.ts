import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Bucket, boundOf, histogramOf, isHistogram } from './histogram.ts';

function buckets(counts: Readonly<Record<string, number>>): Bucket[] {
  return Object.entries(counts).map(([le, count]) => ({ le, count }));
}

describe('boundOf', () => {
  it.each([
    ['1', 1],
    ['1.0', 1],
    ['0.05', 0.05],
    ['1e+06', 1_000_000],
    ['0', 0],
    ['+Inf', Infinity],
    ['Inf', Infinity],
    ['inf', Infinity],
    ['+Infinity', Infinity],
  ])('reads %s as %d', (le, bound) => {
    expect(boundOf(le)).toBe(bound);
  });

  it.each(['', ' ', 'NaN', '-1', '-Inf', 'one', '1s', '<script>'])('refuses "%s"', (le) => {
    expect(boundOf(le)).toBeUndefined();
  });
});

describe('histogramOf', () => {
  it('sorts the buckets by their bounds', () => {
    expect(histogramOf(buckets({ '+Inf': 7, '10.0': 5, '2': 3 }))).toEqual({
      bounds: [2, 10, Infinity],
      cumulative: [3, 5, 7],
      count: 7,
      slack: 0,
    });
  });

  it('is the same whatever the order of the buckets', () => {
    const some = buckets({ '0.1': 1, '1': 4, '5': 4, '60': 9, '+Inf': 10 });
    fc.assert(
      fc.property(fc.shuffledSubarray(some, { minLength: some.length }), (shuffled) => {
        expect(histogramOf(shuffled)).toEqual(histogramOf(some));
      }),
    );
  });

  it('adds up buckets of one bound, spelled alike or not', () => {
    const reading = histogramOf([...buckets({ '1': 2, '+Inf': 3 }), ...buckets({ '1.0': 5, Inf: 5 })]);
    expect(reading).toMatchObject({ bounds: [1, Infinity], cumulative: [7, 8] });
  });

  it('takes no bucket at all for no request', () => {
    expect(histogramOf([])).toMatchObject({ count: 0 });
  });

  it('tolerates a bucket that extrapolation pushed below the one before it, and remembers by how much', () => {
    expect(histogramOf(buckets({ '1': 100.4, '2': 100.1, '+Inf': 101 }))).toMatchObject({
      cumulative: [100.4, 100.4, 101],
      slack: expect.closeTo(0.3, 9) as number,
    });
  });

  it('refuses counts that really go down: those are no cumulative buckets', () => {
    expect(histogramOf(buckets({ '1': 50, '2': 20, '+Inf': 60 }))).toEqual({ kind: 'decreasing', le: '2' });
    expect(histogramOf(buckets({ '1': 50, '+Inf': 10 }))).toEqual({ kind: 'decreasing', le: '+Inf' });
  });

  it('refuses counts below zero', () => {
    expect(histogramOf(buckets({ '1': -5, '+Inf': 10 }))).toEqual({ kind: 'negative', le: '1' });
    expect(histogramOf(buckets({ '1': -5, '+Inf': -5 }))).toEqual({ kind: 'negative', le: '1' });
  });

  it('refuses buckets without the last one, since nobody knows how many requests there were', () => {
    expect(histogramOf(buckets({ '1': 5 }))).toEqual({ kind: 'no_infinity' });
  });

  it('refuses a bound that is none', () => {
    expect(histogramOf(buckets({ fast: 5, '+Inf': 5 }))).toEqual({ kind: 'bad_bound', le: 'fast' });
  });

  it('never lets a histogram go down', () => {
    const counts = fc.dictionary(
      fc.constantFrom('0.1', '1', '10', '100', '+Inf'),
      fc.double({ min: -10, max: 1000, noNaN: true }),
    );
    fc.assert(
      fc.property(counts, (some) => {
        const reading = histogramOf(buckets(some));
        if (!isHistogram(reading)) return;
        expect(reading.cumulative).toEqual([...reading.cumulative].sort((a, b) => a - b));
        expect(reading.count).toBe(reading.cumulative.at(-1));
      }),
    );
  });
});
