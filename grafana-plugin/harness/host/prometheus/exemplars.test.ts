import { describe, expect, it } from 'vitest';
import type { ExemplarSeries } from './api.ts';
import { asksForExemplars, exemplarFrames } from './exemplars.ts';
import type { TraceDestination } from './exemplars.ts';
import type { PromQuery } from './query.ts';

const QUERY: PromQuery = { refId: 'exemplars', expr: 'rate(a_bucket[1m])', exemplar: true };
const EARLIER: PromQuery = { refId: 'total', expr: 'increase(a_bucket[1h])' };

/** A series with exemplars: seconds since the epoch and values. */
function series(model: string, ...exemplars: readonly (readonly [number, number])[]): ExemplarSeries {
  return {
    seriesLabels: { __name__: 'a_bucket', endpoint_id: model, le: '4.0' },
    exemplars: exemplars.map(([timestamp, value]) => ({
      ...{ timestamp, value: String(value) },
      labels: { trace_id: `t${value}` },
    })),
  };
}

function framesOf(all: readonly ExemplarSeries[], destinations: readonly TraceDestination[] = []) {
  const asked = { query: QUERY, expr: QUERY.expr, stepSeconds: 60 };
  const nameOfSource = (uid: string): string | undefined => (uid === 'tempo' ? 'Traces' : undefined);
  return exemplarFrames(all, asked, { destinations, nameOfSource });
}

function valuesOf(all: readonly ExemplarSeries[], field: string): unknown {
  return framesOf(all)[0]?.fields.find(({ name }) => name === field)?.values;
}

function linksOf(...destinations: readonly TraceDestination[]): unknown {
  const [frame] = framesOf([series('x', [0, 1])], destinations);
  return frame?.fields.find(({ name }) => name === 'trace_id')?.config.links;
}

describe('exemplarFrames', () => {
  it('makes one frame of all series: time, value, and the labels by name', () => {
    const [frame, ...others] = framesOf([series('x', [120.25, 3]), series('y', [60, 2])]);
    expect(others).toEqual([]);
    expect(frame).toMatchObject({ refId: 'exemplars', name: 'exemplar', length: 2 });
    expect(frame?.meta).toEqual({
      typeVersion: [0, 0],
      custom: { resultType: 'exemplar' },
      dataTopic: 'annotations',
    });
    expect(frame?.fields.map(({ name, type, values }) => [name, type, values])).toEqual([
      ['Time', 'time', [60_000, 120_250]],
      ['Value', 'number', [2, 3]],
      ['__name__', 'string', ['a_bucket', 'a_bucket']],
      ['endpoint_id', 'string', ['y', 'x']],
      ['le', 'string', ['4.0', '4.0']],
      ['trace_id', 'string', ['t2', 't3']],
    ]);
  });

  it('makes no frame where there are no exemplars', () => {
    expect(framesOf([])).toEqual([]);
  });

  it('says what was asked where there is one series', () => {
    expect(framesOf([series('x', [0, 1])])[0]?.meta).toMatchObject({
      custom: { resultType: 'exemplar', calculatedMinStep: 60_000 },
      executedQueryString: 'Expr: rate(a_bucket[1m])\nStep: 60s',
    });
  });

  it('keeps the greatest of a step, and those far below it', () => {
    const ofOneStep = [series('x', [1, 100], [2, 99], [3, 98]), series('y', [4, 1])];
    const others = series('z', ...[60, 120, 180, 240, 300, 360].map((at) => [at, 98] as const));
    expect(valuesOf([...ofOneStep, others], 'Value')).toEqual([100, 1, 98, 98, 98, 98, 98, 98]);
  });

  it('links the trace id to every destination that is told', () => {
    const url = 'https://traces.example/${__value.raw}';
    expect(linksOf({ name: 'trace_id', url }, { name: 'other', url })).toEqual([
      { title: `Go to ${url}`, url, targetBlank: true },
    ]);
    expect(
      linksOf({ name: 'trace_id', datasourceUid: 'tempo', url, urlDisplayLabel: 'Trace' }),
    ).toMatchObject([
      { title: 'Trace', url: '', internal: { datasourceUid: 'tempo', datasourceName: 'Traces' } },
      { title: 'Trace', url },
    ]);
    expect(linksOf({ name: 'trace_id', datasourceUid: 'gone' })).toBeUndefined();
  });
});

describe('asksForExemplars', () => {
  it('is for queries that want them', () => {
    expect(asksForExemplars(QUERY, [QUERY, EARLIER])).toBe(true);
    expect(asksForExemplars(EARLIER, [QUERY, EARLIER])).toBe(false);
  });

  it('leaves out a query whose histogram an earlier one names, unless that one is hidden', () => {
    expect(asksForExemplars(QUERY, [EARLIER, QUERY])).toBe(false);
    expect(asksForExemplars(QUERY, [{ ...EARLIER, hide: true }, QUERY])).toBe(true);
    expect(asksForExemplars(QUERY, [{ ...EARLIER, expr: 'b_bucket' }, QUERY])).toBe(true);
  });
});
