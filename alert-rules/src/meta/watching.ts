import { alert } from '../alert.ts';
import { count, seconds } from '../parameter.ts';
import { APP, RECORDED } from '../sources.ts';

export const exporterDown = alert({
  name: 'FalExporterDown',
  scope: 'meta',
  severity: 'critical',
  forSeconds: 300,
  parameters: {},
  meaning: 'Prometheus cannot scrape the exporter, for {for}.',
  rules: (promql) => [
    {
      expr: `${promql.exporterTarget('up')} == 0`,
      summary: 'fal-exporter is down ({{ $labels.instance }})',
      description:
        'Prometheus cannot scrape fal-exporter at {{ $labels.instance }}: nobody watches fal from there. Look whether the process runs and answers /-/healthy, then at its log. This says nothing about fal itself.',
      dashboard: 'fal-exporter',
    },
  ],
});

export const exporterAbsent = alert({
  name: 'FalExporterAbsent',
  scope: 'meta',
  severity: 'critical',
  forSeconds: 300,
  parameters: {},
  meaning: 'Prometheus has no target of the exporter’s job at all, for {for}.',
  rules: (promql) => [
    {
      expr: `absent(${promql.exporterTarget('up')})`,
      summary: 'fal-exporter is not scraped at all',
      description:
        'Prometheus has no target with the job of fal-exporter: it was removed from the configuration, service discovery lost it, or its job has another name (jobs.exporter in fal-alerts.yml). Nobody watches fal. If you run no exporter on purpose, switch this alert off.',
      dashboard: 'fal-exporter',
    },
  ],
});

export const exporterNoData = alert({
  name: 'FalExporterNoData',
  scope: 'meta',
  severity: 'critical',
  forSeconds: 300,
  parameters: {},
  meaning: 'The exporter answers scrapes, but without its own metrics, for {for}.',
  rules: (promql) => [
    {
      expr: `${promql.exporterTarget('up')} == 1\nunless on (job, instance) ${promql.exporter('fal_exporter_build_info')}`,
      summary: 'fal-exporter answers without data ({{ $labels.instance }})',
      description:
        'The target {{ $labels.instance }} answers scrapes of the job of fal-exporter, but not with its metrics. Something else listens there, or a proxy answers in its place. Open /metrics of that address and look.',
      dashboard: 'fal-exporter',
    },
  ],
});

export const nothingMeasured = alert({
  name: 'FalNothingMeasured',
  scope: 'meta',
  severity: 'critical',
  forSeconds: 600,
  parameters: {},
  meaning:
    'There are neither requests of an instrumented app nor probe runs, for {for}: nobody measures fal.',
  rules: (promql) => [
    {
      expr: `absent(${promql.app('fal_client_requests_total')})\nand on ()\nabsent(${promql.exporter('fal_probe_runs_total')})`,
      summary: 'nothing measures fal: neither app traffic nor probes',
      description:
        'Prometheus has neither fal_client_requests_total of an app nor fal_probe_runs_total of an exporter. Every other alert on fal is blind. Check that the exporter runs and has probes, or that the app loads opentelemetry-instrumentation-fal, and that both are scraped.',
      dashboard: 'fal-overview',
    },
  ],
});

export const clientMetricsMissing = alert({
  name: 'FalClientMetricsMissing',
  scope: 'meta',
  severity: 'warning',
  forSeconds: 900,
  parameters: { ago: seconds(3600, 'how long ago the job still had metrics') },
  meaning: 'A job that exported fal requests {ago} ago exports none now.',
  rules: (promql, { ago }) => {
    const requests = promql.realApp('fal_client_requests_total');
    // Over minutes, so that one failed scrape back then does not look like a job that had nothing.
    const past = `last_over_time(${requests}[${promql.duration(300)}] offset ${promql.duration(ago)})`;
    const then = APP.sum(past, ...APP.ownLabels, 'endpoint_id');
    const now = APP.sum(requests, ...APP.ownLabels, 'endpoint_id');
    return [
      {
        source: 'app',
        // Not by every label: a deployment may change one, such as the release.
        expr: `${then} >= 0\nunless on (job, account) ${now}`,
        summary: 'job {{ $labels.job }} no longer reports its fal requests',
        description:
          'The job {{ $labels.job }} (account {{ $labels.account }}) exported metrics of its fal requests an hour ago and exports none now. Was it scaled to zero, deployed without opentelemetry-instrumentation-fal, or is its scrape failing? Alerts on its traffic are blind meanwhile.',
        dashboard: 'fal-exporter',
      },
    ];
  },
});

export const accountDataStale = alert({
  name: 'FalAccountDataStale',
  scope: 'meta',
  severity: 'warning',
  forSeconds: 300,
  parameters: {
    min_age: seconds(900, 'age of the last success, below which it stays silent'),
    max_lag: seconds(21_600, 'how far behind the data of a collector that succeeds may be'),
    intervals: count(3, 'intervals of the collector without a success'),
  },
  meaning:
    'A collector of the exporter has not succeeded for {intervals} of its intervals and for {min_age}; or it succeeds while the account is used, and what fal lets it read is older than that and than {max_lag}.',
  rules: (promql, { min_age: age, max_lag: lag, intervals }) => {
    const lastSuccess = promql.latest(
      promql.exporter('fal_exporter_collector_last_success_timestamp_seconds'),
    );
    const interval = promql.latest(promql.exporter('fal_exporter_collector_interval_seconds'));
    const failing = `(${promql.latest(promql.exporter('fal_exporter_collector_success'))} == 0)`;
    const started = promql.latest(promql.exporter('process_start_time_seconds'));
    // One that never succeeded has been without success since the exporter started.
    const sinceSuccess = `time() - (${lastSuccess} or 0 * ${failing} + on (job, instance) group_left () ${started})`;
    const told = promql.latest(promql.exporter('fal_platform_data_age_seconds'));
    const ageOfData = `max without (source) (label_join(${told}, "collector", "", "source"))`;
    // Of an account that nobody uses there is nothing new to tell, and its data look old.
    const isUsed = `sum(${RECORDED.billed}) > 0 or sum(${RECORDED.requests(APP, '1h')}) > 0`;
    const longerThan = (span: string, limit: number): string =>
      `${span} > ${promql.seconds(limit)}\nunless\n${span} <= ${intervals} * ${interval}`;
    return [
      {
        expr: [
          `(${longerThan(sinceSuccess, age)})`,
          'or',
          `(${longerThan(ageOfData, lag)}) and on () (${isUsed})`,
        ].join('\n'),
        summary:
          'what collector {{ $labels.collector }} of fal-exporter reads is stale ({{ $value | humanizeDuration }})',
        description:
          'What the collector {{ $labels.collector }} at {{ $labels.instance }} reads is {{ $value | humanizeDuration }} old: it fails, or fal’s own data lag behind. What it feeds (balance, bill, prices, status page) is old or gone, and alerts on it stay silent. The exporter’s log and status page tell why: most often a key without ADMIN scope, its calls of the hour are used up, or the Platform API refuses.',
        dashboard: 'fal-exporter',
      },
    ];
  },
});
