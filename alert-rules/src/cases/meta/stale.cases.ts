import { billed } from '../account/spend-series.ts';
import { levels, levelsEvery, ofExporter, timestamp } from '../exporter-series.ts';
import type { Firing, InputSeries, RuleCase } from '../rule-case.ts';
import { traffic } from '../series.ts';

const alert = 'FalAccountDataStale';
const FAULT = 'a collector stopped succeeding (interval 1 min)';

const LABELS = { collector: 'balance' };
const LAST_SUCCESS = ofExporter('fal_exporter_collector_last_success_timestamp_seconds', LABELS);
const INTERVAL = ofExporter('fal_exporter_collector_interval_seconds', LABELS);
const SUCCESS = ofExporter('fal_exporter_collector_success', LABELS);
const STARTED = ofExporter('process_start_time_seconds');

const stale = (since: string, collector = 'balance'): Firing => ({
  labels: {
    severity: 'warning',
    scope: 'meta',
    job: 'fal-exporter',
    instance: '10.0.0.9:10464',
    collector,
  },
  summary: `what collector ${collector} of fal-exporter reads is stale (${since})`,
  description: `What the collector ${collector} at 10.0.0.9:10464 reads is ${since} old: it fails, or fal’s own data lag behind. What it feeds (balance, bill, prices, status page) is old or gone, and alerts on it stay silent. The exporter’s log and status page tell why: most often a key without ADMIN scope, its calls of the hour are used up, or the Platform API refuses.`,
  dashboardUrl: 'http://localhost:3000/d/fal-exporter',
});

/** Succeeds for ten minutes, fails for so many, and succeeds again. */
function fails(minutes: number): InputSeries {
  return {
    [LAST_SUCCESS]: timestamp([
      [10, 'moves'],
      [minutes, 'stands'],
      [20, 'moves'],
    ]),
    [SUCCESS]: levels([10, 1], [minutes, 0], [20, 1]),
    [INTERVAL]: levels([30 + minutes, 60]),
    [STARTED]: levels([30 + minutes, 0]),
  };
}

/** Of an exporter that started with the story, and whose collector never succeeded. */
function neverSucceeds(minutes: number, intervalSeconds: number, step: number): InputSeries {
  return {
    [SUCCESS]: levelsEvery(step, [minutes, 0]),
    [INTERVAL]: levelsEvery(step, [minutes, intervalSeconds]),
    [STARTED]: levelsEvery(step, [minutes, 0]),
  };
}

const LAG = 'fal’s analytics fall behind (interval 5 min)';

/** A collector that succeeds all the time, and how old its data are: as many seconds, an hour long each. */
function lagging(
  hours: readonly number[],
  { collector = 'analytics', interval = 300, usdPerHour = 2 } = {},
): InputSeries {
  const minutes = hours.length * 60;
  const of = (family: string): string => ofExporter(family, { collector });
  const ages = hours.map((seconds) => [60, seconds] as const);
  return {
    [of('fal_exporter_collector_last_success_timestamp_seconds')]: timestamp([[minutes, 'moves']], 60),
    [of('fal_exporter_collector_success')]: levelsEvery(60, [minutes, 1]),
    [of('fal_exporter_collector_interval_seconds')]: levelsEvery(60, [minutes, interval]),
    [STARTED]: levelsEvery(60, [minutes, 0]),
    [ofExporter('fal_platform_data_age_seconds', { source: collector })]: levelsEvery(60, ...ages),
    ...billed([{ minutes, usdPerHour }], { step: 60 }),
  };
}

