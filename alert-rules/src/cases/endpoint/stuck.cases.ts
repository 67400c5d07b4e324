import type { Firing, InputSeries, RuleCase } from '../rule-case.ts';
import { key, traffic } from '../series.ts';
import { latencyLimit } from './answered.ts';
import { expected, minutes } from './expected.ts';
import { type InFlight, inFlight } from './in-flight.ts';

const alert = 'FalRequestsStuck';

/** Twenty requests in flight, none older than eight seconds. */
const FLOWING: InFlight = { minutes: 10, active: 20, oldestFrom: 8, ages: 0 };
const HANGING: InFlight = { minutes: 15, active: 20, oldestFrom: 15 };
const IDLE: InFlight = { minutes: 20, active: 0 };

function firing(age: string): Firing {
  return expected({
    severity: 'critical',
    source: 'app',
    dashboard: 'fal-queue',
    summary: `fal: requests to fal-ai/flux/dev hang (oldest ${age})`,
    description: `A request to fal-ai/flux/dev (account default) has been in flight for ${age}. Error ratio and latency cannot show it, because nothing finishes. Each one may hold a concurrency slot: cancel by request id, restart the callers that wait, move traffic to a fallback, and send the request ids to fal’s support.`,
  });
}

/** Requests finish at this rate, then none, then at this rate again. */
function finishing(...stretches: readonly (readonly [minutes: number, perMinute: number])[]): InputSeries {
  return traffic(stretches.map(([length, ok]) => ({ minutes: length, perMinute: { ok } })));
}

/** A job of twelve minutes at a time, again and again: each finishes, and the next begins at once. */
const LONG_JOBS: InputSeries = {
  ...inFlight(Array.from({ length: 4 }, () => ({ minutes: 12, active: 1, oldestFrom: 0 }))),
  [key('fal_client_requests_total', {}, { outcome: 'ok' })]: '0+0x48 1+0x47 2+0x47 3+0x47',
};

const nothingFinishes: readonly RuleCase[] = [
  {
    alert,
    kind: 'fires',
    name: 'all requests hang and none finishes',
    fault: 'every request to a model hangs, none finishes',
    series: { ...inFlight([FLOWING, HANGING]), ...finishing([10, 40], [15, 0]) },
    faultAt: minutes(10),
    firesAfter: minutes(12),
    firing: [firing('12m 0s')],
  },
  {
    alert,
    kind: 'resolves',
    name: 'two minutes after requests finish again',
    fault: 'every request to a model hangs, none finishes',
    series: {
      ...inFlight([FLOWING, { ...HANGING, minutes: 14 }, FLOWING]),
      ...finishing([10, 40], [14, 0], [10, 40]),
    },
    firingAt: minutes(24),
    healedAt: minutes(24),
    resolvesAfter: 135,
  },
  {
    alert,
    kind: 'fires',
    name: 'the very first request of an app hangs, so nothing was ever counted',
    series: inFlight([HANGING]),
    faultAt: 0,
    firesAfter: minutes(12),
    firing: [firing('12m 15s')],
  },
  {
    alert,
    kind: 'fires',
    name: 'a minute without scrapes does not put it off',
    series: {
      ...inFlight([
        FLOWING,
        { ...HANGING, minutes: 10.5 },
        { ...HANGING, minutes: 1, missing: true },
        { ...HANGING, minutes: 5, oldestFrom: 705 },
      ]),
      ...traffic([
        { minutes: 10, perMinute: { ok: 40 } },
        { minutes: 10.5, perMinute: { ok: 0 } },
        { minutes: 1, perMinute: { ok: 0 }, missing: true },
        { minutes: 5, perMinute: { ok: 0 } },
      ]),
    },
    faultAt: minutes(10),
    firesAfter: minutes(12),
    firing: [firing('12m 0s')],
  },
];

