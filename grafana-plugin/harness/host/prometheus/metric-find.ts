import type { MetricFindValue } from '@grafana/data';
import type { Api, Range } from './api.ts';

/** `label_values(selector, label)` or `label_values(label)`; the selector may hold commas. */
const LABEL_VALUES = /^label_values\((?:(?<selector>.+),\s*)?(?<label>[a-zA-Z_$][\w]*)\)\s*$/s;
const QUERY_RESULT = /^query_result\((?<expr>.+)\)\s*$/s;
const METRICS = /^metrics\((?<pattern>.+)\)\s*$/s;

/** Values for a query variable, by the functions that Grafana's Prometheus data source has for them. */
export async function findValues(api: Api, query: string, range: Range): Promise<MetricFindValue[]> {
  const text = query.trim();
  const labelValues = LABEL_VALUES.exec(text)?.groups;
  if (labelValues !== undefined) {
    const { label = '', selector } = labelValues;
    return named(await api.labelValues(label, selector, range));
  }
  if (text === 'label_names()') return named(await api.labelNames(range));
  const metrics = METRICS.exec(text)?.groups;
  if (metrics !== undefined) {
    const pattern = new RegExp(metrics.pattern ?? '');
    return named((await api.labelValues('__name__', undefined, range)).filter((name) => pattern.test(name)));
  }
  const result = QUERY_RESULT.exec(text)?.groups;
  if (result !== undefined) return resultOf(api, result.expr ?? '', range);
  throw new Error(
    `a variable asks "${text}": expected label_values, label_names, metrics or query_result, which the stand-in knows`,
  );
}

async function resultOf(api: Api, expr: string, { end }: Range): Promise<MetricFindValue[]> {
  const answer = await api.query(expr, end);
  if (answer.resultType === 'scalar') return named([answer.result[1]]);
  if (answer.resultType === 'matrix') return [];
  return answer.result.map(({ metric: { __name__: name = '', ...labels }, value: [at, value] }) => {
    const pairs = Object.entries(labels).map(([label, text]) => `${label}="${text}"`);
    return { text: `${name}{${pairs.join(',')}} ${value} ${at * 1000}` };
  });
}

function named(values: readonly string[]): MetricFindValue[] {
  return values.map((text) => ({ text }));
}
