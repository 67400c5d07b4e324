import {
  columns,
  DASHED,
  fixedColor,
  joinedBy,
  stat,
  table,
  timeSeries,
  type Placed,
  tableQuery,
} from '../grafana/index.ts';
import { limitOf } from '../promql/limits.ts';
import { account } from '../promql/selectors.ts';
import { maxBy, minBy } from '../promql/traffic.ts';
import { balance, runway } from './money-tiles.ts';

const ADMIN = 'Needs FAL_ADMIN_KEY';
const ACCOUNT = ['account'];
const BALANCE = minBy(ACCOUNT, account('fal_account_balance_usd'));

const burn = (window: string): string =>
  maxBy(ACCOUNT, account('fal_account_burn_rate_usd_per_hour', `window="${window}"`));

/** The account at a glance; with several accounts, the one that is worst off. */
export function accountTiles(): Placed[] {
  return [
    locked(),
    balance({ width: 6, height: 4 }),
    runway({ width: 6, height: 4 }),
    month(),
    hourly('1h', 'hour'),
    hourly('24h', 'day'),
    wasted(),
    nextExpiry(),
  ];
}

function locked(): Placed {
  return stat({
    title: 'Account',
    description:
      'Whether fal takes calls, from refusals seen and never from the balance. Locked with money on it: send the support text of the exporter’s status page to fal; a top-up may not help. Without a refusal it is open or nobody has looked.',
    width: 6,
    height: 4,
    queries: [
      {
        expr: [
          `label_replace(${maxBy(['account', 'reason'], `${account('fal_account_locked')} == 1`)} and on (account) (${account('fal_account_lock_contradiction')} == 1), "says", "Locked with money on it: $1", "reason", "(.*)")`,
          `label_replace(${maxBy(['account', 'reason'], `${account('fal_account_locked')} == 1`)}, "says", "Locked: $1", "reason", "(.*)")`,
          `label_replace(max(${account('fal_account_locked')}), "says", "Open: fal takes calls", "", "")`,
        ].join('\nor on ()\n'),
        legend: '{{says}}',
        isInstant: true,
      },
    ],
    unit: 'none',
    noData: 'Not seen either way yet: a probe or a request has to be answered first',
    show: 'name',
    isLoud: true,
    titleSize: 22,
    thresholds: [{ color: 'green' }, { from: 1, color: 'red' }],
    words: [
      { at: 0, text: 'open', color: 'green' },
      { at: 1, text: 'locked', color: 'red' },
    ],
  });
}

function hourly(window: string, words: string): Placed {
  return stat({
    title: `Per hour, last ${words}`,
    description: `Money per hour, over the last ${words}. The short window above twice the long one: something sends more than usual.`,
    width: 6,
    height: 4,
    queries: [{ expr: `sum(${burn(window)})`, legend: 'per hour', isInstant: true }],
    unit: 'currencyUSD',
    decimals: 2,
    noData: window === '24h' ? 'Needs a day of bills, and FAL_ADMIN_KEY' : ADMIN,
    color: 'text',
  });
}

function wasted(): Placed {
  return stat({
    title: 'Wasted, last day',
    description:
      'Billed in the last 24 hours and bought nothing: failed requests and our own probes. Reasons are below.',
    width: 6,
    height: 4,
    queries: [
      {
        expr: `sum(${maxBy(['account', 'reason'], account('fal_account_wasted_usd_per_day'))})`,
        legend: 'wasted',
        isInstant: true,
      },
    ],
    unit: 'currencyUSD',
    decimals: 2,
    noData: ADMIN,
    thresholds: [{ color: 'green' }, { from: limitOf('FalWasteHigh'), color: 'orange' }],
  });
}

function nextExpiry(): Placed {
  const left = `${account('fal_account_credit_expiry_timestamp_seconds')} - time()`;
  return stat({
    title: 'Next grant expires in',
    description:
      'The grant of credits that expires first, of those listed in account.grants. Use it up before.',
    width: 6,
    height: 4,
    queries: [{ expr: `min(${left} > 0)`, legend: 'next expiry', isInstant: true }],
    unit: 's',
    decimals: 0,
    noData: 'No grants are listed',
    thresholds: [{ color: 'orange' }, { from: limitOf('FalCreditsExpiring'), color: 'green' }],
  });
}

