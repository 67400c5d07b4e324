import { pluginPanel, thresholds, type DashboardSpec, type Placed, type Query } from '../grafana/index.ts';
import { toEndpoint } from '../endpoint/link.ts';
import { verdictNow } from '../promql/verdict.ts';
import { ERROR_RATIO_STEPS } from '../promql/limits.ts';
import { account, app, model } from '../promql/selectors.ts';
import {
  APP,
  appElseProbes,
  failureRatio,
  latency,
  latencyLimit,
  maxBy,
  minBy,
  PROBES,
  RANGE,
  RATE_INTERVAL,
  sumBy,
  WINDOW,
  type Traffic,
} from '../promql/traffic.ts';

const MODEL = ['endpoint_id'];
const ACCOUNT_MODEL = ['account', 'endpoint_id'];
const ACCOUNT = ['account'];

/** Models of which the app finished requests in the range: their parts come from the app alone, as their total does. */
const OF_APP = `${sumBy(MODEL, `increase(${APP.select(`${APP.duration}_count`)}[${RANGE}])`)} > 0`;

/** The panels of the app plugin, which ships this dashboard. The other six need no plugin. */
export const status: DashboardSpec = {
  uid: 'fal-status',
  title: 'fal Status',
  description:
    'Models as on a status page, where the seconds of a request go, and how long the credits last.',
  tag: 'status',
  revision: 1,
  hasWindow: true,
  from: 'now-24h',
  rows: [{ panels: [modelStatus(), requestAnatomy(), creditRunway()] }],
};

function modelStatus(): Placed {
  return pluginPanel({
    type: 'falobs-modelstatus-panel',
    options: {},
    title: 'Models, numbers over the last $window',
    description:
      'A row per model: the verdict over the range, uptime, what is wrong now and since when, P95 against its limit and failures over the window. Empty cells are time that nobody watched; they count neither as up nor as down.',
    width: 24,
    height: 12,
    queries: [
      {
        refId: 'state',
        expr: verdictNow(),
        legend: '{{endpoint_id}} {{verdict}}',
      },
      {
        refId: 'errors',
        expr: appElseProbes(ACCOUNT_MODEL, (traffic) => failureRatio(traffic, ACCOUNT_MODEL, WINDOW)),
        legend: '{{endpoint_id}}',
      },
      {
        refId: 'p95',
        expr: appElseProbes(ACCOUNT_MODEL, (traffic) => latency(traffic, 0.95, ACCOUNT_MODEL, WINDOW)),
        legend: '{{endpoint_id}}',
      },
      {
        refId: 'limit',
        expr: latencyLimit(ACCOUNT_MODEL),
        legend: '{{endpoint_id}}',
        isInstant: true,
      },
    ],
    unit: 's',
    noData: 'No verdict: is the exporter scraped, and are models configured?',
    overrides: [
      {
        match: { refId: 'errors' },
        set: { unit: 'percentunit', thresholds: thresholds(ERROR_RATIO_STEPS) },
      },
    ],
  });
}

/** A histogram must not be of the app in one part and of probes in another: the source is chosen once per model. */
function ofOneSource(expressionOf: (traffic: Traffic) => string): string {
  return `((${expressionOf(APP)}) and on (endpoint_id) (${OF_APP})) or ((${expressionOf(PROBES)}) unless on (endpoint_id) (${OF_APP}))`;
}

function buckets(family: (traffic: Traffic) => string, matchers: readonly string[] = []): string {
  return ofOneSource((traffic) =>
    sumBy(
      [...MODEL, 'le'],
      `increase(${traffic.select(`${family(traffic)}_bucket`, ...matchers)}[${RANGE}])`,
    ),
  );
}

function sums(family: (traffic: Traffic) => string, matchers: readonly string[] = []): string {
  return ofOneSource((traffic) =>
    sumBy(MODEL, `increase(${traffic.select(`${family(traffic)}_sum`, ...matchers)}[${RANGE}])`),
  );
}

