import { type Level, levels, ofExporter, together } from '../exporter-series.ts';
import type { Firing, InputSeries, RuleCase } from '../rule-case.ts';
import { HOURLY_BUDGET_USD } from '../rules-under-test.ts';
import { allowed, burning, spentThisMonth } from './pace-series.ts';

const HOURLY = 'FalHourlyBudgetExceeded';
const MONTHLY = 'FalMonthlyBudgetExceeded';
const OF_PROD = { scope: 'account', job: 'fal-exporter', account: 'prod' };
const DASHBOARD = 'http://localhost:3000/d/fal-credits?var-account=prod';
const AGAIN = { instance: '10.0.0.8:10464' };
const STAGE = { account: 'stage' };

const overHour = (usd: string): Firing => ({
  labels: { severity: 'critical', ...OF_PROD },
  summary: `your fal account prod is over its hourly budget: ${usd} USD`,
  description: `The account prod spent ${usd} USD in the last hour, more than its budget. Nothing is blocked by this alert: stop the batch job or the retry loop yourself, or rotate the key if the traffic is not yours.`,
  dashboardUrl: DASHBOARD,
});

const DEAR = 'the last hour cost more than its budget';

/** One dollar an hour, so many, and one again. */
const story = (peak: number): readonly Level[] => [
  [10, 1],
  [20, peak],
  [20, 1],
];

/** A counter that learns at once what half a day cost. */
const lateBills: InputSeries = {
  [ofExporter('fal_account_spend_usd_total', { account: 'prod', endpoint_id: 'fal-ai/veo3' })]: levels(
    [10, 100],
    [40, 400],
  ),
};

const hourly: readonly RuleCase[] = [
  {
    ...{ alert: HOURLY, kind: 'fires', name: 'at once, above the budget of the exporter' },
    fault: DEAR,
    series: together(burning('1h', story(30.01)), allowed('hour', [[50, 30]])),
    faultAt: 600,
    firesAfter: 15,
    firing: [overHour('30.01')],
  },
  {
    ...{
      alert: HOURLY,
      kind: 'fires',
      name: 'above a budget of the exporter that is below that of the rules',
    },
    series: together(burning('1h', story(2.5)), allowed('hour', [[50, 2]])),
    faultAt: 600,
    firesAfter: 15,
    firing: [overHour('2.50')],
  },
  {
    ...{ alert: HOURLY, kind: 'fires', name: 'above the budget of the rules, where the exporter has none' },
    series: together(burning('1h', story(HOURLY_BUDGET_USD + 0.5)), allowed('hour', [[50, 100]], STAGE)),
    faultAt: 600,
    firesAfter: 15,
    firing: [overHour('10.50')],
  },
  {
    ...{ alert: HOURLY, kind: 'fires', name: 'once for two exporters, by the larger reading of both' },
    series: together(
      ...[burning('1h', story(31)), allowed('hour', [[50, 30]])],
      ...[burning('1h', story(30.5), AGAIN), allowed('hour', [[50, 30]], AGAIN)],
    ),
    faultAt: 600,
    firesAfter: 15,
    firing: [overHour('31.00')],
  },
  {
    ...{ alert: HOURLY, kind: 'silent below', name: 'exactly the budget of the exporter' },
    series: together(burning('1h', story(30)), allowed('hour', [[50, 30]])),
    until: 3000,
  },
  {
    ...{ alert: HOURLY, kind: 'silent below', name: 'exactly the budget of the rules' },
    series: burning('1h', story(HOURLY_BUDGET_USD)),
    until: 3000,
  },
  {
    ...{ alert: HOURLY, kind: 'silent otherwise', name: 'half a day of bills comes at once, late' },
    series: together(burning('1h', [[50, 1]]), allowed('hour', [[50, 30]]), lateBills),
    until: 3000,
  },
  {
    ...{ alert: HOURLY, kind: 'silent otherwise', name: 'nobody knows the pace' },
    series: together(allowed('hour', [[50, 30]]), lateBills),
    until: 3000,
  },
  {
    ...{ alert: HOURLY, kind: 'resolves', name: 'when the last hour is within the budget' },
    fault: DEAR,
    series: together(burning('1h', story(31)), allowed('hour', [[50, 30]])),
    firingAt: 1800,
    healedAt: 1800,
    resolvesAfter: 15,
  },
  {
    ...{ alert: HOURLY, kind: 'resolves', name: 'when the budget is raised' },
    series: together(
      burning('1h', [[50, 31]]),
      allowed('hour', [
        [30, 30],
        [20, 40],
      ]),
    ),
    firingAt: 1800,
    healedAt: 1800,
    resolvesAfter: 15,
  },
];

const overMonth = (usd: string): Firing => ({
  labels: { severity: 'warning', ...OF_PROD },
  summary: `your fal account prod is over its monthly budget: ${usd} USD`,
  description: `The account prod spent ${usd} USD since the first of the month, more than its budget. Nothing is blocked by this alert: decide what may wait until next month, or raise monthly_budget_usd.`,
  dashboardUrl: DASHBOARD,
});

const MONTH = 'the month cost more than its budget';
const BUDGET = allowed('month', [[60, 500]]);
const month = (...those: readonly Level[]): InputSeries => together(spentThisMonth(those), BUDGET);

const monthly: readonly RuleCase[] = [
  {
    ...{ alert: MONTHLY, kind: 'fires', name: 'ten minutes after the month is above the budget' },
    fault: MONTH,
    series: month([10, 499], [30, 500.5], [20, 0.2]),
    faultAt: 600,
    firesAfter: 615,
    firing: [overMonth('500.50')],
  },
  {
    ...{ alert: MONTHLY, kind: 'fires', name: 'although a scrape fails, and once for two exporters' },
    series: together(
      month([10, 499], [5, 501], [0.25, 'gone'], [30, 501]),
      spentThisMonth(
        [
          [10, 498],
          [40, 500.1],
        ],
        AGAIN,
      ),
    ),
    faultAt: 600,
    firesAfter: 615,
    firing: [overMonth('501.00')],
  },
  {
    ...{ alert: MONTHLY, kind: 'silent below', name: 'exactly the budget' },
    series: month([60, 500]),
    until: 3600,
  },
  {
    ...{ alert: MONTHLY, kind: 'silent otherwise', name: 'no budget for the month is configured' },
    series: together(spentThisMonth([[60, 1e6]]), allowed('hour', [[60, 1]])),
    until: 3600,
  },
  {
    ...{ alert: MONTHLY, kind: 'silent otherwise', name: 'another account has the budget' },
    series: together(spentThisMonth([[60, 600]]), allowed('month', [[60, 500]], STAGE)),
    until: 3600,
  },
  {
    ...{ alert: MONTHLY, kind: 'resolves', name: 'with the first of the next month' },
    fault: MONTH,
    series: month([10, 499], [30, 500.5], [20, 0.2]),
    firingAt: 2400,
    healedAt: 2400,
    resolvesAfter: 15,
  },
];

export const BUDGETS: readonly RuleCase[] = [...hourly, ...monthly];
