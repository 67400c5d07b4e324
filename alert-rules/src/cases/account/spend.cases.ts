import { levelsEvery, ofExporter, together } from '../exporter-series.ts';
import type { Firing, RuleCase } from '../rule-case.ts';
import { HOURLY_BUDGET_USD } from '../rules-under-test.ts';
import { type Billed, billed } from './spend-series.ts';

const HOUR = 60;
const DAY = 24 * HOUR;
const step = 300;

const OF_PROD = { scope: 'account', job: 'fal-exporter', account: 'prod' };

function spike(usd: string): Firing {
  return {
    labels: { severity: 'warning', ...OF_PROD },
    summary: `your fal account prod spends unusually much: ${usd} USD in the last hour`,
    description: `The account prod spent ${usd} USD in the last hour, far more than in an average hour of the day before. Look for a retry storm (requests per minute), a dearer model (cost per request), a batch job, or a leaked key (endpoints that you do not use).`,
    dashboardUrl: 'http://localhost:3000/d/fal-credits?var-account=prod',
  };
}

const usual = (minutes: number): Billed => ({ minutes, usdPerHour: 2 });

const SPIKE: readonly Billed[] = [usual(25 * HOUR), { minutes: 2 * HOUR, usdPerHour: 10 }, usual(3 * HOUR)];
const SPIKE_FAULT = 'five times the usual spend (billing without delay)';

const firesOrNot: readonly RuleCase[] = [
  {
    ...{ alert: 'FalCreditSpike', kind: 'fires', name: 'an hour dearer than three average hours', step },
    fault: SPIKE_FAULT,
    series: billed(SPIKE, { step }),
    faultAt: 25 * 3600,
    firesAfter: 2400,
    firing: [spike('7.33')],
  },
  {
    ...{
      alert: 'FalCreditSpike',
      kind: 'fires',
      name: 'a model that was not used before, seen by two exporters',
      step,
    },
    series: together(
      ...['10.0.0.9:10464', '10.0.0.8:10464'].flatMap((instance) => [
        billed([usual(27 * HOUR)], { step, instance }),
        billed(
          [
            { minutes: 25 * HOUR, usdPerHour: 0 },
            { minutes: 2 * HOUR, usdPerHour: 8 },
          ],
          { step, instance, endpointId: 'fal-ai/veo3' },
        ),
      ]),
    ),
    faultAt: 25 * 3600,
    firesAfter: 2400,
    firing: [spike('7.33')],
  },
  {
    ...{ alert: 'FalCreditSpike', kind: 'silent below', name: 'just below three average hours', step },
    series: billed([usual(25 * HOUR), { minutes: HOUR, usdPerHour: 5.9 }, usual(2 * HOUR)], { step }),
    until: 28 * 3600,
  },
  {
    ...{
      alert: 'FalCreditSpike',
      kind: 'silent below',
      name: 'fifty times the usual, which is less than 5 USD an hour',
      step,
    },
    series: billed(
      [
        { minutes: 25 * HOUR, usdPerHour: 0.1 },
        { minutes: 2 * HOUR, usdPerHour: 4.99 },
      ],
      { step },
    ),
    until: 27 * 3600,
  },
  {
    ...{
      alert: 'FalCreditSpike',
      kind: 'silent otherwise',
      name: 'the account has less than six hours of history',
      step,
    },
    series: billed(
      [
        { minutes: 3 * HOUR, usdPerHour: 1 },
        { minutes: 2 * HOUR, usdPerHour: 20 },
        { minutes: 3 * HOUR, usdPerHour: 1 },
      ],
      { step },
    ),
    until: 8 * 3600,
  },
  {
    ...{ alert: 'FalCreditSpike', kind: 'silent otherwise', name: 'a top-up of 1000 USD is no spend', step },
    series: together(billed([usual(27 * HOUR)], { step }), {
      [ofExporter('fal_account_topups_usd_total', { account: 'prod' })]: levelsEvery(
        step,
        [DAY, 0],
        [3 * HOUR, 1000],
      ),
      [ofExporter('fal_account_balance_usd', { account: 'prod' })]: levelsEvery(
        step,
        [DAY, 10],
        [3 * HOUR, 1010],
      ),
    }),
    until: 27 * 3600,
  },
  {
    ...{
      alert: 'FalCreditSpike',
      kind: 'silent otherwise',
      name: 'an exporter that restarts and goes on counting',
      step,
    },
    series: billed([usual(DAY), { minutes: 30, usdPerHour: 2, missing: true }, usual(3 * HOUR)], { step }),
    until: 27 * 3600,
  },
];

