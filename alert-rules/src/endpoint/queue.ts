import { alert, type AlertExpression } from '../alert.ts';
import { count, ratio, seconds } from '../parameter.ts';
import { type PromQl, maxWithout } from '../promql.ts';
import { APP, RECORDED, SOURCES, type SourceOfTruth } from '../sources.ts';

/** Bounds of the histogram of queue waits that somebody may want to be told of; a test compares them. */
const WAIT_BOUNDS = [30, 45, 60, 90, 120, 180, 240, 300, 450, 600, 900, 1200, 1800, 3600];

export const queueWaitHigh = alert({
  name: 'FalQueueWaitHigh',
  scope: 'endpoint',
  severity: 'warning',
  forSeconds: 600,
  parameters: {
    threshold: { ...seconds(300, 'P95 of the queue wait over 5 minutes'), oneOf: WAIT_BOUNDS },
    min_requests: count(20, 'requests that left the queue in 5 minutes, below which it stays silent'),
    position_still: seconds(600, 'how long a queued request may keep its place'),
  },
  meaning:
    'The P95 of the queue wait of a model is above {threshold} with at least {min_requests} requests in five minutes; or its oldest queued request has kept its place for {position_still}.',
  rules: (promql, values) => [
    {
      source: 'app',
      expr: `${longWaits(promql, values)}\nor\n${stillQueue(promql, values.position_still)}`,
      summary: 'fal: {{ $labels.endpoint_id }} keeps requests waiting in its queue',
      description:
        'Requests to {{ $labels.endpoint_id }} (account {{ $labels.account }}) wait far too long before they run. Either fal lacks runners for this model, or you are at your own concurrency limit: queued requests are never refused with 429, they only wait. Compare slots in use with the limit, and the queue wait of the probes.',
      dashboard: 'fal-queue',
    },
  ],
});

/**
 * The P95 is above a bound exactly when more than one in twenty waited longer: two series for each model instead of a
 * quantile over all thirty. The bound is written 300 or 300.0, as the scraped format has it.
 */
function longWaits(
  promql: PromQl,
  { threshold, min_requests: least }: { readonly threshold: number; readonly min_requests: number },
): string {
  const left = (series: string): string => APP.sum(`increase(${series}[${promql.duration(300)}])`, 'le');
  const inTime = promql.app('fal_client_queue_wait_seconds_bucket', `le=~"${threshold}([.]0)?"`);
  const all = left(promql.app('fal_client_queue_wait_seconds_count'));
  return `(1 - ${left(inTime)} / (${all} >= ${least}) > 0.05)`;
}

/**
 * The oldest request in the queue has waited for that long and has not moved up. In a busy queue somebody is always
 * at the same place, so the place alone says nothing. Its value is the place: neither `for` nor text depends on it.
 */
function stillQueue(promql: PromQl, seconds: number): string {
  const position = promql.app('fal_client_queue_position');
  const age = promql.app('fal_client_oldest_request_age_seconds', 'state="queued"');
  const isStill = maxWithout(
    [],
    `${promql.latest(position)} and changes(${position}[${promql.duration(seconds)}]) == 0`,
  );
  return [
    'label_replace(',
    `  ${isStill}`,
    `  and ${maxWithout(['state'], promql.latest(age))} > ${promql.seconds(seconds)},`,
    '  "account", "default", "account", ""',
    ')',
  ].join('\n');
}

export const rateLimited = alert({
  name: 'FalRateLimited',
  scope: 'endpoint',
  severity: 'warning',
  forSeconds: 300,
  parameters: {
    threshold: ratio(0.05, 'refusals with 429 ÷ finished requests over 5 minutes'),
    min_refusals: count(5, 'refusals in 5 minutes, below which it stays silent'),
  },
  meaning:
    'More than {threshold} of a model’s requests were refused with 429 over five minutes, and at least {min_refusals} of them.',
  rules: (promql, values) => SOURCES.map((source) => refused(source, promql, values)),
});

function refused(
  source: SourceOfTruth,
  promql: PromQl,
  { threshold, min_refusals: least }: { readonly threshold: number; readonly min_refusals: number },
): AlertExpression {
  const errors = source.select(promql, source.errors, 'error_type=~"concurrent_requests_limit|429"');
  const refusals = source.sum(`increase(${errors}[${promql.duration(300)}])`, ...source.ownLabels);
  return {
    source: source.source,
    expr: `(${refusals} >= ${least})\n/\n(${RECORDED.requests(source, '5m')} > 0) > ${threshold}`,
    summary:
      'your account is at its limit: {{ $value | humanizePercentage }} of {{ $labels.endpoint_id }} refused (429)',
    description: `fal refuses {{ $value | humanizePercentage }} of the ${source.noun} to {{ $labels.endpoint_id }} (account {{ $labels.account }}) because too many run at once. That is the account’s limit, not a fault of fal. Lower your parallelism, or send through the queue, which waits instead of refusing; ask fal for a higher limit if this is your normal load.`,
    dashboard: 'fal-queue',
  };
}
