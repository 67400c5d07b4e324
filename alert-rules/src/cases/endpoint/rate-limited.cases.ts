import type { Source } from '../../alert.ts';
import type { Firing, RuleCase } from '../rule-case.ts';
import { type TrafficPhase, traffic } from '../series.ts';
import { expected, minutes } from './expected.ts';

const alert = 'FalRateLimited';

const HEALTHY: TrafficPhase = { minutes: 10, perMinute: { ok: 40 } };
const REFUSED: TrafficPhase = { minutes: 10, perMinute: { concurrent_requests_limit: 40 } };

function firing(share: string, source: Source = 'app'): Firing {
  const noun = { app: 'requests', probe: 'probe runs' }[source];
  return expected({
    severity: 'warning',
    source,
    dashboard: 'fal-queue',
    summary: `your account is at its limit: ${share} of fal-ai/flux/dev refused (429)`,
    description: `fal refuses ${share} of the ${noun} to fal-ai/flux/dev (account default) because too many run at once. That is the account’s limit, not a fault of fal. Lower your parallelism, or send through the queue, which waits instead of refusing; ask fal for a higher limit if this is your normal load.`,
  });
}

export const RATE_LIMITED_CASES: readonly RuleCase[] = [
  {
    alert,
    kind: 'fires',
    name: 'every request is refused',
    fault: 'every request to a model is refused with 429',
    series: traffic([HEALTHY, REFUSED]),
    faultAt: minutes(10),
    firesAfter: 330,
    firing: [firing('100%')],
  },
  {
    alert,
    kind: 'resolves',
    name: 'when few of the last five minutes were refused',
    fault: 'every request to a model is refused with 429',
    series: traffic([HEALTHY, REFUSED, HEALTHY]),
    firingAt: minutes(20),
    healedAt: minutes(20),
    resolvesAfter: 285,
  },
  {
    alert,
    kind: 'fires',
    name: 'one in ten requests is refused, with and without a name for it',
    fault: 'one in ten requests to a model is refused with 429',
    series: traffic([HEALTHY, { minutes: 10, perMinute: { ok: 36, concurrent_requests_limit: 2, 429: 2 } }]),
    faultAt: minutes(10),
    firesAfter: 465,
    firing: [firing('10%')],
  },
  {
    alert,
    kind: 'fires',
    name: 'probes are refused',
    series: traffic(
      [
        { minutes: 10, perMinute: { ok: 4 } },
        { minutes: 10, perMinute: { concurrent_requests_limit: 4 } },
      ],
      { source: 'probe' },
    ),
    faultAt: minutes(10),
    firesAfter: 375,
    firing: [firing('100%', 'probe')],
  },
  {
    alert,
    kind: 'silent below',
    name: 'one in twenty-one requests is refused',
    series: traffic([{ minutes: 20, perMinute: { ok: 400, concurrent_requests_limit: 20 } }]),
    until: minutes(20),
  },
  {
    alert,
    kind: 'silent without enough traffic',
    name: 'four refusals in five minutes, whatever the share',
    series: traffic([{ minutes: 20, perMinute: { concurrent_requests_limit: 0.8 } }]),
    until: minutes(20),
  },
  {
    alert,
    kind: 'silent otherwise',
    name: 'refusals for another reason, and failures',
    series: traffic([
      { minutes: 20, perMinute: { concurrent_requests_limit: 0, account_locked: 20, 422: 20, 503: 20 } },
    ]),
    until: minutes(20),
  },
  {
    alert,
    kind: 'survives a counter reset',
    name: 'a restart of an app that is refused does not end the alert',
    series: traffic([HEALTHY, REFUSED, { ...REFUSED, restart: true }]),
    until: minutes(30),
    firesBetween: [minutes(10) + 330, minutes(30)],
  },
];
