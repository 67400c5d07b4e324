import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Series } from '../../reading/series.ts';
import { frame } from '../../reading/frame.builder.ts';
import { samplesOf, stepOf } from './samples.ts';

function series(verdict: string, points: readonly (readonly [number, number | undefined])[]): Series {
  return {
    labels: { verdict },
    times: points.map(([time]) => time),
    values: points.map(([, value]) => value),
  };
}

describe('the verdicts of one model over time', () => {
  it('takes the worse verdict where two exporters disagree', () => {
    const both = [
      series('ok', [
        [0, 1],
        [60, 1],
      ]),
      series('model', [[60, 1]]),
      series('unknown', [[0, 1]]),
    ];

    expect(samplesOf(both)).toEqual([
      { time: 0, verdict: 'unknown' },
      { time: 60, verdict: 'model' },
    ]);
  });

  it('leaves out a series that is 0, or has a gap', () => {
    expect(
      samplesOf([
        series('model', [
          [0, 0],
          [60, undefined],
          [120, 1],
        ]),
      ]),
    ).toEqual([{ time: 120, verdict: 'model' }]);
  });

  it('does not depend on the order of the series', () => {
    const words = fc.constantFrom('ok', 'app', 'model', 'platform', 'unknown', 'new', 'newer');
    const points = fc
      .uniqueArray(fc.nat({ max: 20 }), { maxLength: 10 })
      .map((times) => times.sort((one, other) => one - other).map((time) => [time, 1] as const));
    const all = fc.array(
      fc.tuple(words, points).map(([word, some]) => series(word, some)),
      { maxLength: 6 },
    );
    const shuffled = all.chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
    );
    fc.assert(
      fc.property(shuffled, ([one, other]) => {
        expect(samplesOf(other)).toEqual(samplesOf(one));
      }),
    );
  });
});

describe('the step of a query', () => {
  it('is what the data source says', () => {
    const told = frame({ refId: 'state', times: [0, 600], values: [1, 1], interval: 60 });

    expect(stepOf([told], 'state', 1)).toBe(60);
  });

  it('is the smallest distance between samples, when nobody says', () => {
    const found = [
      frame({ refId: 'state', times: [0, 600], values: [1, 1] }),
      frame({ refId: 'state', times: [0, 120, 600], values: [1, 1, 1] }),
      frame({ refId: 'p95', times: [0, 5], values: [1, 1] }),
    ];

    expect(stepOf(found, 'state', 1)).toBe(120);
  });

  it('is the one that was asked for, where one sample tells nothing', () => {
    expect(stepOf([frame({ refId: 'state', times: [0], values: [1] })], 'state', 30)).toBe(30);
  });
});
