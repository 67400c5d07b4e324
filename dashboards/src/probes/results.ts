import { timeSeries, type Placed } from '../grafana/index.ts';
import { LATENCY_STEPS } from '../promql/limits.ts';
import { account, model } from '../promql/selectors.ts';
import { latency, PROBES, quantileOf, sumBy, WINDOW } from '../promql/traffic.ts';
import { ERROR_TYPE_COLORS } from '../verdict/error-type-colors.ts';
import { FAULT_COLORS } from '../verdict/fault-colors.ts';
import { lastRunOfEachProbe } from './last-run.ts';

const NO_RUN = 'No paid probe ran: configure one with tier: inference, and look at skipped runs below';

/** Good or bad, and what was wrong. */
export function results(): Placed[] {
  return [lastRuns(), errorsProbesByWhoseFault(), errorsProbesByType()];
}

function lastRuns(): Placed {
  return lastRunOfEachProbe({
    description:
      'A cell is the result of the newest run at that time. Single bad cells are blips. Empty: no run, see below why.',
    width: 12,
    height: 8,
    noData: 'No probe has run in this range',
    maxDataPoints: 80,
  });
}

function errorsProbesByWhoseFault(): Placed {
  return timeSeries({
    title: 'Errors by fault, $window',
    description:
      'app: the input of the probe needs mending; account: key, balance, limits; model and platform: fal.',
    width: 6,
    height: 8,
    queries: [
      {
        expr: `${sumBy(['fault'], `increase(${account('fal_probe_errors_total')}[${WINDOW}])`)} > 0`,
        legend: '{{fault}}',
      },
    ],
    unit: 'short',
    min: 0,
    noData: 'No errors of probes in this range',
    isStacked: true,
    draw: 'bars',
    overrides: FAULT_COLORS,
  });
}

function errorsProbesByType(): Placed {
  return timeSeries({
    title: 'Errors by type, $window',
    description: 'What came back. The meaning of each type, and whose fault it is, stands in METRICS.md.',
    width: 6,
    height: 8,
    queries: [
      {
        expr: `${sumBy(['probe', 'error_type'], `increase(${account('fal_probe_errors_total')}[${WINDOW}])`)} > 0`,
        legend: '{{probe}}: {{error_type}}',
      },
    ],
    unit: 'short',
    min: 0,
    noData: 'No errors of probes in this range',
    isStacked: true,
    draw: 'bars',
    overrides: ERROR_TYPE_COLORS,
  });
}

/** How long they took. */
export function durations(): Placed[] {
  return [durationP95ByProbe(), queueWaitP95ByProbe(), inferenceP95ByProbe()];
}

function durationP95ByProbe(): Placed {
  return timeSeries({
    title: 'Duration P95 by probe, over $window',
    description: 'From start to result or time-out. The line is the default limit of the alert.',
    width: 8,
    height: 8,
    queries: [{ expr: latency(PROBES, 0.95, ['probe'], WINDOW), legend: '{{probe}}' }],
    unit: 's',
    noData: NO_RUN,
    isLogarithmic: true,
    thresholds: LATENCY_STEPS,
    thresholdLines: 'line',
  });
}

function queueWaitP95ByProbe(): Placed {
  return timeSeries({
    title: 'Queue wait P95 by probe, over $window',
    description:
      'From accepted until first seen running, a runner start included. High: cold starts, or fal lacks capacity.',
    width: 8,
    height: 8,
    queries: [
      {
        expr: quantileOf(0.95, model('fal_probe_queue_wait_seconds_bucket'), ['probe'], WINDOW),
        legend: '{{probe}}',
      },
    ],
    unit: 's',
    noData: NO_RUN,
    isLogarithmic: true,
  });
}

function inferenceP95ByProbe(): Placed {
  return timeSeries({
    title: 'Inference P95 by probe, over $window',
    description: 'Run time as fal reports it. The same input each time: a climb is the model’s.',
    width: 8,
    height: 8,
    queries: [
      {
        expr: quantileOf(0.95, model('fal_probe_inference_seconds_bucket'), ['probe'], WINDOW),
        legend: '{{probe}}',
      },
    ],
    unit: 's',
    noData: NO_RUN,
    isLogarithmic: true,
  });
}
