import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bucketsOf } from '../timeline/buckets.ts';
import { timelines } from '../timeline/timelines.arbitrary.ts';
import { barAt, barPaths, bucketCount, shapeOf } from './bars.ts';

const HOUR = 3_600_000;

describe('how many bars there are', () => {
  it('is as many as can be told apart, but no more than there are samples', () => {
    expect(bucketCount(100, 24 * HOUR, 60_000)).toBe(20);
    expect(bucketCount(2000, 24 * HOUR, 60_000)).toBe(96);
    expect(bucketCount(400, 24 * HOUR, HOUR)).toBe(24);
    expect(bucketCount(0, 0, 0)).toBe(1);
  });
});

describe('the bars as paths', () => {
  it('is one path per look, with one rectangle per bar', () => {
    fc.assert(
      fc.property(timelines, fc.integer({ min: 1, max: 90 }), (segments, count) => {
        const buckets = bucketsOf(segments, { from: 0, to: 700 }, count);
        const paths = barPaths(buckets, { pitch: 6, height: 20 });
        const drawn = paths.reduce((sum, { path }) => sum + path.split('M').length - 1, 0);

        expect(drawn).toBe(buckets.filter(({ shown }) => shown !== 'future').length);
        expect(new Set(paths.map(({ verdict }) => verdict)).size).toBe(paths.length);
      }),
    );
  });

  it('draws trouble higher than OK, and no data as an outline of the height of OK', () => {
    const heightOf = (verdict: string | undefined): string | undefined => {
      const shown = verdict === undefined ? 'no-data' : { verdict };
      const [path] = barPaths([{ from: 0, to: 1, parts: [], shown }], { pitch: 6, height: 20 });
      return /v(\d+)/.exec(path?.path ?? '')?.[1];
    };

    expect(['ok', 'model', 'account', 'unknown', undefined].map(heightOf)).toEqual([
      '12',
      '20',
      '20',
      '20',
      '11',
    ]);
  });

  it('tells yours from fal’s, and both from what is unclear or unknown, by shape', () => {
    const shapes = ['ok', 'platform', 'model', 'account', 'app', 'unknown', 'a word of tomorrow'].map(
      (verdict) => shapeOf({ verdict }),
    );

    expect(shapes).toEqual(['ok', 'fal', 'fal', 'yours', 'yours', 'unclear', 'unclear']);
    expect(shapeOf('no-data')).toBe('no-data');
  });
});

describe('the bar under the mouse', () => {
  it('is the one that the pointer is in, and none beside them', () => {
    expect([-1, 0, 5.9, 6, 59.9, 60].map((x) => barAt(x, 6, 10))).toEqual([undefined, 0, 0, 1, 9, undefined]);
  });
});
