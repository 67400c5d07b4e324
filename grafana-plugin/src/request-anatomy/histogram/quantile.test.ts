import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { histogramOf, isHistogram } from './histogram.ts';
import { quantileOf } from './quantile.ts';
import { bounds, counted, nearestRank } from '../anatomy/true-requests.ts';

const values = fc.array(fc.double({ min: 0, max: 5000, noNaN: true }), { minLength: 1, maxLength: 80 });
const shares = fc.constantFrom(0.01, 0.25, 0.5, 0.9, 0.95, 0.99, 0.999);

describe('quantileOf', () => {
  it('says an interval that always holds the true quantile, whatever the samples and the bounds', () => {
    fc.assert(
      fc.property(values, bounds, shares, (samples, upTo, q) => {
        const truth = nearestRank(samples, q);
        const { low, value, high } = quantileOf(counted(samples, upTo), q);
        expect(low).toBeLessThanOrEqual(truth);
        expect(high).toBeGreaterThanOrEqual(truth);
        expect(value).toBeGreaterThanOrEqual(low);
        expect(value).toBeLessThanOrEqual(high);
      }),
    );
  });

  it('is as good when every count is stretched by the same factor, as increase() does', () => {
    fc.assert(
      fc.property(
        values,
        bounds,
        shares,
        fc.double({ min: 0.001, max: 1.3, noNaN: true }),
        (samples, upTo, q, factor) => {
          const plain = counted(samples, upTo);
          const buckets = plain.bounds.map((bound, index) => ({
            le: bound === Infinity ? '+Inf' : String(bound),
            count: (plain.cumulative[index] ?? 0) * factor,
          }));
          const stretched = histogramOf(buckets);
          if (!isHistogram(stretched)) throw new Error('expected a histogram');
          const [one, other] = [quantileOf(plain, q), quantileOf(stretched, q)];
          expect(other.low).toBe(one.low);
          expect(other.high).toBe(one.high);
        },
      ),
    );
  });

  it('never falls as the share grows', () => {
    fc.assert(
      fc.property(values, bounds, (samples, upTo) => {
        const histogram = counted(samples, upTo);
        const found = [0.1, 0.5, 0.9, 0.99].map((q) => quantileOf(histogram, q).value);
        expect(found).toEqual([...found].sort((a, b) => a - b));
      }),
    );
  });

  it('interpolates in the bucket as histogram_quantile() does', () => {
    // 100 requests, 90 up to 60 s, the rest up to 90 s: rank 95 is in the middle of the ten above 60 s.
    const histogram = counted([...Array<number>(90).fill(50), ...Array<number>(10).fill(80)], [60, 90]);
    expect(quantileOf(histogram, 0.95)).toEqual({ low: 60, high: 90, value: 75 });
  });

  it('begins the first bucket at 0', () => {
    expect(quantileOf(counted([0.01], [0.05, 1]), 0.5)).toEqual({ low: 0, high: 0.05, value: 0.025 });
  });

  it('knows only a lower end above the highest bound', () => {
    expect(quantileOf(counted([5000], [60, 3600]), 0.95)).toEqual({ low: 3600, high: Infinity, value: 3600 });
  });

  it('skips empty buckets', () => {
    const { low, high } = quantileOf(counted([1, 500], [1, 10, 100, 1000]), 0.95);
    expect([low, high]).toEqual([100, 1000]);
  });

  it('widens the interval by what a decreasing bucket leaves open', () => {
    const reading = histogramOf([
      { le: '1', count: 100 },
      { le: '2', count: 994 },
      { le: '3', count: 990 },
      { le: '+Inf', count: 1000 },
    ]);
    if (!isHistogram(reading)) throw new Error('expected a histogram');
    // Rank 992 is below 994, and above 990: it may lie in either bucket.
    const { low, high } = quantileOf(reading, 0.992);
    expect([low, high]).toEqual([1, Infinity]);
    // Rank 996 is above both, by less than the two are apart.
    expect(quantileOf(reading, 0.996).low).toBe(1);
  });
});