const SPIKE_ENDS: readonly RuleCase[] = [
  {
    ...{ alert: 'FalCreditSpike', kind: 'resolves', name: 'when the last hour is usual again', step },
    fault: SPIKE_FAULT,
    series: billed(SPIKE, { step }),
    firingAt: 27 * 3600,
    healedAt: 27 * 3600,
    resolvesAfter: 1500,
  },
  {
    ...{
      alert: 'FalCreditSpike',
      kind: 'survives a counter reset',
      name: 'an exporter that lost its state',
      step,
    },
    series: billed([usual(DAY), { ...usual(3 * HOUR), restart: true }], { step }),
    until: 27 * 3600,
  },
];

const overBudget: Firing = {
  labels: { severity: 'critical', ...OF_PROD },
  summary: 'your fal account prod is over its hourly budget: 10.50 USD',
  description: `The account prod spent 10.50 USD in the last hour; its budget is ${HOURLY_BUDGET_USD} USD. Nothing is blocked by this alert: stop the batch job or the retry loop yourself, or rotate the key if the traffic is not yours.`,
  dashboardUrl: 'http://localhost:3000/d/fal-credits?var-account=prod',
};

const DEAR: readonly Billed[] = [
  { minutes: 2 * HOUR, usdPerHour: 1 },
  { minutes: HOUR, usdPerHour: 20 },
  { minutes: 2 * HOUR, usdPerHour: 1 },
];
const DEAR_FAULT = 'twice the hourly budget';

const budget: readonly RuleCase[] = [
  {
    ...{
      alert: 'FalHourlyBudgetExceeded',
      kind: 'fires',
      name: 'as soon as an hour cost more than the budget',
      step,
    },
    fault: DEAR_FAULT,
    series: billed(DEAR, { step }),
    faultAt: 7200,
    firesAfter: 1800,
    firing: [overBudget],
  },
  {
    ...{ alert: 'FalHourlyBudgetExceeded', kind: 'silent below', name: 'just below the budget', step },
    series: billed([{ minutes: 4 * HOUR, usdPerHour: HOURLY_BUDGET_USD - 0.01 }], { step }),
    until: 4 * 3600,
  },
  {
    ...{
      alert: 'FalHourlyBudgetExceeded',
      kind: 'silent below',
      name: 'two exporters see the same bill',
      step,
    },
    series: together(
      billed([{ minutes: 4 * HOUR, usdPerHour: 6 }], { step }),
      billed([{ minutes: 4 * HOUR, usdPerHour: 6 }], { step, instance: '10.0.0.8:10464' }),
    ),
    until: 4 * 3600,
  },
  {
    ...{
      alert: 'FalHourlyBudgetExceeded',
      kind: 'silent otherwise',
      name: 'nothing is known of spend',
      step,
    },
    series: { [ofExporter('fal_account_balance_usd', { account: 'prod' })]: levelsEvery(step, [HOUR, 5]) },
    until: 3600,
  },
  {
    ...{
      alert: 'FalHourlyBudgetExceeded',
      kind: 'resolves',
      name: 'when the last hour is within the budget',
      step,
    },
    fault: DEAR_FAULT,
    series: billed(DEAR, { step }),
    firingAt: 3 * 3600,
    healedAt: 3 * 3600,
    resolvesAfter: 2100,
  },
  {
    ...{
      alert: 'FalHourlyBudgetExceeded',
      kind: 'survives a counter reset',
      name: 'an exporter that lost its state',
      step,
    },
    series: billed(
      [
        { minutes: 2 * HOUR, usdPerHour: 9 },
        { minutes: 2 * HOUR, usdPerHour: 9, restart: true },
      ],
      { step },
    ),
    until: 4 * 3600,
  },
];

export const SPEND: readonly RuleCase[] = [...firesOrNot, ...SPIKE_ENDS, ...budget];
