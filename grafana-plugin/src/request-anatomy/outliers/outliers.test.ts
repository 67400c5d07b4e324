import type { DataFrame } from '@grafana/data';
import { describe, expect, it } from 'vitest';
import { field } from '../anatomy/frames-of-models.ts';
import { outliersOf } from './outliers.ts';

interface Exemplar {
  readonly seconds: unknown;
  readonly model?: string;
  readonly trace?: string;
}

function frame(exemplars: readonly Exemplar[], hasLinks = true): DataFrame {
  const config = hasLinks ? { links: [{ title: 'Trace', url: '/trace/${__value.raw}' }] } : {};
  return {
    refId: 'exemplars',
    length: exemplars.length,
    meta: { custom: { resultType: 'exemplar' } },
    fields: [
      field('Time', 'time', { values: exemplars.map((_, index) => index) }),
      field('Value', 'number', { values: exemplars.map(({ seconds }) => seconds) }),
      field('endpoint_id', 'string', { values: exemplars.map(({ model }) => model) }),
      field('traceID', 'string', {
        values: exemplars.map(({ trace }) => trace),
        config,
        ...(hasLinks && {
          getLinks: ({ valueRowIndex = -1 }) => [
            {
              href: `/trace/${exemplars[valueRowIndex]?.trace ?? ''}`,
              title: 'Trace',
              target: '_self',
              origin: undefined as never,
            },
          ],
        }),
      }),
    ],
  };
}

describe('outliersOf', () => {
  it('takes the slowest of each model, slowest first, with the way to their traces', () => {
    const exemplars = [3, 9, 5, 7].map((seconds) => ({ seconds, model: 'a', trace: `t${seconds}` }));
    const found = outliersOf([frame([...exemplars, { seconds: 1, model: 'b', trace: 'b1' }])], 2);
    expect(found.get('a')?.map(({ seconds, links }) => [seconds, links()[0]?.href])).toEqual([
      [9, '/trace/t9'],
      [7, '/trace/t7'],
    ]);
    expect(found.get('b')?.length).toBe(1);
  });

  it('counts a trace once, however many buckets show it', () => {
    const one = { seconds: 9, model: 'a', trace: 't' };
    expect(outliersOf([frame([one, one]), frame([one])], 3).get('a')?.length).toBe(1);
  });

  it('shows an exemplar without a link, too', () => {
    const found = outliersOf([frame([{ seconds: 2, model: 'a', trace: 't' }], false)], 3).get('a');
    expect(found?.map(({ traceId, links }) => [traceId, links()])).toEqual([['t', []]]);
  });

  it('gives one that names no model to the only model, and to none where there are several', () => {
    expect(outliersOf([frame([{ seconds: 2, trace: 't' }])], 3, 'a').get('a')?.length).toBe(1);
    expect(outliersOf([frame([{ seconds: 2, trace: 't' }])], 3).size).toBe(0);
  });

  it('leaves out what has no number, and frames that hold no exemplars', () => {
    const plain: DataFrame = { ...frame([{ seconds: 2, model: 'a' }]), meta: {} };
    const found = outliersOf(
      [
        plain,
        frame([
          { seconds: NaN, model: 'a' },
          { seconds: undefined, model: 'a' },
        ]),
      ],
      3,
    );
    expect(found.size).toBe(0);
  });

  it('reads the model from the labels of the value as well', () => {
    const labelled: DataFrame = {
      refId: 'exemplars',
      length: 1,
      meta: { custom: { resultType: 'exemplar' } },
      fields: [
        field('Time', 'time', { values: [1] }),
        field('Value', 'number', { values: [4], labels: { endpoint_id: 'a' } }),
      ],
    };
    expect(outliersOf([labelled], 3).get('a')?.[0]?.seconds).toBe(4);
  });
});
