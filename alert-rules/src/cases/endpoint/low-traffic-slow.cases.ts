import type { Firing, RuleCase } from '../rule-case.ts';
import type { DurationPhase } from '../series.ts';
import { answered, latencyLimit } from './answered.ts';
import { expected, minutes } from './expected.ts';

const alert = 'FalLowTrafficSlow';
const step = 60;

/** A request a minute, as a video model has. */
const HEALTHY: DurationPhase = { minutes: 80, perMinute: { 5: 1 } };
const SLOW: DurationPhase = { minutes: 70, perMinute: { 100: 1 } };

function firing(mean: string): Firing {
  return expected({
    severity: 'warning',
    source: 'app',
    dashboard: 'fal-endpoint',
    summary: `fal: the few requests to fal-ai/flux/dev are slow (${mean} on average over the hour)`,
    description: `Requests to fal-ai/flux/dev (account default) took ${mean} on average over the last hour, and more than the limit in the last fifteen minutes as well. The model is asked too rarely for FalLatencyP95High. A model that is asked rarely starts cold: look at its queue wait first.`,
  });
}

export const LOW_TRAFFIC_SLOW_CASES: readonly RuleCase[] = [
  {
    alert,
    step,
    kind: 'fires',
    name: 'a request a minute takes a hundred seconds',
    fault: 'every request to a model takes 100 s, at one request a minute',
    series: answered([HEALTHY, SLOW], { step }),
    faultAt: minutes(80),
    firesAfter: minutes(45),
    firing: [firing('1m 16s')],
  },
  {
    alert,
    step,
    kind: 'resolves',
    name: 'when the last quarter of an hour was quick enough on average',
    fault: 'every request to a model takes 100 s, at one request a minute',
    series: answered([HEALTHY, SLOW, HEALTHY], { step }),
    firingAt: minutes(150),
    healedAt: minutes(150),
    resolvesAfter: minutes(7),
  },
  {
    alert,
    step,
    kind: 'silent below',
    name: 'every request takes a little less than a minute',
    series: answered([{ minutes: 120, perMinute: { 58: 1 } }], { step }),
    until: minutes(120),
  },
  {
    alert,
    step,
    kind: 'silent below',
    name: 'a video model takes twelve minutes, and its limit is twenty',
    series: {
      ...latencyLimit(1200),
      ...answered([{ minutes: 120, perMinute: { 720: 1 } }], { step }),
    },
    until: minutes(120),
  },
  {
    alert,
    step: 900,
    kind: 'silent without enough traffic',
    name: 'four slow requests an hour',
    series: answered([{ minutes: 240, perMinute: { 100: 4 / 60 } }], { step: 900 }),
    until: minutes(240),
  },
  {
    alert,
    step,
    kind: 'silent on ordinary noise',
    name: 'a cold start of forty seconds whenever the model is asked',
    series: answered([{ minutes: 120, perMinute: { 40: 0.2 } }], { step }),
    until: minutes(120),
  },
  {
    alert,
    step,
    kind: 'silent otherwise',
    name: 'from four requests a minute on the other judges',
    series: answered(
      [
        { ...HEALTHY, perMinute: { 5: 5 } },
        { ...SLOW, perMinute: { 100: 5 } },
      ],
      { step },
    ),
    until: minutes(120),
  },
  {
    alert,
    step,
    kind: 'survives a counter reset',
    name: 'a restart of a slow app does not end the alert',
    series: answered([HEALTHY, SLOW, { ...SLOW, restart: true }], { step }),
    until: minutes(220),
    firesBetween: [minutes(125), minutes(220)],
  },
];
