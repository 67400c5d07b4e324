import { alert } from '../alert.ts';
import { seconds, usd } from '../parameter.ts';
import { maxWithout, type PromQl } from '../promql.ts';

const DAY = 86_400;

function hasStatus(
  promql: PromQl,
  status: 'deprecated' | 'missing',
  when?: { readonly secondsAgo: number },
): string {
  const told = promql.exporter('fal_model_status', `status="${status}"`);
  return `${maxWithout(['status'], promql.latest(told, when))} == 1`;
}

export const modelDeprecated = alert({
  name: 'FalModelDeprecated',
  scope: 'account',
  severity: 'warning',
  forSeconds: 600,
  parameters: {},
  meaning: 'fal’s catalogue calls a configured model deprecated.',
  rules: (promql) => [
    {
      expr: hasStatus(promql, 'deprecated'),
      summary: 'fal will withdraw {{ $labels.endpoint_id }} (account {{ $labels.account }})',
      description:
        'fal’s catalogue calls {{ $labels.endpoint_id }} deprecated (account {{ $labels.account }}). It works until it is withdrawn, and nobody says when. Plan the move to its successor: the page of the model at fal.ai names it.',
      dashboard: 'fal-credits',
    },
  ],
});

export const modelMissing = alert({
  name: 'FalModelMissing',
  scope: 'account',
  severity: 'warning',
  forSeconds: 600,
  parameters: { told_for: seconds(7 * DAY, 'how long it is told') },
  meaning: 'fal’s catalogue does not list a configured model, and {told_for} ago it was not so yet.',
  rules: (promql, { told_for: week }) => [
    {
      // A private app is never in the catalogue: news is told for a while, and not for ever.
      expr: `${hasStatus(promql, 'missing')}\nunless ${hasStatus(promql, 'missing', { secondsAgo: week })}`,
      summary: 'fal no longer lists {{ $labels.endpoint_id }} (account {{ $labels.account }})',
      description:
        'fal’s catalogue does not list {{ $labels.endpoint_id }} (account {{ $labels.account }}): it was withdrawn or renamed, is private, or its id is mistyped in the configuration. Calls of a withdrawn model fail with 404: look at its error ratio, and move to its successor.',
      dashboard: 'fal-credits',
    },
  ],
});

export const priceRaised = alert({
  name: 'FalPriceRaised',
  scope: 'account',
  severity: 'warning',
  forSeconds: 0,
  parameters: {
    min_per_week: usd(5, 'what it costs more in a week of your usage, below which it stays silent'),
  },
  meaning:
    'Changes of a model’s list price in the last seven days make a week of your usage {min_per_week} or more dearer; or, where nobody knows your usage, the price was raised in the last day.',
  rules: (promql, { min_per_week: least }) => {
    const weekly = maxWithout([], promql.latest(promql.exporter('fal_model_price_change_weekly_usd')));
    const raises = promql.exporter('fal_model_price_changes_total', 'move="raised"');
    const now = promql.latest(raises);
    // Two readings and no increase(): over a day it would read every sample of every model at every evaluation.
    const ofLastDay = `(${now} - ${promql.latest(raises, { secondsAgo: DAY })}) or ${now}`;
    return [
      {
        expr: `${weekly} >= ${least}`,
        summary:
          'fal raised the price of {{ $labels.endpoint_id }}: {{ $value | printf "%.2f" }} USD a week more for you (account {{ $labels.account }})',
        description:
          'The list price of {{ $labels.endpoint_id }} changed. A week with your usage of the last seven days costs {{ $value | printf "%.2f" }} USD more (account {{ $labels.account }}). The status page of the exporter tells old and new price. This goes by itself seven days after the change.',
        dashboard: 'fal-credits',
      },
      {
        expr: `${maxWithout(['move'], ofLastDay)} > 0\nunless on (account, endpoint_id) ${weekly}`,
        labels: { effect: 'unknown' },
        summary: 'fal raised the price of {{ $labels.endpoint_id }} (account {{ $labels.account }})',
        description:
          'fal raised the list price of {{ $labels.endpoint_id }}. What that means for you is not known, because the exporter cannot read the usage of the account {{ $labels.account }}: that takes an ADMIN key. The status page of the exporter tells old and new price. This goes by itself a day after the change.',
        dashboard: 'fal-credits',
      },
    ];
  },
});
