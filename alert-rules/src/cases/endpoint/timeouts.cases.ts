import type { Source } from '../../alert.ts';
import type { Firing, RuleCase } from '../rule-case.ts';
import { type TrafficPhase, key, traffic } from '../series.ts';
import { expected, minutes } from './expected.ts';

const alert = 'FalTimeouts';

const HEALTHY: TrafficPhase = { minutes: 16, perMinute: { ok: 40 } };
/** A minute with a single time-out in it. */
const TIMEOUT: TrafficPhase = { minutes: 0.25, perMinute: { ok: 40, client_timeout: 4 } };
const UP = 'up{job="shop", instance="10.0.0.1:9464"}';
const OF_APP = key('fal_client_requests_total', {}, { outcome: 'timeout' });

function firing(count: string, source: Source = 'app'): Firing {
  const noun = { app: 'requests', probe: 'probe runs' }[source];
  return expected({
    severity: 'info',
    source,
    dashboard: 'fal-endpoint',
    summary: 'fal: fal-ai/flux/dev timed out',
    description: `About ${count} of the ${noun} to fal-ai/flux/dev (account default) timed out in the last fifteen minutes. Find out which class: fal’s own (request_timeout, startup_timeout, runner_connection_timeout, generation_timeout) or the caller’s (client_timeout). A caller’s timeout does not stop the job: it may finish, and be billed.`,
  });
}

const detected: readonly RuleCase[] = [
  {
    alert,
    kind: 'fires',
    name: 'a single time-out among many requests',
    fault: 'one request times out',
    series: traffic([HEALTHY, TIMEOUT, HEALTHY]),
    faultAt: minutes(16),
    firesAfter: 15,
    firing: [firing('1')],
  },
  {
    alert,
    kind: 'resolves',
    name: 'a quarter of an hour after the window of a quarter of an hour',
    fault: 'one request times out',
    series: traffic([HEALTHY, TIMEOUT, { ...HEALTHY, minutes: 40 }]),
    firingAt: minutes(17),
    healedAt: minutes(16) + 15,
    resolvesAfter: minutes(30),
  },
  {
    alert,
    kind: 'fires',
    name: 'the first time-out ever, as a series that was not there before',
    fault: 'one request times out, the first ever',
    series: {
      ...traffic([{ ...HEALTHY, minutes: 20 }]),
      [UP]: '1+0x80',
      [OF_APP]: '_x65 1+0x20',
    },
    faultAt: minutes(16),
    firesAfter: 15,
    firing: [firing('1')],
  },
  {
    alert,
    kind: 'fires',
    name: 'a single time-out of a probe',
    series: traffic(
      [
        { minutes: 16, perMinute: { ok: 1 } },
        { minutes: 1, perMinute: { ok: 0, runner_connection_timeout: 1 } },
      ],
      { source: 'probe', step: 60 },
    ),
    step: 60,
    faultAt: minutes(16),
    firesAfter: 60,
    firing: [firing('1', 'probe')],
  },
];

const silent: readonly RuleCase[] = [
  {
    alert,
    kind: 'silent below',
    name: 'errors of every other kind, and requests that the caller cancels',
    series: traffic([
      {
        minutes: 20,
        perMinute: { ok: 40, client_timeout: 0, internal_error: 10, network_error: 10, 422: 4, aborted: 4 },
      },
    ]),
    until: minutes(20),
  },
  {
    alert,
    kind: 'silent otherwise',
    name: 'time-outs of long ago in an app that was not scraped for a while',
    series: {
      ...traffic([HEALTHY, { ...HEALTHY, minutes: 20, missing: true }, { ...HEALTHY, minutes: 10 }]),
      [OF_APP]: '5+0x64 stale _x79 5+0x39',
      // Prometheus goes on telling that it cannot reach the app.
      [UP]: '1+0x64 0+0x79 1+0x39',
    },
    until: minutes(46),
  },
  {
    alert,
    kind: 'silent otherwise',
    name: 'time-outs of long ago in an app that Prometheus did not know for a while',
    series: {
      ...traffic([HEALTHY, { ...HEALTHY, minutes: 20, missing: true }, { ...HEALTHY, minutes: 10 }]),
      [OF_APP]: '5+0x64 stale _x79 5+0x39',
      [UP]: '1+0x64 stale _x79 1+0x39',
    },
    until: minutes(46),
  },
  {
    alert,
    kind: 'silent otherwise',
    name: 'time-outs of long ago when Prometheus itself is new',
    series: { [OF_APP]: '5+0x80', [UP]: '1+0x80', ...traffic([{ ...HEALTHY, minutes: 20 }]) },
    until: minutes(20),
  },
  {
    alert,
    kind: 'survives a counter reset',
    name: 'a restart with time-outs of long ago',
    series: { [OF_APP]: '7+0x64 0+0x80', [UP]: '1+0x144' },
    until: minutes(36),
  },
];

export const TIMEOUTS_CASES: readonly RuleCase[] = [...detected, ...silent];
