import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AnalyticsBuckets, BUCKET_MS, type BucketRow } from './analytics-buckets.ts';

const NOON = Date.UTC(2026, 9, 1, 12);
const minute = (n: number): number => NOON + n * BUCKET_MS;
const row = (endpointId: string, n: number, values = 1): BucketRow<number> => ({
  ...{ endpointId, start: minute(n), values },
});

describe('the newest complete bucket', () => {
  it('is the one before the newest, which may be filling still', () => {
    const buckets = new AnalyticsBuckets<number>();
    const { rows, until } = buckets.read([row('a', 0), row('a', 1), row('a', 2)], minute(9));
    expect(rows).toEqual([row('a', 1)]);
    expect(until).toBe(minute(2));
  });

  it('may be followed by a bucket of another endpoint', () => {
    const buckets = new AnalyticsBuckets<number>();
    expect(buckets.read([row('a', 0), row('b', 1)], minute(9)).rows).toEqual([row('a', 0)]);
  });

  it('may be the newest one when it stayed as it was since the reading before', () => {
    const buckets = new AnalyticsBuckets<number>();
    expect(buckets.read([row('a', 0, 3)], minute(2)).rows).toEqual([]);
    expect(buckets.read([row('a', 0, 4)], minute(3)).rows).toEqual([]);
    expect(buckets.read([row('a', 0, 4)], minute(4)).rows).toEqual([row('a', 0, 4)]);
  });

  it('is never one that has not ended', () => {
    const buckets = new AnalyticsBuckets<number>();
    for (let reading = 0; reading < 3; reading += 1)
      expect(buckets.read([row('a', 0), row('b', 1)], minute(1) - 1).rows).toEqual([]);
    expect(buckets.read([row('a', 0), row('b', 1)], minute(1)).rows).toEqual([row('a', 0)]);
  });

  it('dates the data for good, also when fal tells nothing any more', () => {
    const buckets = new AnalyticsBuckets<number>();
    expect(buckets.read([], minute(2)).until).toBeUndefined();
    buckets.read([row('a', 0), row('a', 1)], minute(3));
    expect(buckets.read([], minute(60))).toEqual({ rows: [], until: minute(1) });
  });

  it('is at most one per endpoint, ended, and never newer than the newest that fal told', () => {
    const anyRow = fc.record({
      endpointId: fc.constantFrom('a', 'b', 'c'),
      start: fc.integer({ min: 0, max: 9 }).map(minute),
      values: fc.integer({ min: 0, max: 3 }),
    });
    const unique = { selector: (one: BucketRow<number>) => `${one.endpointId} ${one.start}`, maxLength: 20 };
    fc.assert(
      fc.property(fc.array(fc.uniqueArray(anyRow, unique), { maxLength: 5 }), (readings) => {
        const buckets = new AnalyticsBuckets<number>();
        let before: readonly BucketRow<number>[] = [];
        readings.forEach((rows, n) => {
          const now = minute(2 * n + 1);
          const newest = Math.max(...rows.map(({ start }) => start));
          const told = buckets.read(rows, now).rows;
          expect(new Set(told.map(({ endpointId }) => endpointId)).size).toBe(told.length);
          for (const one of told) {
            expect(one.start + BUCKET_MS).toBeLessThanOrEqual(now);
            const wasThere = before.some((old) => JSON.stringify(old) === JSON.stringify(one));
            expect(one.start < newest || wasThere).toBe(true);
          }
          before = rows;
        });
      }),
    );
  });
});