const oneHangs: readonly RuleCase[] = [
  {
    alert,
    kind: 'fires',
    name: 'one request hangs while others finish',
    fault: 'one request to a model hangs, others finish',
    series: { ...inFlight([FLOWING, { ...HANGING, minutes: 25 }]), ...finishing([35, 40]) },
    faultAt: minutes(10),
    firesAfter: 1035,
    firing: [firing('17m 15s')],
  },
  {
    alert,
    kind: 'resolves',
    name: 'five minutes without an old request, and two more',
    fault: 'one request to a model hangs, others finish',
    series: { ...inFlight([FLOWING, { ...HANGING, minutes: 25 }, IDLE]), ...finishing([35, 40], [20, 0]) },
    firingAt: minutes(35),
    healedAt: minutes(35),
    resolvesAfter: 435,
  },
  {
    alert,
    kind: 'fires',
    name: 'a model with a limit of ten minutes: half an hour is three times that',
    series: {
      ...latencyLimit(600),
      ...inFlight([FLOWING, { ...HANGING, minutes: 35 }]),
      ...finishing([45, 40]),
    },
    faultAt: minutes(10),
    firesAfter: 1935,
    firing: [firing('32m 15s')],
  },
];

const silent: readonly RuleCase[] = [
  {
    alert,
    kind: 'silent below',
    name: 'requests hang for ten minutes, then finish',
    series: {
      ...inFlight([FLOWING, { ...HANGING, minutes: 10 }, FLOWING]),
      ...finishing([10, 40], [10, 0], [10, 40]),
    },
    until: minutes(30),
  },
  {
    alert,
    kind: 'silent below',
    name: 'one request takes a quarter of an hour, others finish',
    series: { ...inFlight([FLOWING, HANGING, FLOWING]), ...finishing([35, 40]) },
    until: minutes(35),
  },
  {
    alert,
    kind: 'silent otherwise',
    name: 'a video model takes twelve minutes, one job at a time, and its limit is twenty',
    series: { ...latencyLimit(1200), ...LONG_JOBS },
    until: minutes(48),
  },
  {
    alert,
    kind: 'silent otherwise',
    name: 'a slow first request after a restart that ended the hanging ones',
    series: {
      ...inFlight([
        { ...FLOWING, minutes: 8 },
        { ...HANGING, minutes: 5 },
        { ...IDLE, minutes: 6 },
        { ...HANGING, minutes: 6, active: 1 },
      ]),
      ...finishing([8, 40], [17, 0]),
    },
    until: minutes(25),
  },
  {
    alert,
    kind: 'silent otherwise',
    name: 'nobody asks',
    series: { ...inFlight([FLOWING, IDLE]), ...finishing([10, 40], [20, 0]) },
    until: minutes(30),
  },
  {
    alert,
    kind: 'silent otherwise',
    name: 'requests fail, which is the matter of the error rate',
    series: {
      ...inFlight([{ ...FLOWING, minutes: 20 }]),
      ...traffic([{ minutes: 20, perMinute: { ok: 0, internal_error: 40 } }]),
    },
    until: minutes(20),
  },
  {
    alert,
    kind: 'silent on ordinary noise',
    name: 'a cold start of two minutes after a quiet hour',
    series: {
      ...inFlight([
        { ...IDLE, minutes: 15 },
        { ...HANGING, minutes: 2, active: 1 },
        { ...IDLE, minutes: 13 },
      ]),
      ...finishing([17, 0], [0.25, 4], [12.75, 0]),
    },
    until: minutes(30),
  },
  {
    alert,
    kind: 'survives a counter reset',
    name: 'another instance restarts while requests hang, and its counter falls to zero',
    series: {
      ...inFlight([FLOWING, { ...HANGING, minutes: 20 }]),
      ...finishing([10, 40], [20, 0]),
      [key('fal_client_requests_total', { labels: { instance: '10.0.0.2:9464' } }, { outcome: 'ok' })]:
        '900+0x80 0+0x40',
    },
    until: minutes(30),
    firesBetween: [minutes(22), minutes(30)],
  },
];

export const STUCK_CASES: readonly RuleCase[] = [...nothingFinishes, ...oneHangs, ...silent];
