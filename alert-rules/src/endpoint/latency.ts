import { alert } from '../alert.ts';
import { DEFAULT_LIMIT_SECONDS, overLimit } from '../over-limit.ts';
import { count, seconds } from '../parameter.ts';
import type { PromQl } from '../promql.ts';
import { APP, PROBES, RECORDED, SOURCES, type SourceOfTruth } from '../sources.ts';

const limitParameter = {
  ...seconds(
    DEFAULT_LIMIT_SECONDS,
    'P95 limit of a model without latency_limit in the exporter’s configuration',
  ),
  // Bounds of the duration histograms: between two of them a quantile is a guess.
  max: 3600,
};

export const latencyP95High = alert({
  name: 'FalLatencyP95High',
  scope: 'endpoint',
  severity: 'warning',
  forSeconds: 300,
  parameters: {
    threshold: limitParameter,
    min_requests: count(20, 'finished requests in 5 minutes, below which it stays silent'),
  },
  meaning:
    'The P95 of a model over two minutes (of probes: five) is above its limit ({threshold} unless configured), for {for}, with at least {min_requests} requests in five minutes.',
  rules: (promql, { threshold, min_requests: requests }) =>
    SOURCES.map((source) => ({
      source: source.source,
      expr: [
        overLimit(p95Of(source), threshold),
        `and ${RECORDED.requests(source, '5m')} >= ${requests}`,
        ...(source === PROBES ? [`and on (account, endpoint_id) ${stillSlow(promql)}`] : []),
      ].join('\n'),
      summary: 'fal: {{ $labels.endpoint_id }} slow (P95 {{ $value | humanizeDuration }})',
      description: `One in twenty ${source.noun} to {{ $labels.endpoint_id }} (account {{ $labels.account }}) takes {{ $value | humanizeDuration }} or more, which is above the limit of the model. Queue wait high: fal lacks capacity, or you are at your concurrency limit. Inference high: the model or your inputs changed. If it always takes that long, set latency_limit for it in fal-exporter.yml.`,
      dashboard: 'fal-endpoint' as const,
    })),
});

/** A short window, so that the alert ends when the trouble ends; the exporter's exact one has five minutes. */
function p95Of(source: SourceOfTruth): string {
  return RECORDED.quantile(source, 0.95, source === PROBES ? '5m' : '2m');
}

/** … of which the last runs tell that it is over. */
function stillSlow(promql: PromQl): string {
  const slow = promql.latest(promql.exporter('fal_probe_recent_runs', 'result="slow"'));
  return `max by (account, endpoint_id) (${slow}) > 0`;
}

export const lowTrafficSlow = alert({
  name: 'FalLowTrafficSlow',
  scope: 'endpoint',
  severity: 'warning',
  forSeconds: 600,
  parameters: {
    threshold: limitParameter,
    min_requests: count(5, 'finished requests in an hour, below which it stays silent'),
    max_requests: count(240, 'finished requests in an hour, from which on FalLatencyP95High judges'),
  },
  meaning:
    'A model with {min_requests} to {max_requests} requests an hour takes longer than its limit ({threshold} unless configured) on average, over the hour and over the last fifteen minutes.',
  rules: (_, { threshold, min_requests: fewest, max_requests: most }) => [
    {
      source: 'app',
      expr: [
        overLimit(RECORDED.mean(APP, '1h'), threshold),
        `and ${overLimit(RECORDED.mean(APP, '15m'), threshold)}`,
        `and ${RECORDED.requests(APP, '1h')} >= ${fewest}`,
        `and ${RECORDED.requests(APP, '1h')} < ${most}`,
      ].join('\n'),
      summary:
        'fal: the few requests to {{ $labels.endpoint_id }} are slow ({{ $value | humanizeDuration }} on average over the hour)',
      description:
        'Requests to {{ $labels.endpoint_id }} (account {{ $labels.account }}) took {{ $value | humanizeDuration }} on average over the last hour, and more than the limit in the last fifteen minutes as well. The model is asked too rarely for FalLatencyP95High. A model that is asked rarely starts cold: look at its queue wait first.',
      dashboard: 'fal-endpoint',
    },
  ],
});
