import { levels, named, ofExporter, together } from '../exporter-series.ts';
import type { Firing, RuleCase } from '../rule-case.ts';

const INSTANCE = '10.0.0.9:10464';
const AT_EXPORTER = { severity: 'warning', scope: 'meta', job: 'fal-exporter', instance: INSTANCE };
const DASHBOARD = 'http://localhost:3000/d/fal-exporter';

const STARTED = ofExporter('process_start_time_seconds');
const RESTARTING = 'FalExporterRestarting';
const RESTART_FAULT = 'exporter restarts every two minutes';

/** A process that starts anew each two minutes, so many times; then it stays. */
function restarts(times: number): string {
  const starts = Array.from({ length: times }, (_, index) => `${600 + 120 * index}x7`);
  return ['0x40', ...starts.slice(0, -1), `${480 + 120 * times}x160`].join(' ');
}

export const EXPORTER_RESTARTING: readonly RuleCase[] = [
  {
    ...{ alert: RESTARTING, kind: 'fires', name: 'with the fourth restart in fifteen minutes' },
    fault: RESTART_FAULT,
    series: { [STARTED]: restarts(4) },
    faultAt: 600,
    firesAfter: 375,
    firing: [
      {
        labels: AT_EXPORTER,
        summary: `fal-exporter keeps restarting (${INSTANCE})`,
        description: `fal-exporter at ${INSTANCE} restarted 4 times in fifteen minutes. Read the end of its log: out of memory, a state directory that it cannot write, or a supervisor that kills it on a wrong health check.`,
        dashboardUrl: DASHBOARD,
      },
    ],
  },
  {
    ...{ alert: RESTARTING, kind: 'silent below', name: 'three restarts in fifteen minutes' },
    series: { [STARTED]: restarts(3) },
    until: 2400,
  },
  {
    ...{
      alert: RESTARTING,
      kind: 'silent otherwise',
      name: 'another job of the same host restarts all the time',
    },
    series: {
      [named('process_start_time_seconds', { job: 'shop', instance: '10.0.0.9:9464' })]: restarts(9),
    },
    until: 2400,
  },
  {
    ...{
      alert: RESTARTING,
      kind: 'resolves',
      name: 'when the first of four restarts is fifteen minutes ago',
    },
    fault: RESTART_FAULT,
    series: { [STARTED]: restarts(4) },
    firingAt: 1200,
    healedAt: 975,
    resolvesAfter: 540,
  },
];

const REFUSED = ofExporter('fal_exporter_series_refused_total');
const LIMIT = 'FalExporterSeriesLimit';
const LIMIT_FAULT = 'series.limit reached';

export const SERIES_LIMIT: readonly RuleCase[] = [
  {
    ...{ alert: LIMIT, kind: 'fires', name: 'the first series ever that is refused' },
    fault: LIMIT_FAULT,
    series: { [REFUSED]: '0x40 1x80' },
    faultAt: 600,
    firesAfter: 15,
    firing: [
      {
        labels: AT_EXPORTER,
        summary: `fal-exporter refuses new series (${INSTANCE})`,
        description: `fal-exporter at ${INSTANCE} refused about 1 new series in fifteen minutes, because series.limit is reached: something is missing from every panel and alert. Raise series.limit, or probe fewer models.`,
        dashboardUrl: DASHBOARD,
      },
    ],
  },
  {
    ...{ alert: LIMIT, kind: 'silent below', name: 'series that were refused long ago' },
    series: { [REFUSED]: '40x160' },
    until: 2400,
  },
  {
    ...{ alert: LIMIT, kind: 'silent without enough traffic', name: 'nothing is refused' },
    series: { [REFUSED]: '0x160' },
    until: 2400,
  },
  {
    ...{ alert: LIMIT, kind: 'resolves', name: 'half an hour after the last one, unless there are more' },
    fault: LIMIT_FAULT,
    series: { [REFUSED]: '0x40 1x200' },
    firingAt: 900,
    healedAt: 615,
    resolvesAfter: 1800,
  },
  {
    ...{ alert: LIMIT, kind: 'survives a counter reset', name: 'the exporter restarts with a higher limit' },
    series: { [REFUSED]: '7x80 0x80' },
    until: 2400,
  },
];

const CLOCK = ofExporter('fal_exporter_time_seconds');
const SKEW = 'FalClockSkew';
const SKEW_FAULT = 'clocks differ by 6 s';

const skewed: Firing = {
  labels: AT_EXPORTER,
  summary: `the clock of fal-exporter is off by 6s (${INSTANCE})`,
  description: `The clocks of fal-exporter at ${INSTANCE} and of Prometheus differ by 6s. Ages, staleness and the times in support cases are wrong by that much. Durations are not: they run on a monotonic clock. Mend the time synchronisation of the host that is off.`,
  dashboardUrl: DASHBOARD,
};

/** The exporter's clock: right for ten minutes, off for as many, and right again. */
function clock(offBy: number): string {
  return `0+15x40 ${615 + offBy}+15x39 1215+15x40`;
}