function month(): Placed {
  return stat({
    title: 'This month',
    description: 'Billed since the first of the month, UTC, as fal’s usage tells.',
    width: 6,
    height: 4,
    queries: [
      {
        expr: `sum(${maxBy(ACCOUNT, account('fal_account_month_spend_usd'))})`,
        legend: 'this month',
        isInstant: true,
      },
    ],
    unit: 'currencyUSD',
    decimals: 2,
    noData: ADMIN,
    color: 'text',
  });
}

const THRESHOLD_LINES = [
  {
    match: { regexp: '/: (warning|critical)/' },
    set: DASHED,
  },
  { match: { regexp: '/: warning/' }, set: { color: fixedColor('orange') } },
  { match: { regexp: '/: critical/' }, set: { color: fixedColor('red') } },
];

/** Balance, pace, what came in and what runs out. */
export function balanceOverTime(): Placed[] {
  return [balanceAgainstItsThresholds(), pace(), topUps(), grantsCredits(), budgets()];
}

function balanceAgainstItsThresholds(): Placed {
  return timeSeries({
    title: 'Balance against its thresholds',
    description:
      'A step up is a top-up. The dashed lines are where the alerts begin. A flat line while you send requests: fal’s reading is old, or billing lags. The forecast is on the page of the app plugin.',
    width: 12,
    height: 9,
    queries: [
      { expr: BALANCE, legend: '{{account}}: balance' },
      {
        expr: `max by (severity, account) (${account('fal_account_balance_threshold_usd')})`,
        legend: '{{account}}: {{severity}}',
      },
    ],
    unit: 'currencyUSD',
    noData: ADMIN,
    overrides: THRESHOLD_LINES,
  });
}

function pace(): Placed {
  return timeSeries({
    title: 'Pace: spend per hour',
    description:
      'The same money over a short and a long window, and the hourly budget where one is set. Short far above long: look at spend by model.',
    width: 12,
    height: 9,
    queries: [
      { expr: burn('1h'), legend: '{{account}}: last hour' },
      { expr: burn('24h'), legend: '{{account}}: last 24 hours' },
      {
        expr: maxBy(ACCOUNT, account('fal_account_budget_usd', 'window="hour"')),
        legend: '{{account}}: warning: hourly budget',
      },
    ],
    unit: 'currencyUSD',
    min: 0,
    noData: ADMIN,
    overrides: THRESHOLD_LINES,
  });
}

function topUps(): Placed {
  return timeSeries({
    title: 'Top-ups',
    description:
      'Credits that came in, per hour. None although auto top-up is on: look at the payment method.',
    width: 8,
    height: 7,
    queries: [
      {
        expr: `increase(${account('fal_account_topups_usd_total')}[1h]) > 0`,
        legend: '{{account}}',
        interval: '1h',
      },
    ],
    unit: 'currencyUSD',
    min: 0,
    noData: 'No top-up in this range, or no FAL_ADMIN_KEY',
    draw: 'bars',
  });
}

function grantsCredits(): Placed {
  return table({
    title: 'Grants of credits',
    description:
      'When credits expire, from account.grants of the configuration: no API of fal tells it. Use them up before.',
    width: 8,
    height: 7,
    queries: [
      tableQuery(
        'expiry',
        `max by (account, grant) (${account('fal_account_credit_expiry_timestamp_seconds')}) * 1000`,
      ),
    ],
    unit: 'string',
    noData: 'None listed: account.grants of the configuration',
    transformations: columns([
      ['grant', 'Grant'],
      ['account', 'Account'],
      ['Value', 'Expires'],
    ]),
    color: 'text',
    overrides: [{ match: { name: 'Expires' }, set: { unit: 'dateTimeFromNow' } }],
    sortBy: { column: 'Expires', isDescending: false },
  });
}

function budgets(): Placed {
  return table({
    title: 'Month against budget',
    description:
      'Billed since the first of the month, and the monthly budget where one is set. Nothing is blocked: an alert tells.',
    width: 8,
    height: 7,
    queries: [
      tableQuery('spent', maxBy(ACCOUNT, account('fal_account_month_spend_usd'))),
      tableQuery('budget', maxBy(ACCOUNT, account('fal_account_budget_usd', 'window="month"'))),
    ],
    unit: 'currencyUSD',
    decimals: 2,
    noData: ADMIN,
    transformations: [
      joinedBy('account'),
      ...columns([
        ['account', 'Account'],
        ['Value #spent', 'This month'],
        ['Value #budget', 'Budget'],
      ]),
    ],
    color: 'text',
  });
}
