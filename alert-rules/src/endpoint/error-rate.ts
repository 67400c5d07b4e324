import { alert, type AlertExpression } from '../alert.ts';
import { count, ratio } from '../parameter.ts';
import { APP, RECORDED, SOURCES, type SourceOfTruth } from '../sources.ts';

/**
 * Two minutes for both severities. A five-minute window with `for: 5m` would fire after a one-minute blip is over;
 * one with `for: 2m` would need six minutes to see an outage of a third of the requests.
 */
const WINDOW = '2m';

export const errorRateHigh = alert({
  name: 'FalErrorRateHigh',
  scope: 'endpoint',
  severity: 'warning',
  forSeconds: 300,
  parameters: {
    threshold: ratio(0.05, 'failures ÷ finished requests over 2 minutes'),
    min_requests: count(20, 'finished requests in 5 minutes, below which it stays silent'),
    min_failures: count(3, 'failures in 5 minutes, below which it stays silent'),
  },
  meaning:
    'More than {threshold} of a model’s requests failed over two minutes, for {for}, with at least {min_requests} requests and {min_failures} failures in five minutes.',
  rules: (_, { threshold, min_requests: requests, min_failures: failures }) =>
    SOURCES.map((source) =>
      failing(source, { threshold, guardWindow: '5m', requests, failures, verb: 'failing' }),
    ),
});

export const errorRateCritical = alert({
  name: 'FalErrorRateCritical',
  scope: 'endpoint',
  severity: 'critical',
  forSeconds: 120,
  keepFiringForSeconds: 300,
  parameters: {
    threshold: ratio(0.25, 'failures ÷ finished requests over 2 minutes'),
    min_requests: count(10, 'finished requests in 2 minutes, below which it stays silent'),
    min_failures: count(5, 'failures in 2 minutes, below which it stays silent'),
  },
  meaning:
    'More than {threshold} of a model’s requests failed over two minutes, for {for}, with at least {min_requests} requests and {min_failures} failures in two minutes.',
  rules: (_, { threshold, min_requests: requests, min_failures: failures }) =>
    SOURCES.map((source) =>
      failing(source, { threshold, guardWindow: '2m', requests, failures, verb: 'failing badly' }),
    ),
});

export const lowTrafficFailures = alert({
  name: 'FalLowTrafficFailures',
  scope: 'endpoint',
  severity: 'warning',
  forSeconds: 600,
  parameters: {
    threshold: ratio(0.5, 'failures ÷ finished requests over an hour'),
    max_requests: count(240, 'finished requests in an hour, from which on FalErrorRateHigh judges'),
    min_failures: count(3, 'failures in an hour, below which it stays silent'),
  },
  meaning:
    'A model with fewer than {max_requests} requests an hour failed {min_failures} times or more, and more than {threshold} of the time.',
  rules: (_, { threshold, max_requests: most, min_failures: failures }) => [
    {
      source: 'app',
      expr: [
        `${RECORDED.failureRatio(APP, '1h')} > ${threshold}`,
        `and ${RECORDED.failures(APP, '1h')} >= ${failures}`,
        `and ${RECORDED.requests(APP, '1h')} < ${most}`,
      ].join('\n'),
      summary:
        'fal: the few requests to {{ $labels.endpoint_id }} mostly fail ({{ $value | humanizePercentage }} in the last hour)',
      description:
        '{{ $value | humanizePercentage }} of the requests to {{ $labels.endpoint_id }} (account {{ $labels.account }}) failed in the last hour. It is asked too rarely for the error-rate alerts. Look at the single errors: by type in fal_client_errors_total, by request in your traces.',
      dashboard: 'fal-endpoint',
    },
  ],
});

interface Failing {
  readonly threshold: number;
  readonly guardWindow: string;
  readonly requests: number;
  readonly failures: number;
  readonly verb: string;
}

function failing(source: SourceOfTruth, options: Failing): AlertExpression {
  const { threshold, guardWindow, requests, failures, verb } = options;
  return {
    source: source.source,
    expr: [
      `${RECORDED.failureRatio(source, WINDOW)} > ${threshold}`,
      `and ${RECORDED.requests(source, guardWindow)} >= ${requests}`,
      `and ${RECORDED.failures(source, guardWindow)} >= ${failures}`,
    ].join('\n'),
    summary: `fal: {{ $labels.endpoint_id }} ${verb} ({{ $value | humanizePercentage }} of ${source.noun})`,
    description: `{{ $value | humanizePercentage }} of the ${source.noun} to {{ $labels.endpoint_id }} (account {{ $labels.account }}) failed over two minutes, errors of your own input and account not counted. One model only: move its traffic to a fallback. Several: look for FalPlatformDown. Stop batch jobs: retries cost slots and money.`,
    dashboard: 'fal-endpoint',
  };
}