function anatomyQueries(): Query[] {
  const completed = ['outcome=~"ok|timeout"'];
  const parts = [
    { name: 'total', family: (traffic: Traffic) => traffic.duration, matchers: completed },
    { name: 'queue', family: (traffic: Traffic) => traffic.queueWait, matchers: [] },
    { name: 'inference', family: (traffic: Traffic) => traffic.inference, matchers: [] },
  ];
  const appParts = [
    { name: 'upload', family: 'fal_client_upload_seconds' },
    { name: 'fetch', family: 'fal_client_result_fetch_seconds' },
  ];
  const instant = { isInstant: true } as const;
  return [
    {
      ...instant,
      refId: 'exemplars',
      // Of every bucket: an exemplar belongs to the one that its value fell into.
      expr: latency(APP, 0.99, MODEL, RATE_INTERVAL),
      legend: '{{endpoint_id}}',
      hasExemplars: true,
    },
    ...parts.flatMap(({ name, family, matchers }) => [
      { ...instant, refId: name, expr: buckets(family, matchers), legend: '{{endpoint_id}} {{le}}' },
      { ...instant, refId: `${name}_sum`, expr: sums(family, matchers), legend: '{{endpoint_id}}' },
    ]),
    ...appParts.flatMap(({ name, family }) => [
      {
        ...instant,
        refId: name,
        expr: sumBy([...MODEL, 'le'], `increase(${app(`${family}_bucket`)}[${RANGE}])`),
        legend: '{{endpoint_id}} {{le}}',
      },
      {
        ...instant,
        refId: `${name}_sum`,
        expr: sumBy(MODEL, `increase(${app(`${family}_sum`)}[${RANGE}])`),
        legend: '{{endpoint_id}}',
      },
    ]),
    {
      ...instant,
      refId: 'limit',
      expr: latencyLimit(MODEL),
      legend: '{{endpoint_id}}',
    },
  ];
}

function requestAnatomy(): Placed {
  return pluginPanel({
    type: 'falobs-anatomy-panel',
    options: {},
    title: 'Where the seconds of a request went',
    description:
      'Over the shown range, per model: the app’s requests, or probe runs where it sent none. Queue: fal lacks capacity, or you are at your limit; inference: the model, or your inputs; the rest: files, network, polling.',
    width: 12,
    height: 14,
    queries: anatomyQueries(),
    // Of all models together Grafana keeps little more than the slowest exemplar of a step: short steps lose fewer.
    // Nothing else here has steps, and more points Grafana would not ask for.
    maxDataPoints: 11_000,
    links: [toEndpoint()],
    unit: 's',
    noData: 'No requests finished in this range',
  });
}

function runwayQueries(): Query[] {
  const instant = { isInstant: true } as const;
  return [
    { refId: 'balance', expr: minBy(ACCOUNT, account('fal_account_balance_usd')), legend: '{{account}}' },
    {
      ...instant,
      refId: 'burn',
      expr: maxBy(['account', 'window'], account('fal_account_burn_rate_usd_per_hour')),
      legend: '{{account}} {{window}}',
    },
    {
      refId: 'topups',
      expr: maxBy(ACCOUNT, `increase(${account('fal_account_topups_usd_total')}[$__rate_interval])`),
      legend: '{{account}}',
    },
    {
      ...instant,
      refId: 'threshold',
      expr: maxBy(['account', 'severity'], account('fal_account_balance_threshold_usd')),
      legend: '{{account}} {{severity}}',
    },
    {
      ...instant,
      refId: 'locked',
      expr: maxBy(['account', 'reason'], account('fal_account_locked')),
      legend: '{{account}} {{reason}}',
    },
    {
      ...instant,
      refId: 'grants',
      expr: maxBy(['account', 'grant'], account('fal_account_credit_expiry_timestamp_seconds')),
      legend: '{{account}} {{grant}}',
    },
    {
      ...instant,
      refId: 'contradiction',
      expr: maxBy(ACCOUNT, account('fal_account_lock_contradiction')),
      legend: '{{account}}',
    },
    {
      ...instant,
      refId: 'spend',
      expr: sumBy(
        ACCOUNT,
        `max by (account, endpoint_id) (increase(${model('fal_account_spend_usd_total')}[${RANGE}]))`,
      ),
      legend: '{{account}}',
    },
  ];
}

function creditRunway(): Placed {
  return pluginPanel({
    type: 'falobs-runway-panel',
    options: {},
    title: 'Credits',
    description:
      'Balance, pace and how long it lasts, between the pace of the last hour and that of the last day. A lock comes from refusals seen, never from the balance.',
    width: 12,
    height: 14,
    queries: runwayQueries(),
    unit: 'currencyUSD',
    noData: 'Needs FAL_ADMIN_KEY: fal tells the balance to keys with ADMIN scope only',
  });
}
