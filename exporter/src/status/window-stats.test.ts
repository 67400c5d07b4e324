import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SampleWindows, quantilesOf } from './window-stats.ts';

describe('quantiles', () => {
  it('are nearest rank: a value that was really measured', () => {
    const hundred = Array.from({ length: 100 }, (_, index) => index + 1);
    expect(quantilesOf(hundred)).toEqual({ p50: 50, p95: 95, p99: 99 });
    expect(quantilesOf(hundred.slice(0, 20))).toEqual({ p50: 10, p95: 19, p99: 20 });
    expect(quantilesOf([7])).toEqual({ p50: 7, p95: 7, p99: 7 });
  });

  it('are absent, not zero, for nothing', () => {
    expect(quantilesOf([])).toBeUndefined();
  });

  it('leave at least their share of values at or below, and fewer strictly below', () => {
    const values = fc.array(fc.double({ min: 0, max: 1000, noNaN: true }), { minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(values, (raw) => {
        const sorted = raw.toSorted((a, b) => a - b);
        const quantiles = quantilesOf(sorted);
        for (const [share, value] of [
          [0.5, quantiles?.p50],
          [0.95, quantiles?.p95],
          [0.99, quantiles?.p99],
        ] as const) {
          const atOrBelow = sorted.filter((one) => one <= (value ?? Number.NaN)).length;
          const below = sorted.filter((one) => one < (value ?? Number.NaN)).length;
          expect(atOrBelow).toBeGreaterThanOrEqual(share * sorted.length - 1e-6);
          expect(below).toBeLessThan(share * sorted.length + 1e-6);
        }
      }),
    );
  });
});

describe('sliding windows', () => {
  it('forget what is older than they are', () => {
    const windows = new SampleWindows();
    windows.add({ seenAt: 0, verdict: 'failure' });
    windows.add({ seenAt: 200_000, verdict: 'ok', latencySeconds: 2 });
    expect(windows.stats(300_000)['5m']).toMatchObject({
      finished: 2,
      failures: 1,
      errorRatio: 0.5,
      completed: 1,
    });
    expect(windows.stats(300_001)['5m']).toMatchObject({ finished: 1, failures: 0, errorRatio: 0 });
    expect(windows.stats(300_001)['1h']).toMatchObject({ finished: 2, failures: 1 });
    expect(windows.stats(3_800_001)['1h']).toEqual({
      window: '1h',
      finished: 0,
      failures: 0,
      refused: 0,
      errorRatio: undefined,
      completed: 0,
      quantiles: undefined,
      isPartial: false,
    });
  });

  it('leave cancelled runs out, and count refused ones as finished but not failed', () => {
    const windows = new SampleWindows();
    for (const verdict of ['ok', 'cancelled', 'account', 'app', 'failure'] as const)
      windows.add({ seenAt: 0, verdict });
    expect(windows.stats(1)['5m']).toMatchObject({ finished: 4, failures: 1, refused: 2, errorRatio: 0.25 });
  });

  it('say so when more runs fell into the hour than are kept', () => {
    const windows = new SampleWindows();
    for (let index = 0; index < 1000; index += 1)
      windows.add({ seenAt: index * 1000, verdict: 'ok', latencySeconds: 1 });
    const stats = windows.stats(1_000_000);
    expect(stats['5m'].isPartial).toBe(false);
    expect(stats['1h']).toMatchObject({ isPartial: true, finished: 720 });
  });
});
