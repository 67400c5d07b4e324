import { alert } from '../alert.ts';
import { count, ratio } from '../parameter.ts';
import { maxWithout } from '../promql.ts';
import { APP } from '../sources.ts';

export const concurrencySaturated = alert({
  name: 'FalConcurrencySaturated',
  scope: 'account',
  severity: 'warning',
  forSeconds: 600,
  parameters: { threshold: ratio(0.9, 'running requests ÷ concurrency limit') },
  meaning:
    'The requests that we know to be running take {threshold} or more of the account’s concurrency limit.',
  rules: (promql, { threshold }) => {
    const inUse = `max by (account) (${promql.latest(promql.exporter('fal_account_slots_in_use'))})`;
    const limit = `max by (account) (${promql.latest(promql.exporter('fal_account_concurrency_limit'))})`;
    const ofApp = APP.sum(
      promql.latest(promql.app('fal_client_active_requests', 'state="running"')),
      'state',
    );
    const listed = maxWithout([], promql.latest(promql.exporter('fal_account_running_requests')));
    const atFal = `sum by (account) (${listed})`;
    return [
      {
        // Our probes and the app, or what fal lists of everybody, which lags behind: whichever is more.
        expr: [
          'max by (account) (',
          `  label_replace(${inUse} + (sum by (account) (${ofApp}) or 0 * ${inUse}), "seen_by", "us", "", "")`,
          '  or',
          `  label_replace(${atFal}, "seen_by", "fal", "", "")`,
          ')',
          '/',
          `(${limit} > 0) >= ${threshold}`,
        ].join('\n'),
        summary:
          'your fal account {{ $labels.account }} uses {{ $value | humanizePercentage }} of its concurrency limit',
        description:
          'Of the slots of the account {{ $labels.account }} {{ $value | humanizePercentage }} are taken. Queued requests now only wait, direct ones are refused with 429, and probes skip their runs. Lower your parallelism, look for stuck requests, or ask fal for a higher limit.',
        dashboard: 'fal-queue',
      },
    ];
  },
});

export const slotsStuck = alert({
  name: 'FalSlotsStuck',
  scope: 'account',
  severity: 'warning',
  forSeconds: 600,
  parameters: { min_requests: count(1, 'requests that run far longer than they should') },
  meaning: 'fal lists {min_requests} or more requests of the account as running far longer than they should.',
  rules: (promql, { min_requests: least }) => {
    const stuck = promql.latest(promql.exporter('fal_account_stuck_requests'));
    return [
      {
        expr: `${maxWithout([], stuck)} >= ${least}`,
        summary:
          '{{ $value }} requests to {{ $labels.endpoint_id }} hold slots and do not end (account {{ $labels.account }})',
        description:
          'fal lists {{ $value }} requests to {{ $labels.endpoint_id }} (account {{ $labels.account }}) as running far longer than the model takes. Each one holds a concurrency slot until it ends. Cancel them by request id; if that does not help (known after a key was revoked), send the ids to fal’s support.',
        dashboard: 'fal-queue',
      },
    ];
  },
});
