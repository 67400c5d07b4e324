import { alert, type AlertExpression } from '../alert.ts';
import { count, ratio } from '../parameter.ts';
import { RECORDED, SOURCES, type SourceOfTruth } from '../sources.ts';

interface Pair {
  /** How many times faster than allowed the error budget of 30 days is used up. */
  readonly factor: number;
  readonly long: string;
  readonly short: string;
  readonly forSeconds: number;
  /** Share of the budget that is gone when it fires. */
  readonly used: string;
}

/** Multi-window, multi-burn-rate over 30 days: Google SRE workbook, chapter "Alerting on SLOs". */
const FAST: readonly Pair[] = [
  { factor: 14.4, long: '1h', short: '5m', forSeconds: 120, used: '2 %' },
  { factor: 6, long: '6h', short: '30m', forSeconds: 900, used: '5 %' },
];
const SLOW: readonly Pair[] = [
  { factor: 3, long: '1d', short: '2h', forSeconds: 3600, used: '10 %' },
  { factor: 1, long: '3d', short: '6h', forSeconds: 10_800, used: '10 %' },
];

const parameters = {
  objective: { ...ratio(0.99, 'share of requests that should succeed over 30 days'), min: 0.5 },
  latency_objective: {
    ...ratio(0.95, 'share of requests that should take under 60 s over 30 days'),
    min: 0.5,
  },
  min_failures: count(5, 'failed or slow requests in the long window, below which it stays silent'),
};
type Objectives = { readonly [K in keyof typeof parameters]: number };

export const fastBurn = alert({
  name: 'FalFastBurn',
  scope: 'endpoint',
  severity: 'critical',
  forSeconds: 120,
  enabled: false,
  parameters,
  meaning:
    'A model uses up the error budget of {objective} success over 30 days 14.4 times too fast over one hour, or 6 times too fast over six hours, with at least {min_failures} failures; or the budget of {latency_objective} under 60 seconds likewise.',
  rules: (_, values) => SOURCES.flatMap((source) => FAST.flatMap((pair) => burning(source, pair, values))),
});

export const slowBurn = alert({
  name: 'FalSlowBurn',
  scope: 'endpoint',
  severity: 'warning',
  forSeconds: 3600,
  enabled: false,
  parameters,
  meaning:
    'A model uses up the error budget of {objective} success over 30 days 3 times too fast over a day, or faster than allowed over three days, with at least {min_failures} failures; or the budget of {latency_objective} under 60 seconds likewise.',
  rules: (_, values) => SOURCES.flatMap((source) => SLOW.flatMap((pair) => burning(source, pair, values))),
});

function burning(source: SourceOfTruth, pair: Pair, objectives: Objectives): AlertExpression[] {
  const { objective, latency_objective: latencyObjective } = objectives;
  return [
    {
      ...common(source, pair, 'availability'),
      expr: burns(source, pair, { share: RECORDED.failureRatio, objective, least: objectives.min_failures }),
      summary: `fal: {{ $labels.endpoint_id }} uses up its error budget ({{ $value | humanizePercentage }} failed over ${pair.long})`,
      description: `{{ $value | humanizePercentage }} of the ${source.noun} to {{ $labels.endpoint_id }} (account {{ $labels.account }}) failed over ${pair.long}, and it goes on: ${pair.used} of the budget of 30 days is gone. Fast: treat it as an outage. Slow: find the error type that recurs, and decide whether this model still fits.`,
    },
    {
      ...common(source, pair, 'latency'),
      expr: burns(source, pair, {
        share: RECORDED.slowRatio,
        objective: latencyObjective,
        least: objectives.min_failures,
      }),
      summary: `fal: {{ $labels.endpoint_id }} uses up its latency budget ({{ $value | humanizePercentage }} over 60 s in ${pair.long})`,
      description: `{{ $value | humanizePercentage }} of the ${source.noun} to {{ $labels.endpoint_id }} (account {{ $labels.account }}) took over 60 s in ${pair.long}, and it goes on: ${pair.used} of the budget of 30 days is gone. A model that always takes longer than that needs an objective of its own: switch this pack off for it, or use FalLatencyP95High with its latency_limit.`,
    },
  ];
}

function common(
  { source }: SourceOfTruth,
  { long, forSeconds }: Pair,
  slo: 'availability' | 'latency',
): Pick<AlertExpression, 'source' | 'labels' | 'forSeconds' | 'dashboard'> {
  return { source, labels: { slo, window: long }, forSeconds, dashboard: 'fal-endpoint' };
}

interface Burning {
  readonly share: (source: SourceOfTruth, window: string) => string;
  readonly objective: number;
  readonly least: number;
}

function burns(source: SourceOfTruth, pair: Pair, { share, objective, least }: Burning): string {
  const threshold = Number((pair.factor * (1 - objective)).toFixed(6));
  const affected = `${share(source, pair.long)} * ${RECORDED.requests(source, pair.long)}`;
  return [
    `${share(source, pair.long)} > ${threshold}`,
    `and ${share(source, pair.short)} > ${threshold}`,
    `and ${affected} >= ${least}`,
  ].join('\n');
}
