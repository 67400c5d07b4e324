import { levels, ofExporter, together } from '../exporter-series.ts';
import type { Firing, InputSeries, RuleCase } from '../rule-case.ts';
import { type TrafficPhase, traffic } from '../series.ts';

const OUTAGE = { internal_error: 60 } as const;
const WELL = { ok: 60 } as const;

/** Five minutes in which all is well, ten in which it fails, and as many again in which it is well. */
const FAILS: readonly TrafficPhase[] = [
  { minutes: 5, perMinute: WELL },
  { minutes: 10, perMinute: OUTAGE },
  { minutes: 5, perMinute: WELL },
];
const IS_WELL: readonly TrafficPhase[] = [{ minutes: 25, perMinute: WELL }];
const IDLES: readonly TrafficPhase[] = [{ minutes: 25, perMinute: { ok: 0, internal_error: 0 } }];

/** Traffic of the models m1, m2, and so on. */
function models(...those: readonly (readonly TrafficPhase[])[]): InputSeries {
  return together(
    ...those.map((phases, index) => traffic(phases, { labels: { endpoint_id: `fal-ai/m${index + 1}` } })),
  );
}

const MOST_FAIL = models(FAILS, FAILS, FAILS, IS_WELL, IS_WELL, IDLES);

function seenByApp(share: string, account = 'default'): Firing {
  return {
    labels: { severity: 'critical', scope: 'platform', source: 'app', account },
    summary: `fal is down: ${share} of your models fail (account ${account})`,
    description: `Most models that your app uses fail at the same time (account ${account}). It is fal, not one model and not you, unless your own network is gone. Switch to your fallback provider, pause batch jobs, watch status.fal.ai. Single alerts per model are held back while this one fires.`,
    dashboardUrl: 'http://localhost:3000/d/fal-overview',
  };
}

function seenByProbes(count: number): Firing {
  return {
    labels: { severity: 'critical', scope: 'platform', source: 'probe', account: 'default' },
    summary: `fal is down: probes of ${count} models fail, and it is the platform (account default)`,
    description: `The exporter’s probes of ${count} models fail in a way that points at the platform (account default): not at the models, your key, your account or this network. Its status page tells the evidence. Switch to your fallback provider, pause batch jobs, watch status.fal.ai.`,
    dashboardUrl: 'http://localhost:3000/d/fal-overview',
  };
}

const VERDICTS = ['ok', 'app', 'account', 'model', 'platform', 'unknown'] as const;
type Verdict = (typeof VERDICTS)[number];

/** The verdict on one model, five minutes long ok; `at` is the instance of the exporter that finds it. */
function verdict(
  endpointId: string,
  those: readonly (readonly [minutes: number, verdict: Verdict | 'gone', confidence: number])[],
  at = '10.0.0.9:10464',
): InputSeries {
  const labels = { account: 'default', endpoint_id: endpointId, instance: at };
  const all = [[5, 'ok', 0.95] as const, ...those];
  return {
    ...Object.fromEntries(
      VERDICTS.map((each) => [
        ofExporter('fal_verdict', { ...labels, verdict: each }),
        levels(...all.map(([minutes, v]) => [minutes, v === 'gone' ? v : v === each ? 1 : 0] as const)),
      ]),
    ),
    [ofExporter('fal_verdict_confidence', labels)]: levels(
      ...all.map(([minutes, v, confidence]) => [minutes, v === 'gone' ? v : confidence] as const),
    ),
  };
}

const alert = 'FalPlatformDown';

