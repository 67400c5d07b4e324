import { type Level, ofExporter, together } from '../exporter-series.ts';
import type { Firing, InputSeries, RuleCase } from '../rule-case.ts';
import { balance, marks } from './balance-series.ts';

/** What the two alerts on the balance differ in. */
interface Mark {
  readonly alert: string;
  /** Without an exporter that says otherwise. */
  readonly fallback: number;
  /** From the first reading below until it fires. */
  readonly after: number;
  readonly fault: string;
  readonly firing: (left: string) => Firing;
}

const LOW: Mark = {
  alert: 'FalBalanceLow',
  fallback: 20,
  after: 615,
  fault: 'balance below the low mark',
  firing: (left) => ({
    labels: { severity: 'warning', scope: 'account', job: 'fal-exporter', account: 'prod' },
    summary: `your fal account prod is low: ${left} USD left`,
    description: `The account prod has ${left} USD left, which is below your low mark. At zero fal refuses every billable call. Top up at fal.ai/dashboard/billing, and compare with the burn rate: a spike may be a retry storm or a leaked key.`,
    dashboardUrl: 'http://localhost:3000/d/fal-credits?var-account=prod',
  }),
};

const CRITICAL: Mark = {
  alert: 'FalBalanceCritical',
  fallback: 5,
  after: 315,
  fault: 'balance below the critical mark',
  firing: (left) => ({
    labels: { severity: 'critical', scope: 'account', job: 'fal-exporter', account: 'prod' },
    summary: `your fal account prod is almost empty: ${left} USD left`,
    description: `The account prod has ${left} USD left, which is below your critical mark. Soon fal refuses every billable call as locked. Top up now at fal.ai/dashboard/billing; pause batch jobs until it is done.`,
    dashboardUrl: 'http://localhost:3000/d/fal-credits?var-account=prod',
  }),
};

/** Plenty, too little, and plenty again after a top-up. */
function story(tooLittle: number): readonly Level[] {
  return [
    [5, 300],
    [15, tooLittle],
    [5, 300],
  ];
}

const SCRAPE_FAILS: readonly Level[] = [
  [5, 300],
  [2, 99.5],
  [0.25, 'gone'],
  [10, 99.5],
];

/** The exporter knows both marks; the one of this alert is at 100 USD. */
function markAt100({ fallback }: Mark, those: readonly Level[]): InputSeries {
  return fallback === LOW.fallback ? marks(100, 1, those) : marks(1000, 100, those);
}

/** A collector of once an hour, which takes a minute: plenty, too little, and plenty after a top-up. */
const readOnceAnHour: InputSeries = {
  [ofExporter('fal_account_balance_usd', { account: 'prod' })]: '300x60 1x60 300x60',
  [ofExporter('fal_exporter_collector_last_success_timestamp_seconds', { collector: 'balance' })]:
    '0x60 3660x60 7320x60',
  [ofExporter('fal_exporter_collector_interval_seconds', { collector: 'balance' })]: '3600x182',
};

const notReadForHours: InputSeries = {
  [ofExporter('fal_account_balance_usd', { account: 'prod' })]: '1x240',
  [ofExporter('fal_exporter_collector_last_success_timestamp_seconds', { collector: 'balance' })]: '0x240',
  [ofExporter('fal_exporter_collector_interval_seconds', { collector: 'balance' })]: '3600x240',
};

function fires(mark: Mark): RuleCase[] {
  const { alert, fallback, fault, after, firing } = mark;
  return [
    {
      ...{ alert, kind: 'fires', name: `below ${fallback} USD, when the exporter tells no mark` },
      fault,
      series: balance(story(fallback - 0.01)),
      faultAt: 300,
      firesAfter: after,
      firing: [firing((fallback - 0.01).toFixed(2))],
    },
    {
      ...{ alert, kind: 'fires', name: 'below the mark of the exporter, although far above the usual one' },
      series: together(balance(story(99.99)), markAt100(mark, story(99.99))),
      faultAt: 300,
      firesAfter: after,
      firing: [firing('99.99')],
    },
    {
      ...{ alert, kind: 'fires', name: 'a failed scrape in between does not delay it' },
      series: together(balance(SCRAPE_FAILS), markAt100(mark, SCRAPE_FAILS)),
      faultAt: 300,
      firesAfter: after,
      firing: [firing('99.50')],
    },
    {
      ...{ alert, kind: 'fires', name: 'by the lowest of two fresh readings, once, and not by a stale one' },
      series: together(
        balance(story(1)),
        balance([[25, 300]], { instance: '10.0.0.8:10464' }),
        balance([[25, 0.1]], { instance: '10.0.0.7:10464', readAt: -3600 }),
      ),
      faultAt: 300,
      firesAfter: after,
      firing: [firing('1.00')],
    },
  ];
}

function staysSilent(mark: Mark): RuleCase[] {
  const { alert, fallback, after } = mark;
  return [
    {
      ...{ alert, kind: 'silent below', name: `exactly ${fallback} USD, when the exporter tells no mark` },
      series: balance([[15, fallback]]),
      until: 900,
    },
    {
      ...{ alert, kind: 'silent below', name: 'exactly at the mark of the exporter' },
      series: together(balance([[15, 100]]), markAt100(mark, [[15, 100]])),
      until: 900,
    },
    {
      ...{ alert, kind: 'silent below', name: 'above a mark of the exporter that is below the usual one' },
      series: together(balance([[15, 3]]), marks(2, 0.5, [[15, 3]])),
      until: 900,
    },
    {
      ...{ alert, kind: 'silent below', name: 'a top-up comes in time' },
      series: balance([
        [5, 300],
        [(after - 15) / 60, 1],
        [10, 300],
      ]),
      until: 1500,
    },
    {
      ...{ alert, kind: 'silent otherwise', name: 'the balance was read more than an hour ago' },
      series: balance([[15, 1]], { readAt: -3600 }),
      until: 900,
    },
  ];
}

function resolves({ alert, fallback, fault }: Mark): RuleCase[] {
  return [
    {
      ...{ alert, kind: 'resolves', name: 'with a top-up' },
      fault,
      series: balance(story(fallback - 0.01)),
      firingAt: 1200,
      healedAt: 1200,
      resolvesAfter: 15,
    },
    {
      ...{ alert, step: 60, kind: 'resolves', name: 'with the first reading after a top-up, of one an hour' },
      series: readOnceAnHour,
      firingAt: 4800,
      healedAt: 7320,
      resolvesAfter: 0,
    },
    {
      ...{ alert, step: 60, kind: 'resolves', name: 'three hours after the last reading, of one an hour' },
      series: notReadForHours,
      firingAt: 4800,
      healedAt: 0,
      resolvesAfter: 10_800,
    },
    {
      ...{
        alert,
        kind: 'resolves',
        name: 'an hour after the last reading, when FalAccountDataStale has taken over',
      },
      series: balance([[90, 1]], { readAt: 600 }),
      firingAt: 3600,
      healedAt: 600,
      resolvesAfter: 3600,
    },
  ];
}

export const BALANCE: readonly RuleCase[] = [LOW, CRITICAL].flatMap((mark) => [
  ...fires(mark),
  ...staysSilent(mark),
  ...resolves(mark),
]);
