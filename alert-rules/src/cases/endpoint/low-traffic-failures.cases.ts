import type { Firing, RuleCase } from '../rule-case.ts';
import { type TrafficPhase, counter, key, traffic } from '../series.ts';
import { expected, minutes } from './expected.ts';

const alert = 'FalLowTrafficFailures';
const step = 120;

/** A request every two minutes. */
const HEALTHY: TrafficPhase = { minutes: 80, perMinute: { ok: 0.5 } };
const OUTAGE: TrafficPhase = { minutes: 60, perMinute: { internal_error: 0.5 } };

function firing(share: string): Firing {
  return expected({
    severity: 'warning',
    source: 'app',
    dashboard: 'fal-endpoint',
    summary: `fal: the few requests to fal-ai/flux/dev mostly fail (${share} in the last hour)`,
    description: `${share} of the requests to fal-ai/flux/dev (account default) failed in the last hour. It is asked too rarely for the error-rate alerts. Look at the single errors: by type in fal_client_errors_total, by request in your traces.`,
  });
}

export const LOW_TRAFFIC_FAILURES_CASES: readonly RuleCase[] = [
  {
    alert,
    step,
    kind: 'fires',
    name: 'all of thirty requests an hour fail',
    fault: 'every request to a model fails, at thirty requests an hour',
    series: traffic([HEALTHY, OUTAGE], { step }),
    faultAt: minutes(80),
    firesAfter: minutes(42),
    firing: [firing('70%')],
  },
  {
    alert,
    step,
    kind: 'resolves',
    name: 'when the hour is no longer mostly failures',
    fault: 'every request to a model fails, at thirty requests an hour',
    series: traffic([HEALTHY, OUTAGE, HEALTHY], { step }),
    firingAt: minutes(140),
    healedAt: minutes(140),
    resolvesAfter: minutes(30),
  },
  {
    alert,
    step: 60,
    kind: 'fires',
    name: 'all of two requests a minute fail, which is too few for FalErrorRateHigh',
    fault: 'every request to a model fails, at two requests a minute',
    series: traffic(
      [
        { minutes: 80, perMinute: { ok: 2 } },
        { minutes: 60, perMinute: { internal_error: 2 } },
      ],
      { step: 60 },
    ),
    faultAt: minutes(80),
    firesAfter: minutes(41),
    firing: [firing('68.33%')],
  },
  {
    alert,
    step,
    kind: 'silent below',
    name: 'every second request fails',
    series: traffic([HEALTHY, { minutes: 120, perMinute: { ok: 0.26, internal_error: 0.24 } }], { step }),
    until: minutes(200),
  },
  {
    alert,
    step,
    kind: 'silent below',
    name: 'more than half for less than ten minutes',
    series: {
      [key('fal_client_requests_total', {}, { outcome: 'error' })]: counter(
        [
          { minutes: 80, value: 0 },
          { minutes: 8, value: 1.5 },
          { minutes: 80, value: 0 },
        ],
        { step },
      ),
      [key('fal_client_errors_total', {}, { error_type: '500', fault: 'platform' })]: counter(
        [
          { minutes: 80, value: 0 },
          { minutes: 8, value: 1.5 },
          { minutes: 80, value: 0 },
        ],
        { step },
      ),
      ...traffic(
        [
          { minutes: 88, perMinute: { ok: 0 } },
          { minutes: 80, perMinute: { ok: 4 } },
        ],
        { step },
      ),
    },
    until: minutes(168),
  },
  {
    alert,
    step,
    kind: 'silent without enough traffic',
    name: 'two requests, both of which failed',
    series: traffic(
      [
        { minutes: 80, perMinute: { internal_error: 0 } },
        { minutes: 2, perMinute: { internal_error: 1 } },
        { minutes: 60, perMinute: { internal_error: 0 } },
      ],
      { step },
    ),
    until: minutes(142),
  },
  {
    alert,
    step: 60,
    kind: 'silent otherwise',
    name: 'from four requests a minute on the others judge',
    series: traffic(
      [
        { minutes: 60, perMinute: { ok: 5 } },
        { minutes: 60, perMinute: { internal_error: 5 } },
      ],
      { step: 60 },
    ),
    until: minutes(120),
  },
  {
    alert,
    step,
    kind: 'silent otherwise',
    name: 'requests that the model refuses or the caller cancels',
    series: traffic([HEALTHY, { minutes: 80, perMinute: { validation_error: 0.5, aborted: 0.5 } }], { step }),
    until: minutes(160),
  },
  {
    alert,
    step,
    kind: 'survives a counter reset',
    name: 'a restart in the middle of an outage does not end the alert',
    series: traffic([HEALTHY, OUTAGE, { ...OUTAGE, restart: true }], { step }),
    until: minutes(200),
    firesBetween: [minutes(122), minutes(200)],
  },
];
