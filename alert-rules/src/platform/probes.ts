import { alert } from '../alert.ts';
import { count, factor } from '../parameter.ts';
import { maxWithout } from '../promql.ts';

/** m of n beats runs in a row: a fault that comes and goes is seen, a single blip is not. */
const RUNS = 5;

const runsParameter = { ...count(3, `of the last ${RUNS} runs of a probe`), max: RUNS };

export const probeFailing = alert({
  name: 'FalProbeFailing',
  scope: 'platform',
  severity: 'warning',
  forSeconds: 0,
  parameters: { min_runs: runsParameter },
  meaning: `At least {min_runs} of the last ${RUNS} runs of a probe failed, and not for the sake of the account or the input.`,
  rules: (promql, { min_runs: least }) => {
    const failed = promql.latest(promql.exporter('fal_probe_recent_runs', 'result="failure"'));
    return [
      {
        source: 'probe',
        expr: `${maxWithout(['result'], failed)} >= ${least}`,
        summary:
          'fal: {{ $value }} of the last 5 runs of probe {{ $labels.probe }} failed{{ with $labels.endpoint_id }} ({{ . }}){{ end }}',
        description:
          '{{ $value }} of the last 5 runs of the probe {{ $labels.probe }} (account {{ $labels.account }}) failed for a reason on fal’s side or on the way there. The exporter’s status page shows each run with its error and request id. If your own traffic is well, wait; if not, fail over.',
        dashboard: 'fal-probes',
      },
    ];
  },
});

export const probeSlow = alert({
  name: 'FalProbeSlow',
  scope: 'platform',
  severity: 'warning',
  forSeconds: 0,
  parameters: { min_runs: runsParameter },
  meaning: `At least {min_runs} of the last ${RUNS} runs of a probe took longer than the latency limit of its model.`,
  rules: (promql, { min_runs: least }) => {
    const slow = promql.latest(promql.exporter('fal_probe_recent_runs', 'result="slow"'));
    return [
      {
        source: 'probe',
        expr: `${maxWithout(['result'], slow)} >= ${least}`,
        summary:
          'fal: {{ $value }} of the last 5 runs of probe {{ $labels.probe }} slow ({{ $labels.endpoint_id }})',
        description:
          '{{ $value }} of the last 5 runs of the probe {{ $labels.probe }} on {{ $labels.endpoint_id }} (account {{ $labels.account }}) succeeded, but took longer than the latency limit of the model. A cold start takes up to 15 s; more than 30 s in a row is a queue, or a model that became slow. If it always takes that long, set latency_limit for it.',
        dashboard: 'fal-probes',
      },
    ];
  },
});

export const probeMissing = alert({
  name: 'FalProbeMissing',
  scope: 'platform',
  severity: 'warning',
  forSeconds: 300,
  parameters: { intervals: factor(3, 'intervals without a run, the timeout of a run added') },
  meaning:
    'A probe has not finished a run for {intervals} of its intervals and its timeout, and the account is not locked.',
  rules: (promql, { intervals }) => {
    const lastRun = promql.latest(promql.exporter('fal_probe_last_run_timestamp_seconds'));
    const interval = promql.latest(promql.exporter('fal_probe_interval_seconds'));
    const timeout = promql.latest(promql.exporter('fal_probe_timeout_seconds'));
    const patience = `(${intervals} * ${interval} + ${timeout})`;
    const uptime = `(time() - ${promql.latest(promql.exporter('process_start_time_seconds'))})`;
    return [
      {
        source: 'probe',
        expr: [
          '(',
          `  time() - ${lastRun} > ${patience}`,
          '  or',
          // A probe that never ran has no last run: it is missing once the exporter is old enough.
          `  (${uptime} > on (job, instance) group_right () ${patience}) unless ${lastRun}`,
          ')',
          `unless on (account) max by (account) (${promql.latest(promql.exporter('fal_account_locked'))}) == 1`,
        ].join('\n'),
        summary: 'probe {{ $labels.probe }} has not run for {{ $value | humanizeDuration }}',
        description:
          'The probe {{ $labels.probe }} (account {{ $labels.account }}) has not finished a run for {{ $value | humanizeDuration }}. Nothing is known about what it watches: no news is not good news. Most often its budget is used up or all slots are taken (fal_probe_skipped_total tells), otherwise the exporter hangs: read its log.',
        dashboard: 'fal-probes',
      },
    ];
  },
});
