import { timeSeries, type Placed, withoutOwner } from '../grafana/index.ts';
import { app, model } from '../promql/selectors.ts';
import { RATE_INTERVAL, sumBy, WINDOW } from '../promql/traffic.ts';

/** What the client did beyond one exchange per step. */
export function attempts(): Placed[] {
  return [hTTPExchangesByStatus(), exchangesPerRequest(), retriesAndDuplicates()];
}

function hTTPExchangesByStatus(): Placed {
  return timeSeries({
    title: 'HTTP exchanges by status, per second',
    description:
      'Each exchange with fal, polls and retries included. 429: you are held back; 5xx or a network class that grows while requests still succeed: retries hide trouble.',
    width: 8,
    height: 8,
    queries: [
      {
        expr: sumBy(['status'], `rate(${app('fal_client_attempts_total')}[${RATE_INTERVAL}])`),
        legend: '{{status}}',
      },
    ],
    unit: 'reqps',
    min: 0,
    noData: 'No exchanges in this range: the app is not instrumented, or sent nothing',
    isStacked: true,
  });
}

function exchangesPerRequest(): Placed {
  return timeSeries({
    title: 'Exchanges per request, over $window',
    description:
      'Exchanges ÷ finished requests. Polls grow with the waiting time; a jump without one means retries.',
    width: 8,
    height: 8,
    queries: [
      {
        expr: `${sumBy(['endpoint_id'], `rate(${app('fal_client_attempts_total')}[${WINDOW}])`)} / (${sumBy(['endpoint_id'], `rate(${app('fal_client_requests_total')}[${WINDOW}])`)} > 0)`,
        legend: '{{endpoint_id}}',
      },
    ],
    unit: 'short',
    decimals: 1,
    min: 0,
    noData: 'No finished requests of an app in this range',
    transformations: [withoutOwner()],
  });
}

function retriesAndDuplicates(): Placed {
  return timeSeries({
    title: 'Retries and duplicates, over $window',
    description:
      'Jobs that fal took back from running to queued (it lost a runner), and submits that the client sent again after a broken connection: each of those may be a second billed job.',
    width: 8,
    height: 8,
    queries: [
      {
        expr: `${sumBy(['endpoint_id'], `increase(${app('fal_client_platform_retries_total')}[${WINDOW}])`)} > 0`,
        legend: 'taken back by fal: {{endpoint_id}}',
      },
      {
        expr: `${sumBy(['endpoint_id'], `increase(${app('fal_client_duplicate_submits_total')}[${WINDOW}])`)} > 0`,
        legend: 'submitted twice: {{endpoint_id}}',
      },
    ],
    unit: 'short',
    min: 0,
    noData: 'None in this range, as it should be',
    draw: 'bars',
    transformations: [withoutOwner()],
  });
}

/** What fal itself says of these models. */
export function platformView(): Placed[] {
  return [
    timeSeries({
      title: 'fal’s own clock: run time and preparation',
      description:
        'Quantiles that fal measured over your account’s requests in its newest complete bucket. Your app slow and these not: look at network and result size. Preparation is queue and cold start. They lag: see the age on Exporter health.',
      width: 12,
      height: 8,
      queries: [
        {
          expr: `max by (endpoint_id, quantile) (${model('fal_platform_duration_seconds')})`,
          legend: 'run {{quantile}} {{endpoint_id}}',
        },
        {
          expr: `max by (endpoint_id, quantile) (${model('fal_platform_prepare_seconds')})`,
          legend: 'prepare {{quantile}} {{endpoint_id}}',
        },
      ],
      unit: 's',
      noData: 'Needs FAL_ADMIN_KEY, and traffic on these models',
      isLogarithmic: true,
    }),
    timeSeries({
      title: 'fal’s own count by answer, newest bucket',
      description:
        'success: 2xx, user_error: 4xx, error: 5xx, as fal counted. Errors here and none in your app: retries hide them. Cold boots explain single slow requests.',
      width: 12,
      height: 8,
      queries: [
        {
          expr: `max by (endpoint_id, class) (${model('fal_platform_requests')})`,
          legend: '{{class}} {{endpoint_id}}',
        },
        {
          expr: `max by (endpoint_id) (${model('fal_platform_cold_boots')})`,
          legend: 'cold boots {{endpoint_id}}',
        },
      ],
      unit: 'short',
      min: 0,
      noData: 'Needs FAL_ADMIN_KEY, and traffic on these models',
    }),
  ];
}
