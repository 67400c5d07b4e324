import { type Level, levels, named, ofExporter, together } from '../exporter-series.ts';
import type { Firing, InputSeries, RuleCase } from '../rule-case.ts';
import { traffic } from '../series.ts';

const INSTANCE = '10.0.0.9:10464';
const UP = ofExporter('up');
const DASHBOARD = 'http://localhost:3000/d/fal-exporter';

/** A target of Prometheus, and what shows that an exporter answers there. */
function exporter(up: readonly Level[], answers: readonly Level[]): InputSeries {
  return {
    [UP]: levels(...up),
    [ofExporter('fal_exporter_build_info', { version: '0.1.0', node_version: 'v24.0.0' })]: levels(
      ...answers,
    ),
  };
}

const WELL = exporter([[40, 1]], [[40, 1]]);
const DIES = exporter(
  [
    [10, 1],
    [10, 0],
    [20, 1],
  ],
  [
    [10, 1],
    [10, 'gone'],
    [20, 1],
  ],
);
const VANISHES = exporter(
  [
    [10, 1],
    [10, 'gone'],
    [20, 1],
  ],
  [
    [10, 1],
    [10, 'gone'],
    [20, 1],
  ],
);
const FALLS_SILENT = exporter(
  [[40, 1]],
  [
    [10, 1],
    [10, 'gone'],
    [20, 1],
  ],
);
const RESTARTS = exporter(
  [
    [10, 1],
    [4.75, 0],
    [20, 1],
  ],
  [
    [10, 1],
    [4.75, 'gone'],
    [20, 1],
  ],
);

const BROKEN = { severity: 'critical', scope: 'meta' };
const AT_EXPORTER = { job: 'fal-exporter', instance: INSTANCE };

const down: Firing = {
  labels: { ...BROKEN, ...AT_EXPORTER },
  summary: `fal-exporter is down (${INSTANCE})`,
  description: `Prometheus cannot scrape fal-exporter at ${INSTANCE}: nobody watches fal from there. Look whether the process runs and answers /-/healthy, then at its log. This says nothing about fal itself.`,
  dashboardUrl: DASHBOARD,
};

const DOWN_FAULT = 'exporter down';

export const EXPORTER_DOWN: readonly RuleCase[] = [
  {
    ...{ alert: 'FalExporterDown', kind: 'fires', name: 'five minutes of failed scrapes' },
    fault: DOWN_FAULT,
    series: DIES,
    faultAt: 600,
    firesAfter: 315,
    firing: [down],
  },
  {
    ...{ alert: 'FalExporterDown', kind: 'silent below', name: 'a restart of less than five minutes' },
    series: RESTARTS,
    until: 1800,
  },
  {
    ...{
      alert: 'FalExporterDown',
      kind: 'silent otherwise',
      name: 'the target is gone, which is another alert',
    },
    series: VANISHES,
    until: 2400,
  },
  {
    ...{
      alert: 'FalExporterDown',
      kind: 'silent otherwise',
      name: 'a drill that ended, or an app that is down',
    },
    series: together(WELL, {
      [named('up', { job: 'fal-drill', instance: 'drill:1' })]: levels([40, 0]),
      [named('up', { job: 'shop', instance: 'shop:1' })]: levels([40, 0]),
    }),
    until: 2400,
  },
  {
    ...{ alert: 'FalExporterDown', kind: 'resolves', name: 'with the first scrape that succeeds' },
    fault: DOWN_FAULT,
    series: DIES,
    firingAt: 1200,
    healedAt: 1200,
    resolvesAfter: 15,
  },
];

const absent: Firing = {
  labels: { ...BROKEN, job: 'fal-exporter' },
  summary: 'fal-exporter is not scraped at all',
  description:
    'Prometheus has no target with the job of fal-exporter: it was removed from the configuration, service discovery lost it, or its job has another name (jobs.exporter in fal-alerts.yml). Nobody watches fal. If you run no exporter on purpose, switch this alert off.',
  dashboardUrl: DASHBOARD,
};

const ABSENT_FAULT = 'exporter no longer a target';

