import { levelsEvery, ofExporter, named, together } from '../exporter-series.ts';
import type { Firing, InputSeries, RuleCase } from '../rule-case.ts';
import { counter, type ValuePhase } from '../series.ts';

const alert = 'FalWasteHigh';
const step = 60;
const HOURS = 60;

const wasting = (usd: string): Firing => ({
  labels: { severity: 'info', scope: 'account', account: 'default' },
  summary: `your fal account default wastes money: ${usd} USD in the last 24 hours`,
  description: `In the last 24 hours ${usd} USD of the account default bought nothing: requests that failed and were billed, results that nobody waited for or fetched, duplicates, and our own probes. The runbook has the query that splits it by reason; each has its own cure.`,
  dashboardUrl: 'http://localhost:3000/d/fal-credits?var-account=default',
});

/** What one process of the app paid for nothing, in USD an hour. */
function byApp(
  reason: string,
  hours: readonly (Omit<ValuePhase, 'minutes' | 'value'> & {
    readonly hours: number;
    readonly usd: number;
  })[],
  { instance = '10.0.0.1:9464', endpointId = 'fal-ai/flux/dev' } = {},
): InputSeries {
  const labels = { job: 'shop', instance, endpoint_id: endpointId, reason };
  const phases = hours.map(({ hours: long, usd, ...phase }) => ({
    ...phase,
    minutes: long * HOURS,
    value: usd / 60,
  }));
  return { [named('fal_client_wasted_cost_usd_total', labels)]: counter(phases, { step }) };
}

/** What the bill of the last 24 hours shows. */
function byBill(
  reason: 'failed' | 'probe',
  usd: number,
  hours: number,
  { account = 'default', instance = '10.0.0.9:10464' } = {},
): InputSeries {
  const labels = { account, instance, reason };
  return {
    [ofExporter('fal_account_wasted_usd_per_day', labels)]: levelsEvery(step, [hours * HOURS, usd]),
  };
}

const FAULT = 'results for 3.75 USD an hour that nobody fetches';
const NEVER_FETCHED = byApp('never_fetched', [
  { hours: 2, usd: 0 },
  { hours: 4, usd: 3.75 },
  { hours: 26, usd: 0 },
]);

export const WASTE: readonly RuleCase[] = [
  {
    ...{ alert, step, kind: 'fires', name: 'more than 5 USD of the app within a day' },
    fault: FAULT,
    series: NEVER_FETCHED,
    faultAt: 7200,
    firesAfter: 6300,
    firing: [wasting('6.56')],
  },
  {
    ...{ alert, step, kind: 'fires', name: 'bill and app together, each reason once' },
    series: together(
      byBill('failed', 3, 8),
      byBill('failed', 2.5, 8, { instance: '10.0.0.8:10464' }),
      byBill('probe', 0.5, 8),
      // What the app saw fail is in the bill already.
      byApp('error', [
        { hours: 2, usd: 0 },
        { hours: 6, usd: 50 },
      ]),
      byApp('timeout', [
        { hours: 2, usd: 0 },
        { hours: 6, usd: 2 },
      ]),
    ),
    faultAt: 7200,
    firesAfter: 4500,
    firing: [wasting('6.00')],
  },
  {
    ...{
      alert,
      step,
      kind: 'fires',
      name: 'failures that only the app can tell, of two processes and models',
    },
    series: together(
      byApp('error', [
        { hours: 2, usd: 0 },
        { hours: 6, usd: 2 },
      ]),
      byApp(
        'error',
        [
          { hours: 2, usd: 0 },
          { hours: 6, usd: 2 },
        ],
        { instance: '10.0.0.2:9464', endpointId: 'fal-ai/veo3' },
      ),
    ),
    faultAt: 7200,
    firesAfter: 6300,
    firing: [wasting('7.00')],
  },
  {
    ...{ alert, step, kind: 'silent below', name: 'exactly 5 USD a day' },
    series: together(byBill('failed', 4.5, 8), byBill('probe', 0.5, 8)),
    until: 8 * 3600,
  },
  {
    ...{ alert, step, kind: 'silent below', name: '4.50 USD in the hours before a quiet night' },
    series: byApp('cancelled', [
      { hours: 2, usd: 0 },
      { hours: 3, usd: 1.5 },
      { hours: 10, usd: 0 },
    ]),
    until: 15 * 3600,
  },
  {
    ...{ alert, step, kind: 'silent otherwise', name: 'half of it is that of another account' },
    series: together(byBill('failed', 4, 8), byBill('failed', 4, 8, { account: 'stage' })),
    until: 8 * 3600,
  },
  {
    ...{ alert, step, kind: 'resolves', name: 'a day after the app stopped wasting' },
    fault: FAULT,
    series: NEVER_FETCHED,
    firingAt: 21_600,
    healedAt: 21_600,
    resolvesAfter: 81_960,
  },
  {
    ...{ alert, step, kind: 'resolves', name: 'five minutes after nobody reads the bill any more' },
    series: {
      [ofExporter('fal_account_wasted_usd_per_day', { account: 'default', reason: 'failed' })]: levelsEvery(
        step,
        [40, 6],
        [20, 'gone'],
      ),
    },
    firingAt: 2400,
    healedAt: 2400,
    resolvesAfter: 360,
  },
  {
    ...{
      alert,
      step,
      kind: 'survives a counter reset',
      name: 'the app restarts with much waste on its counter',
    },
    series: byApp('duplicate', [
      { hours: 2, usd: 2 },
      { hours: 8, usd: 0, restart: true },
    ]),
    until: 10 * 3600,
  },
];
