import { barGauge, timeSeries, withoutOwner, type Placed } from '../grafana/index.ts';
import { limitOf } from '../promql/limits.ts';
import { account, app, model } from '../promql/selectors.ts';
import { maxBy, RANGE, sumBy } from '../promql/traffic.ts';

const ADMIN = 'Needs FAL_ADMIN_KEY';
/** Two exporters of one account tell of the same bill: take one, do not add. */
const BILLED = `max by (account, endpoint_id) (increase(${model('fal_account_spend_usd_total')}[1h]))`;

/** By model as billed and as the app estimates it, and by what the app says of its calls. */
export function spend(): Placed[] {
  return [billedPerHour(), estimatedByYourAppPerHour(), billedInThisRange(), byTeam(), billed()];
}

function billedPerHour(): Placed {
  return timeSeries({
    title: 'Billed per hour, by model',
    description:
      'What fal billed, in the hour before each point. It lags by minutes, late bills come in later. A model without more traffic that costs more: look at Prices.',
    width: 12,
    height: 9,
    queries: [{ expr: `${sumBy(['endpoint_id'], BILLED)} > 0`, legend: '{{endpoint_id}}' }],
    unit: 'currencyUSD',
    min: 0,
    noData: `${ADMIN}, or nothing was billed in this range`,
    isStacked: true,
    transformations: [withoutOwner()],
  });
}

function estimatedByYourAppPerHour(): Placed {
  return timeSeries({
    title: 'Estimated by your app per hour, by model',
    description:
      'Units × list price as your app counted, in the hour before each point: it is there at once, before discounts, without requests of unknown price. Never add it to the bill: it is the same money.',
    width: 12,
    height: 9,
    queries: [
      {
        expr: `${sumBy(['endpoint_id'], `increase(${app('fal_client_cost_usd_total')}[1h])`)} > 0`,
        legend: '{{endpoint_id}}',
      },
    ],
    unit: 'currencyUSD',
    min: 0,
    noData: 'The app is not instrumented, or knows no prices',
    isStacked: true,
    transformations: [withoutOwner()],
  });
}

function billedInThisRange(): Placed {
  return barGauge({
    title: 'Billed in this range, by model',
    description: 'The most expensive models of the shown time range, as billed.',
    width: 8,
    height: 8,
    queries: [
      {
        expr: `topk(10, ${sumBy(['endpoint_id'], `max by (account, endpoint_id) (increase(${model('fal_account_spend_usd_total')}[${RANGE}]))`)} > 0)`,
        legend: '{{endpoint_id}}',
        isInstant: true,
      },
    ],
    unit: 'currencyUSD',
    decimals: 2,
    min: 0,
    noData: `${ADMIN}, or nothing was billed in this range`,
    color: 'blue',
    transformations: [withoutOwner()],
  });
}

function byTeam(): Placed {
  return barGauge({
    title: 'By team, as the app says',
    description:
      'Estimated cost in this range by the attribute “team” of the calls, which your app has to allow and set (see the README of the instrumentation). For another attribute edit the “by (team)”. Calls without it are not here.',
    width: 8,
    height: 8,
    queries: [
      {
        expr: `topk(10, ${sumBy(['team'], `increase(${app('fal_client_attributed_cost_usd_total', 'team!=""')}[${RANGE}])`)} > 0)`,
        legend: '{{team}}',
        isInstant: true,
      },
    ],
    unit: 'currencyUSD',
    decimals: 2,
    min: 0,
    noData: 'No call names a team: allow the attribute “team” in the instrumentation',
    color: 'blue',
  });
}

function billed(): Placed {
  return timeSeries({
    title: 'Billed ÷ list price',
    description:
      '1: billed as listed; 0.8: a discount of 20 %. A step means a price or a discount has changed. Over requests of the last 24 hours that have both.',
    width: 8,
    height: 8,
    queries: [
      {
        expr: maxBy(['account'], account('fal_account_cost_drift_ratio')),
        legend: '{{account}}: last 24 hours',
      },
      {
        expr: `sum by (account) (${BILLED}) / (sum by (account) (max by (account, endpoint_id) (increase(${model('fal_account_estimated_spend_usd_total')}[1h]))) > 0)`,
        legend: '{{account}}: last hour',
      },
    ],
    unit: 'percentunit',
    decimals: 0,
    softMin: 0.5,
    softMax: 1.5,
    noData: `${ADMIN}, or too little was billed to compare`,
  });
}

/** Money for nothing. */
export function waste(): Placed[] {
  return [wastedInLast24Hours(), wastedByYourAppPerHour(), requestsWithoutKnownPrice()];
}

function wastedInLast24Hours(): Placed {
  return timeSeries({
    title: 'Wasted in the last 24 hours, by reason',
    description:
      'Billed, and bought nothing: requests that failed, and our own probes. Failed and billed: write to fal with the request ids.',
    width: 8,
    height: 8,
    queries: [
      {
        expr: maxBy(['account', 'reason'], account('fal_account_wasted_usd_per_day')),
        legend: '{{account}}: {{reason}}',
      },
    ],
    unit: 'currencyUSD',
    min: 0,
    noData: ADMIN,
    isStacked: true,
    thresholds: [{ color: 'green' }, { from: limitOf('FalWasteHigh'), color: 'orange' }],
    thresholdLines: 'line',
  });
}

function wastedByYourAppPerHour(): Placed {
  return timeSeries({
    title: 'Wasted by your app per hour, by reason',
    description:
      'At list price. timeout: your app gave up and the work went on, raise the time-out or cancel; never_fetched: nobody took the result; duplicate: the client sent it twice.',
    width: 8,
    height: 8,
    queries: [
      {
        expr: `${sumBy(['reason'], `increase(${app('fal_client_wasted_cost_usd_total')}[1h])`)} > 0`,
        legend: '{{reason}}',
      },
    ],
    unit: 'currencyUSD',
    min: 0,
    noData: 'Nothing wasted in this range, or the app is not instrumented',
    isStacked: true,
  });
}

function requestsWithoutKnownPrice(): Placed {
  return timeSeries({
    title: 'Requests without a known price, per hour',
    description:
      'They are in the bill and in no estimate: read estimates of these models as too low. Give the model a price in the instrumentation.',
    width: 8,
    height: 8,
    queries: [
      {
        expr: `${sumBy(['endpoint_id'], `increase(${app('fal_client_unpriced_requests_total')}[1h])`)} > 0`,
        legend: 'app: {{endpoint_id}}',
      },
      {
        expr: `max by (endpoint_id) (increase(${model('fal_account_unpriced_requests_total')}[1h])) > 0`,
        legend: 'bill: {{endpoint_id}}',
      },
    ],
    unit: 'short',
    min: 0,
    noData: 'Every request had a price in this range, as it should be',
    draw: 'bars',
    transformations: [withoutOwner()],
  });
}