export const EXPORTER_ABSENT: readonly RuleCase[] = [
  {
    ...{ alert: 'FalExporterAbsent', kind: 'fires', name: 'five minutes after the target is gone' },
    fault: ABSENT_FAULT,
    series: VANISHES,
    faultAt: 600,
    firesAfter: 315,
    firing: [absent],
  },
  {
    ...{
      alert: 'FalExporterAbsent',
      kind: 'fires',
      name: 'five minutes after the start of a Prometheus that never had one',
    },
    series: { [named('up', { job: 'shop', instance: 'shop:1' })]: levels([20, 1]) },
    faultAt: 0,
    firesAfter: 300,
    firing: [absent],
  },
  {
    ...{
      alert: 'FalExporterAbsent',
      kind: 'silent below',
      name: 'a new deployment is a target within five minutes',
    },
    series: exporter(
      [
        [10, 1],
        [5, 'gone'],
        [20, 1],
      ],
      [[35, 1]],
    ),
    until: 1800,
  },
  {
    ...{
      alert: 'FalExporterAbsent',
      kind: 'silent otherwise',
      name: 'the target is down, which is another alert',
    },
    series: DIES,
    until: 2400,
  },
  {
    ...{ alert: 'FalExporterAbsent', kind: 'resolves', name: 'when there is a target again' },
    fault: ABSENT_FAULT,
    series: VANISHES,
    firingAt: 1200,
    healedAt: 1200,
    resolvesAfter: 15,
  },
];

const NO_DATA_FAULT = 'exporter up but silent';

export const EXPORTER_NO_DATA: readonly RuleCase[] = [
  {
    ...{ alert: 'FalExporterNoData', kind: 'fires', name: 'something answers there, without our metrics' },
    fault: NO_DATA_FAULT,
    series: FALLS_SILENT,
    faultAt: 600,
    firesAfter: 315,
    firing: [
      {
        labels: { ...BROKEN, ...AT_EXPORTER },
        summary: `fal-exporter answers without data (${INSTANCE})`,
        description: `The target ${INSTANCE} answers scrapes of the job of fal-exporter, but not with its metrics. Something else listens there, or a proxy answers in its place. Open /metrics of that address and look.`,
        dashboardUrl: DASHBOARD,
      },
    ],
  },
  {
    ...{ alert: 'FalExporterNoData', kind: 'silent below', name: 'metrics come back within five minutes' },
    series: exporter(
      [[40, 1]],
      [
        [10, 1],
        [5, 'gone'],
        [20, 1],
      ],
    ),
    until: 2100,
  },
  {
    ...{ alert: 'FalExporterNoData', kind: 'silent otherwise', name: 'a restart of less than five minutes' },
    series: RESTARTS,
    until: 1800,
  },
  {
    ...{
      alert: 'FalExporterNoData',
      kind: 'silent otherwise',
      name: 'the exporter is down, which is another alert',
    },
    series: DIES,
    until: 2400,
  },
  {
    ...{ alert: 'FalExporterNoData', kind: 'resolves', name: 'with the first metrics' },
    fault: NO_DATA_FAULT,
    series: FALLS_SILENT,
    firingAt: 1200,
    healedAt: 1200,
    resolvesAfter: 15,
  },
];

const NOTHING = 'FalNothingMeasured';

const APP_LATER = Object.fromEntries(
  Object.keys(traffic([{ minutes: 1, perMinute: { ok: 1 } }])).map((name) => [name, '_x80 1x80']),
);

export const NOTHING_MEASURED: readonly RuleCase[] = [
  {
    ...{ alert: NOTHING, kind: 'fires', name: 'an exporter without probes, and no app' },
    fault: 'neither app traffic nor probes',
    series: WELL,
    faultAt: 0,
    firesAfter: 600,
    firing: [
      {
        labels: BROKEN,
        summary: 'nothing measures fal: neither app traffic nor probes',
        description:
          'Prometheus has neither fal_client_requests_total of an app nor fal_probe_runs_total of an exporter. Every other alert on fal is blind. Check that the exporter runs and has probes, or that the app loads opentelemetry-instrumentation-fal, and that both are scraped.',
        dashboardUrl: 'http://localhost:3000/d/fal-overview',
      },
    ],
  },
  {
    ...{ alert: NOTHING, kind: 'silent below', name: 'the exporter starts its probes within ten minutes' },
    series: {
      [ofExporter('fal_probe_runs_total', { probe: 'flux', outcome: 'ok' })]: '_x40 0x80',
    },
    until: 1800,
  },
  {
    ...{ alert: NOTHING, kind: 'silent otherwise', name: 'an app, and no exporter at all' },
    series: traffic([{ minutes: 30, perMinute: { ok: 0 } }]),
    until: 1800,
  },
  {
    ...{ alert: NOTHING, kind: 'silent otherwise', name: 'an exporter with probes, and no app' },
    series: together(WELL, traffic([{ minutes: 30, perMinute: { ok: 1 } }], { source: 'probe' })),
    until: 1800,
  },
  {
    ...{ alert: NOTHING, kind: 'resolves', name: 'with the first request of an app' },
    fault: 'neither app traffic nor probes',
    series: APP_LATER,
    firingAt: 1185,
    healedAt: 1185,
    resolvesAfter: 15,
  },
];
