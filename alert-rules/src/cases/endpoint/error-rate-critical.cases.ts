import type { Source } from '../../alert.ts';
import type { Firing, RuleCase } from '../rule-case.ts';
import { type TrafficPhase, traffic } from '../series.ts';
import { expected, minutes } from './expected.ts';

const alert = 'FalErrorRateCritical';

const HEALTHY: TrafficPhase = { minutes: 10, perMinute: { ok: 400 } };
const OUTAGE: TrafficPhase = { minutes: 10, perMinute: { internal_error: 400 } };

function firing(share: string, source: Source = 'app'): Firing {
  const noun = { app: 'requests', probe: 'probe runs' }[source];
  return expected({
    severity: 'critical',
    source,
    dashboard: 'fal-endpoint',
    summary: `fal: fal-ai/flux/dev failing badly (${share} of ${noun})`,
    description: `${share} of the ${noun} to fal-ai/flux/dev (account default) failed over two minutes, errors of your own input and account not counted. One model only: move its traffic to a fallback. Several: look for FalPlatformDown. Stop batch jobs: retries cost slots and money.`,
  });
}

const detected: readonly RuleCase[] = [
  {
    alert,
    kind: 'fires',
    name: 'every request of a model fails',
    fault: 'every request to a model fails (100 %)',
    series: traffic([HEALTHY, OUTAGE]),
    faultAt: minutes(10),
    firesAfter: 165,
    firing: [firing('100%')],
  },
  {
    alert,
    kind: 'resolves',
    name: 'five minutes after the share fell below the threshold',
    fault: 'every request to a model fails (100 %)',
    series: traffic([HEALTHY, OUTAGE, HEALTHY]),
    firingAt: minutes(20),
    healedAt: minutes(20),
    resolvesAfter: minutes(5) + 90,
  },
  {
    alert,
    kind: 'fires',
    name: 'half of the requests fail',
    fault: 'half of the requests to a model fail (50 %)',
    series: traffic([HEALTHY, { minutes: 10, perMinute: { ok: 200, runner_disconnected: 200 } }]),
    faultAt: minutes(10),
    firesAfter: 195,
    firing: [firing('50%')],
  },
  {
    alert,
    kind: 'fires',
    name: 'three in ten requests fail',
    fault: 'three in ten requests to a model fail (30 %)',
    series: traffic([HEALTHY, { minutes: 10, perMinute: { ok: 280, downstream_service_unavailable: 120 } }]),
    faultAt: minutes(10),
    firesAfter: 225,
    firing: [firing('30%')],
  },
  {
    alert,
    kind: 'fires',
    name: 'eight requests a minute are enough',
    fault: 'half of the requests to a model fail (50 %), at eight requests a minute',
    series: traffic([
      { minutes: 10, perMinute: { ok: 8 } },
      { minutes: 10, perMinute: { ok: 4, internal_error: 4 } },
    ]),
    faultAt: minutes(10),
    firesAfter: 195,
    firing: [firing('50%')],
  },
  {
    alert,
    kind: 'fires',
    name: 'probes of a model fail while the app is idle',
    series: {
      ...traffic([{ minutes: 20, perMinute: { ok: 0 } }]),
      ...traffic(
        [
          { minutes: 10, perMinute: { ok: 8 } },
          { minutes: 10, perMinute: { runner_scheduling_failure: 8 } },
        ],
        { source: 'probe' },
      ),
    },
    faultAt: minutes(10),
    firesAfter: 165,
    firing: [firing('100%', 'probe')],
  },
];

const silent: readonly RuleCase[] = [
  {
    alert,
    kind: 'silent below',
    name: 'a quarter of the requests fails',
    series: traffic([HEALTHY, { minutes: 15, perMinute: { ok: 304, internal_error: 96 } }]),
    until: minutes(25),
  },
  {
    alert,
    kind: 'silent below',
    name: 'seventy-five seconds of outage are over before it may fire',
    series: traffic([HEALTHY, { ...OUTAGE, minutes: 1.25 }, HEALTHY]),
    until: minutes(21.25),
  },
  {
    alert,
    kind: 'silent without enough traffic',
    name: 'nine requests in two minutes, all of which fail',
    series: traffic([{ minutes: 20, perMinute: { internal_error: 4.5 } }]),
    until: minutes(20),
  },
  {
    alert,
    kind: 'silent without enough traffic',
    name: 'four failures among ten requests in two minutes',
    series: traffic([{ minutes: 20, perMinute: { ok: 4, internal_error: 2 } }]),
    until: minutes(20),
  },
  {
    alert,
    kind: 'silent on ordinary noise',
    name: 'a blip of one minute in which everything fails',
    series: traffic([HEALTHY, { ...OUTAGE, minutes: 1 }, HEALTHY]),
    until: minutes(21),
  },
  {
    alert,
    kind: 'silent otherwise',
    name: 'a deploy of the app that sends nonsense, and an account that is locked',
    series: traffic([HEALTHY, { minutes: 10, perMinute: { validation_error: 200, account_locked: 200 } }]),
    until: minutes(20),
  },
  {
    alert,
    kind: 'survives a counter reset',
    name: 'a restart in the middle of an outage does not end the alert',
    series: traffic([HEALTHY, { ...OUTAGE, minutes: 5 }, { ...OUTAGE, minutes: 5, restart: true }]),
    until: minutes(20),
    firesBetween: [minutes(10) + 165, minutes(20)],
  },
  {
    alert,
    kind: 'survives a counter reset',
    name: 'a restart of a healthy app',
    series: traffic([
      { minutes: 10, perMinute: { ok: 400, internal_error: 4 } },
      { minutes: 10, perMinute: { ok: 400, internal_error: 4 }, restart: true },
    ]),
    until: minutes(20),
  },
];

export const ERROR_RATE_CRITICAL_CASES: readonly RuleCase[] = [...detected, ...silent];
