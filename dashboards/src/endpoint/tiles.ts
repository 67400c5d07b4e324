import { stat, type Placed } from '../grafana/index.ts';
import { ERROR_RATIO_STEPS, LATENCY_STEPS, limitOf } from '../promql/limits.ts';
import { app } from '../promql/selectors.ts';
import { APP, failureRatio, finished, latency, PROBES, WINDOW, type Traffic } from '../promql/traffic.ts';
import { verdictRank } from '../promql/verdict.ts';
import { RANK_STEPS, RANK_WORDS } from '../verdict/verdict-words.ts';

/** The app's number over all chosen models, else that of the probes. */
function oneNumber(expressionOf: (traffic: Traffic) => string): string {
  return `(${expressionOf(APP)}) or on () (${expressionOf(PROBES)})`;
}

export function tiles(): Placed[] {
  return [verdict(), failing(), ...quantiles(), traffic(), inFlight(), oldest()];
}

function verdict(): Placed {
  return stat({
    title: 'Verdict',
    description: 'Whose problem it is, the worst of the chosen models. What to do stands on the overview.',
    width: 6,
    height: 4,
    queries: [{ expr: `max(${verdictRank(['endpoint_id'])})`, legend: 'verdict', isInstant: true }],
    unit: 'none',
    noData: 'No exporter looks at these models',
    isLoud: true,
    thresholds: RANK_STEPS,
    words: RANK_WORDS,
  });
}

function failing(): Placed {
  return stat({
    title: 'Failing',
    description:
      'Failures ÷ finished requests of the chosen models together, of probes where the app sent nothing. Choose one model: a sum hides a sick one.',
    width: 6,
    height: 4,
    queries: [
      { expr: oneNumber((source) => failureRatio(source, [], WINDOW)), legend: 'failing', isInstant: true },
    ],
    unit: 'percentunit',
    decimals: 1,
    noData: 'Nothing finished',
    thresholds: ERROR_RATIO_STEPS,
  });
}

function quantiles(): Placed[] {
  return ([0.5, 0.95, 0.99] as const).map((quantile) => {
    const name = `P${quantile * 100}`;
    return stat({
      title: name,
      description: `${name} of how long callers waited for a result or a time-out, the app’s, else the probes’. Orange from the default limit of the alert on; a model’s own limit is a line below.`,
      width: 6,
      height: 4,
      queries: [
        { expr: oneNumber((source) => latency(source, quantile, [], WINDOW)), legend: name, isInstant: true },
      ],
      unit: 's',
      decimals: 1,
      noData: 'Nothing completed',
      thresholds: LATENCY_STEPS,
    });
  });
}

function traffic(): Placed {
  return stat({
    title: 'Finished',
    description:
      'Finished requests of the app, else probe runs, without the cancelled. With fewer than twenty a quantile is one slow request.',
    width: 6,
    height: 4,
    queries: [
      {
        expr: oneNumber((source) => `${finished(source, [], WINDOW)} > 0`),
        legend: 'finished',
        isInstant: true,
      },
    ],
    unit: 'short',
    decimals: 0,
    noData: 'Nothing finished',
    color: 'text',
  });
}

function inFlight(): Placed {
  return stat({
    title: 'In flight',
    description:
      'Requests of the app that have not finished. Growing while few finish: see Queue and concurrency.',
    width: 6,
    height: 4,
    queries: [{ expr: `sum(${app('fal_client_active_requests')})`, legend: 'in flight', isInstant: true }],
    unit: 'short',
    decimals: 0,
    noData: 'No app',
    color: 'text',
  });
}

function oldest(): Placed {
  return stat({
    title: 'Oldest',
    description: 'Age of the oldest request in flight: what a hang looks like.',
    width: 6,
    height: 4,
    queries: [
      { expr: `max(${app('fal_client_oldest_request_age_seconds')})`, legend: 'oldest', isInstant: true },
    ],
    unit: 's',
    decimals: 0,
    noData: 'No app metrics',
    thresholds: [{ color: 'green' }, { from: limitOf('FalRequestsStuck', 'min_age'), color: 'orange' }],
  });
}
