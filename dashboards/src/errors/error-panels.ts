import { timeSeries, withoutOwner, type Placed } from '../grafana/index.ts';
import { ERROR_RATIO_STEPS } from '../promql/limits.ts';
import { app } from '../promql/selectors.ts';
import { appElseProbes, failureRatio, RATE_INTERVAL, sumBy, WINDOW } from '../promql/traffic.ts';
import { ERROR_TYPE_COLORS } from '../verdict/error-type-colors.ts';
import { FAULT_COLORS } from '../verdict/fault-colors.ts';

const MODEL = ['endpoint_id'];

/** How many fail, by model, by whose fault, and with what. */
export function errorPanels(): Placed[] {
  return [failureRatioByModel(), errorsByWhoseFault(), errorsByType()];
}

function failureRatioByModel(): Placed {
  return timeSeries({
    title: 'Failure ratio by model, over $window',
    description:
      'Failures (not your app’s, not your account’s) ÷ finished requests without the cancelled; of probes where the app sent nothing. The lines are the thresholds of the alerts. A gap: nothing finished.',
    width: 8,
    height: 8,
    queries: [
      {
        expr: appElseProbes(MODEL, (traffic) => failureRatio(traffic, MODEL, WINDOW)),
        legend: '{{endpoint_id}}',
      },
    ],
    unit: 'percentunit',
    min: 0,
    max: 1,
    noData: 'No finished requests in this range',
    thresholds: ERROR_RATIO_STEPS,
    thresholdLines: 'line',
    transformations: [withoutOwner()],
  });
}

function errorsByWhoseFault(): Placed {
  return timeSeries({
    title: 'Errors by whose fault, per minute',
    description:
      'All errors of your app’s requests, stacked. Red: fal’s platform; orange: a model; purple: your account; blue: your app; yellow: nobody can say.',
    width: 8,
    height: 8,
    queries: [
      {
        expr: `60 * ${sumBy(['fault'], `rate(${app('fal_client_errors_total')}[${RATE_INTERVAL}])`)} > 0`,
        legend: '{{fault}}',
      },
    ],
    unit: 'short',
    min: 0,
    noData: 'No errors of the app in this range, or the app is not instrumented',
    isStacked: true,
    draw: 'bars',
    overrides: FAULT_COLORS,
  });
}

function errorsByType(): Placed {
  return timeSeries({
    title: 'Errors by type, per minute',
    description:
      'What came back, of your app’s requests. account_locked: top up; rate_limited: your limit; runner_… and internal_error: fal; content_policy and 422s: your inputs. The meaning of each is in METRICS.md.',
    width: 8,
    height: 8,
    queries: [
      {
        expr: `topk(8, 60 * ${sumBy(['error_type'], `rate(${app('fal_client_errors_total')}[${RATE_INTERVAL}])`)} > 0)`,
        legend: '{{error_type}}',
      },
    ],
    unit: 'short',
    min: 0,
    noData: 'No errors of the app in this range, or the app is not instrumented',
    isStacked: true,
    draw: 'bars',
    overrides: ERROR_TYPE_COLORS,
  });
}
