import { alert } from '../alert.ts';
import { ratio, seconds, usd } from '../parameter.ts';
import { maxWithout, minWithout } from '../promql.ts';
import { RECORDED } from '../sources.ts';
import { burnRate } from './pace.ts';

const DAY = 86_400;

export const creditsExpiring = alert({
  name: 'FalCreditsExpiring',
  scope: 'account',
  severity: 'warning',
  forSeconds: 600,
  parameters: { threshold: seconds(14 * DAY, 'how long before the end of a grant') },
  meaning: 'A grant of credits from the exporter’s configuration expires within {threshold}.',
  rules: (promql, { threshold }) => {
    const end = minWithout([], promql.latest(promql.exporter('fal_account_credit_expiry_timestamp_seconds')));
    return [
      {
        // Once it is over there is nothing left to do.
        expr: `(${end} - time() > 0) < ${promql.seconds(threshold)}`,
        summary:
          'credits of your fal account {{ $labels.account }} expire in {{ $value | humanizeDuration }} ({{ $labels.grant }})',
        description:
          'The grant {{ $labels.grant }} of the account {{ $labels.account }} expires in {{ $value | humanizeDuration }}; what is left of it then is gone. Use it for work that can be done now, or ask fal for an extension. When the balance falls at the end of it, top up in time.',
        dashboard: 'fal-credits',
      },
    ];
  },
});

export const costDrift = alert({
  name: 'FalCostDrift',
  scope: 'account',
  severity: 'info',
  forSeconds: 1800,
  parameters: {
    threshold: ratio(0.1, 'change of billed ÷ list price against the day before'),
    min_per_day: usd(1, 'spend of the last 24 hours, below which it stays silent'),
  },
  meaning:
    'What fal bills, as a share of the list price, is more than {threshold} away from what it was a day ago, and the account spends {min_per_day} a day or more.',
  rules: (promql, { threshold, min_per_day: least }) => {
    const ofBill = promql.exporter('fal_account_cost_drift_ratio');
    const now = maxWithout([], promql.latest(ofBill));
    const before = maxWithout([], promql.latest(ofBill, { secondsAgo: DAY }));
    return [
      {
        expr: [
          now,
          `and abs(${now} / (${before} > 0) - 1) > ${threshold}`,
          `and 24 * ${burnRate(promql, '24h')} >= ${least}`,
        ].join('\n'),
        summary:
          'fal bills the account {{ $labels.account }} {{ $value | humanizePercentage }} of the list price, unlike yesterday',
        description:
          'Over the last 24 hours fal billed the account {{ $labels.account }} {{ $value | humanizePercentage }} of what its requests cost at list price, and a day ago it was another share. A discount began or ended, or a price changed that the list does not show yet. Estimates, and the costs that your app reports, are off by as much.',
        dashboard: 'fal-credits',
      },
    ];
  },
});

export const wasteHigh = alert({
  name: 'FalWasteHigh',
  scope: 'account',
  severity: 'info',
  forSeconds: 900,
  parameters: { threshold: usd(5, 'money of the last 24 hours that bought nothing') },
  meaning: 'More than {threshold} of the last 24 hours bought nothing.',
  rules: (_, { threshold }) => [
    {
      expr: `sum by (account) (${RECORDED.waste}) > ${threshold}`,
      summary:
        'your fal account {{ $labels.account }} wastes money: {{ $value | printf "%.2f" }} USD in the last 24 hours',
      description:
        'In the last 24 hours {{ $value | printf "%.2f" }} USD of the account {{ $labels.account }} bought nothing: requests that failed and were billed, results that nobody waited for or fetched, duplicates, and our own probes. The runbook has the query that splits it by reason; each has its own cure.',
      dashboard: 'fal-credits',
    },
  ],
});
