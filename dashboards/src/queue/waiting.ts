import { heatmap, timeSeries, type Placed, withoutOwner } from '../grafana/index.ts';
import { limitOf } from '../promql/limits.ts';
import { app } from '../promql/selectors.ts';
import { appElseProbes, quantileOf, RATE_INTERVAL, sumBy, WINDOW } from '../promql/traffic.ts';

const MODEL = ['endpoint_id'];

/** Queue wait: from accepted until first seen running, seen from outside. */
export function waiting(): Placed[] {
  return [queueWaitP95ByModel(), shareTimeSpentWaiting(), queueWaitAppsRequests()];
}

function queueWaitP95ByModel(): Placed {
  return timeSeries({
    title: 'Queue wait P95 by model, over $window',
    description:
      'From accepted until first seen running; a runner start is part of it. Of probes where the app sent nothing. All models at once: your concurrency limit. One model: fal lacks runners for it. The line is the threshold of the alert.',
    width: 8,
    height: 9,
    queries: [
      {
        expr: appElseProbes(MODEL, (traffic) =>
          quantileOf(0.95, traffic.select(`${traffic.queueWait}_bucket`), MODEL, WINDOW),
        ),
        legend: '{{endpoint_id}}',
      },
    ],
    unit: 's',
    noData: 'Nothing left the queue in this range',
    isLogarithmic: true,
    thresholds: [{ color: 'green' }, { from: limitOf('FalQueueWaitHigh'), color: 'orange' }],
    thresholdLines: 'line',
    transformations: [withoutOwner()],
  });
}

function shareTimeSpentWaiting(): Placed {
  return timeSeries({
    title: 'Share of the time spent waiting, over $window',
    description:
      'Seconds in the queue ÷ all seconds of finished requests of the app. Above half: more capacity helps more than a faster model.',
    width: 8,
    height: 9,
    queries: [
      {
        expr: `${sumBy(MODEL, `rate(${app('fal_client_queue_wait_seconds_sum')}[${WINDOW}])`)} / (${sumBy(MODEL, `rate(${app('fal_client_request_duration_seconds_sum')}[${WINDOW}])`)} > 0)`,
        legend: '{{endpoint_id}}',
      },
    ],
    unit: 'percentunit',
    min: 0,
    max: 1,
    noData: 'No finished requests of an app in this range',
    transformations: [withoutOwner()],
  });
}

function queueWaitAppsRequests(): Placed {
  return heatmap({
    title: 'Queue wait of the app’s requests',
    description:
      'How many requests waited how long. A band that climbs and then falls at once: the queue stood still.',
    width: 8,
    height: 9,
    queries: [
      {
        expr: sumBy(['le'], `increase(${app('fal_client_queue_wait_seconds_bucket')}[${RATE_INTERVAL}])`),
        legend: '{{le}}',
        format: 'heatmap',
      },
    ],
    unit: 's',
    cellUnit: 'short',
    noData: 'Nothing of an app left the queue in this range',
    maxDataPoints: 60,
  });
}
