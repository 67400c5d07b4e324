import type { Source } from '../../alert.ts';
import type { Firing, InputSeries, RuleCase } from '../rule-case.ts';
import { type DurationPhase, byTwoInstances, durations, gauge, key, traffic } from '../series.ts';
import { answered, latencyLimit } from './answered.ts';
import { expected, minutes } from './expected.ts';

const alert = 'FalLatencyP95High';

const HEALTHY: DurationPhase = { minutes: 10, perMinute: { 5: 40 } };
const SLOW: DurationPhase = { minutes: 10, perMinute: { 70: 40 } };

function firing(p95: string, source: Source = 'app'): Firing {
  const noun = { app: 'requests', probe: 'probe runs' }[source];
  return expected({
    severity: 'warning',
    source,
    dashboard: 'fal-endpoint',
    summary: `fal: fal-ai/flux/dev slow (P95 ${p95})`,
    description: `One in twenty ${noun} to fal-ai/flux/dev (account default) takes ${p95} or more, which is above the limit of the model. Queue wait high: fal lacks capacity, or you are at your concurrency limit. Inference high: the model or your inputs changed. If it always takes that long, set latency_limit for it in fal-exporter.yml.`,
  });
}

/** Eight probe runs a minute, with what the exporter says of them itself. */
function slowProbes(
  phases: readonly { readonly minutes: number; readonly p95: number; readonly slow: number }[],
): InputSeries {
  const family = (name: string, own: Readonly<Record<string, string>>): string =>
    key(name, { source: 'probe' }, own);
  const levels = (of: 'p95' | 'slow'): string =>
    gauge(phases.map((phase) => ({ minutes: phase.minutes, value: phase[of] })));
  return {
    ...traffic(
      phases.map((phase) => ({ minutes: phase.minutes, perMinute: { ok: 8 } })),
      { source: 'probe' },
    ),
    [family('fal_probe_duration_quantile_seconds', { quantile: '0.95', window: '5m' })]: levels('p95'),
    [family('fal_probe_recent_runs', { result: 'slow' })]: levels('slow'),
  };
}

const detected: readonly RuleCase[] = [
  {
    alert,
    kind: 'fires',
    name: 'every request takes more than a minute',
    fault: 'every request to a model takes 70 s',
    series: answered([HEALTHY, SLOW]),
    faultAt: minutes(10),
    firesAfter: 315,
    firing: [firing('1m 28s')],
  },
  {
    alert,
    kind: 'resolves',
    name: 'two minutes after the last slow request',
    fault: 'every request to a model takes 70 s',
    series: answered([HEALTHY, SLOW, HEALTHY]),
    firingAt: minutes(20),
    healedAt: minutes(20),
    resolvesAfter: 120,
  },
  {
    alert,
    kind: 'fires',
    name: 'one in ten requests takes two minutes',
    fault: 'one in ten requests to a model takes 100 s',
    series: answered([HEALTHY, { minutes: 10, perMinute: { 5: 36, 100: 4 } }]),
    faultAt: minutes(10),
    firesAfter: 375,
    firing: [firing('1m 45s')],
  },
  {
    alert,
    kind: 'fires',
    name: 'callers give up after ten minutes',
    series: {
      ...traffic([
        { minutes: 10, perMinute: { ok: 40 } },
        { minutes: 10, perMinute: { client_timeout: 40 } },
      ]),
      ...durations([HEALTHY, { ...HEALTHY, perMinute: {} }]),
      ...durations(
        [
          { minutes: 10, perMinute: {} },
          { minutes: 10, perMinute: { 600: 40 } },
        ],
        { outcome: 'timeout' },
      ),
    },
    faultAt: minutes(10),
    firesAfter: 315,
    firing: [firing('9m 52s')],
  },
  {
    alert,
    kind: 'fires',
    name: 'all take longer than the last bound of the histogram',
    series: answered([HEALTHY, { minutes: 10, perMinute: { 4000: 40 } }]),
    faultAt: minutes(10),
    firesAfter: 315,
    firing: [firing('1h 0m 0s')],
  },
  {
    alert,
    kind: 'fires',
    name: 'probes are slow',
    series: slowProbes([
      { minutes: 10, p95: 5, slow: 0 },
      { minutes: 10, p95: 71.5, slow: 5 },
    ]),
    faultAt: minutes(10),
    firesAfter: 315,
    firing: [firing('1m 11s', 'probe')],
  },
  {
    alert,
    kind: 'resolves',
    name: 'when the last five probe runs were quick, although five minutes still look slow',
    series: slowProbes([
      { minutes: 20, p95: 71.5, slow: 5 },
      { minutes: 10, p95: 71.5, slow: 0 },
    ]),
    firingAt: minutes(20),
    healedAt: minutes(20),
    resolvesAfter: 15,
  },
];

