import { alert } from '../alert.ts';
import { factor, optionalUsd, usdPerHour } from '../parameter.ts';
import { maxWithout, type PromQl } from '../promql.ts';

const HOUR = 3600;

/**
 * What the account spends in an hour, over a window. The exporter computes it from when the money was spent, and not
 * from when it learned of it: bills that come late, all at once after an outage of fal's billing or of the exporter
 * itself, are no spike. The counter of the bill would make one of them.
 */
export function burnRate(
  promql: PromQl,
  window: '1h' | '24h',
  when?: { readonly secondsAgo: number },
): string {
  const rate = promql.exporter('fal_account_burn_rate_usd_per_hour', `window="${window}"`);
  return maxWithout(['window'], promql.latest(rate, when));
}

/** What the user allows, from the exporter's configuration. */
function budget(promql: PromQl, window: 'hour' | 'month'): string {
  const allowed = promql.exporter('fal_account_budget_usd', `window="${window}"`);
  return `max by (account) (${promql.latest(allowed)})`;
}

export const creditSpike = alert({
  name: 'FalCreditSpike',
  scope: 'account',
  severity: 'warning',
  forSeconds: 600,
  parameters: {
    times_usual: factor(3, 'how many times the average hour of the day before'),
    min_per_hour: usdPerHour(5, 'spend of the last hour, below which it stays silent'),
  },
  meaning:
    'The account spent more than {times_usual} times the average hour of the day before, and more than {min_per_hour}; at least half of that day is known.',
  rules: (promql, { times_usual: times, min_per_hour: least }) => {
    const now = burnRate(promql, '1h');
    const usual = burnRate(promql, '24h', { secondsAgo: HOUR });
    return [
      {
        expr: `${now} > ${times} * ${usual}\nand ${now} > ${least}`,
        summary:
          'your fal account {{ $labels.account }} spends unusually much: {{ $value | printf "%.2f" }} USD in the last hour',
        description:
          'The account {{ $labels.account }} spent {{ $value | printf "%.2f" }} USD in the last hour, far more than in an average hour of the day before. Look for a retry storm (requests per minute), a dearer model (cost per request), a batch job, or a leaked key (endpoints that you do not use).',
        dashboard: 'fal-credits',
      },
    ];
  },
});

export const hourlyBudgetExceeded = alert({
  name: 'FalHourlyBudgetExceeded',
  scope: 'account',
  severity: 'critical',
  forSeconds: 0,
  parameters: {
    threshold: optionalUsd('what an account without account.hourly_budget_usd may spend in an hour'),
  },
  meaning:
    'The account spent more in the last hour than hourly_budget_usd of the exporter’s configuration; without one, more than {threshold}.',
  rules: (promql, { threshold }) => {
    const spent = burnRate(promql, '1h');
    const allowed = budget(promql, 'hour');
    const otherwise =
      threshold === undefined ? [] : ['or', `(${spent} unless on (account) ${allowed}) > ${threshold}`];
    return [
      {
        expr: [`${spent} > on (account) group_left () ${allowed}`, ...otherwise].join('\n'),
        summary:
          'your fal account {{ $labels.account }} is over its hourly budget: {{ $value | printf "%.2f" }} USD',
        description:
          'The account {{ $labels.account }} spent {{ $value | printf "%.2f" }} USD in the last hour, more than its budget. Nothing is blocked by this alert: stop the batch job or the retry loop yourself, or rotate the key if the traffic is not yours.',
        dashboard: 'fal-credits',
      },
    ];
  },
});

export const monthlyBudgetExceeded = alert({
  name: 'FalMonthlyBudgetExceeded',
  scope: 'account',
  severity: 'warning',
  forSeconds: 600,
  parameters: {},
  meaning:
    'The account spent more since the first of the month (UTC) than monthly_budget_usd of the exporter’s configuration.',
  rules: (promql) => {
    const spent = maxWithout([], promql.latest(promql.exporter('fal_account_month_spend_usd')));
    return [
      {
        expr: `${spent} > on (account) group_left () ${budget(promql, 'month')}`,
        summary:
          'your fal account {{ $labels.account }} is over its monthly budget: {{ $value | printf "%.2f" }} USD',
        description:
          'The account {{ $labels.account }} spent {{ $value | printf "%.2f" }} USD since the first of the month, more than its budget. Nothing is blocked by this alert: decide what may wait until next month, or raise monthly_budget_usd.',
        dashboard: 'fal-credits',
      },
    ];
  },
});
