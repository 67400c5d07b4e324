import type { GrafanaRule, NotificationSettings } from './grafana-rule.ts';

const PAGERDUTY = 'fal-pagerduty';
const CHAT = 'fal-chat';

/** One incident per failing model of an account. Grafana insists on the first two. */
const GROUP_BY = ['grafana_folder', 'alertname', 'account', 'endpoint_id'];

const TIMING = {
  critical: { group_wait: '10s', group_interval: '1m', repeat_interval: '4h' },
  warning: { group_wait: '30s', group_interval: '5m', repeat_interval: '1d' },
} as const;

/** Sends what pages to PagerDuty, past the notification policies; the rest goes where these say. */
export function routing(rule: GrafanaRule): GrafanaRule {
  const timing = rule.labels.severity;
  if (timing !== 'critical' && timing !== 'warning') return rule;
  const settings: NotificationSettings = { receiver: PAGERDUTY, group_by: GROUP_BY, ...TIMING[timing] };
  return { ...rule, notification_settings: settings };
}

/**
 * PagerDuty refuses an event with an empty summary or source, for good, and labels and annotations that the alerts
 * of a group do not share are empty here. So everything falls back to something. No `$` but the file's: Grafana
 * would read it as a variable of its environment.
 */
export function pagerDutyContactPoint(): { readonly contactPoints: readonly unknown[] } {
  return contactPoint(PAGERDUTY, {
    type: 'pagerduty',
    disableResolveMessage: false,
    settings: {
      integrationKey: '$__file{/run/secrets/pagerduty_routing_key}',
      severity: `{{ with .CommonLabels.severity }}{{ if eq . "warning" }}warning{{ else if eq . "info" "none" }}info{{ else }}critical{{ end }}{{ else }}critical{{ end }}`,
      summary: firstOf('CommonAnnotations.summary', 'CommonLabels.alertname', 'fal: several alerts'),
      source: firstOf('CommonLabels.endpoint_id', 'CommonLabels.account', 'CommonLabels.instance', 'fal'),
      component: firstOf('CommonLabels.endpoint_id', 'CommonLabels.scope', 'fal'),
      group: firstOf('CommonLabels.account', 'fal'),
      class: firstOf('CommonLabels.alertname', 'fal'),
      client: 'Grafana',
      client_url: firstOf('CommonAnnotations.dashboard_url', '{{ .ExternalURL }}'),
      details: {
        description: firstOf('CommonAnnotations.description', 'Several alerts; see firing.'),
        runbook: firstOf('CommonAnnotations.runbook_url', 'of each alert, see firing'),
        dashboard: firstOf('CommonAnnotations.dashboard_url', 'of each alert, see firing'),
      },
    },
  });
}

/** A whole tree of policies with the contact point for what must not page. */
export function policyTree(): object {
  const route = (severity: string, receiver: string, timing: object): unknown => ({
    receiver,
    object_matchers: [
      ['scope', '=~', 'endpoint|platform|account|meta'],
      ['severity', '=', severity],
    ],
    ...timing,
  });
  return {
    ...contactPoint(CHAT, { type: 'webhook', settings: { url: '$__file{/run/secrets/chat_webhook_url}' } }),
    policies: [
      {
        orgId: 1,
        // An alert that no route wants must be seen by somebody.
        receiver: PAGERDUTY,
        group_by: GROUP_BY,
        routes: [
          route('critical', PAGERDUTY, TIMING.critical),
          route('warning', PAGERDUTY, TIMING.warning),
          route('info', CHAT, TIMING.warning),
          route('none', CHAT, TIMING.warning),
        ],
      },
    ],
  };
}

function contactPoint(name: string, receiver: object): { readonly contactPoints: readonly unknown[] } {
  return { contactPoints: [{ orgId: 1, name, receivers: [{ uid: name, ...receiver }] }] };
}

/** A template of the first field that is not empty; the last is text. */
function firstOf(...fieldsAndText: readonly [...string[], string]): string {
  const fields = fieldsAndText.slice(0, -1);
  const opened = fields.map((field) => `{{ with .${field} }}{{ . }}{{ else }}`).join('');
  return `${opened}${fieldsAndText.at(-1) ?? ''}${'{{ end }}'.repeat(fields.length)}`;
}
