import type { DataSource } from '../grafana/data-sources.ts';
import { isPrometheus } from '../grafana/prometheus-types.ts';
import { type Answer, answerAs, type Ask, valueOf } from '../prometheus/ask.ts';
import { asRecord } from '../prometheus/failure.ts';
import { askAll } from '../prometheus/questions.ts';
import { type AlertingRule, alertingRules } from '../prometheus/rules.ts';
import { instant, type Sample } from '../prometheus/sample.ts';

/** The day that a check looks back for what has been there and is gone. */
const LOOK_BACK = '1d';

/** Families that some exporter of any age lacks, and that pages and panels read. */
export const NEEDED_ALWAYS: readonly string[] = [
  'fal_exporter_time_seconds',
  'fal_exporter_collector_interval_seconds',
];
/** Likewise, where models are probed. */
export const NEEDED_WITH_MODELS: readonly string[] = [
  'fal_verdict',
  'fal_endpoint_latency_limit_seconds',
  'fal_probe_recent_runs',
];

/** What the set-up page asks Prometheus, by the name of the fact. All of them are cheap: few series, now. */
export const QUESTIONS = {
  exporters: 'max by (job, instance, version) (fal_exporter_build_info)',
  exportersSeen: `max by (job, instance) (last_over_time(fal_exporter_build_info[${LOOK_BACK}]))`,
  targetsDown: 'max by (job, instance) (up{job=~".*fal.*"}) == 0',
  families: `count by (__name__) ({__name__=~"${[...NEEDED_ALWAYS, ...NEEDED_WITH_MODELS].join('|')}"})`,
  modelProbes: 'count(fal_probe_runs_total{endpoint_id!=""})',
  demo: 'max by (job, instance) (fal_exporter_demo_mode)',
  balances: 'max by (account) (fal_account_balance_usd)',
  balanceAge:
    'time() - max by (job, instance) (fal_exporter_collector_last_success_timestamp_seconds{collector="balance"})',
  balanceInterval: 'max by (job, instance) (fal_exporter_collector_interval_seconds{collector="balance"})',
  probes: 'max by (account, probe) (fal_probe_interval_seconds)',
  probesRun: 'max by (account, probe) (fal_probe_last_run_timestamp_seconds)',
  probesLate:
    '(time() - max by (account, probe) (fal_probe_last_run_timestamp_seconds)) > ' +
    '3 * max by (account, probe) (fal_probe_interval_seconds) + max by (account, probe) (fal_probe_timeout_seconds)',
  apps: 'count by (job, otel_scope_version) (fal_client_requests_total)',
  appModels: 'count(count by (endpoint_id) (fal_client_requests_total))',
  appsSeen: `count by (job) (last_over_time(fal_client_requests_total[${LOOK_BACK}]))`,
  // The exporter's clock advances by the time between two scrapes: exact from the second scrape on.
  scrapeInterval:
    '(max_over_time(fal_exporter_time_seconds[10m]) - min_over_time(fal_exporter_time_seconds[10m])) / ' +
    '(count_over_time(fal_exporter_time_seconds[10m]) - 1 > 0)',
  delivered: 'sum by (integration) (alertmanager_notifications_total) > 0',
  undelivered: 'sum by (integration) (increase(alertmanager_notifications_failed_total[1h])) > 0',
} as const;

type Question = keyof typeof QUESTIONS;

/** Everything that the checks judge by. */
export interface Facts {
  readonly dataSource: DataSource;
  /** Whether the data source answers a question that every Prometheus can answer. */
  readonly alive: Answer<Sample[]>;
  /** Version of the server; undefined where it does not tell, as Thanos and Mimir may not. */
  readonly serverVersion: string | undefined;
  readonly answers: Readonly<Record<Question, Answer<Sample[]>>>;
  readonly rules: Answer<AlertingRule[]>;
  /** The rules that Grafana itself evaluates. */
  readonly grafanaRules: Answer<AlertingRule[]>;
  /** How many Alertmanagers the server sends alerts to. */
  readonly alertmanagers: Answer<number>;
}

const NOT_PROMETHEUS: Answer<Sample[]> = { kind: 'failed', failure: { kind: 'not_prometheus', detail: '' } };

/** Asks everything at once; where the data source does not answer at all, nothing more is asked of it. */
export async function gatherFacts(dataSource: DataSource, ask: Ask, askGrafana: Ask): Promise<Facts> {
  const alive = isPrometheus(dataSource.type) ? await instant(ask, 'vector(1)') : NOT_PROMETHEUS;
  const patient: Ask = alive.kind === 'failed' ? () => Promise.resolve(alive) : ask;
  const [answers, build, rules, grafanaRules, alertmanagers] = await Promise.all([
    askAll(patient, QUESTIONS),
    patient('api/v1/status/buildinfo'),
    alertingRules(patient),
    alertingRules(askGrafana),
    patient('api/v1/alertmanagers'),
  ]);
  return {
    ...{ dataSource, alive, answers, rules, grafanaRules },
    serverVersion: valueOf(answerAs(build, readVersion)),
    alertmanagers: answerAs(alertmanagers, readAlertmanagers),
  };
}

function readVersion(body: unknown): string | undefined {
  const { version } = asRecord(asRecord(body).data);
  return typeof version === 'string' && version !== '' ? version : undefined;
}

function readAlertmanagers(body: unknown): number | undefined {
  const { activeAlertmanagers } = asRecord(asRecord(body).data);
  return Array.isArray(activeAlertmanagers) ? activeAlertmanagers.length : undefined;
}
