import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Row, anatomyOf } from './anatomy.ts';
import type { Estimate } from '../histogram/estimate.ts';
import { PLAIN, measured } from './measured.builder.ts';
import { PARTS, type PartName } from './part.ts';
import { POLL_SECONDS, bounds, nearestRank, requests, sum, totalOf } from './true-requests.ts';

const QUANTILES = [0.5, 0.95, 0.99];
const QUESTION = { quantiles: QUANTILES, withMean: true, pollSeconds: POLL_SECONDS };
const NAMES = PARTS.map(({ name }) => name);

function estimateOf(row: Row | undefined, name: PartName | 'rest'): Estimate {
  const found = row?.segments.find((segment) => segment.name === name)?.estimate;
  if (found === undefined) throw new Error(`expected a segment ${name}`);
  return found;
}

/** Equal but for the rounding of sums of binary fractions. */
function expectWithin(truth: number, { low, high }: Estimate): void {
  const room = 1e-9 * Math.max(1, truth);
  expect(low).toBeLessThanOrEqual(truth + room);
  expect(high).toBeGreaterThanOrEqual(truth - room);
}

describe('anatomyOf', () => {
  it('says intervals that hold the true quantile of each part over all requests, told or not', () => {
    fc.assert(
      fc.property(requests, bounds, (all, upTo) => {
        const { rows, unknown } = anatomyOf(measured(all, upTo), QUESTION);
        for (const row of rows.filter(({ statistic }) => statistic !== 'mean')) {
          const q = Number(row.statistic);
          expectWithin(nearestRank(all.map(totalOf), q), row.total);
          for (const name of NAMES.filter((each) => !unknown.includes(each))) {
            const truth = all.map((request) => request[name]);
            expectWithin(nearestRank(truth, q), estimateOf(row, name));
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it('says an interval that holds what the true quantile of the total exceeds those of its parts by', () => {
    fc.assert(
      fc.property(requests, bounds, (all, upTo) => {
        const { rows, unknown } = anatomyOf(measured(all, upTo), QUESTION);
        for (const row of rows.filter(({ statistic }) => statistic !== 'mean')) {
          const q = Number(row.statistic);
          const known = NAMES.filter((name) => !unknown.includes(name));
          const parts = known.map((name) =>
            nearestRank(
              all.map((request) => request[name]),
              q,
            ),
          );
          const truth = Math.max(0, nearestRank(all.map(totalOf), q) - sum(parts));
          expectWithin(truth, estimateOf(row, 'rest'));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('says intervals that hold the true mean of each part and of the rest', () => {
    fc.assert(
      fc.property(requests, bounds, (all, upTo) => {
        const { rows, unknown } = anatomyOf(measured(all, upTo), QUESTION);
        const mean = rows.find(({ statistic }) => statistic === 'mean');
        if (mean === undefined) throw new Error('expected a mean');
        const per = (total: number): number => total / all.length;
        for (const name of NAMES.filter((each) => !unknown.includes(each))) {
          expectWithin(per(sum(all.map((request) => request[name]))), estimateOf(mean, name));
        }
        const hidden = sum(unknown.map((name) => sum(all.map((request) => request[name]))));
        expectWithin(per(sum(all.map(({ rest }) => rest)) + hidden), estimateOf(mean, 'rest'));
      }),
      { numRuns: 500 },
    );
  });

  it('adds the means of parts up to the mean of the total', () => {
    fc.assert(
      fc.property(requests, (all) => {
        const mean = anatomyOf(measured(all), QUESTION).rows.at(-1);
        const parts = sum((mean?.segments ?? []).map(({ estimate }) => estimate.value));
        // Polls that overlap the inference are counted in both: the sum may exceed the total by that much.
        expect(parts).toBeGreaterThanOrEqual((mean?.total.value ?? NaN) * (1 - 1e-9));
        expect(parts).toBeLessThanOrEqual((mean?.total.value ?? NaN) * (1 + 1e-9) + POLL_SECONDS);
      }),
    );
  });

  it('keeps low ≤ value ≤ high, and nothing below 0', () => {
    fc.assert(
      fc.property(requests, bounds, (all, upTo) => {
        const { rows } = anatomyOf(measured(all, upTo), QUESTION);
        for (const { low, value, high } of rows.flatMap((row) => [
          row.total,
          ...row.segments.map((s) => s.estimate),
        ])) {
          expect(low).toBeGreaterThanOrEqual(0);
          expect(value).toBeGreaterThanOrEqual(low);
          expect(high).toBeGreaterThanOrEqual(value);
        }
      }),
    );
  });

  it('holds the truth of the requests in the total when a part counts others as well', () => {
    fc.assert(
      fc.property(requests, requests, (kept, failed) => {
        const told = kept.map((request) => ({ ...request, isTold: true }));
        const others = failed.map((request) => ({ ...request, isTold: true }));
        const { total } = measured(told);
        const { parts } = measured([...told, ...others]);
        const { rows } = anatomyOf({ total, parts: { inference: parts.inference } }, QUESTION);
        for (const row of rows) {
          const values = told.map(({ inference }) => inference);
          const truth =
            row.statistic === 'mean' ? sum(values) / told.length : nearestRank(values, row.statistic);
          expectWithin(truth, estimateOf(row, 'inference'));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('widens the queue wait downwards by the time between two polls, since polls see late and never early', () => {
    const one = { ...PLAIN, queue: 2.5, inference: 10 };
    const row = anatomyOf(measured([one]), QUESTION).rows[0];
    expect(estimateOf(row, 'queue')).toMatchObject({ low: 1.5, high: 3 });
    expect(estimateOf(row, 'inference')).toMatchObject({ low: 8, high: 10 });
  });

  it('counts a request without an upload as one of 0 s, not as an unknown', () => {
    const plain = { ...PLAIN, queue: 1, inference: 1 };
    const all = [...Array<typeof plain>(98).fill(plain), { ...plain, upload: 40 }, { ...plain, upload: 40 }];
    const { rows, coverage } = anatomyOf(measured(all), QUESTION);
    expect(rows.slice(0, 3).map((row) => estimateOf(row, 'upload').high)).toEqual([0, 0, 45]);
    expect(estimateOf(rows[3], 'upload')).toEqual({ value: 0.8, low: 0.8, high: 0.8 });
    expect(coverage.find(({ name }) => name === 'upload')).toEqual({
      name: 'upload',
      share: 0.02,
      isComplete: true,
    });
  });

  it('says how many requests tell their queue wait', () => {
    const plain = { ...PLAIN, queue: 1, inference: 1 };
    const all = Array.from({ length: 10 }, (_, index) => ({ ...plain, isTold: index < 8 }));
    const { coverage } = anatomyOf(measured(all), QUESTION);
    expect(coverage.find(({ name }) => name === 'queue')).toEqual({
      name: 'queue',
      share: 0.8,
      isComplete: false,
    });
  });

  it('leaves a part that no request tells in the rest', () => {
    const run = { ...PLAIN, queue: 1, inference: 9, isTold: false };
    const { rows, unknown } = anatomyOf(measured([run]), QUESTION);
    expect(unknown).toEqual(['queue', 'inference']);
    expect(rows[0]?.segments.map(({ name }) => name)).toEqual(['upload', 'fetch', 'rest']);
    expect(estimateOf(rows[0], 'rest')).toMatchObject({ low: 8, high: 10 });
  });

  it('says no mean without a sum of the total, nor with one that cannot be of these requests', () => {
    const one = { ...PLAIN, queue: 2, inference: 10 };
    const { total, parts } = measured([one]);
    const statistics = (sumOfTotal: number | undefined): unknown[] =>
      anatomyOf({ total: { ...total, sum: sumOfTotal }, parts }, QUESTION).rows.map(
        ({ statistic }) => statistic,
      );
    expect(statistics(undefined)).toEqual(QUANTILES);
    expect(statistics(12_000)).toEqual(QUANTILES);
    expect(statistics(12)).toEqual([...QUANTILES, 'mean']);
  });

  it('takes counts that extrapolation pulled a little apart for the same', () => {
    const one = { ...PLAIN, queue: 2, inference: 10 };
    const { total, parts } = measured([one]);
    const more = {
      ...total.histogram,
      cumulative: total.histogram.cumulative.map((n) => n * 1.02),
      count: 1.02,
    };
    const { rows, coverage } = anatomyOf({ total: { histogram: more }, parts }, QUESTION);
    expect(estimateOf(rows[2], 'inference')).toMatchObject({ low: 8, high: 10 });
    expect(coverage.find(({ name }) => name === 'inference')?.share).toBe(1);
  });
});
