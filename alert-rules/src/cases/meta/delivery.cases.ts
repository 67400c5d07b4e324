import { named } from '../exporter-series.ts';
import type { RuleCase } from '../rule-case.ts';
import { type ValuePhase, counter } from '../series.ts';

const DASHBOARD = 'http://localhost:3000/d/fal-overview';
const DELIVERY = 'FalAlertDeliveryFailing';
const DELIVERY_FAULT = 'an integration refuses every notification';

/** Notifications that an integration refused, as Alertmanager counts them. */
function failed(integration: string, phases: readonly ValuePhase[]): Record<string, string> {
  const labels = { job: 'alertmanager', instance: 'alertmanager:9093', integration };
  return { [named('alertmanager_notifications_failed_total', labels)]: counter(phases) };
}

const REFUSED: readonly ValuePhase[] = [
  { minutes: 10, value: 0 },
  { minutes: 20, value: 1 },
  { minutes: 30, value: 0 },
];
const FINE: readonly ValuePhase[] = [{ minutes: 60, value: 0 }];

export const DELIVERY_FAILING: readonly RuleCase[] = [
  {
    ...{ alert: DELIVERY, kind: 'fires', name: 'per integration: the one that fails, and not the other' },
    fault: DELIVERY_FAULT,
    series: { ...failed('pagerduty', REFUSED), ...failed('slack', FINE) },
    faultAt: 600,
    firesAfter: 315,
    firing: [
      {
        labels: { severity: 'critical', scope: 'meta', job: 'alertmanager', integration: 'pagerduty' },
        summary: 'Alertmanager cannot deliver through pagerduty',
        description:
          'Notifications through pagerduty fail: whoever relies on it is not paged. A key file that is missing or wrong is the usual cause: for PagerDuty, put the integration key (32 characters) into the file that routing_key_file names. The log of Alertmanager has the reason.',
        dashboardUrl: DASHBOARD,
      },
    ],
  },
  {
    ...{ alert: DELIVERY, kind: 'silent below', name: 'everything is delivered, after failures long ago' },
    series: {
      [named('alertmanager_notifications_failed_total', { job: 'alertmanager', integration: 'pagerduty' })]:
        '7x240',
    },
    until: 3600,
  },
  {
    ...{ alert: DELIVERY, kind: 'silent otherwise', name: 'the failures of an Alertmanager of another job' },
    series: {
      [named('alertmanager_notifications_failed_total', { job: 'others', integration: 'email' })]:
        counter(REFUSED),
    },
    until: 3600,
  },
  {
    ...{ alert: DELIVERY, kind: 'resolves', name: 'fifteen minutes after the last failure' },
    fault: DELIVERY_FAULT,
    series: failed('pagerduty', REFUSED),
    firingAt: 1800,
    healedAt: 1800,
    resolvesAfter: 900,
  },
  {
    ...{
      alert: DELIVERY,
      kind: 'survives a counter reset',
      name: 'Alertmanager restarts, long after failures',
    },
    series: failed('pagerduty', [
      { minutes: 2, value: 3 },
      { minutes: 20, value: 0 },
      { minutes: 20, value: 0, restart: true },
    ]),
    until: 2520,
    firesBetween: [315, 1005],
  },
];

const RULES = 'FalRuleFailures';
const RULES_FAULT = 'rules that cannot be evaluated';

/** Evaluations that failed in a group of rules, as Prometheus counts them. */
function evaluations(group: string, phases: readonly ValuePhase[]): Record<string, string> {
  const labels = { job: 'prometheus', instance: 'prometheus:9090', rule_group: group };
  return { [named('prometheus_rule_evaluation_failures_total', labels)]: counter(phases) };
}

const OURS = '/etc/prometheus/rules/endpoint.yml;fal-endpoint';
const FAILING: readonly ValuePhase[] = [
  { minutes: 10, value: 0 },
  { minutes: 10, value: 4 },
  { minutes: 20, value: 0 },
];

export const RULE_FAILURES: readonly RuleCase[] = [
  {
    ...{ alert: RULES, kind: 'fires', name: 'with the first evaluation that failed' },
    fault: RULES_FAULT,
    series: evaluations(OURS, FAILING),
    faultAt: 600,
    firesAfter: 15,
    firing: [
      {
        labels: {
          severity: 'warning',
          scope: 'meta',
          job: 'prometheus',
          instance: 'prometheus:9090',
          rule_group: OURS,
        },
        summary: 'Prometheus fails to evaluate alert rules on fal',
        description: `Rules of the group ${OURS} fail to evaluate: the alerts in it are blind. The page Status > Rules of Prometheus shows the error. Most often series of two jobs collide after a relabelling: compare your job names with those in fal-alerts.yml.`,
        dashboardUrl: DASHBOARD,
      },
    ],
  },
  {
    ...{ alert: RULES, kind: 'silent below', name: 'a group of somebody else fails' },
    series: {
      ...evaluations('/etc/prometheus/rules/node.yml;node', FAILING),
      ...evaluations('/etc/prometheus/rules/fal-endpoint.yml;node', FAILING),
      ...evaluations('/etc/prometheus/rules/other.yml;falcon-9', FAILING),
      ...evaluations(OURS, [{ minutes: 40, value: 0 }]),
    },
    until: 2400,
  },
  {
    ...{ alert: RULES, kind: 'silent without enough traffic', name: 'nothing failed in five minutes' },
    series: evaluations(OURS, [{ minutes: 40, value: 0 }]),
    until: 2400,
  },
  {
    ...{ alert: RULES, kind: 'resolves', name: 'ten minutes after the last failure' },
    fault: RULES_FAULT,
    series: evaluations(OURS, FAILING),
    firingAt: 1200,
    healedAt: 1200,
    resolvesAfter: 600,
  },
  {
    ...{ alert: RULES, kind: 'survives a counter reset', name: 'Prometheus restarts, and all is well' },
    series: {
      [named('prometheus_rule_evaluation_failures_total', { job: 'prometheus', rule_group: OURS })]:
        '9x80 0x80',
    },
    until: 2400,
  },
];

export const WATCHDOG: readonly RuleCase[] = [
  {
    ...{ alert: 'Watchdog', kind: 'fires', name: 'always, and first of all' },
    series: {},
    faultAt: 0,
    firesAfter: 0,
    firing: [
      {
        labels: { severity: 'none', scope: 'meta' },
        summary: 'the way from Prometheus through Alertmanager to you works',
        description:
          'This alert always fires and goes to a dead-man’s switch, which calls you when it stops coming. If you were called because of it, Prometheus, Alertmanager or the network between them and the switch is down.',
        dashboardUrl: DASHBOARD,
      },
    ],
  },
];
