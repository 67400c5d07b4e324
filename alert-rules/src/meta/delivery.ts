import { alert } from '../alert.ts';
import { count } from '../parameter.ts';

export const alertDeliveryFailing = alert({
  name: 'FalAlertDeliveryFailing',
  scope: 'meta',
  severity: 'critical',
  forSeconds: 300,
  parameters: {},
  meaning: 'Alertmanager fails to deliver notifications through an integration, for {for}.',
  rules: (promql) => [
    {
      expr: `sum by (job, integration) (rate(${promql.alertmanager('alertmanager_notifications_failed_total')}[${promql.duration(900)}])) > 0`,
      summary: 'Alertmanager cannot deliver through {{ $labels.integration }}',
      description:
        'Notifications through {{ $labels.integration }} fail: whoever relies on it is not paged. A key file that is missing or wrong is the usual cause: for PagerDuty, put the integration key (32 characters) into the file that routing_key_file names. The log of Alertmanager has the reason.',
      dashboard: 'fal-overview',
    },
  ],
});

export const ruleFailures = alert({
  name: 'FalRuleFailures',
  scope: 'meta',
  severity: 'warning',
  forSeconds: 0,
  keepFiringForSeconds: 300,
  parameters: { min_failures: count(1, 'failed evaluations in 5 minutes') },
  meaning: 'Prometheus failed to evaluate rules of this pack {min_failures} times or more in five minutes.',
  rules: (promql, { min_failures: least }) => {
    const failures = promql.prometheus(
      'prometheus_rule_evaluation_failures_total',
      'rule_group=~".+;fal-[a-z]+"',
    );
    return [
      {
        expr: `increase(${failures}[${promql.duration(300)}]) > ${least - 0.1}`,
        summary: 'Prometheus fails to evaluate alert rules on fal',
        description:
          'Rules of the group {{ $labels.rule_group }} fail to evaluate: the alerts in it are blind. The page Status > Rules of Prometheus shows the error. Most often series of two jobs collide after a relabelling: compare your job names with those in fal-alerts.yml.',
        dashboard: 'fal-overview',
      },
    ];
  },
});

export const watchdog = alert({
  name: 'Watchdog',
  scope: 'meta',
  severity: 'none',
  forSeconds: 0,
  parameters: {},
  meaning: 'Always fires. When it stops arriving at its receiver, the way from Prometheus to you is broken.',
  rules: () => [
    {
      expr: 'vector(1)',
      summary: 'the way from Prometheus through Alertmanager to you works',
      description:
        'This alert always fires and goes to a dead-man’s switch, which calls you when it stops coming. If you were called because of it, Prometheus, Alertmanager or the network between them and the switch is down.',
      dashboard: 'fal-overview',
    },
  ],
});