const byApp: readonly RuleCase[] = [
  {
    ...{ alert, kind: 'fires', name: 'three of five models with traffic fail, and a sixth is idle' },
    fault: 'outage of fal, seen by the app',
    series: MOST_FAIL,
    faultAt: 300,
    firesAfter: 105,
    firing: [seenByApp('60%')],
    ahead: { of: 'FalErrorRateCritical', by: 60 },
  },
  {
    ...{ alert, kind: 'fires', name: 'a failed scrape in the outage does not delay it' },
    series: models(
      ...[1, 2, 3].map(() => [
        { minutes: 5, perMinute: WELL },
        { minutes: 1, perMinute: OUTAGE },
        { minutes: 0.25, perMinute: OUTAGE, missing: true },
        { minutes: 10, perMinute: OUTAGE },
      ]),
    ),
    faultAt: 300,
    firesAfter: 105,
    firing: [seenByApp('100%')],
  },
  {
    ...{ alert, kind: 'fires', name: 'the account that fails, and not the other one' },
    series: together(
      ...['m1', 'm2', 'm3'].map((id) => traffic(FAILS, { labels: { endpoint_id: id, account: 'prod' } })),
      ...['m1', 'm2', 'm3'].map((id) => traffic(IS_WELL, { labels: { endpoint_id: id, account: 'stage' } })),
    ),
    faultAt: 300,
    firesAfter: 105,
    firing: [seenByApp('100%', 'prod')],
  },
  {
    ...{
      alert,
      kind: 'fires',
      name: 'three models fail three times in ten, each asked six times a minute by two jobs',
    },
    series: together(
      ...['shop', 'batch'].flatMap((job) =>
        ['m1', 'm2', 'm3'].map((id) => {
          const failing: TrafficPhase = { minutes: 10, perMinute: { ok: 2.1, internal_error: 0.9 } };
          return traffic([{ minutes: 5, perMinute: { ok: 3 } }, failing], {
            labels: { job, endpoint_id: id },
          });
        }),
      ),
    ),
    faultAt: 300,
    firesAfter: 165,
    firing: [seenByApp('100%')],
  },
  {
    ...{ alert, kind: 'silent below', name: 'two of four models fail' },
    series: models(FAILS, FAILS, IS_WELL, IS_WELL),
    until: 1500,
  },
  {
    ...{ alert, kind: 'silent below', name: 'two of five models fail' },
    series: models(FAILS, FAILS, IS_WELL, IS_WELL, IS_WELL),
    until: 1500,
  },
  {
    ...{ alert, kind: 'silent below', name: 'three of three models fail a quarter of their requests' },
    series: models(...[1, 2, 3].map(() => [{ minutes: 15, perMinute: { ok: 75, internal_error: 25 } }])),
    until: 900,
  },
  {
    ...{ alert, kind: 'silent below', name: 'all models fail, for less than a minute' },
    series: models(
      ...[1, 2, 3].map(() => [
        { minutes: 5, perMinute: WELL },
        { minutes: 0.5, perMinute: OUTAGE },
        { minutes: 10, perMinute: { ok: 600 } },
      ]),
    ),
    until: 900,
  },
  {
    ...{ alert, kind: 'silent without enough traffic', name: 'only two models have traffic, and both fail' },
    series: models(FAILS, FAILS, IDLES, IDLES),
    until: 1500,
  },
  {
    ...{
      alert,
      kind: 'silent without enough traffic',
      name: 'four requests a minute and model, and all fail',
    },
    series: models(...[1, 2, 3].map(() => [{ minutes: 15, perMinute: { internal_error: 4, ok: 0 } }])),
    until: 900,
  },
  {
    ...{ alert, kind: 'silent otherwise', name: 'one model is down, and three jobs use it' },
    series: together(
      ...['shop', 'batch', 'admin'].map((job) => traffic(FAILS, { labels: { job } })),
      ...['m2', 'm3'].map((id) => traffic(IS_WELL, { labels: { endpoint_id: id } })),
    ),
    until: 1500,
  },
  {
    ...{ alert, kind: 'silent otherwise', name: 'all models refuse the input of the app' },
    series: models(...[1, 2, 3].map(() => [{ minutes: 15, perMinute: { ok: 10, validation_error: 50 } }])),
    until: 900,
  },
  {
    ...{ alert, kind: 'resolves', name: 'after five more minutes, so that a relapse is the same incident' },
    fault: 'outage of fal, seen by the app',
    series: MOST_FAIL,
    firingAt: 900,
    healedAt: 900,
    resolvesAfter: 390,
  },
  {
    ...{ alert, kind: 'survives a counter reset', name: 'the app restarts in the middle of an outage' },
    series: models(
      ...[1, 2, 3].map(() => [
        { minutes: 5, perMinute: WELL },
        { minutes: 5, perMinute: OUTAGE },
        { minutes: 5, perMinute: OUTAGE, restart: true },
      ]),
    ),
    until: 900,
    firesBetween: [405, 900],
  },
  {
    ...{ alert, kind: 'survives a counter reset', name: 'the app restarts while all is well' },
    series: models(
      ...[1, 2, 3].map(() => [
        { minutes: 5, perMinute: { ok: 60, internal_error: 1 } },
        { minutes: 10, perMinute: { ok: 60, internal_error: 1 }, restart: true },
      ]),
    ),
    until: 900,
  },
];

