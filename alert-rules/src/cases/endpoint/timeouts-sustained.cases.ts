import type { Source } from '../../alert.ts';
import type { Firing, RuleCase } from '../rule-case.ts';
import { type TrafficPhase, key, traffic } from '../series.ts';
import { expected, minutes } from './expected.ts';

const alert = 'FalTimeoutsSustained';

const HEALTHY: TrafficPhase = { minutes: 16, perMinute: { ok: 40 } };
const ALL: TrafficPhase = { minutes: 10, perMinute: { request_timeout: 40 } };

function firing(count: string, source: Source = 'app'): Firing {
  const noun = { app: 'requests', probe: 'probe runs' }[source];
  return expected({
    severity: 'warning',
    source,
    dashboard: 'fal-endpoint',
    summary: 'fal: fal-ai/flux/dev keeps timing out',
    description: `About ${count} of the ${noun} to fal-ai/flux/dev (account default) timed out in fifteen minutes, and it goes on. Callers wait for nothing: move the model’s traffic to a fallback, or raise a deadline that is below its usual P99. Cancel what you gave up on, or it may finish and be billed.`,
  });
}

export const TIMEOUTS_SUSTAINED_CASES: readonly RuleCase[] = [
  {
    alert,
    kind: 'fires',
    name: 'every request times out',
    fault: 'every request to a model times out',
    series: traffic([HEALTHY, ALL]),
    faultAt: minutes(16),
    firesAfter: 330,
    firing: [firing('220')],
  },
  {
    alert,
    kind: 'resolves',
    name: 'when the last quarter of an hour is clean',
    fault: 'every request to a model times out',
    series: traffic([HEALTHY, ALL, HEALTHY]),
    firingAt: minutes(26),
    healedAt: minutes(26),
    resolvesAfter: 885,
  },
  {
    alert,
    kind: 'fires',
    name: 'one in ten requests times out',
    fault: 'one in ten requests to a model times out',
    series: traffic([HEALTHY, { minutes: 12, perMinute: { ok: 36, generation_timeout: 4 } }]),
    faultAt: minutes(16),
    firesAfter: 495,
    firing: [firing('33')],
  },
  {
    alert,
    step: 60,
    kind: 'fires',
    name: 'a probe a minute times out',
    fault: 'every probe of a model times out, at one run a minute',
    series: traffic(
      [
        { minutes: 16, perMinute: { ok: 1 } },
        { minutes: 16, perMinute: { startup_timeout: 1 } },
      ],
      { source: 'probe', step: 60 },
    ),
    faultAt: minutes(16),
    firesAfter: minutes(10),
    firing: [firing('10', 'probe')],
  },
  {
    alert,
    step: 60,
    kind: 'silent below',
    name: 'two in a hundred requests time out',
    series: traffic([{ minutes: 40, perMinute: { ok: 196.2, client_timeout: 3.8 } }], { step: 60 }),
    until: minutes(40),
  },
  {
    alert,
    kind: 'silent without enough traffic',
    name: 'four time-outs in any quarter of an hour',
    series: {
      ...traffic([{ minutes: 40, perMinute: { ok: 1 } }]),
      [key('fal_client_requests_total', {}, { outcome: 'timeout' })]:
        '0+0x14 1+0x14 2+0x14 3+0x14 4+0x14 5+0x14 6+0x14 7+0x14 8+0x14 9+0x14',
    },
    until: minutes(37),
  },
  {
    alert,
    kind: 'silent on ordinary noise',
    name: 'a single time-out',
    series: traffic([HEALTHY, { minutes: 0.25, perMinute: { ok: 36, client_timeout: 4 } }, HEALTHY]),
    until: minutes(32),
  },
  {
    alert,
    kind: 'survives a counter reset',
    name: 'a restart while requests time out does not end the alert',
    series: traffic([HEALTHY, ALL, { ...ALL, restart: true }]),
    until: minutes(36),
    firesBetween: [minutes(16) + 330, minutes(36)],
  },
];
