import { stateTimeline, timeSeries, withoutOwner, type Placed } from '../grafana/index.ts';
import { lastRunOfEachProbe } from '../probes/last-run.ts';
import { APP, appElseProbes, latency, sumBy, WINDOW } from '../promql/traffic.ts';
import { verdictRank } from '../promql/verdict.ts';
import { RANK_STEPS, RANK_WORDS } from '../verdict/verdict-words.ts';

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
    lastRunOfEachProbe({
      description:
        'What our own runs saw, good or bad, whatever your app sends. One bad cell is a blip. All bad at once: fal, your account or your network. Empty: the probe did not run (budget, slots, lock): see Probes.',
      width: 10,
      height: 8,
      noData: 'No paid probe has run: configure probes with tier: inference',
      maxDataPoints: 60,
    }),
  ];
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
