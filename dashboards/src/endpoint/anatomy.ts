import { DASHED, fixedColor, heatmap, type Override, timeSeries, type Placed } from '../grafana/index.ts';
import { LATENCY_STEPS } from '../promql/limits.ts';
import { app, model } from '../promql/selectors.ts';
import {
  APP,
  latency,
  latencyLimit,
  maxBy,
  PROBES,
  quantileOf,
  RATE_INTERVAL,
  sumBy,
  WINDOW,
} from '../promql/traffic.ts';

const QUANTILES = [
  { quantile: 0.5, name: 'P50' },
  { quantile: 0.95, name: 'P95' },
  { quantile: 0.99, name: 'P99' },
] as const;

const PARTS = {
  upload: 'fal_client_upload_seconds',
  queue: 'fal_client_queue_wait_seconds',
  inference: 'fal_client_inference_seconds',
  fetch: 'fal_client_result_fetch_seconds',
} as const;

/** The colours of the panel “request anatomy”. */
const PART_COLORS: readonly Override[] = Object.entries({
  upload: 'purple',
  queue: 'orange',
  inference: 'blue',
  fetch: 'green',
  other: 'text',
}).map(([name, color]) => ({ match: { name }, set: { color: fixedColor(color) } }));

const FINISHED = `${sumBy([], `rate(${app('fal_client_request_duration_seconds_count')}[${WINDOW}])`)} > 0`;

/**
 * Seconds of a family per finished request, whatever the outcome: the same denominator for the whole and for its
 * parts, so that the parts add up. 0 where no request had that part; absent where nothing finished.
 */
function perRequest(family: string): string {
  const seconds = sumBy([], `rate(${app(`${family}_sum`)}[${WINDOW}])`);
  return `(${seconds} or vector(0)) / (${FINISHED})`;
}

/** What a request was made of. */
export function anatomy(): Placed[] {
  const whole = perRequest('fal_client_request_duration_seconds');
  const known = Object.values(PARTS)
    .map((family) => `(${perRequest(family)})`)
    .join(' + ');
  return [
    timeSeries({
      title: 'What a mean request is made of, over $window',
      description:
        'Mean seconds per finished request of your app, by part. Queue: fal lacks capacity, or you are at your limit. Inference: the model, or larger inputs. Upload and fetch: files, network, gateway. Other is the rest: submit, polling, retries, and requests whose parts fal does not tell. Means add up; quantiles would not.',
      width: 14,
      height: 9,
      queries: [
        ...Object.entries(PARTS).map(([name, family]) => ({
          refId: name,
          expr: perRequest(family),
          legend: name,
        })),
        { refId: 'other', expr: `clamp_min((${whole}) - (${known}), 0)`, legend: 'other' },
      ],
      unit: 's',
      min: 0,
      noData: 'No finished requests of an app in this range: instrument the app, or look at Probes',
      isStacked: true,
      overrides: PART_COLORS,
      fill: 60,
    }),
    timeSeries({
      title: 'P95 of each part, over $window',
      description:
        'One in twenty requests had a part this long or longer. Not to be added up: the slow upload and the slow queue need not be of the same request. Logarithmic.',
      width: 10,
      height: 9,
      queries: Object.entries(PARTS).map(([name, family]) => ({
        refId: name,
        expr: quantileOf(0.95, app(`${family}_bucket`), [], WINDOW),
        legend: name,
      })),
      unit: 's',
      noData:
        'No parts were measured in this range: the app is not instrumented, or sent nothing through the queue',
      overrides: PART_COLORS,
      isLogarithmic: true,
    }),
  ];
}

/** How long requests took, every one of them and by quantile. */
export function durations(): Placed[] {
  return [durationRequests(), p50()];
}

function durationRequests(): Placed {
  return heatmap({
    title: 'Duration of requests',
    description:
      'How many of your app’s requests took how long (results and time-outs). Two bands: two kinds of inputs, or cold starts. A band that climbs: capacity runs out.',
    width: 12,
    height: 9,
    queries: [
      {
        expr: sumBy(
          ['le'],
          `increase(${app('fal_client_request_duration_seconds_bucket', 'outcome=~"ok|timeout"')}[${RATE_INTERVAL}])`,
        ),
        legend: '{{le}}',
        format: 'heatmap',
        hasExemplars: true,
      },
    ],
    unit: 's',
    cellUnit: 'short',
    noData: 'No completed requests of an app in this range',
    maxDataPoints: 60,
  });
}

function p50(): Placed {
  return timeSeries({
    title: 'P50, P95, P99 of your app, over $window',
    description:
      'Over requests that ended with a result or a time-out: fast failures would make an outage look quick. From the histogram: exact to the bound of a bucket. The dashed line is the limit of the alert.',
    width: 12,
    height: 9,
    queries: [
      ...QUANTILES.map(({ quantile, name }) => ({
        expr: latency(APP, quantile, [], WINDOW),
        legend: name,
        // The first one, because Grafana may leave out exemplars of a histogram that an earlier query names.
        hasExemplars: quantile === 0.5,
      })),
      { expr: latencyLimit([]), legend: 'limit of the alert' },
    ],
    unit: 's',
    noData: 'No completed requests of an app in this range',
    isLogarithmic: true,
    overrides: [LIMIT_LINE],
  });
}

const LIMIT_LINE = {
  match: { name: 'limit of the alert' },
  set: { color: fixedColor('orange'), ...DASHED },
};

/** The same from our probes: histogram and exact window side by side. */
export function probeDurations(): Placed[] {
  return [
    timeSeries({
      title: 'P50, P95, P99 of probes, over $window',
      description:
        'From the histogram of probe runs: it adds up over exporters, and is exact to the bound of a bucket. Beside it the exact values.',
      width: 12,
      height: 8,
      queries: QUANTILES.map(({ quantile, name }) => ({
        expr: latency(PROBES, quantile, ['endpoint_id'], WINDOW),
        legend: `${name} {{endpoint_id}}`,
      })),
      unit: 's',
      noData: 'No paid probe of these models ran in this range: configure one with tier: inference',
      isLogarithmic: true,
      thresholds: LATENCY_STEPS,
    }),
    timeSeries({
      title: 'Exact quantiles of probes, last 5 minutes and hour',
      description:
        'Nearest-rank quantiles as each exporter computed them over its own runs: exact, and never to be averaged or added. With few runs P99 is the slowest one. Gaps: no run in the window.',
      width: 12,
      height: 8,
      queries: [
        {
          expr: maxBy(
            ['endpoint_id', 'quantile', 'window'],
            model('fal_probe_duration_quantile_seconds', 'window=~"5m|1h"'),
          ),
          legend: '{{endpoint_id}} {{quantile}} over {{window}}',
        },
      ],
      unit: 's',
      noData: 'No paid probe of these models ran in this range: configure one with tier: inference',
      isLogarithmic: true,
    }),
  ];
}