export const DATA_STALE: readonly RuleCase[] = [
  {
    ...{ alert, kind: 'fires', name: 'five minutes after the last success is fifteen minutes old' },
    fault: FAULT,
    series: fails(40),
    faultAt: 600,
    firesAfter: 1215,
    firing: [stale('20m 15s')],
  },
  {
    ...{ alert, kind: 'fires', name: 'a collector that never succeeded, once the exporter is old enough' },
    series: neverSucceeds(40, 60, 15),
    faultAt: 0,
    firesAfter: 1215,
    firing: [stale('20m 15s')],
  },
  {
    ...{ alert, kind: 'fires', name: 'a failed scrape in between does not delay it' },
    series: {
      [LAST_SUCCESS]: timestamp([
        [10, 'moves'],
        [17, 'stands'],
        [0.25, 'gone'],
        [20, 'stands'],
      ]),
      [SUCCESS]: levels([10, 1], [17, 0], [0.25, 'gone'], [20, 0]),
      [INTERVAL]: levels([27, 60], [0.25, 'gone'], [20, 60]),
      [STARTED]: levels([27, 0], [0.25, 'gone'], [20, 0]),
    },
    faultAt: 600,
    firesAfter: 1215,
    firing: [stale('20m 15s')],
  },
  {
    ...{
      alert,
      kind: 'fires',
      name: 'a collector that never succeeded, and a failed scrape does not delay it',
    },
    series: {
      [SUCCESS]: levels([17, 0], [0.25, 'gone'], [20, 0]),
      [INTERVAL]: levels([17, 60], [0.25, 'gone'], [20, 60]),
      [STARTED]: levels([17, 0], [0.25, 'gone'], [20, 0]),
    },
    faultAt: 0,
    firesAfter: 1215,
    firing: [stale('20m 15s')],
  },
  {
    ...{
      alert,
      kind: 'fires',
      name: 'a collector of once an hour that never succeeded, after three of them',
      step: 60,
    },
    series: neverSucceeds(240, 3600, 60),
    faultAt: 0,
    firesAfter: 11_160,
    firing: [stale('3h 6m 0s')],
  },
  {
    ...{
      alert,
      kind: 'fires',
      name: 'a collector of once an hour, three hours after its last success',
      step: 60,
    },
    series: { [LAST_SUCCESS]: '0x240', [INTERVAL]: '3600x240', [SUCCESS]: '0x240', [STARTED]: '-90000x240' },
    faultAt: 0,
    firesAfter: 11_160,
    firing: [stale('3h 6m 0s')],
  },
  {
    ...{ alert, kind: 'fires', name: 'readings succeed, and what they tell is six hours old', step: 60 },
    fault: LAG,
    series: lagging([3600, 7200, 21_660, 25_200, 3600]),
    faultAt: 7200,
    firesAfter: 360,
    firing: [stale('6h 1m 0s', 'analytics')],
  },
  {
    ...{
      alert,
      kind: 'silent below',
      name: 'readings succeed, and what they tell is six hours old to the second',
      step: 60,
    },
    series: lagging([3600, 21_600, 21_600]),
    until: 10_800,
  },
  {
    ...{ alert, kind: 'silent below', name: 'what is read once a day may be three days old', step: 60 },
    series: lagging([3600, 259_200, 259_200], { collector: 'models', interval: 86_400 }),
    until: 10_800,
  },
  {
    ...{ alert, kind: 'silent otherwise', name: 'data are old because nobody uses the account', step: 60 },
    series: lagging([3600, 21_660, 25_200], { usdPerHour: 0 }),
    until: 10_800,
  },
  {
    ...{ alert, kind: 'fires', name: 'data are old although the app sends requests', step: 60 },
    series: {
      ...lagging([3600, 7200, 21_660, 25_200], { usdPerHour: 0 }),
      ...traffic([{ minutes: 240, perMinute: { ok: 1 } }], { step: 60 }),
    },
    faultAt: 7200,
    firesAfter: 360,
    firing: [stale('6h 1m 0s', 'analytics')],
  },
  {
    ...{
      alert,
      kind: 'survives a counter reset',
      name: 'the exporter restarts while data are old',
      step: 60,
    },
    series: {
      ...lagging([3600, 7200, 21_660, 25_200]),
      ...billed(
        [
          { minutes: 200, usdPerHour: 2 },
          { minutes: 40, usdPerHour: 2, restart: true },
        ],
        { step: 60 },
      ),
    },
    until: 14_400,
    firesBetween: [7560, 14_400],
  },
  {
    ...{ alert, kind: 'resolves', name: 'when fal’s data are fresh again', step: 60 },
    fault: LAG,
    series: lagging([3600, 7200, 21_660, 25_200, 3600]),
    firingAt: 14_400,
    healedAt: 14_400,
    resolvesAfter: 60,
  },
  {
    ...{ alert, kind: 'silent below', name: 'a success after less than twenty minutes' },
    series: fails(20),
    until: 2400,
  },
  {
    ...{
      alert,
      kind: 'silent below',
      name: 'a collector of once an hour, three hours after its last success',
      step: 60,
    },
    series: { [LAST_SUCCESS]: '0x180', [INTERVAL]: '3600x180', [SUCCESS]: '0x180', [STARTED]: '-90000x180' },
    until: 10_800,
  },
  {
    ...{
      alert,
      kind: 'silent otherwise',
      name: 'the only try so far of a collector of once an hour failed',
      step: 60,
    },
    series: neverSucceeds(60, 3600, 60),
    until: 3600,
  },
  {
    ...{ alert, kind: 'silent otherwise', name: 'an exporter that is younger than fifteen minutes' },
    series: neverSucceeds(15, 60, 15),
    until: 900,
  },
  {
    ...{ alert, kind: 'silent otherwise', name: 'a collector that is about to finish its first run' },
    series: { [STARTED]: levels([40, 0]) },
    until: 2400,
  },
  {
    ...{ alert, kind: 'resolves', name: 'with the next success' },
    fault: FAULT,
    series: fails(40),
    firingAt: 3000,
    healedAt: 3000,
    resolvesAfter: 15,
  },
];
