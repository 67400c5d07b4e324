import { counter, gauge } from 'opentelemetry-instrumentation-fal/core';

export const buildInfo = gauge({
  name: 'fal_exporter_build_info',
  instrument: 'fal.exporter.build_info',
  unit: '',
  labels: ['version', 'node_version'],
  fedBy: 'exporter',
  help: 'Always 1; the labels say which exporter runs on which Node.js. Join it to see when an upgrade changed something.',
});

export const demoMode = gauge({
  name: 'fal_exporter_demo_mode',
  instrument: 'fal.exporter.demo_mode',
  unit: '',
  labels: [],
  fedBy: 'exporter',
  help: '1 when all numbers come from the simulator because no key is configured. Never page on a target that says 1.',
});

export const exporterTime = gauge({
  name: 'fal_exporter_time_seconds',
  instrument: 'fal.exporter.time.seconds',
  unit: 's',
  labels: [],
  fedBy: 'exporter',
  help: 'The clock of the exporter at the scrape, in Unix time. Minus the time of the sample it is the skew to Prometheus, by which every age and every time in a support case is wrong.',
});

export const configLastReloadSuccessful = gauge({
  name: 'fal_exporter_config_last_reload_successful',
  instrument: 'fal.exporter.config_last_reload_successful',
  unit: '',
  labels: [],
  fedBy: 'exporter',
  help: 'Whether the last reading of the configuration succeeded. At 0 the old one is still in force: the status page and the log name the problems.',
});

export const collectorSuccess = gauge({
  name: 'fal_exporter_collector_success',
  instrument: 'fal.exporter.collector_success',
  unit: '',
  labels: ['collector'],
  fedBy: 'exporter',
  help: 'Whether the last run of a collector (balance, prices, ...) succeeded. At 0 what it feeds is stale, not zero.',
});

export const collectorDuration = gauge({
  name: 'fal_exporter_collector_duration_seconds',
  instrument: 'fal.exporter.collector_duration.seconds',
  unit: 's',
  labels: ['collector'],
  fedBy: 'exporter',
  help: 'How long the last run of a collector took, failed or not. Near its deadline: fal answers slowly.',
});

export const collectorLastSuccess = gauge({
  name: 'fal_exporter_collector_last_success_timestamp_seconds',
  instrument: 'fal.exporter.collector_last_success.timestamp.seconds',
  unit: 's',
  labels: ['collector'],
  fedBy: 'exporter',
  help: 'When a collector last succeeded, in Unix time; absent until it did. Guard every alert on collected values with the age that follows from it.',
});

export const collectorInterval = gauge({
  name: 'fal_exporter_collector_interval_seconds',
  instrument: 'fal.exporter.collector_interval.seconds',
  unit: 's',
  labels: ['collector'],
  fedBy: 'exporter',
  help: 'Time between two runs of a collector from the configuration, so that rules need no copy of it. A last success older than three of them: what it feeds is stale.',
});

export const collectorCalls = counter({
  name: 'fal_exporter_collector_calls_total',
  instrument: 'fal.exporter.collector_calls',
  unit: '{call}',
  labels: ['collector'],
  fedBy: 'exporter',
  help: 'Calls of a collector to fal, pages and retries included. It never passes calls_per_hour of its configuration in any hour; near it, readings wait.',
});

export const seriesHeld = gauge({
  name: 'fal_exporter_series',
  instrument: 'fal.exporter.series',
  unit: '{series}',
  labels: [],
  fedBy: 'exporter',
  help: 'Series held, each line of a histogram counted. Near series.limit new ones are refused: raise it, or probe fewer models.',
});

export const seriesRefused = counter({
  name: 'fal_exporter_series_refused_total',
  instrument: 'fal.exporter.series_refused',
  unit: '{series}',
  labels: [],
  fedBy: 'exporter',
  help: 'Label sets refused because series.limit was reached. Above 0 something is missing from every panel until you raise the limit and restart.',
});

export const valuesIgnored = counter({
  name: 'fal_exporter_values_ignored_total',
  instrument: 'fal.exporter.values_ignored',
  unit: '{value}',
  labels: [],
  fedBy: 'exporter',
  help: 'Measured values that were no values (not a number, negative, infinite) and were dropped. Anything above 0 is a bug in the exporter: please report it.',
});

export const scrapeDuration = gauge({
  name: 'fal_exporter_scrape_duration_seconds',
  instrument: 'fal.exporter.scrape_duration.seconds',
  unit: 's',
  labels: [],
  fedBy: 'exporter',
  help: 'How long the scrape before this one took to collect, write and compress; absent in the first. It never includes a call to fal.',
});

export const EXPORTER_METRICS = [
  buildInfo,
  demoMode,
  exporterTime,
  configLastReloadSuccessful,
  collectorSuccess,
  collectorDuration,
  collectorLastSuccess,
  collectorInterval,
  collectorCalls,
  seriesHeld,
  seriesRefused,
  valuesIgnored,
  scrapeDuration,
] as const;
