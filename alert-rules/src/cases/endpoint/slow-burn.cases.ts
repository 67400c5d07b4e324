import type { Firing, RuleCase } from '../rule-case.ts';
import { type TrafficPhase, traffic } from '../series.ts';
import { answered } from './answered.ts';
import { type Burning, burning } from './burning.ts';
import { minutes } from './expected.ts';

const alert = 'FalSlowBurn';
const step = 3600;

/** Three days: the longest window. */
const HEALTHY: TrafficPhase = { minutes: 4320, perMinute: { ok: 10 } };
const FAILING: TrafficPhase = { minutes: 960, perMinute: { ok: 9.5, internal_server_error: 0.5 } };

function firing(what: Omit<Burning, 'severity'>): Firing {
  return burning({ severity: 'warning', ...what });
}

const detected: readonly RuleCase[] = [
  {
    alert,
    step,
    kind: 'fires',
    name: 'one in twenty requests fails for most of a day',
    fault: 'one in twenty requests to a model fails (5 %)',
    series: traffic([HEALTHY, FAILING], { step }),
    faultAt: minutes(4320),
    firesAfter: minutes(960),
    firing: [firing({ slo: 'availability', window: '1d', share: '3.333%', used: '10 %' })],
  },
  {
    alert,
    step,
    kind: 'resolves',
    name: 'when both pairs of windows say so, the longer of which takes six hours',
    fault: 'one in twenty requests to a model fails (5 %)',
    series: traffic([HEALTHY, FAILING, { ...HEALTHY, minutes: 420 }], { step }),
    firingAt: minutes(5280),
    healedAt: minutes(5280),
    resolvesAfter: minutes(300),
  },
  {
    alert,
    step,
    kind: 'fires',
    name: 'one in forty requests fails for days',
    fault: 'one in forty requests to a model fails (2.5 %)',
    series: traffic([HEALTHY, { minutes: 1980, perMinute: { ok: 9.75, internal_error: 0.25 } }], { step }),
    faultAt: minutes(4320),
    firesAfter: minutes(1920),
    firing: [firing({ slo: 'availability', window: '3d', share: '1.111%', used: '10 %' })],
  },
  {
    alert,
    step,
    kind: 'fires',
    name: 'one in four requests is slow for most of a day',
    fault: 'one in four requests to a model takes 100 s',
    series: answered(
      [
        { minutes: 4320, perMinute: { 5: 10 } },
        { minutes: 1200, perMinute: { 5: 7.5, 100: 2.5 } },
      ],
      { step },
    ),
    faultAt: minutes(4320),
    firesAfter: minutes(960),
    firing: [firing({ slo: 'latency', window: '1d', share: '16.67%', used: '10 %' })],
  },
  {
    alert,
    step,
    kind: 'fires',
    name: 'one in twenty probes fails for most of a day',
    series: traffic([HEALTHY, FAILING], { step, source: 'probe' }),
    faultAt: minutes(4320),
    firesAfter: minutes(960),
    firing: [firing({ slo: 'availability', window: '1d', share: '3.333%', used: '10 %', source: 'probe' })],
  },
];

const silent: readonly RuleCase[] = [
  {
    alert,
    step,
    kind: 'silent below',
    name: 'a little less than the budget allows, for ever',
    series: traffic([{ minutes: 4980, perMinute: { ok: 990.5, internal_error: 9.5 } }], { step }),
    until: minutes(4980),
  },
  {
    alert,
    step,
    kind: 'silent below',
    name: 'an hour in which one in five requests fails',
    series: traffic(
      [HEALTHY, { minutes: 60, perMinute: { ok: 8, internal_error: 2 } }, { ...HEALTHY, minutes: 420 }],
      { step },
    ),
    until: minutes(4800),
  },
  {
    alert,
    step,
    kind: 'silent without enough traffic',
    name: 'four failures in three days, whatever the share',
    series: traffic(
      [
        { minutes: 240, perMinute: { internal_error: 1 / 60 } },
        { minutes: 3960, perMinute: { internal_error: 0 } },
      ],
      { step },
    ),
    until: minutes(4200),
  },
  {
    alert,
    step,
    kind: 'survives a counter reset',
    name: 'a restart of a failing app does not end the alert',
    series: traffic([HEALTHY, FAILING, { ...FAILING, minutes: 240, restart: true }], { step }),
    until: minutes(5520),
    firesBetween: [minutes(4320 + 960), minutes(5520)],
  },
];

export const SLOW_BURN_CASES: readonly RuleCase[] = [...detected, ...silent];
