import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bucketsOf } from './buckets.ts';
import type { Segment } from './segments.ts';
import { timelines } from './timelines.arbitrary.ts';
import { kindOf, rankOf } from './verdict-rank.ts';

const RANGE = { from: 0, to: 600 };

function segment(from: number, to: number, verdict: string | undefined): Segment {
  return { from, to, verdict };
}

describe('the bars of a model', () => {
  it('shows the worst verdict of its part of the range, however short', () => {
    const [first, second] = bucketsOf(
      [segment(0, 299, 'ok'), segment(299, 300, 'model'), segment(300, 600, 'ok')],
      RANGE,
      2,
    );

    expect(first?.shown).toEqual({ verdict: 'model' });
    expect(first?.parts.map(({ verdict }) => verdict)).toEqual(['model', 'ok']);
    expect(second).toEqual({
      from: 300,
      to: 600,
      parts: [{ verdict: 'ok', share: 1 }],
      shown: { verdict: 'ok' },
    });
  });

  it('is an empty cell without data, and also when OK is all that is known of less than half of it', () => {
    const [none, little, most] = bucketsOf(
      [
        segment(0, 200, undefined),
        segment(200, 290, 'ok'),
        segment(290, 420, undefined),
        segment(420, 600, 'ok'),
      ],
      RANGE,
      3,
    );

    expect([none?.shown, little?.shown, most?.shown]).toEqual(['no-data', 'no-data', { verdict: 'ok' }]);
  });

  it('shows trouble even when most of the bar is not known', () => {
    const [bucket] = bucketsOf([segment(0, 590, undefined), segment(590, 600, 'app')], RANGE, 1);

    expect(bucket?.shown).toEqual({ verdict: 'app' });
  });

  it('leaves the time empty that has not come yet', () => {
    const buckets = bucketsOf([segment(0, 250, 'ok')], RANGE, 3);

    expect(buckets.map(({ shown }) => shown)).toEqual([{ verdict: 'ok' }, { verdict: 'ok' }, 'future']);
    expect(buckets[1]?.parts).toEqual([{ verdict: 'ok', share: 0.25 }]);
  });

  it('accounts for all of the time that is covered, in any number of bars', () => {
    fc.assert(
      fc.property(timelines, fc.integer({ min: 1, max: 97 }), (segments, count) => {
        const length = (RANGE.to - RANGE.from) / count;
        const covered = new Map<string | undefined, number>();
        for (const { parts } of bucketsOf(segments, RANGE, count)) {
          for (const { verdict, share } of parts)
            covered.set(verdict, (covered.get(verdict) ?? 0) + share * length);
        }
        for (const verdict of new Set(segments.map((each) => each.verdict))) {
          const truth = segments
            .filter((each) => each.verdict === verdict)
            .reduce((sum, { from, to }) => sum + to - from, 0);
          expect(covered.get(verdict)).toBeCloseTo(truth, 6);
        }
      }),
    );
  });

  it('never shows a bar better than what was said in it', () => {
    fc.assert(
      fc.property(timelines, fc.integer({ min: 1, max: 40 }), (segments, count) => {
        for (const { parts, shown } of bucketsOf(segments, RANGE, count)) {
          const worst = Math.max(
            ...parts.flatMap(({ verdict }) => (verdict === undefined ? [] : rankOf(verdict))),
            -1,
          );
          if (typeof shown === 'object') expect(rankOf(shown.verdict)).toBe(worst);
          else
            expect(parts.every(({ verdict }) => verdict === undefined || kindOf(verdict) === 'ok')).toBe(
              true,
            );
        }
      }),
    );
  });
});
