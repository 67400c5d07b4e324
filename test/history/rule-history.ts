import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { PrometheusApi, QueryRange, Series } from '../prometheus-api.ts';
import { type AlertState, alertStates } from './alert-states.ts';
import type { SampledSeries } from './sample-book.ts';

interface RawRule {
  readonly record?: string;
  readonly alert?: string;
  readonly expr: string;
  readonly for?: string;
  readonly keep_firing_for?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

export interface RuleHistoryOptions {
  readonly api: PrometheusApi;
  /** Takes what follows from a rule, before the next one is asked. */
  readonly write: (series: readonly SampledSeries[]) => Promise<void>;
  /** Folder of rule files. */
  readonly rulesFolder: string;
  readonly range: QueryRange;
}

/**
 * Evaluates rules over a past as Prometheus would have, and writes what they record and the series `ALERTS` and
 * `ALERTS_FOR_STATE`: recordings before whatever reads them, alerts with their `for` and `keep_firing_for`.
 */
export async function writeRuleHistory(options: RuleHistoryOptions): Promise<void> {
  const rules = readRules(options.rulesFolder);
  const waiting = rules.filter(({ record }) => record !== undefined);
  while (waiting.length > 0) {
    const ready = waiting.findIndex((rule) => !waiting.some((other) => other !== rule && reads(rule, other)));
    const [rule] = waiting.splice(Math.max(0, ready), 1);
    if (rule === undefined) continue;
    await options.write((await ask(options, rule)).map((series) => recorded(rule, series, options.range)));
  }
  for (const rule of rules.filter(({ alert }) => alert !== undefined)) {
    const states = (await ask(options, rule)).flatMap((series) => stateSeries(rule, series, options.range));
    await options.write(states);
  }
}

function readRules(folder: string): RawRule[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.yml'));
  return files.flatMap((name) => {
    const file = parse(readFileSync(join(folder, name), 'utf8')) as {
      readonly groups: readonly { readonly rules: readonly RawRule[] }[];
    };
    return file.groups.flatMap(({ rules }) => rules);
  });
}

function reads(rule: RawRule, { record = '' }: RawRule): boolean {
  return rule.expr.includes(record);
}

function ask({ api, range }: RuleHistoryOptions, { expr }: RawRule): Promise<Series[]> {
  return api.queryRange(expr, range);
}

function recorded(
  { record = '', labels }: RawRule,
  { labels: own, points }: Series,
  range: QueryRange,
): SampledSeries {
  const all = { ...own, ...labels, __name__: record };
  return {
    labels: sorted(all),
    ...withEnds(
      points.map(({ at, value }) => [at, value] as const),
      range,
    ),
  };
}

function stateSeries(rule: RawRule, { labels: own, points }: Series, range: QueryRange): SampledSeries[] {
  const labels = Object.fromEntries(Object.entries(own).filter(([name]) => name !== '__name__'));
  const states = alertStates(
    points.map(({ at }) => at),
    { forSeconds: seconds(rule.for), keepSeconds: seconds(rule.keep_firing_for), range },
  );
  const all = { ...labels, ...rule.labels, alertname: rule.alert ?? '' };
  const ofState = (state: AlertState['state']): SampledSeries => ({
    labels: sorted({ ...all, __name__: 'ALERTS', alertstate: state }),
    ...withEnds(
      states.filter((each) => each.state === state).map(({ at }) => [at, 1] as const),
      range,
    ),
  });
  const since: SampledSeries = {
    labels: sorted({ ...all, __name__: 'ALERTS_FOR_STATE' }),
    ...withEnds(
      states.map((each) => [each.at, each.since] as const),
      range,
    ),
  };
  return [ofState('pending'), ofState('firing'), since].filter(({ times }) => times.length > 0);
}

/** Times in ms; a gap of more than a step is an end, which Prometheus marks at the next evaluation. */
function withEnds(
  points: readonly (readonly [at: number, value: number])[],
  { end, stepSeconds }: QueryRange,
): Pick<SampledSeries, 'times' | 'values'> {
  const times: number[] = [];
  const values: (number | undefined)[] = [];
  points.forEach(([at, value], index) => {
    times.push(at * 1000);
    values.push(value);
    const next = at + stepSeconds;
    if (next > end || points[index + 1]?.[0] === next) return;
    times.push(next * 1000);
    values.push(undefined);
  });
  return { times, values };
}

function sorted(labels: Readonly<Record<string, string>>): SampledSeries['labels'] {
  return Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** A duration of a rule: whole seconds, minutes or hours. */
function seconds(duration = '0s'): number {
  const [, count = '', unit = ''] = /^(\d+)([smh])$/.exec(duration) ?? [];
  const factor = { s: 1, m: 60, h: 3600 }[unit];
  if (factor === undefined) throw new Error(`expected a duration such as 5m, got ${duration}`);
  return Number(count) * factor;
}
