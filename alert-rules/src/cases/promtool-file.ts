import type { Firing, ResetCase, RuleCase, SilentCase } from './rule-case.ts';

interface ExpressionTest {
  readonly expr: string;
  readonly eval_time: string;
  readonly exp_samples: readonly { readonly labels: string; readonly value: number }[];
}

interface AlertTest {
  readonly alertname: string;
  readonly eval_time: string;
  readonly exp_alerts: readonly {
    exp_labels: Record<string, string>;
    exp_annotations: Record<string, string>;
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

const STEP_SECONDS = 15;

/** Translates a case. Whether something fires is asked of the series ALERTS, which Prometheus itself writes. */
export function promtoolGroup(each: RuleCase, links: { readonly runbooks: string }): PromtoolGroup {
  const step = each.step ?? STEP_SECONDS;
  return {
    name: caseName(each),
    interval: `${step}s`,
    input_series: Object.entries(each.series).map(([series, values]) => ({ series, values })),
    alert_rule_test: alertTests(each, links),
    promql_expr_test: expressionTests(each, step),
  };
}

/** Alert, kind and sentence: how promtool names a failure. */
export function caseName({ alert, kind, name }: RuleCase): string {
  return `${alert}: ${kind}: ${name}`;
}

function alertTests(each: RuleCase, links: { readonly runbooks: string }): AlertTest[] {
  if (each.kind !== 'fires') return [];
  return [
    {
      alertname: each.alert,
      eval_time: `${each.faultAt + each.firesAfter}s`,
      exp_alerts: each.firing.map((firing) => expectedAlert(each.alert, firing, links)),
    },
  ];
}

function expectedAlert(
  alert: string,
  { labels, summary, description, dashboardUrl }: Firing,
  links: { readonly runbooks: string },
): AlertTest['exp_alerts'][number] {
  return {
    exp_labels: { ...labels },
    exp_annotations: {
      summary,
      description,
      runbook_url: `${links.runbooks}/${alert}`,
      dashboard_url: dashboardUrl,
    },
  };
}

function expressionTests(each: RuleCase, step: number): ExpressionTest[] {
  switch (each.kind) {
    case 'fires': {
      const first = each.faultAt + each.firesAfter;
      return [isFiring(each, first - step, false), isFiring(each, first, true)];
    }
    case 'resolves': {
      const end = each.healedAt + each.resolvesAfter;
      return [
        isFiring(each, each.firingAt, true),
        isFiring(each, end - step, true),
        isFiring(each, end, false),
      ];
    }
    case 'survives a counter reset':
      return resetTests(each, step);
    default:
      return [neverFires(each, each.until)];
  }
}

function resetTests(each: ResetCase, step: number): ExpressionTest[] {
  if (each.firesBetween === undefined) return [neverFires(each, each.until)];
  const [from, to] = each.firesBetween;
  const times = Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);
  return times.map((at) => isFiring(each, at, true));
}

function isFiring({ alert }: RuleCase, at: number, expected: boolean): ExpressionTest {
  return {
    expr: `count(ALERTS{alertname="${alert}", alertstate="firing"}) > bool 0`,
    eval_time: `${at}s`,
    exp_samples: expected ? [{ labels: '{}', value: 1 }] : [],
  };
}

function neverFires({ alert }: SilentCase | ResetCase, until: number): ExpressionTest {
  return {
    expr: `count_over_time(ALERTS{alertname="${alert}", alertstate="firing"}[${until + 1}s])`,
    eval_time: `${until}s`,
    exp_samples: [],
  };
}
