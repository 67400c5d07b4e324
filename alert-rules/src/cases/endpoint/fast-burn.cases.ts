import type { Firing, RuleCase } from '../rule-case.ts';
import { type TrafficPhase, traffic } from '../series.ts';
import { answered } from './answered.ts';
import { type Burning, burning } from './burning.ts';
import { minutes } from './expected.ts';

const alert = 'FalFastBurn';
const step = 300;

/** Longer than the longest window, so that a share is one of a full window. */
const HEALTHY: TrafficPhase = { minutes: 400, perMinute: { ok: 10 } };
/** Long enough that a fault of an hour at most does not show in the longer pair of windows. */
const BEFORE: TrafficPhase = { ...HEALTHY, minutes: 200 };
const OUTAGE: TrafficPhase = { minutes: 12, perMinute: { internal_error: 10 } };

function firing(what: Omit<Burning, 'severity'>): Firing {
  return burning({ severity: 'critical', ...what });
}

const detected: readonly RuleCase[] = [
  {
    alert,
    step: 60,
    kind: 'fires',
    name: 'an outage takes 2 % of the budget of a month',
    fault: 'every request to a model fails (100 %)',
    series: traffic([BEFORE, OUTAGE], { step: 60 }),
    faultAt: minutes(200),
    firesAfter: minutes(11),
    firing: [firing({ slo: 'availability', window: '1h', share: '18.33%', used: '2 %' })],
  },
  {
    alert,
    step: 60,
    kind: 'resolves',
    name: 'when five minutes were good again',
    fault: 'every request to a model fails (100 %)',
    series: traffic([BEFORE, OUTAGE, { ...HEALTHY, minutes: 20 }], { step: 60 }),
    firingAt: minutes(212),
    healedAt: minutes(212),
    resolvesAfter: minutes(5),
  },
  {
    alert,
    step,
    kind: 'fires',
    name: 'one in ten requests fails for hours',
    fault: 'one in ten requests to a model fails (10 %)',
    series: traffic([HEALTHY, { minutes: 240, perMinute: { ok: 9, runner_disconnected: 1 } }], { step }),
    faultAt: minutes(400),
    firesAfter: minutes(235),
    firing: [firing({ slo: 'availability', window: '6h', share: '6.528%', used: '5 %' })],
  },
  {
    alert,
    step,
    kind: 'fires',
    name: 'every request is slow',
    fault: 'every request to a model takes 100 s',
    series: answered(
      [
        { minutes: 200, perMinute: { 5: 10 } },
        { minutes: 60, perMinute: { 100: 10 } },
      ],
      { step },
    ),
    faultAt: minutes(200),
    firesAfter: minutes(50),
    firing: [firing({ slo: 'latency', window: '1h', share: '83.33%', used: '2 %' })],
  },
  {
    alert,
    step,
    kind: 'fires',
    name: 'every probe is slow, and OpenMetrics spelled the bounds',
    series: answered(
      [
        { minutes: 200, perMinute: { 5: 1 } },
        { minutes: 60, perMinute: { 100: 1 } },
      ],
      { step, source: 'probe', spelling: 'openmetrics' },
    ),
    faultAt: minutes(200),
    firesAfter: minutes(50),
    firing: [firing({ slo: 'latency', window: '1h', share: '83.33%', used: '2 %', source: 'probe' })],
  },
];

const silent: readonly RuleCase[] = [
  {
    alert,
    step,
    kind: 'silent below',
    name: 'a little less than six times as fast as allowed, for ever',
    series: traffic([{ minutes: 480, perMinute: { ok: 94.2, internal_error: 5.8 } }], { step }),
    until: minutes(480),
  },
  {
    alert,
    step,
    kind: 'silent below',
    name: 'a little less than 14.4 times as fast as allowed, for an hour and a half',
    series: traffic(
      [BEFORE, { minutes: 90, perMinute: { ok: 8.6, internal_error: 1.4 } }, { ...HEALTHY, minutes: 20 }],
      { step },
    ),
    until: minutes(310),
  },
  {
    alert,
    step,
    kind: 'silent below',
    name: 'seven in ten requests are slow for an hour',
    series: answered(
      [
        { minutes: 200, perMinute: { 5: 10 } },
        { minutes: 60, perMinute: { 5: 3, 100: 7 } },
        { minutes: 20, perMinute: { 5: 10 } },
      ],
      { step },
    ),
    until: minutes(280),
  },
  {
    alert,
    step,
    kind: 'silent without enough traffic',
    name: 'four requests, all of which failed',
    series: traffic(
      [
        { minutes: 20, perMinute: { internal_error: 0.2 } },
        { minutes: 60, perMinute: { internal_error: 0 } },
      ],
      { step },
    ),
    until: minutes(80),
  },
  {
    alert,
    step,
    kind: 'silent otherwise',
    name: 'errors of the app and of the account burn no budget',
    series: traffic([BEFORE, { minutes: 60, perMinute: { 422: 5, account_locked: 5 } }], { step }),
    until: minutes(260),
  },
  {
    alert,
    step: 60,
    kind: 'survives a counter reset',
    name: 'a restart in the middle of an outage does not end the alert',
    series: traffic([{ ...HEALTHY, minutes: 60 }, OUTAGE, { ...OUTAGE, minutes: 6, restart: true }], {
      step: 60,
    }),
    until: minutes(78),
    firesBetween: [minutes(71), minutes(78)],
  },
];

export const FAST_BURN_CASES: readonly RuleCase[] = [...detected, ...silent];
