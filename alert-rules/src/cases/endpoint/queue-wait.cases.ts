import type { Firing, InputSeries, RuleCase } from '../rule-case.ts';
import { type DurationPhase, gauge, key, queueWaits } from '../series.ts';
import { expected, minutes } from './expected.ts';
import { inFlight } from './in-flight.ts';

const alert = 'FalQueueWaitHigh';

const HEALTHY: DurationPhase = { minutes: 10, perMinute: { 3: 20 } };
const CONGESTED: DurationPhase = { minutes: 15, perMinute: { 400: 20 } };
const POSITION = key('fal_client_queue_position', { labels: { operation: '' } });

function firing(): Firing {
  return expected({
    severity: 'warning',
    source: 'app',
    dashboard: 'fal-queue',
    summary: 'fal: fal-ai/flux/dev keeps requests waiting in its queue',
    description:
      'Requests to fal-ai/flux/dev (account default) wait far too long before they run. Either fal lacks runners for this model, or you are at your own concurrency limit: queued requests are never refused with 429, they only wait. Compare slots in use with the limit, and the queue wait of the probes.',
  });
}

/** Three requests in the queue, the first of which keeps its place from minute ten on. */
const STILL: InputSeries = {
  [POSITION]: '20-0.25x40 7+0x120',
  ...inFlight(
    [
      { minutes: 10, active: 3, oldestFrom: 30, ages: 0 },
      { minutes: 30, active: 3, oldestFrom: 45 },
    ],
    { state: 'queued' },
  ),
};

const longWaits: readonly RuleCase[] = [
  {
    alert,
    kind: 'fires',
    name: 'requests wait for more than five minutes',
    fault: 'every request to a model waits 400 s in the queue',
    series: queueWaits([HEALTHY, CONGESTED]),
    faultAt: minutes(10),
    firesAfter: 615,
    firing: [firing()],
  },
  {
    alert,
    kind: 'resolves',
    name: 'when five minutes were good',
    fault: 'every request to a model waits 400 s in the queue',
    series: queueWaits([HEALTHY, CONGESTED, HEALTHY]),
    firingAt: minutes(25),
    healedAt: minutes(25),
    resolvesAfter: 300,
  },
];

const stillQueue: readonly RuleCase[] = [
  {
    alert,
    kind: 'fires',
    name: 'the queue stands still, so nobody leaves it and no wait is known',
    fault: 'the queue of a model stands still',
    series: STILL,
    faultAt: minutes(10),
    firesAfter: 1215,
    firing: [firing()],
  },
  {
    alert,
    kind: 'resolves',
    name: 'as soon as the queue moves',
    fault: 'the queue of a model stands still',
    series: {
      [POSITION]: '20-0.25x40 7+0x99 6-1x5 0+0x35',
      ...inFlight(
        [
          { minutes: 10, active: 3, oldestFrom: 30, ages: 0 },
          { minutes: 25, active: 3, oldestFrom: 45 },
          { minutes: 10, active: 3, oldestFrom: 30, ages: 0 },
        ],
        { state: 'queued' },
      ),
    },
    firingAt: minutes(35),
    healedAt: minutes(35),
    resolvesAfter: 15,
  },
  {
    alert,
    kind: 'fires',
    name: 'a minute without scrapes does not put it off',
    series: {
      [POSITION]: '20-0.25x40 7+0x59 stale _x3 7+0x60',
      ...inFlight(
        [
          { minutes: 10, active: 3, oldestFrom: 30, ages: 0 },
          { minutes: 15, active: 3, oldestFrom: 45 },
          { minutes: 1, active: 3, missing: true },
          { minutes: 14, active: 3, oldestFrom: 1005 },
        ],
        { state: 'queued' },
      ),
    },
    faultAt: minutes(10),
    firesAfter: 1215,
    firing: [firing()],
  },
  {
    alert,
    kind: 'fires',
    name: 'the next in the queue, place 0, is not let in either',
    series: { ...STILL, [POSITION]: '10-0.25x40 0+0x120' },
    faultAt: minutes(10),
    firesAfter: 1200,
    firing: [firing()],
  },
  {
    alert,
    kind: 'silent otherwise',
    name: 'a busy queue, whose longest-waiting request is always at the same place',
    series: {
      [POSITION]: gauge([{ minutes: 40, value: 2 }]),
      ...inFlight([{ minutes: 40, active: 5, oldestFrom: 12, ages: 0 }], { state: 'queued' }),
      ...queueWaits([{ minutes: 40, perMinute: { 12: 20 } }]),
    },
    until: minutes(40),
  },
  {
    alert,
    kind: 'silent otherwise',
    name: 'a place that nobody holds any more: the queue is empty',
    series: {
      [POSITION]: gauge([{ minutes: 40, value: 2 }]),
      ...inFlight([{ minutes: 40, active: 0 }], { state: 'queued' }),
    },
    until: minutes(40),
  },
];

const silent: readonly RuleCase[] = [
  {
    alert,
    kind: 'silent below',
    name: 'requests wait for just under five minutes',
    series: queueWaits([{ minutes: 25, perMinute: { 290: 20 } }]),
    until: minutes(25),
  },
  {
    alert,
    kind: 'silent below',
    name: 'a rush of eight minutes',
    series: queueWaits([HEALTHY, { ...CONGESTED, minutes: 5 }, { ...HEALTHY, minutes: 15 }]),
    until: minutes(30),
  },
  {
    alert,
    kind: 'silent without enough traffic',
    name: 'nineteen requests in five minutes left the queue',
    series: queueWaits([{ minutes: 25, perMinute: { 400: 3.8 } }]),
    until: minutes(25),
  },
  {
    alert,
    kind: 'silent on ordinary noise',
    name: 'cold starts: one in five requests waits for a runner',
    series: queueWaits([{ minutes: 25, perMinute: { 1: 16, 45: 4 } }]),
    until: minutes(25),
  },
  {
    alert,
    kind: 'survives a counter reset',
    name: 'a restart in a congestion does not end the alert',
    series: queueWaits([HEALTHY, CONGESTED, { ...CONGESTED, minutes: 5, restart: true }]),
    until: minutes(30),
    firesBetween: [minutes(10) + 615, minutes(30)],
  },
];

export const QUEUE_WAIT_CASES: readonly RuleCase[] = [...longWaits, ...stillQueue, ...silent];
