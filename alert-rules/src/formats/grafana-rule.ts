import type { AlertRule } from '../pack.ts';
import { promDuration } from '../prom-duration.ts';
import type { Links } from '../settings.ts';

/** A rule of a file in `provisioning/alerting`; keys as Grafana 12.4 reads them. */
export interface GrafanaRule {
  readonly uid: string;
  readonly title: string;
  readonly condition: 'B';
  readonly data: readonly GrafanaQuery[];
  readonly noDataState: 'OK' | 'Alerting';
  readonly execErrState: 'KeepLast' | 'Alerting';
  readonly for: string;
  readonly keepFiringFor?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly isPaused: boolean;
  readonly notification_settings?: NotificationSettings;
}

export interface GrafanaQuery {
  readonly refId: 'A' | 'B';
  readonly datasourceUid: string;
  readonly relativeTimeRange: { readonly from: number; readonly to: number };
  readonly model: Readonly<Record<string, unknown>>;
}

export interface NotificationSettings {
  readonly receiver: string;
  readonly group_by: readonly string[];
  readonly group_wait: string;
  readonly group_interval: string;
  readonly repeat_interval: string;
}

/** What an alert in Prometheus has, and a Grafana uid may not be longer than 40. */
const MAX_UID = 40;

/** Labels that do not tell two rules of one alert apart, and `source`, which goes first. */
const SHARED_LABELS = ['severity', 'scope', 'source'];

/** Below every value that an expression of the rules can return. */
const LOWEST = -1e300;

/**
 * An alert as a Grafana-managed rule over `expr`, the alert's expression without recorded series.
 *
 * Grafana fires where a condition is not 0, whereas Prometheus fires where there is a sample at all. So A keeps
 * the comparison, and B is true for whatever A returns. No sample means that all is well.
 *
 * While the data source does not answer, every rule keeps its state: open incidents stay open and none begins.
 * `dataSourceRule` tells that nobody is looking.
 */
export function grafanaRule(rule: AlertRule, expr: string, dataSourceUid: string): GrafanaRule {
  return {
    uid: uidOf(rule),
    title: rule.alert,
    condition: 'B',
    data: [instantQuery(withoutName(expr), dataSourceUid), threshold('gt', LOWEST)],
    noDataState: 'OK',
    execErrState: 'KeepLast',
    for: promDuration(rule.forSeconds),
    ...(rule.keepFiringForSeconds === undefined
      ? {}
      : { keepFiringFor: promDuration(rule.keepFiringForSeconds) }),
    labels: escaped(rule.labels),
    annotations: valueGuarded(rule.annotations),
    isPaused: rule.labels.severity === 'none',
  };
}

/**
 * Grafana writes the texts of a rule at every evaluation, also while nothing fires; its `$value` is then an empty text,
 * and `humanizeDuration` of that is an error in the log each time (seen in 12.4). A value of 0 is a value.
 */
export function valueGuarded(annotations: AlertRule['annotations']): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(annotations).map(([name, text]) => [
      name,
      text.replaceAll(/\{\{ \$value [^}]*\}\}/g, '{{ if ne (print $value) "" }}$&{{ end }}'),
    ]),
  );
}

/** Fires when the data source cannot be asked. The only rule of this form that has no twin in Prometheus. */
export function dataSourceRule(links: Links, dataSourceUid: string): GrafanaRule {
  return {
    uid: 'fal-data-source-unreachable',
    title: 'FalDataSourceUnreachable',
    condition: 'B',
    data: [instantQuery('vector(1)', dataSourceUid), threshold('lt', LOWEST)],
    noDataState: 'Alerting',
    execErrState: 'Alerting',
    for: '5m',
    labels: { severity: 'critical', scope: 'meta' },
    annotations: {
      summary: 'fal: Grafana cannot query Prometheus, no alert rule is evaluated',
      description:
        'For five minutes Grafana got no answer from the data source of the fal rules. Alerts that fired keep firing and no new one begins. Look at Prometheus first, then at the address and the credentials of the data source.',
      runbook_url: `${links.runbooks}/FalRuleFailures`,
      dashboard_url: `${links.dashboards}/fal-exporter`,
    },
    isPaused: false,
  };
}

/** Stable over versions: `FalFastBurn` of the app over 1h is `fal-fast-burn-app-1h`. Unique within the pack. */
export function uidOf({ alert, labels }: Pick<AlertRule, 'alert' | 'labels'>): string {
  const own = Object.entries(labels).flatMap(([label, value]) =>
    SHARED_LABELS.includes(label) ? [] : [value],
  );
  const kebab = alert.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '-').toLowerCase();
  const name = kebab.startsWith('fal-') ? kebab : `fal-${kebab}`;
  const parts = [name, labels.source, ...own].filter((part) => part !== undefined);
  const uid = parts.join('-').replace(/[^\w-]/g, '-');
  if (uid.length > MAX_UID) {
    throw new Error(`cannot write ${alert} for Grafana: its uid ${uid} is longer than ${MAX_UID} characters`);
  }
  return uid;
}

/** Prometheus takes the metric name off an alert; Grafana would leave it among the labels. */
function withoutName(expr: string): string {
  return expr.includes('\n')
    ? `sum without () (\n${expr.replace(/^/gm, '  ')}\n)`
    : `sum without () (${expr})`;
}

function instantQuery(expr: string, dataSourceUid: string): GrafanaQuery {
  return {
    refId: 'A',
    datasourceUid: dataSourceUid,
    relativeTimeRange: { from: 600, to: 0 },
    model: {
      refId: 'A',
      datasource: { type: 'prometheus', uid: dataSourceUid },
      editorMode: 'code',
      expr,
      instant: true,
      range: false,
      intervalMs: 15_000,
      maxDataPoints: 43_200,
    },
  };
}

function threshold(type: 'gt' | 'lt', value: number): GrafanaQuery {
  return {
    refId: 'B',
    datasourceUid: '__expr__',
    relativeTimeRange: { from: 600, to: 0 },
    model: {
      refId: 'B',
      datasource: { type: '__expr__', uid: '__expr__' },
      type: 'threshold',
      expression: 'A',
      conditions: [{ evaluator: { type, params: [value] } }],
    },
  };
}

/** Grafana reads `$name` in labels as an environment variable, but not in annotations and queries. */
function escaped(labels: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(labels).map(([name, value]) => [name, value.replaceAll('$', '$$$$')]),
  );
}
