import { together } from '../exporter-series.ts';
import type { Firing, InputSeries, RuleCase } from '../rule-case.ts';
import { type TrafficPhase, traffic } from '../series.ts';

const alert = 'FalClientMetricsMissing';
const step = 60;
const FAULT = 'app deployed without its instrumentation';

const WELL: TrafficPhase = { minutes: 120, perMinute: { ok: 6, internal_error: 0 } };
const GONE: TrafficPhase = { minutes: 40, perMinute: { ok: 0 }, missing: true };
const BACK: TrafficPhase = { minutes: 60, perMinute: { ok: 6 }, restart: true };

function app(phases: readonly TrafficPhase[], labels: Readonly<Record<string, string>> = {}): InputSeries {
  return traffic(phases, { step, labels });
}

const firing = (job: string, account: string): Firing => ({
  labels: { severity: 'warning', scope: 'meta', source: 'app', job, account },
  summary: `job ${job} no longer reports its fal requests`,
  description: `The job ${job} (account ${account}) exported metrics of its fal requests an hour ago and exports none now. Was it scaled to zero, deployed without opentelemetry-instrumentation-fal, or is its scrape failing? Alerts on its traffic are blind meanwhile.`,
  dashboardUrl: 'http://localhost:3000/d/fal-exporter',
});

export const CLIENT_METRICS_MISSING: readonly RuleCase[] = [
  {
    ...{ alert, step, kind: 'fires', name: 'fifteen minutes after the last process of a job reported' },
    fault: FAULT,
    series: together(
      app([WELL, GONE]),
      app([WELL, GONE], { instance: '10.0.0.2:9464' }),
      app([WELL, { ...WELL, minutes: 40 }], { job: 'batch' }),
    ),
    faultAt: 7200,
    firesAfter: 960,
    firing: [firing('shop', 'default')],
  },
  {
    ...{ alert, step, kind: 'silent otherwise', name: 'a drill ended, as drills do' },
    series: app([WELL, { ...GONE, minutes: 60 }], { job: 'fal-drill' }),
    until: 10_800,
  },
  {
    ...{ alert, step, kind: 'fires', name: 'once for each job and account, with the labels of the user' },
    series: together(
      app([WELL, GONE], { account: 'prod', team: 'web' }),
      app([WELL, GONE], { account: 'stage', team: 'web' }),
    ),
    faultAt: 7200,
    firesAfter: 960,
    firing: ['prod', 'stage'].map((account) => {
      const one = firing('shop', account);
      return { ...one, labels: { ...one.labels, team: 'web' } };
    }),
  },
  {
    ...{ alert, step, kind: 'fires', name: 'a failed scrape an hour ago does not delay it' },
    series: app([
      { ...WELL, minutes: 70 },
      { ...WELL, minutes: 1, missing: true },
      { ...WELL, minutes: 49 },
      { ...GONE, minutes: 60 },
    ]),
    faultAt: 7200,
    firesAfter: 960,
    firing: [firing('shop', 'default')],
  },
  {
    ...{ alert, step, kind: 'silent below', name: 'a deployment of fifteen minutes' },
    series: app([WELL, { ...GONE, minutes: 15 }, BACK]),
    until: 10_800,
  },
  {
    ...{ alert, step, kind: 'silent otherwise', name: 'one of two processes is scaled away' },
    series: together(app([WELL, { ...WELL, minutes: 60 }]), app([WELL, GONE], { instance: '10.0.0.2:9464' })),
    until: 10_800,
  },
  {
    ...{ alert, step, kind: 'silent otherwise', name: 'a model is no longer asked' },
    series: together(app([WELL, BACK]), app([WELL, GONE], { endpoint_id: 'fal-ai/m2' })),
    until: 10_800,
  },
  {
    ...{ alert, step, kind: 'silent otherwise', name: 'a deployment changes the labels of the user' },
    series: together(
      app([WELL, { ...GONE, minutes: 60 }], { release: '41' }),
      app([{ ...WELL, missing: true }, BACK], { release: '42' }),
    ),
    until: 10_800,
  },
  {
    ...{ alert, step, kind: 'silent otherwise', name: 'a job that never reported requests' },
    series: app([{ ...WELL, perMinute: { ok: 1 } }], { job: 'other' }),
    until: 7200,
  },
  {
    ...{ alert, step, kind: 'resolves', name: 'with the first metrics' },
    fault: FAULT,
    series: app([WELL, GONE, BACK]),
    firingAt: 9600,
    healedAt: 9600,
    resolvesAfter: 60,
  },
  {
    ...{
      alert,
      step,
      kind: 'resolves',
      name: 'an hour after the job was scaled to zero: that was on purpose',
    },
    series: app([WELL, { ...GONE, minutes: 90 }]),
    firingAt: 10_000 - 40,
    healedAt: 7200,
    resolvesAfter: 3960,
  },
];
