import { verdictNow } from '../../../dashboards/src/promql/verdict.ts';
import { APP, failureRatio, latency, PROBES, type Traffic } from '../../../dashboards/src/promql/traffic.ts';

/** Window of ratios and quantiles on the page: long enough for probes that run every five minutes. */
export const WINDOW = '15m';
/** How far back the page looks for the last good moment of a model. */
const LOOK_BACK_SECONDS = 86_400;

const MODEL = ['account', 'endpoint_id'];

/** All there is, of every job and account: the page has no variables to narrow it. */
function everywhere(metric: string, ...matchers: readonly string[]): string {
  // Uploads of all models go to one storage, which is not a model.
  return `${metric}{${[...matchers, 'endpoint_id!~"|storage"'].join(', ')}}`;
}

const APPS: Traffic = { ...APP, select: everywhere };
const PROBED: Traffic = { ...PROBES, select: everywhere };

/** The collector's times carry no account: they join the balance on the exporter that reads both. */
function ofBalance(metric: string): string {
  return `max by (account) (0 * fal_account_balance_usd + on (job, instance) group_left () ${metric}{collector="balance"})`;
}

/** What the status page asks Prometheus. Two exporters of one account count once. */
export const QUESTIONS = {
  exporters: 'count(fal_exporter_build_info)',
  demo: 'max(fal_exporter_demo_mode)',
  verdicts: verdictNow(everywhere),
  blamed: `max by (account, endpoint_id) (max_over_time(fal_verdict{verdict=~"model|platform"}[${WINDOW}])) == 1`,
  /** Well all through the window: a sick model whose verdict flips is not well each time a probe succeeds. */
  lastGood: `max by (account, endpoint_id) (max_over_time(timestamp(min_over_time(fal_verdict{verdict="ok"}[${WINDOW}:1m]) == 1)[${LOOK_BACK_SECONDS}s:2m]))`,
  appRatio: failureRatio(APPS, MODEL, WINDOW),
  probeRatio: failureRatio(PROBED, MODEL, WINDOW),
  appP95: latency(APPS, 0.95, MODEL, WINDOW),
  probeP95: latency(PROBED, 0.95, MODEL, WINDOW),
  limits: 'max by (account, endpoint_id) (fal_endpoint_latency_limit_seconds)',
  locks: 'max by (account, reason) (fal_account_locked)',
  contradictions: 'max by (account) (fal_account_lock_contradiction) == 1',
  balances: 'min by (account) (fal_account_balance_usd)',
  balanceAges: `time() - ${ofBalance('fal_exporter_collector_last_success_timestamp_seconds')}`,
  balanceIntervals: ofBalance('fal_exporter_collector_interval_seconds'),
  criticalBalances: 'max by (account) (fal_account_balance_threshold_usd{severity="critical"})',
  burns: 'max by (account, window) (fal_account_burn_rate_usd_per_hour)',
  runways: 'min by (account) (fal_account_runway_seconds)',
  /** The value is when it began. */
  alerts:
    'min by (alertname, severity, account, endpoint_id, probe, source, collector) (ALERTS_FOR_STATE{alertname=~"Fal.*"} and ignoring (alertstate) ALERTS{alertstate="firing"})',
} as const;

export type Question = keyof typeof QUESTIONS;
