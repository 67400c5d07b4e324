import { alert } from '../alert.ts';
import { count, ratio, seconds, usd } from '../parameter.ts';
import { maxWithout, minWithout, type PromQl } from '../promql.ts';
import { APP, RECORDED } from '../sources.ts';

/** The user's mark for a severity is in the exporter's configuration; without an exporter of this version the fallback. */
function belowMark(promql: PromQl, severity: 'warning' | 'critical', fallback: number): string {
  const marks = promql.exporter('fal_account_balance_threshold_usd', `severity="${severity}"`);
  const mark = `max by (account) (${promql.latest(marks)})`;
  return [
    `${RECORDED.balance} < on (account) group_left () ${mark}`,
    'or',
    `(${RECORDED.balance} unless on (account) ${mark}) < ${fallback}`,
  ].join('\n');
}

export const balanceLow = alert({
  name: 'FalBalanceLow',
  scope: 'account',
  severity: 'warning',
  forSeconds: 600,
  parameters: {
    threshold: usd(20, 'balance, unless account.low_balance_usd of the exporter says otherwise'),
  },
  meaning:
    'The balance is below low_balance_usd of the exporter’s configuration ({threshold} without one), and the reading is fresh.',
  rules: (promql, { threshold }) => [
    {
      expr: belowMark(promql, 'warning', threshold),
      summary: 'your fal account {{ $labels.account }} is low: {{ $value | printf "%.2f" }} USD left',
      description:
        'The account {{ $labels.account }} has {{ $value | printf "%.2f" }} USD left, which is below your low mark. At zero fal refuses every billable call. Top up at fal.ai/dashboard/billing, and compare with the burn rate: a spike may be a retry storm or a leaked key.',
      dashboard: 'fal-credits',
    },
  ],
});

export const balanceCritical = alert({
  name: 'FalBalanceCritical',
  scope: 'account',
  severity: 'critical',
  forSeconds: 300,
  parameters: {
    threshold: usd(5, 'balance, unless account.critical_balance_usd of the exporter says otherwise'),
  },
  meaning:
    'The balance is below critical_balance_usd of the exporter’s configuration ({threshold} without one), and the reading is fresh.',
  rules: (promql, { threshold }) => [
    {
      expr: belowMark(promql, 'critical', threshold),
      summary:
        'your fal account {{ $labels.account }} is almost empty: {{ $value | printf "%.2f" }} USD left',
      description:
        'The account {{ $labels.account }} has {{ $value | printf "%.2f" }} USD left, which is below your critical mark. Soon fal refuses every billable call as locked. Top up now at fal.ai/dashboard/billing; pause batch jobs until it is done.',
      dashboard: 'fal-credits',
    },
  ],
});

/** The exporter leaves the runway out when balance or pace are not known any more, so its age needs no guard. */
const runwayRule = (promql: PromQl, threshold: number, advice: string): string[] => [
  `${minWithout([], promql.latest(promql.exporter('fal_account_runway_seconds')))} < ${promql.seconds(threshold)}`,
  `At the pace of the last hour the money of the account {{ $labels.account }} lasts {{ $value | humanizeDuration }}. ${advice} Compare the burn rate with what is usual: a spike may be a retry storm, a batch job or a leaked key.`,
];

export const runwayShort = alert({
  name: 'FalBalanceRunwayShort',
  scope: 'account',
  severity: 'warning',
  forSeconds: 900,
  parameters: { threshold: seconds(86_400, 'how long the balance should last at the present pace') },
  meaning: 'At the present pace the balance lasts less than {threshold}.',
  rules: (promql, { threshold }) => {
    const [expr = '', description = ''] = runwayRule(promql, threshold, 'Top up before the night.');
    return [
      {
        ...{ expr, description },
        summary: 'your fal account {{ $labels.account }} runs dry in {{ $value | humanizeDuration }}',
        dashboard: 'fal-credits',
      },
    ];
  },
});

export const runwayCritical = alert({
  name: 'FalBalanceRunwayCritical',
  scope: 'account',
  severity: 'critical',
  forSeconds: 900,
  parameters: { threshold: seconds(21_600, 'how long the balance must last at the present pace') },
  meaning: 'At the present pace the balance lasts less than {threshold}.',
  rules: (promql, { threshold }) => {
    const [expr = '', description = ''] = runwayRule(promql, threshold, 'Top up now.');
    return [
      {
        ...{ expr, description },
        summary: 'your fal account {{ $labels.account }} runs dry in {{ $value | humanizeDuration }}',
        dashboard: 'fal-credits',
      },
    ];
  },
});

export const spendWithoutSuccess = alert({
  name: 'FalSpendWithoutSuccess',
  scope: 'account',
  severity: 'warning',
  forSeconds: 600,
  parameters: {
    threshold: ratio(0.5, 'successes ÷ finished requests over 15 minutes'),
    min_requests: count(5, 'finished requests in 15 minutes, below which it stays silent'),
  },
  meaning: 'Money is spent while fewer than {threshold} of the app’s requests succeed over fifteen minutes.',
  rules: (promql, { threshold, min_requests: least }) => {
    const range = promql.duration(900);
    const over = (...matchers: string[]): string =>
      APP.sum(
        `increase(${promql.app('fal_client_requests_total', 'outcome!="cancelled"', ...matchers)}[${range}])`,
        ...[...APP.ownLabels, 'endpoint_id', 'job'],
      );
    const billed = promql.exporter('fal_account_spend_usd_total');
    const spend = maxWithout(['job', 'endpoint_id'], `increase(${billed}[${range}])`);
    return [
      {
        expr: [
          '(',
          // An app that never had a success has no series of one.
          `  (${over('outcome="ok"')} or 0 * ${over()})`,
          '  /',
          `  (${over()} >= ${least})`,
          `) < ${threshold}`,
          `and on (account) ${spend} > 0`,
        ].join('\n'),
        summary:
          'your fal account {{ $labels.account }} pays for failures: only {{ $value | humanizePercentage }} succeed',
        description:
          'Money leaves the account {{ $labels.account }} while only {{ $value | humanizePercentage }} of your app’s requests succeed. Server errors are not billed, but rejected inputs and results that nobody fetches can be. Find the error type that recurs and stop what causes it.',
        dashboard: 'fal-credits',
      },
    ];
  },
});
