import { stat, thresholds, withoutOwner, type Placed } from '../grafana/index.ts';
import { ERROR_RATIO_STEPS, limitOf } from '../promql/limits.ts';
import { balance, runway } from '../credits/money-tiles.ts';
import { toEndpoint } from '../endpoint/link.ts';
import { slots } from '../queue/slots-tile.ts';
import { account, app } from '../promql/selectors.ts';
import {
  appElseProbes,
  failureRatio,
  latency,
  latencyLimit,
  maxBy,
  quantileOf,
  sumBy,
  WINDOW,
} from '../promql/traffic.ts';

const MODEL = ['endpoint_id'];

/** The worst model by name: a pooled number hides a sick model behind healthy traffic. */
export function worstTiles(): Placed[] {
  return [failingMost(), p95ItsLimit(), queueWaitP95()];
}

function failingMost(): Placed {
  return stat({
    title: 'Failing most',
    description:
      'The model with the largest share of failures (errors that are neither your app’s nor your account’s), of your own requests, or of probe runs where the app sent none. Above 5 %: look at the rows below. Above 25 % somebody is paged, once enough requests have finished: over a few the alert does not judge.',
    width: 5,
    height: 5,
    queries: [
      {
        expr: `topk(1, ${appElseProbes(MODEL, (traffic) => failureRatio(traffic, MODEL, WINDOW))})`,
        legend: '{{endpoint_id}}',
        isInstant: true,
      },
    ],
    unit: 'percentunit',
    decimals: 1,
    noData: 'No finished requests',
    show: 'both',
    transformations: [withoutOwner()],
    thresholds: ERROR_RATIO_STEPS,
    links: [toEndpoint()],
  });
}

function p95ItsLimit(): Placed {
  return stat({
    title: 'P95 ÷ its limit',
    description:
      'The slowest model measured by its own limit (latency_limit of the exporter’s configuration, 60 s without one): 100 % is where the alert begins. Look at queue wait first: waiting is capacity or your concurrency limit, running is the model.',
    width: 5,
    height: 5,
    queries: [{ expr: `topk(1, ${P95_OF_LIMIT})`, legend: '{{endpoint_id}}', isInstant: true }],
    unit: 'percentunit',
    decimals: 0,
    noData: 'No completed requests',
    show: 'both',
    transformations: [withoutOwner()],
    thresholds: [{ color: 'green' }, { from: 0.8, color: 'yellow' }, { from: 1, color: 'orange' }],
    links: [toEndpoint()],
  });
}

function queueWaitP95(): Placed {
  return stat({
    title: 'Longest queue, P95',
    description:
      'The model whose requests wait longest before they run. High while inference is normal: fal lacks capacity, or your account is at its concurrency limit (see Slots).',
    width: 5,
    height: 5,
    queries: [
      {
        expr: `topk(1, ${appElseProbes(MODEL, (traffic) => quantileOf(0.95, traffic.select(`${traffic.queueWait}_bucket`), MODEL, WINDOW))})`,
        legend: '{{endpoint_id}}',
        isInstant: true,
      },
    ],
    unit: 's',
    decimals: 1,
    noData: 'Nothing left the queue',
    show: 'both',
    transformations: [withoutOwner()],
    thresholds: [
      { color: 'green' },
      { from: limitOf('FalQueueWaitHigh') / 5, color: 'yellow' },
      { from: limitOf('FalQueueWaitHigh'), color: 'orange' },
    ],
    links: [
      {
        title: 'Queue and concurrency',
        url: '/d/fal-queue?var-datasource=${datasource}&${__url_time_range}',
      },
    ],
  });
}

const P95 = appElseProbes(MODEL, (traffic) => latency(traffic, 0.95, MODEL, WINDOW));
/** Traffic of a model that the configuration does not list is held against the default of the alert. */
const P95_OF_LIMIT = `(${P95}) / on (endpoint_id) (${latencyLimit(MODEL)} or on (endpoint_id) (${P95}) * 0 + ${limitOf('FalLatencyP95High')})`;

/** What goes on right now: traffic, slots, money, alerts. */
export function gaugeTiles(): Placed[] {
  const size = { width: 4, height: 4 };
  return [inFlight(), slots(size), balance(size), spendPerHour(), runway(size), firing()];
}

function inFlight(): Placed {
  return stat({
    title: 'Oldest in flight',
    description:
      'Age of the oldest request of your app that has not finished. A hang finishes nothing, so ratios and quantiles stay quiet: it shows here.',
    width: 4,
    height: 4,
    queries: [
      {
        expr: `max(${app('fal_client_oldest_request_age_seconds')})`,
        legend: 'oldest request',
        isInstant: true,
      },
    ],
    unit: 's',
    decimals: 0,
    noData: 'No app metrics',
    thresholds: [{ color: 'green' }, { from: limitOf('FalRequestsStuck', 'min_age'), color: 'orange' }],
  });
}

function spendPerHour(): Placed {
  return stat({
    title: 'Spend per hour',
    description:
      'What fal billed all shown accounts in the last hour. Much more than yesterday: look at Credits and cost for the model.',
    width: 4,
    height: 4,
    queries: [
      {
        expr: `sum(${maxBy(['account'], account('fal_account_burn_rate_usd_per_hour', 'window="1h"'))})`,
        legend: 'spend per hour',
        isInstant: true,
      },
    ],
    unit: 'currencyUSD',
    decimals: 2,
    noData: 'Needs FAL_ADMIN_KEY',
    color: 'text',
  });
}

function firing(): Placed {
  return stat({
    title: 'Alerts firing',
    description:
      'Alerts of fal-observability that fire in Prometheus now; the list is below, with those of severity info. Grafana-managed rules are in Grafana’s own list.',
    width: 4,
    height: 4,
    queries: [
      { expr: `${firingOf('severity="critical"')} or vector(0)`, legend: 'critical', isInstant: true },
      { expr: `${firingOf('severity="warning"')} or vector(0)`, legend: 'warning', isInstant: true },
    ],
    unit: 'short',
    decimals: 0,
    noData: 'No answer from Prometheus',
    show: 'both',
    thresholds: [{ color: 'green' }, { from: 1, color: 'orange' }],
    overrides: [
      {
        match: { name: 'critical' },
        set: { thresholds: thresholds([{ color: 'green' }, { from: 1, color: 'red' }]) },
      },
    ],
  });
}

function firingOf(severity: string): string {
  return sumBy([], `ALERTS{alertname=~"Fal.+", alertstate="firing", ${severity}}`);
}
