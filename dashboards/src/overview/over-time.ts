import { stateTimeline, statusHistory, timeSeries, withoutOwner, type Placed } from '../grafana/index.ts';
import { ERROR_RATIO_STEPS, LATENCY_STEPS } from '../promql/limits.ts';
import { account, app } from '../promql/selectors.ts';
import { APP, appElseProbes, failureRatio, latency, maxBy, sumBy, WINDOW } from '../promql/traffic.ts';
import { verdictRank } from '../promql/verdict.ts';
import { RANK_STEPS, RANK_WORDS } from '../verdict/verdict-words.ts';
import { ERROR_TYPE_COLORS } from '../verdict/error-type-colors.ts';
import { FAULT_COLORS } from '../verdict/fault-colors.ts';

const MODEL = ['endpoint_id'];

/** Since when, and which: the verdict beside what the probes saw. */
export function states(): Placed[] {
  return [
    stateTimeline({
      title: 'Verdict per model',
      description:
        'Whose problem it is, as the exporter judges it from probes, hosts, the account and fal’s status page. The start of a colour is the start of the incident. A gap: the exporter was not scraped.',
      width: 14,
      height: 8,
      queries: [{ expr: verdictRank(MODEL), legend: '{{endpoint_id}}' }],
      unit: 'none',
      noData: 'No verdict: is the exporter scraped (job, data source), and are models configured?',
      thresholds: RANK_STEPS,
      words: RANK_WORDS,

      transformations: [withoutOwner()],
      showsWords: false,
    }),
    statusHistory({
      title: 'Last run of each probe',
      description:
        'What our own runs saw, good or bad, whatever your app sends. One bad cell is a blip. All bad at once: fal, your account or your network. Empty: the probe did not run (budget, slots, lock): see Probes.',
      width: 10,
      height: 8,
      queries: [{ expr: maxBy(['probe'], account('fal_probe_up')), legend: '{{probe}}' }],
      unit: 'none',
      noData: 'No paid probe has run: configure probes with tier: inference',
      thresholds: [{ color: 'red' }, { from: 1, color: 'green' }],
      words: [
        { at: 1, text: 'good', color: 'green' },
        { at: 0, text: 'bad', color: 'red' },
      ],
      hasLegend: false,
      maxDataPoints: 60,
    }),
  ];
}

/** How many fail, by model, by whose fault, and with what. */
export function errors(): Placed[] {
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
    title: 'Errors by whose fault, per second',
    description:
      'All errors of your app’s requests, stacked. Red: fal’s platform; orange: a model; purple: your account; blue: your app; yellow: nobody can say.',
    width: 8,
    height: 8,
    queries: [
      {
        expr: `${sumBy(['fault'], `rate(${app('fal_client_errors_total')}[$__rate_interval])`)} > 0`,
        legend: '{{fault}}',
      },
    ],
    unit: 'reqps',
    min: 0,
    noData: 'No errors of the app in this range, or the app is not instrumented',
    isStacked: true,
    draw: 'bars',
    overrides: FAULT_COLORS,
  });
}

function errorsByType(): Placed {
  return timeSeries({
    title: 'Errors by type, per second',
    description:
      'What came back, of your app’s requests. account_locked: top up; rate_limited: your limit; runner_… and internal_error: fal; content_policy and 422s: your inputs. The meaning of each is in METRICS.md.',
    width: 8,
    height: 8,
    queries: [
      {
        expr: `topk(8, ${sumBy(['error_type'], `rate(${app('fal_client_errors_total')}[$__rate_interval])`)} > 0)`,
        legend: '{{error_type}}',
      },
    ],
    unit: 'reqps',
    min: 0,
    noData: 'No errors of the app in this range, or the app is not instrumented',
    isStacked: true,
    draw: 'bars',
    overrides: ERROR_TYPE_COLORS,
  });
}

/** How long, against the limit. */
export function latencies(): Placed[] {
  return [
    timeSeries({
      title: 'P95 by model, over $window',
      description:
        'How long one in twenty callers waited or longer, for a result or a time-out; of probes where the app sent nothing. Logarithmic. Each model has a limit of its own: it is in the table below.',
      width: 12,
      height: 8,
      queries: [
        {
          expr: appElseProbes(MODEL, (traffic) => latency(traffic, 0.95, MODEL, WINDOW)),
          legend: '{{endpoint_id}}',
        },
      ],
      unit: 's',
      noData: 'No completed requests in this range',
      isLogarithmic: true,
      thresholds: LATENCY_STEPS,
      thresholdLines: 'line',
      transformations: [withoutOwner()],
    }),
    timeSeries({
      title: 'Requests finished, per second',
      description:
        'Traffic of your app by model. None while requests are in flight: they hang; look at In flight.',
      width: 12,
      height: 8,
      queries: [
        {
          expr: sumBy(MODEL, `rate(${APP.select(APP.requests)}[$__rate_interval])`),
          legend: '{{endpoint_id}}',
        },
      ],
      unit: 'reqps',
      min: 0,
      noData:
        'The app is not instrumented, or not scraped: node --import opentelemetry-instrumentation-fal/register',
      isStacked: true,
      transformations: [withoutOwner()],
    }),
  ];
}
