import type { DataFrame } from '@grafana/data';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bucketFrames, seriesFrame } from './frames-of-models.ts';
import { type ModelAnatomy, type ToldAnatomy, modelAnatomies } from './model-anatomy.ts';

const QUESTION = { quantiles: [0.5, 0.95], withMean: true, pollSeconds: 0.5 };
const ALL = ['total', 'queue', 'inference', 'upload', 'fetch'];

/** One request of 5 s: 2 s in the queue, 3 s of inference. */
const ONE: readonly DataFrame[] = [
  ...bucketFrames('total', 'a', { '1.0': 0, '10.0': 1, '+Inf': 1 }),
  ...bucketFrames('queue', 'a', { '1': 0, '2': 1, '+Inf': 1 }),
  ...bucketFrames('inference', 'a', { '2': 0, '4': 1, Inf: 1 }),
];

function only(models: readonly ModelAnatomy[]): ToldAnatomy {
  const [model] = models;
  if (model?.kind !== 'told') throw new Error(`expected a model that tells, got ${model?.kind ?? 'none'}`);
  return model;
}

describe('modelAnatomies', () => {
  it('reads the histograms of a model, whichever way its bounds are spelled', () => {
    const model = only(modelAnatomies(ONE, QUESTION, ALL));
    expect(model.requests).toBe(1);
    expect(model.rows[0]?.total).toMatchObject({ low: 1, high: 10 });
    expect(model.rows[0]?.segments.map(({ name, estimate }) => [name, estimate.low, estimate.high])).toEqual([
      ['queue', 0.5, 2],
      ['inference', 2, 4],
      ['upload', 0, 0],
      ['fetch', 0, 0],
      ['rest', 0, 7.5],
    ]);
  });

  it('is the same whatever the order of the frames', () => {
    const known = modelAnatomies(ONE, QUESTION, ALL);
    fc.assert(
      fc.property(fc.shuffledSubarray([...ONE], { minLength: ONE.length }), (shuffled) => {
        expect(modelAnatomies(shuffled, QUESTION, ALL)).toEqual(known);
      }),
    );
  });

  it('leaves a part that no query asks for in the rest, and takes one that gave nothing for nothing', () => {
    const model = only(modelAnatomies(ONE, QUESTION));
    expect(model.unknown).toEqual(['upload', 'fetch']);
    expect(only(modelAnatomies(ONE, QUESTION, ALL)).unknown).toEqual([]);
  });

  it('tells models apart', () => {
    const frames = [...ONE, ...bucketFrames('total', 'b', { '10.0': 4, '+Inf': 4 })];
    expect(
      modelAnatomies(frames, QUESTION, ALL)
        .map(({ endpointId }) => endpointId)
        .sort(),
    ).toEqual(['a', 'b']);
  });

  it('says of a model with buckets of zeros that no request finished', () => {
    const frames = bucketFrames('total', 'idle', { '1': 0, '+Inf': 0 });
    expect(modelAnatomies(frames, QUESTION, ALL)).toEqual([{ kind: 'empty', endpointId: 'idle' }]);
  });

  it('says the same of one whose buckets are gaps only', () => {
    const frames = [
      seriesFrame('total', { endpoint_id: 'idle', le: '+Inf' }, [0]),
      seriesFrame('total', { endpoint_id: 'idle', le: '1' }, [NaN]),
    ];
    expect(modelAnatomies(frames, QUESTION, ALL)).toEqual([{ kind: 'empty', endpointId: 'idle' }]);
  });

  it('refuses durations that are no histogram, and says which bucket', () => {
    const frames = bucketFrames('total', 'odd', { '1': 9, '2': 3, '+Inf': 10 });
    expect(modelAnatomies(frames, QUESTION, ALL)).toEqual([
      { kind: 'broken', endpointId: 'odd', trouble: { kind: 'decreasing', le: '2' } },
    ]);
  });

  it('leaves out a part that is no histogram, and keeps the others', () => {
    const frames = [
      ...ONE.filter(({ refId }) => refId !== 'queue'),
      ...bucketFrames('queue', 'a', { '1': 1 }),
    ];
    const model = only(modelAnatomies(frames, QUESTION, ALL));
    expect(model.broken).toEqual([{ refId: 'queue', trouble: { kind: 'no_infinity' } }]);
    expect(model.unknown).toEqual(['queue']);
  });

  it('does without a bucket that has no number: the histogram is coarser, and still true', () => {
    const frames = [...ONE, seriesFrame('total', { endpoint_id: 'a', le: '5' }, [NaN])];
    expect(only(modelAnatomies(frames, QUESTION, ALL)).rows[0]?.total).toMatchObject({ low: 1, high: 10 });
  });

  it('takes the newest number of a range query', () => {
    const frames = [
      seriesFrame('total', { endpoint_id: 'a', le: '1' }, [5, 1]),
      seriesFrame('total', { endpoint_id: 'a', le: '+Inf' }, [5, 2, NaN]),
    ];
    expect(only(modelAnatomies(frames, QUESTION, ALL)).requests).toBe(2);
  });

  it('leaves out series without the labels, and reads the others', () => {
    const frames = [
      ...ONE,
      seriesFrame('total', { le: '1' }, [3]),
      seriesFrame('total', { endpoint_id: 'b' }, [3]),
    ];
    expect(modelAnatomies(frames, QUESTION, ALL).map(({ endpointId }) => endpointId)).toEqual(['a']);
  });

  it('says a mean when there are sums', () => {
    const sums = [
      seriesFrame('total_sum', { endpoint_id: 'a' }, [5]),
      seriesFrame('queue_sum', { endpoint_id: 'a' }, [2]),
    ];
    const mean = only(modelAnatomies([...ONE, ...sums], QUESTION, ALL)).rows.at(-1);
    expect(mean?.statistic).toBe('mean');
    expect(mean?.segments.map(({ name, estimate }) => [name, estimate.value])).toEqual([
      ['queue', 2],
      ['upload', 0],
      ['fetch', 0],
      ['rest', 3],
    ]);
  });

  it('takes the strictest limit of several accounts', () => {
    const limits = [60, 30].map((limit) =>
      seriesFrame('limit', { endpoint_id: 'a', account: String(limit) }, [limit]),
    );
    expect(only(modelAnatomies([...ONE, ...limits], QUESTION, ALL)).limit).toBe(30);
    expect(only(modelAnatomies(ONE, QUESTION, ALL)).limit).toBeUndefined();
  });

  it('takes a hundred models and any name', () => {
    const names = Array.from({ length: 100 }, (_, index) => `<script>alert(${index})</script>`);
    const frames = names.flatMap((name) => bucketFrames('total', name, { '1': 1, '+Inf': 1 }));
    expect(modelAnatomies(frames, QUESTION, ALL).map(({ endpointId }) => endpointId)).toEqual(names);
  });
});