const SURE = 0.9;

const byProbes: readonly RuleCase[] = [
  {
    ...{ alert, kind: 'fires', name: 'the verdict on two models is platform' },
    fault: 'outage of fal, seen by probes, from the verdict on',
    series: together(
      verdict('fal-ai/m1', [[10, 'platform', SURE]]),
      verdict('fal-ai/m2', [[10, 'platform', 0.8]]),
      verdict('fal-ai/m2', [[10, 'platform', 0.5]], '10.0.0.8:10464'),
      verdict('fal-ai/m3', [[10, 'ok', SURE]]),
    ),
    faultAt: 300,
    firesAfter: 75,
    firing: [seenByProbes(2)],
  },
  {
    ...{ alert, kind: 'fires', name: 'a failed scrape in between does not delay it' },
    series: together(
      ...['fal-ai/m1', 'fal-ai/m2', 'fal-ai/m3'].map((id) =>
        verdict(id, [
          [0.5, 'platform', SURE],
          [0.25, 'gone', 0],
          [10, 'platform', SURE],
        ]),
      ),
    ),
    faultAt: 300,
    firesAfter: 75,
    firing: [seenByProbes(3)],
  },
  {
    ...{
      alert,
      kind: 'silent otherwise',
      name: 'the probes say platform, and the app’s own traffic is well',
    },
    series: together(
      ...['fal-ai/m1', 'fal-ai/m2'].map((id) => verdict(id, [[10, 'platform', SURE]])),
      models(IS_WELL, IS_WELL, IS_WELL),
    ),
    until: 900,
  },
  {
    ...{ alert, kind: 'silent below', name: 'the verdict on one model is platform, by two exporters' },
    series: together(
      verdict('fal-ai/m1', [[10, 'platform', SURE]]),
      verdict('fal-ai/m1', [[10, 'platform', SURE]], '10.0.0.8:10464'),
      verdict('fal-ai/m2', [[10, 'model', SURE]]),
    ),
    until: 900,
  },
  {
    ...{ alert, kind: 'silent below', name: 'the verdict on the second model is not sure enough' },
    series: together(
      verdict('fal-ai/m1', [[10, 'platform', SURE]]),
      verdict('fal-ai/m2', [[10, 'platform', 0.79]]),
      verdict('fal-ai/m2', [[10, 'platform', 0.5]], '10.0.0.8:10464'),
    ),
    until: 900,
  },
  {
    ...{ alert, kind: 'silent otherwise', name: 'two models are down, and the verdict is model' },
    series: together(
      verdict('fal-ai/m1', [[10, 'model', SURE]]),
      verdict('fal-ai/m2', [[10, 'model', SURE]]),
    ),
    until: 900,
  },
  {
    ...{ alert, kind: 'resolves', name: 'five minutes after the verdict changed' },
    fault: 'outage of fal, seen by probes, from the verdict on',
    series: together(
      ...['fal-ai/m1', 'fal-ai/m2'].map((id) =>
        verdict(id, [
          [10, 'platform', SURE],
          [10, 'ok', SURE],
        ]),
      ),
    ),
    firingAt: 900,
    healedAt: 900,
    resolvesAfter: 315,
  },
];

export const PLATFORM_DOWN: readonly RuleCase[] = [...byApp, ...byProbes];
