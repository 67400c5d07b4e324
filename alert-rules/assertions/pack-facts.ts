import { CLIENT_METRICS } from 'opentelemetry-instrumentation-fal/core';
import { METRICS } from '../../exporter/src/metrics/catalogue.ts';
import type { AlertRule, Pack, Rule } from '../src/pack.ts';
import { labelsOf, type LabelFacts } from './labels-of.ts';

/** Metrics of others that the rules read. */
const FOREIGN: readonly (readonly [name: string, labels: readonly string[]])[] = [
  ['up', []],
  ['process_start_time_seconds', []],
  ['alertmanager_notifications_failed_total', ['integration']],
  ['prometheus_rule_evaluation_failures_total', ['rule_group']],
  ['ALERTS', ['alertname', 'alertstate', 'severity', 'scope', 'source', 'account', 'endpoint_id']],
];

/** Every series name that a scrape may hold, with the labels of its samples. */
export const EXPORTED: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ...FOREIGN.map(([name, labels]) => [name, withTarget(labels)] as const),
  ...[...METRICS, ...CLIENT_METRICS].flatMap(({ name, type, labels }) =>
    type === 'histogram'
      ? ([
          [`${name}_bucket`, withTarget([...labels, 'le'])],
          [`${name}_sum`, withTarget(labels)],
          [`${name}_count`, withTarget(labels)],
        ] as const)
      : ([[name, withTarget(labels)]] as const),
  ),
]);

function withTarget(labels: readonly string[]): ReadonlySet<string> {
  return new Set([...labels, 'job', 'instance']);
}

/** A rule with what a check may need to know around it. */
export interface Situation {
  readonly rule: Rule;
  /** Names that are recorded before it: in an earlier file, or above it in its group. */
  readonly recordedBefore: ReadonlySet<string>;
  readonly facts: LabelFacts;
  /** Its value is a number of things, which needs no rounding. */
  readonly isWhole: boolean;
}

/** What makes a fraction of whole numbers. */
const FRACTIONS = /\b(rate|increase|histogram_quantile|avg|avg_over_time|time)\b|_seconds|_usd|_ratio|\/$/m;

/** Every rule of a pack, in its order. */
export function situationsIn(pack: Pack): Situation[] {
  const rules = pack.flatMap(({ groups }) => groups.flatMap((group) => group.rules));
  const exprOf = new Map(
    rules.flatMap((rule) => (rule.kind === 'recording' ? [[rule.record, rule.expr]] : [])),
  );
  const recorded = new Set<string>();
  return rules.map((rule) => {
    const recordedBefore = new Set(recorded);
    if (rule.kind === 'recording') recorded.add(rule.record);
    const facts = labelsOf(rule.expr, (metric) => EXPORTED.get(metric), exprOf);
    return { rule, recordedBefore, facts, isWhole: isWhole(rule.expr, exprOf) };
  });
}

/** Errs on the side of rounding. A recorded series stands for what it is recorded from. */
function isWhole(expr: string, exprOf: ReadonlyMap<string, string>): boolean {
  const names = expr.match(/\b[a-z_]+:[\w:]+/g) ?? [];
  return (
    !FRACTIONS.test(expr.replace(/\bchanges\([^)]*\)/g, '')) &&
    names.every((name) => isWhole(exprOf.get(name) ?? '', exprOf))
  );
}

export function isAlert(rule: Rule): rule is AlertRule {
  return rule.kind === 'alert';
}
