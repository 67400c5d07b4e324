import { type Level, levels, named, together } from '../exporter-series.ts';
import type { Firing, InputSeries, RuleCase } from '../rule-case.ts';

type Result = 'ok' | 'slow' | 'failure' | 'refused';

const RESULTS: readonly Result[] = ['ok', 'slow', 'failure', 'refused'];

const PAID = { probe: 'flux', endpoint_id: 'fal-ai/flux/dev' };
const FREE = { probe: 'hosts', endpoint_id: '' };

/**
 * How many of the last five runs of a probe had this result: pairs of minutes and a count, after ten minutes
 * without; the others were good.
 */
function recentRuns(
  result: Result,
  those: readonly Level[],
  { probe = PAID, instance = '10.0.0.9:10464' } = {},
): InputSeries {
  const labels = { job: 'fal-exporter', instance, account: 'prod', ...probe };
  const all: readonly Level[] = [[10, 0], ...those];
  const good = all.map(([minutes, count]): Level => [minutes, count === 'gone' ? count : 5 - count]);
  return Object.fromEntries(
    RESULTS.map((each) => [
      named('fal_probe_recent_runs', { ...labels, result: each }),
      each === result ? levels(...all) : each === 'ok' ? levels(...good) : levels(...all.map(none)),
    ]),
  );
}

function none([minutes, count]: Level): Level {
  return [minutes, count === 'gone' ? count : 0];
}

function failing(count: number): Firing {
  return {
    labels: { ...OF_PROBE, ...PAID },
    summary: `fal: ${count} of the last 5 runs of probe flux failed (fal-ai/flux/dev)`,
    description: `${count} of the last 5 runs of the probe flux (account prod) failed for a reason on fal’s side or on the way there. The exporter’s status page shows each run with its error and request id. If your own traffic is well, wait; if not, fail over.`,
    dashboardUrl: 'http://localhost:3000/d/fal-probes',
  };
}

const OF_PROBE = {
  severity: 'warning',
  scope: 'platform',
  source: 'probe',
  job: 'fal-exporter',
  account: 'prod',
};

const failingOnHosts: Firing = {
  labels: { ...OF_PROBE, probe: 'hosts' },
  summary: 'fal: 4 of the last 5 runs of probe hosts failed',
  description:
    '4 of the last 5 runs of the probe hosts (account prod) failed for a reason on fal’s side or on the way there. The exporter’s status page shows each run with its error and request id. If your own traffic is well, wait; if not, fail over.',
  dashboardUrl: 'http://localhost:3000/d/fal-probes',
};

const slow: Firing = {
  labels: { ...OF_PROBE, ...PAID },
  summary: 'fal: 3 of the last 5 runs of probe flux slow (fal-ai/flux/dev)',
  description:
    '3 of the last 5 runs of the probe flux on fal-ai/flux/dev (account prod) succeeded, but took longer than the latency limit of the model. A cold start takes up to 15 s; more than 30 s in a row is a queue, or a model that became slow. If it always takes that long, set latency_limit for it.',
  dashboardUrl: 'http://localhost:3000/d/fal-probes',
};

/** What is counted, and what comes of it. */
interface Counted {
  readonly alert: string;
  readonly result: Result;
  readonly firing: Firing;
  readonly fault: string;
}

/** When m of n runs were bad, whatever bad is. */
function speaks({ alert, result, firing, fault }: Counted): RuleCase[] {
  const badAndGood = recentRuns(result, [
    [10, 3],
    [10, 2],
  ]);
  return [
    {
      ...{ alert, kind: 'fires', name: 'three of five runs' },
      fault,
      series: badAndGood,
      faultAt: 600,
      firesAfter: 15,
      firing: [firing],
    },
    {
      ...{ alert, kind: 'resolves', name: 'once fewer than three of five are bad' },
      fault,
      series: badAndGood,
      firingAt: 1200,
      healedAt: 1200,
      resolvesAfter: 15,
    },
    {
      ...{ alert, kind: 'resolves', name: 'five minutes after the probe is gone' },
      series: recentRuns(result, [
        [5, 3],
        [20, 'gone'],
      ]),
      firingAt: 900,
      healedAt: 900,
      resolvesAfter: 315,
    },
    {
      ...{ alert, kind: 'resolves', name: 'but not by a failed scrape' },
      series: recentRuns(result, [
        [5, 3],
        [4, 'gone'],
        [1, 3],
        [10, 0],
      ]),
      firingAt: 1110,
      healedAt: 1200,
      resolvesAfter: 15,
    },
  ];
}

function staysSilent({ alert, result }: Counted): RuleCase[] {
  return [
    {
      ...{ alert, kind: 'silent below', name: 'two of five runs' },
      series: recentRuns(result, [[20, 2]]),
      until: 1800,
    },
    {
      ...{ alert, kind: 'silent below', name: 'two exporters saw two of five each' },
      series: together(
        recentRuns(result, [[20, 2]]),
        recentRuns(result, [[20, 2]], { instance: '10.0.0.8:10464' }),
      ),
      until: 1800,
    },
    {
      ...{ alert, kind: 'silent without enough traffic', name: 'the probe ran twice so far, badly' },
      series: {
        [named('fal_probe_recent_runs', { job: 'fal-exporter', account: 'prod', ...PAID, result })]: levels([
          20, 2,
        ]),
      },
      until: 1200,
    },
    {
      ...{ alert, kind: 'silent otherwise', name: 'the account or the input is refused every time' },
      series: recentRuns('refused', [[20, 5]]),
      until: 1800,
    },
  ];
}

const FAILING: Counted = {
  ...{ alert: 'FalProbeFailing', result: 'failure', firing: failing(3) },
  fault: 'three bad runs of five, seen by a probe',
};
const SLOW: Counted = {
  ...{ alert: 'FalProbeSlow', result: 'slow', firing: slow },
  fault: 'three slow runs of five, seen by a probe',
};

export const PROBE_FAILING: readonly RuleCase[] = [
  ...speaks(FAILING),
  ...staysSilent(FAILING),
  {
    ...{ alert: 'FalProbeFailing', kind: 'fires', name: 'a probe of the hosts, which has no endpoint' },
    series: recentRuns('failure', [[10, 4]], { probe: FREE }),
    faultAt: 600,
    firesAfter: 15,
    firing: [failingOnHosts],
  },
  {
    ...{
      alert: 'FalProbeFailing',
      kind: 'fires',
      name: 'once for two exporters, with the worse of their counts',
    },
    series: together(
      recentRuns('failure', [[10, 5]]),
      recentRuns('failure', [[10, 1]], { instance: '10.0.0.8:10464' }),
    ),
    faultAt: 600,
    firesAfter: 15,
    firing: [failing(5)],
  },
  {
    ...{
      alert: 'FalProbeFailing',
      kind: 'silent otherwise',
      name: 'every run is slow, which is another alert',
    },
    series: recentRuns('slow', [[20, 5]]),
    until: 1800,
  },
];

export const PROBE_SLOW: readonly RuleCase[] = [
  ...speaks(SLOW),
  ...staysSilent(SLOW),
  {
    ...{ alert: 'FalProbeSlow', kind: 'silent otherwise', name: 'every run fails, which is another alert' },
    series: recentRuns('failure', [[20, 5]]),
    until: 1800,
  },
];
