/** Answers of Prometheus as the data frames that Grafana's own data source makes of them. */
import { DataFrameType, FieldType } from '@grafana/data';
import type { DataFrame, Field } from '@grafana/data';
import type { Answer, Labels, Point } from './api.ts';
import { numberOf } from './numbers.ts';
import type { PromQuery } from './query.ts';

export interface Asked {
  readonly query: PromQuery;
  readonly expr: string;
  readonly stepSeconds: number;
}

/** Time series: one frame per series, with a point at each step; steps without a value stay gaps. */
export function seriesFrames(answer: Answer, { query, expr, stepSeconds }: Asked): DataFrame[] {
  return seriesOf(answer).map(({ metric, points }) => {
    const name = legendOf(metric, { query, expr });
    return {
      refId: query.refId,
      name,
      meta: {
        type: answer.resultType === 'matrix' ? DataFrameType.TimeSeriesMulti : DataFrameType.NumericMulti,
        typeVersion: [0, 1],
        custom: { resultType: answer.resultType },
        preferredVisualisationType: 'graph',
        executedQueryString: `Expr: ${expr}\nStep: ${stepSeconds}s`,
      },
      fields: [
        timeField(points, stepSeconds),
        {
          name: metric.__name__ ?? 'Value',
          type: FieldType.number,
          labels: { ...metric },
          config: { displayNameFromDS: name },
          values: points.map(([, value]) => numberOf(value)),
        },
      ],
      length: points.length,
    };
  });
}

/** One frame per query: time, a column for each label, the value (with the refId when there are several queries). */
export function tableFrames(frames: readonly DataFrame[]): DataFrame[] {
  const byQuery = Map.groupBy(frames, (frame) => frame.refId ?? '');
  return [...byQuery].map(([refId, ofQuery]) =>
    tableFrame(ofQuery, { refId, valueName: byQuery.size > 1 ? `Value #${refId}` : 'Value' }),
  );
}

function tableFrame(
  frames: readonly DataFrame[],
  { refId, valueName }: { refId: string; valueName: string },
): DataFrame {
  const rows = frames.flatMap(rowsOf).sort((a, b) => a.at - b.at);
  const labels = [...new Set(frames.flatMap((frame) => Object.keys(frame.fields[1]?.labels ?? {}).sort()))];
  const columns: Field[] = labels.map((label) => ({
    name: label,
    type: FieldType.string,
    config: { filterable: true },
    values: rows.map((row) => row.labels[label] ?? ''),
  }));
  const time: Field = {
    name: 'Time',
    type: FieldType.time,
    config: {},
    values: rows.map(({ at }) => at),
  };
  const value: Field = {
    name: valueName,
    type: FieldType.number,
    config: {},
    values: rows.map((row) => row.value),
  };
  return {
    refId,
    meta: { ...frames[0]?.meta, preferredVisualisationType: 'rawPrometheus' },
    fields: [time, ...columns, value],
    length: rows.length,
  };
}

interface Row {
  readonly at: number;
  readonly labels: Labels;
  readonly value: number;
}

function rowsOf({ fields: [time, value] }: DataFrame): Row[] {
  return (time?.values ?? []).map((at: number, i: number) => ({
    at,
    labels: value?.labels ?? {},
    value: (value?.values[i] as number | undefined) ?? NaN,
  }));
}

/** Cumulative buckets as rows of a heatmap: sorted by bound, each without what the bucket below it holds. */
export function heatmapFrame(frames: readonly DataFrame[]): DataFrame[] {
  const bound = (frame: DataFrame): number => numberOf(frame.fields[1]?.labels?.le ?? frame.name ?? '');
  const sorted = [...frames].sort((a, b) => bound(a) - bound(b));
  const [first] = sorted;
  if (first === undefined) return [];
  const times = [...new Set(sorted.flatMap(timesOf))].sort((a, b) => a - b);
  const cumulative = sorted.map((frame) => valuesAt(frame, times));
  const fields: Field[] = sorted.map((frame, i) => ({
    name: frame.fields[1]?.labels?.le ?? frame.name ?? '',
    type: FieldType.number,
    labels: frame.fields[1]?.labels ?? {},
    config: {},
    values: (cumulative[i] ?? []).map((value, at) => Math.max(0, value - (cumulative[i - 1]?.[at] ?? 0))),
  }));
  const time: Field = { name: 'Time', type: FieldType.time, config: {}, values: times };
  return [
    {
      refId: first.refId ?? '',
      meta: { ...first.meta, type: DataFrameType.HeatmapRows },
      fields: [time, ...fields],
      length: times.length,
    },
  ];
}

function timesOf({ fields: [time] }: DataFrame): number[] {
  return (time?.values ?? []) as number[];
}

function valuesAt({ fields: [time, value] }: DataFrame, times: readonly number[]): number[] {
  const byTime = new Map((time?.values ?? []).map((at: number, i: number) => [at, Number(value?.values[i])]));
  return times.map((at) => byTime.get(at) ?? 0);
}

interface RawSeries {
  readonly metric: Labels;
  readonly points: readonly Point[];
}

function seriesOf(answer: Answer): RawSeries[] {
  if (answer.resultType === 'scalar') return [{ metric: {}, points: [answer.result] }];
  if (answer.resultType === 'vector')
    return answer.result.map(({ metric, value }) => ({ metric, points: [value] }));
  return answer.result.map(({ metric, values }) => ({ metric, points: values }));
}

function timeField(points: readonly Point[], stepSeconds: number): Field {
  return {
    name: 'Time',
    type: FieldType.time,
    config: { interval: stepSeconds * 1000 },
    values: points.map(([at]) => at * 1000),
  };
}

/** The name of a series in a legend: the format given, or, for `__auto`, its labels or else the expression. */
function legendOf(metric: Labels, { query, expr }: Pick<Asked, 'query' | 'expr'>): string {
  const format = query.legendFormat ?? '';
  if (format !== '' && format !== '__auto') {
    return format.replaceAll(/\{\{\s*([\w.]+)\s*\}\}/g, (_, label: string) => metric[label] ?? '');
  }
  const { __name__: name = '', ...labels } = metric;
  const pairs = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  const [only] = Object.values(labels);
  if (format === '__auto' && pairs.length === 1 && only !== undefined) return only;
  return pairs.length === 0 ? name || expr : `${name}{${pairs.join(', ')}}`;
}
