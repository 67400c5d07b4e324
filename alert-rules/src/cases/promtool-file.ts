import type { FiresCase, Firing, ResetCase, ResolvesCase, RuleCase } from './rule-case.ts';

interface ExpressionTest {
  readonly expr: string;
  readonly eval_time: string;
  readonly exp_samples: readonly { readonly labels: string; readonly value: number }[];
}

interface AlertTest {
  readonly alertname: string;
  readonly eval_time: string;
  readonly exp_alerts: readonly {
    readonly exp_labels: Readonly<Record<string, string>>;
    readonly exp_annotations: Readonly<Record<string, string>>;
  }[];
}

/** A group of promtool's own test format (https://prometheus.io/docs/prometheus/latest/configuration/unit_testing_rules/). */
export interface PromtoolGroup {
  readonly name: string;
  readonly interval: string;
  readonly input_series: readonly { readonly series: string; readonly values: string }[];
  readonly alert_rule_test: readonly AlertTest[];
  readonly promql_expr_test: readonly ExpressionTest[];
}

export interface PromtoolOptions {
  /** Names the case in whatever promtool has to say about it; `#` and a number. */
  readonly id: string;
  /** Where the runbooks are, as in the settings of the pack. */
  readonly runbooks: string;
}

const STEP_SECONDS = 15;

/** Seconds between samples and between evaluations of a case. */
export function stepOf({ step }: RuleCase): number {
  return step ?? STEP_SECONDS;
}

/** Alert, kind and sentence. */
export function caseName({ alert, kind, name }: RuleCase): string {
  return `${alert} ${kind}: ${name}`;
}

/**
 * Translates a case. When something fires is asked of the series ALERTS, which Prometheus itself writes; labels and
 * texts are asked of the alert.
 */
export function promtoolGroup(each: RuleCase, { id, runbooks }: PromtoolOptions): PromtoolGroup {
  const alertTests = each.kind === 'fires' ? [alertTest(each, runbooks)] : [];
  return {
    name: `${id} ${caseName(each)}`,
    interval: `${stepOf(each)}s`,
    input_series: Object.entries(each.series).map(([series, values]) => ({ series, values })),
    alert_rule_test: alertTests,
    // promtool names the group of an alert that differs, but not of an expression: a comment does.
    promql_expr_test: expressionTests(each).map((test) => ({ ...test, expr: `${test.expr} ${id}` })),
  };
}

function alertTest(each: FiresCase, runbooks: string): AlertTest {
  return {
    alertname: each.alert,
    eval_time: `${each.faultAt + each.firesAfter}s`,
    exp_alerts: each.firing.map((firing) => expectedAlert(firing, `${runbooks}/${each.alert}`)),
  };
}

function expectedAlert(
  { labels, summary, description, dashboardUrl }: Firing,
  runbookUrl: string,
): AlertTest['exp_alerts'][number] {
  return {
    exp_labels: labels,
    exp_annotations: { summary, description, runbook_url: runbookUrl, dashboard_url: dashboardUrl },
  };
}

function expressionTests(each: RuleCase): ExpressionTest[] {
  switch (each.kind) {
    case 'fires':
      return firesTests(each);
    case 'resolves':
      return resolvesTests(each);
    case 'survives a counter reset':
      return resetTests(each);
    case 'silent below':
    case 'silent without enough traffic':
    case 'silent on ordinary noise':
    case 'silent otherwise':
      return [evaluationsFiring(each, each.until, 0)];
  }
}

/** Not at all before the moment that the case names, and then. */
function firesTests(each: FiresCase): ExpressionTest[] {
  const first = moment(each, each.faultAt + each.firesAfter);
  const before = first === 0 ? [] : [evaluationsFiring(each, first - stepOf(each), 0)];
  const other = each.ahead === undefined ? [] : firesTests(behind(each, each.ahead));
  return [...before, isFiring(each, first, true), ...other];
}

function behind(each: FiresCase, { of, by }: NonNullable<FiresCase['ahead']>): FiresCase {
  return { ...each, alert: of, firesAfter: each.firesAfter + by, ahead: undefined };
}

function resolvesTests(each: ResolvesCase): ExpressionTest[] {
  const end = moment(each, each.healedAt + each.resolvesAfter);
  return [
    isFiring(each, moment(each, each.firingAt), true),
    isFiring(each, end - stepOf(each), true),
    isFiring(each, end, false),
  ];
}

function resetTests(each: ResetCase): ExpressionTest[] {
  const until = moment(each, each.until);
  if (each.firesBetween === undefined) return [evaluationsFiring(each, until, 0)];
  const [from, to] = each.firesBetween.map((at) => moment(each, at)) as [number, number];
  return [
    isFiring(each, from, true),
    isFiring(each, to, true),
    evaluationsFiring(each, until, (to - from) / stepOf(each) + 1),
  ];
}

function isFiring(each: RuleCase, at: number, expected: boolean): ExpressionTest {
  return {
    expr: `count(${firing(each)}) > bool 0`,
    eval_time: `${at}s`,
    exp_samples: expected ? [{ labels: '{}', value: 1 }] : [],
  };
}

/** At how many evaluations since the start it was firing; of several alerts of the name, the one that fired most. */
function evaluationsFiring(each: RuleCase, until: number, expected: number): ExpressionTest {
  const at = moment(each, until);
  return {
    expr: `max(count_over_time(${firing(each)}[${at + 1}s]))`,
    eval_time: `${at}s`,
    exp_samples: expected === 0 ? [] : [{ labels: '{}', value: expected }],
  };
}

function firing({ alert }: RuleCase): string {
  return `ALERTS{alertname="${alert}", alertstate="firing"}`;
}

/** A moment between two evaluations would see the one before it, and be wrong by a step unnoticed. */
function moment(each: RuleCase, seconds: number): number {
  if (seconds >= 0 && seconds % stepOf(each) === 0) return seconds;
  throw new Error(`${caseName(each)}: ${seconds} s is not a whole number of steps of ${stepOf(each)} s`);
}