const limits: readonly RuleCase[] = [
  {
    alert,
    kind: 'fires',
    name: 'a model with a limit of thirty seconds takes forty',
    series: { ...latencyLimit(30), ...answered([HEALTHY, { minutes: 10, perMinute: { 40: 40 } }]) },
    faultAt: minutes(10),
    firesAfter: 315,
    firing: [firing('44.25s')],
  },
  {
    alert,
    kind: 'fires',
    name: 'a limit of the model in another account is not its limit',
    series: { ...latencyLimit(300, { account: 'staging' }), ...answered([HEALTHY, SLOW]) },
    faultAt: minutes(10),
    firesAfter: 315,
    firing: [firing('1m 28s')],
  },
  {
    alert,
    kind: 'fires',
    name: 'bounds that OpenMetrics spelled, from two instances that share the work',
    series: byTwoInstances((labels) =>
      answered(
        [
          { minutes: 10, perMinute: { 5: 3 } },
          { minutes: 10, perMinute: { 70: 3 } },
        ],
        { labels, spelling: 'openmetrics' },
      ),
    ),
    faultAt: minutes(10),
    firesAfter: 315,
    firing: [firing('1m 28s')],
  },
  {
    alert,
    kind: 'silent otherwise',
    name: 'a stricter limit of the model in another account is not its limit either',
    series: {
      ...latencyLimit(30, { account: 'staging' }),
      ...answered([{ minutes: 20, perMinute: { 40: 40 } }]),
    },
    until: minutes(20),
  },
  {
    alert,
    kind: 'silent otherwise',
    name: 'a video model with a limit of its own takes five minutes',
    series: { ...latencyLimit(450), ...answered([{ minutes: 20, perMinute: { 280: 40 } }]) },
    until: minutes(20),
  },
];

/** Nothing to time here, so every other scrape will do. */
const step = 30;

const silent: readonly RuleCase[] = [
  {
    alert,
    step,
    kind: 'silent below',
    name: 'every request takes a little less than a minute',
    series: answered([{ minutes: 20, perMinute: { 58: 40 } }], { step }),
    until: minutes(20),
  },
  {
    alert,
    step,
    kind: 'silent below',
    name: 'four in a hundred requests are slow, however slow',
    series: answered([{ minutes: 20, perMinute: { 5: 96, 1000: 4 } }], { step }),
    until: minutes(20),
  },
  {
    alert,
    step,
    kind: 'silent below',
    name: 'three slow minutes are over before it may fire',
    series: answered([HEALTHY, { ...SLOW, minutes: 3 }, HEALTHY], { step }),
    until: minutes(23),
  },
  {
    alert,
    step,
    kind: 'silent without enough traffic',
    name: 'nineteen requests in five minutes, all slow',
    series: answered([{ minutes: 20, perMinute: { 70: 3.8 } }], { step }),
    until: minutes(20),
  },
  {
    alert,
    step,
    kind: 'silent on ordinary noise',
    name: 'cold starts: one in twenty-five requests waits for a runner for a minute and a half',
    series: answered([{ minutes: 20, perMinute: { 5: 48, 95: 2 } }], { step }),
    until: minutes(20),
  },
  {
    alert,
    step,
    kind: 'silent otherwise',
    name: 'a histogram without an observation has no quantile',
    series: {
      ...traffic([{ minutes: 20, perMinute: { ok: 0, internal_error: 40 } }], { step }),
      ...durations([{ minutes: 20, perMinute: {} }], { step }),
    },
    until: minutes(20),
  },
  {
    alert,
    step,
    kind: 'silent otherwise',
    name: 'errors that took long are failures, not latency',
    series: {
      ...traffic([{ minutes: 20, perMinute: { ok: 40, internal_error: 20 } }], { step }),
      ...durations([{ minutes: 20, perMinute: { 5: 40 } }], { step }),
      ...durations([{ minutes: 20, perMinute: { 300: 20 } }], { step, outcome: 'error' }),
    },
    until: minutes(20),
  },
  {
    alert,
    kind: 'survives a counter reset',
    name: 'a restart of a slow app does not end the alert',
    series: answered([HEALTHY, SLOW, { ...SLOW, minutes: 5, restart: true }]),
    until: minutes(25),
    firesBetween: [minutes(10) + 315, minutes(25)],
  },
];

export const LATENCY_CASES: readonly RuleCase[] = [...detected, ...limits, ...silent];