export const CLOCK_SKEW: readonly RuleCase[] = [
  ...[6, -6].map((offBy): RuleCase => ({
    ...{ alert: SKEW, kind: 'fires', name: `the exporter’s clock is ${offBy} s from that of Prometheus` },
    fault: offBy > 0 ? SKEW_FAULT : undefined,
    series: { [CLOCK]: clock(offBy) },
    faultAt: 600,
    firesAfter: 315,
    firing: [skewed],
  })),
  {
    ...{ alert: SKEW, kind: 'silent below', name: 'five seconds' },
    series: { [CLOCK]: '5+15x120' },
    until: 1800,
  },
  {
    ...{ alert: SKEW, kind: 'silent below', name: 'a clock that is set right within five minutes' },
    series: { [CLOCK]: '0+15x40 645+15x19 915+15x60' },
    until: 1800,
  },
  {
    ...{
      alert: SKEW,
      kind: 'silent otherwise',
      name: 'scrapes that fail: the last reading is old, not wrong',
    },
    series: { [CLOCK]: '0+15x40 _x18 885+15x40' },
    until: 1485,
  },
  {
    ...{ alert: SKEW, kind: 'resolves', name: 'when the clock is right' },
    fault: SKEW_FAULT,
    series: { [CLOCK]: clock(6) },
    firingAt: 1200,
    healedAt: 1200,
    resolvesAfter: 15,
  },
];

const RELOADED = ofExporter('fal_exporter_config_last_reload_successful');
const CONFIG = 'FalConfigRejected';
const CONFIG_FAULT = 'new configuration refused';

export const CONFIG_REJECTED: readonly RuleCase[] = [
  {
    ...{
      alert: CONFIG,
      kind: 'fires',
      name: 'five minutes after the refusal, although a scrape fails in between',
    },
    fault: CONFIG_FAULT,
    series: { [RELOADED]: levels([10, 1], [2, 0], [0.25, 'gone'], [17.75, 0], [10, 1]) },
    faultAt: 600,
    firesAfter: 315,
    firing: [
      {
        labels: AT_EXPORTER,
        summary: `fal-exporter refuses its new configuration (${INSTANCE})`,
        description: `fal-exporter at ${INSTANCE} refused the configuration that it read last, and runs on with the one before. Its status page and its log list every problem with the line to mend; a restart now would fail.`,
        dashboardUrl: DASHBOARD,
      },
    ],
  },
  {
    ...{ alert: CONFIG, kind: 'silent below', name: 'a mistake that is mended within five minutes' },
    series: { [RELOADED]: levels([10, 1], [5, 0], [20, 1]) },
    until: 2100,
  },
  {
    ...{ alert: CONFIG, kind: 'resolves', name: 'with the next configuration that is good' },
    fault: CONFIG_FAULT,
    series: { [RELOADED]: levels([10, 1], [20, 0], [10, 1]) },
    firingAt: 1800,
    healedAt: 1800,
    resolvesAfter: 15,
  },
];

const DEMO_MODE = ofExporter('fal_exporter_demo_mode');
const DEMO = 'FalDemoData';
const DEMO_FAULT = 'exporter lost its key';

export const DEMO_DATA: readonly RuleCase[] = [
  {
    ...{ alert: DEMO, kind: 'fires', name: 'after ten minutes, although a scrape fails in between' },
    fault: DEMO_FAULT,
    series: {
      [DEMO_MODE]: levels([10, 0], [5, 1], [0.25, 'gone'], [20, 1]),
      [ofExporter('fal_exporter_demo_mode', { instance: '10.0.0.8:10464' })]: levels(
        [10, 0],
        [5, 1],
        [0.25, 'gone'],
        [20, 1],
      ),
      [ofExporter('fal_exporter_demo_mode', { instance: '10.0.0.7:10464' })]: levels([40, 0]),
    },
    faultAt: 600,
    firesAfter: 615,
    firing: [
      {
        labels: { severity: 'info', scope: 'meta', job: 'fal-exporter' },
        summary: 'fal-exporter shows simulated data',
        description:
          'The exporter of job fal-exporter has no key and shows the demo: every number and every alert on fal is made up. Set FAL_KEY or FAL_KEY_FILE if this is production.',
        dashboardUrl: DASHBOARD,
      },
    ],
  },
  {
    ...{ alert: DEMO, kind: 'silent below', name: 'somebody tries the demo for ten minutes' },
    series: { [DEMO_MODE]: levels([10, 0], [10, 1], [20, 0]) },
    until: 2400,
  },
  {
    ...{ alert: DEMO, kind: 'silent otherwise', name: 'a drill, which is always made up' },
    series: together(
      { [DEMO_MODE]: levels([40, 0]) },
      { [named('fal_exporter_demo_mode', { job: 'fal-drill' })]: levels([40, 1]) },
    ),
    until: 2400,
  },
  {
    ...{ alert: DEMO, kind: 'resolves', name: 'with a key' },
    fault: DEMO_FAULT,
    series: { [DEMO_MODE]: levels([30, 1], [10, 0]) },
    firingAt: 1800,
    healedAt: 1800,
    resolvesAfter: 15,
  },
];
