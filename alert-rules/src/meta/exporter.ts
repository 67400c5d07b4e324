import { alert } from '../alert.ts';
import { count, seconds } from '../parameter.ts';
import { maxWithout } from '../promql.ts';

export const exporterRestarting = alert({
  name: 'FalExporterRestarting',
  scope: 'meta',
  severity: 'warning',
  forSeconds: 0,
  parameters: { max_restarts: count(3, 'restarts in 15 minutes that are still accepted') },
  meaning: 'The exporter restarted more than {max_restarts} times in fifteen minutes.',
  rules: (promql, { max_restarts: most }) => [
    {
      expr: `changes(${promql.exporterTarget('process_start_time_seconds')}[${promql.duration(900)}]) > ${most}`,
      summary: 'fal-exporter keeps restarting ({{ $labels.instance }})',
      description:
        'fal-exporter at {{ $labels.instance }} restarted {{ $value }} times in fifteen minutes. Read the end of its log: out of memory, a state directory that it cannot write, or a supervisor that kills it on a wrong health check.',
      dashboard: 'fal-exporter',
    },
  ],
});

export const exporterSeriesLimit = alert({
  name: 'FalExporterSeriesLimit',
  scope: 'meta',
  severity: 'warning',
  forSeconds: 0,
  keepFiringForSeconds: 900,
  parameters: { min_refused: count(1, 'label sets refused in 15 minutes') },
  meaning:
    'The exporter refused {min_refused} or more new series in fifteen minutes because its limit is reached.',
  rules: (promql, { min_refused: least }) => [
    {
      expr: `increase(${promql.exporter('fal_exporter_series_refused_total')}[${promql.duration(900)}]) > ${least - 0.1}`,
      summary: 'fal-exporter refuses new series ({{ $labels.instance }})',
      description:
        'fal-exporter at {{ $labels.instance }} refused about {{ $value | humanize }} new series in fifteen minutes, because series.limit is reached: something is missing from every panel and alert. Raise series.limit, or probe fewer models.',
      dashboard: 'fal-exporter',
    },
  ],
});

export const clockSkew = alert({
  name: 'FalClockSkew',
  scope: 'meta',
  severity: 'warning',
  forSeconds: 300,
  parameters: { threshold: seconds(5, 'difference of the clocks of the exporter and of Prometheus') },
  meaning: 'The clocks of the exporter and of Prometheus differ by more than {threshold}.',
  rules: (promql, { threshold }) => {
    const clock = promql.exporter('fal_exporter_time_seconds');
    return [
      {
        expr: `abs(${clock} - timestamp(${clock})) > ${threshold}`,
        summary:
          'the clock of fal-exporter is off by {{ $value | humanizeDuration }} ({{ $labels.instance }})',
        description:
          'The clocks of fal-exporter at {{ $labels.instance }} and of Prometheus differ by {{ $value | humanizeDuration }}. Ages, staleness and the times in support cases are wrong by that much. Durations are not: they run on a monotonic clock. Mend the time synchronisation of the host that is off.',
        dashboard: 'fal-exporter',
      },
    ];
  },
});

export const configRejected = alert({
  name: 'FalConfigRejected',
  scope: 'meta',
  severity: 'warning',
  forSeconds: 300,
  parameters: {},
  meaning: 'The exporter refused its configuration and runs on with the old one, for {for}.',
  rules: (promql) => [
    {
      expr: `${promql.latest(promql.exporter('fal_exporter_config_last_reload_successful'))} == 0`,
      summary: 'fal-exporter refuses its new configuration ({{ $labels.instance }})',
      description:
        'fal-exporter at {{ $labels.instance }} refused the configuration that it read last, and runs on with the one before. Its status page and its log list every problem with the line to mend; a restart now would fail.',
      dashboard: 'fal-exporter',
    },
  ],
});

export const demoData = alert({
  name: 'FalDemoData',
  scope: 'meta',
  severity: 'info',
  forSeconds: 600,
  parameters: {},
  meaning: 'The exporter shows simulated data, because it has no key, for {for}.',
  rules: (promql) => [
    {
      expr: `${maxWithout([], promql.latest(promql.exporterTarget('fal_exporter_demo_mode')))} == 1`,
      summary: 'fal-exporter shows simulated data',
      description:
        'The exporter of job {{ $labels.job }} has no key and shows the demo: every number and every alert on fal is made up. Set FAL_KEY or FAL_KEY_FILE if this is production.',
      dashboard: 'fal-exporter',
    },
  ],
});
