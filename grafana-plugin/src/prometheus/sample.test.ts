import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Ask } from './ask.ts';
import { instant, labelValues, largest, readVector, type Sample } from './sample.ts';

function vector(...result: readonly unknown[]): unknown {
  return { status: 'success', data: { resultType: 'vector', result } };
}

describe('readVector', () => {
  it('reads labels and value of each series', () => {
    const body = vector({ metric: { account: 'a', le: '+Inf' }, value: [1, '0.25'] });
    expect(readVector(body)).toEqual([{ labels: { account: 'a', le: '+Inf' }, value: 0.25 }]);
  });

  it.each(['NaN', '+Inf', '-Inf', '', ' ', 'x'])('leaves out the value %j: unknown is absent', (value) => {
    expect(readVector(vector({ metric: {}, value: [1, value] }))).toEqual([]);
  });

  it.each([
    ['an HTML page', '<html><script>alert(1)</script></html>'],
    ['an error', { status: 'error', error: 'x' }],
    ['a matrix', { status: 'success', data: { resultType: 'matrix', result: [] } }],
    ['no result', { status: 'success', data: { resultType: 'vector' } }],
    ['null', null],
  ])('takes %s for no answer of Prometheus', (_, body) => {
    expect(readVector(body)).toBeUndefined();
  });

  it('reads whatever stands in a vector without throwing, and only finite numbers out of it', () => {
    fc.assert(
      fc.property(fc.array(fc.anything()), (result) => {
        for (const { value } of readVector(vector(...result)) ?? [])
          expect(Number.isFinite(value)).toBe(true);
      }),
    );
  });

  it('reads ten thousand series', () => {
    const series = Array.from({ length: 10_000 }, (_, index) => ({
      metric: { n: `${index}` },
      value: [1, '1'],
    }));
    expect(readVector(vector(...series))).toHaveLength(10_000);
  });
});

describe('instant', () => {
  it('asks for the expression, and says so when the answer is none of Prometheus', async () => {
    const asked: unknown[] = [];
    const ask: Ask = (...question) => {
      asked.push(question);
      return Promise.resolve({ kind: 'answered', value: 'pong' });
    };
    expect(await instant(ask, 'up == 0')).toMatchObject({
      kind: 'failed',
      failure: { kind: 'not_prometheus' },
    });
    expect(asked).toEqual([['api/v1/query', { query: 'up == 0' }]]);
  });
});

describe('labelValues and largest', () => {
  const samples: Sample[] = [
    { labels: { job: 'b' }, value: -3 },
    { labels: { job: 'a' }, value: -1 },
    { labels: { job: 'b' }, value: -2 },
    { labels: {}, value: -9 },
  ];

  it('lists each value of a label once, in order', () =>
    expect(labelValues(samples, 'job')).toEqual(['a', 'b']));

  it('finds the largest, also below zero, and none among none', () => {
    expect(largest(samples)).toBe(-1);
    expect(largest([])).toBeUndefined();
  });
});
