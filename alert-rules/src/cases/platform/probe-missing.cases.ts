import { levels, ofExporter, timestamp, together } from '../exporter-series.ts';
import type { Firing, InputSeries, RuleCase } from '../rule-case.ts';

const alert = 'FalProbeMissing';

const FAULT = 'a probe stopped running (interval 60 s, timeout 30 s)';

interface Watched {
  readonly minutes: number;
  readonly interval?: number;
  readonly timeout?: number;
  readonly step?: number;
}

const LABELS = { account: 'prod', probe: 'flux' };
const LAST_RUN = ofExporter('fal_probe_last_run_timestamp_seconds', LABELS);

/** A probe as it is configured, and an exporter that started when the story began. */
function probe({ minutes, interval = 60, timeout = 30, step = 15 }: Watched): InputSeries {
  const always = (value: number): string => `${value}x${(minutes * 60) / step}`;
  return {
    [ofExporter('fal_probe_interval_seconds', LABELS)]: always(interval),
    [ofExporter('fal_probe_timeout_seconds', LABELS)]: always(timeout),
    [ofExporter('process_start_time_seconds')]: always(0),
  };
}

function missing(since: string): Firing {
  return {
    labels: {
      ...LABELS,
      severity: 'warning',
      scope: 'platform',
      source: 'probe',
      job: 'fal-exporter',
      instance: '10.0.0.9:10464',
    },
    summary: `probe flux has not run for ${since}`,
    description: `The probe flux (account prod) has not finished a run for ${since}. Nothing is known about what it watches: no news is not good news. Most often its budget is used up or all slots are taken (fal_probe_skipped_total tells), otherwise the exporter hangs: read its log.`,
    dashboardUrl: 'http://localhost:3000/d/fal-probes',
  };
}

const STOPS = together(probe({ minutes: 50 }), {
  [LAST_RUN]: timestamp([
    [10, 'moves'],
    [20, 'stands'],
    [20, 'moves'],
  ]),
});

/** What a failed scrape does to a series: one sample is missing, with the mark of an end in its place. */
function withFailedScrape(value: number): string {
  return levels([18, value], [0.25, 'gone'], [20, value]);
}

export const PROBE_MISSING: readonly RuleCase[] = [
  {
    ...{ alert, kind: 'fires', name: 'three intervals, the timeout and five minutes after the last run' },
    fault: FAULT,
    series: STOPS,
    faultAt: 600,
    firesAfter: 525,
    firing: [missing('8m 45s')],
  },
  {
    ...{ alert, kind: 'fires', name: 'a probe that never ran, once the exporter is old enough' },
    series: probe({ minutes: 20 }),
    faultAt: 0,
    firesAfter: 525,
    firing: [missing('8m 45s')],
  },
  {
    ...{ alert, kind: 'fires', name: 'a failed scrape in between does not delay it' },
    series: {
      [ofExporter('fal_probe_interval_seconds', LABELS)]: withFailedScrape(60),
      [ofExporter('fal_probe_timeout_seconds', LABELS)]: withFailedScrape(30),
      [ofExporter('process_start_time_seconds')]: withFailedScrape(0),
      [LAST_RUN]: timestamp([
        [10, 'moves'],
        [8, 'stands'],
        [0.25, 'gone'],
        [20, 'stands'],
      ]),
    },
    faultAt: 600,
    firesAfter: 525,
    firing: [missing('8m 45s')],
  },
  {
    ...{ alert, kind: 'fires', name: 'a probe that never ran, and a failed scrape does not delay it' },
    series: {
      [ofExporter('fal_probe_interval_seconds', LABELS)]: levels([5, 60], [0.25, 'gone'], [20, 60]),
      [ofExporter('fal_probe_timeout_seconds', LABELS)]: levels([5, 30], [0.25, 'gone'], [20, 30]),
      [ofExporter('process_start_time_seconds')]: levels([5, 0], [0.25, 'gone'], [20, 0]),
    },
    faultAt: 0,
    firesAfter: 525,
    firing: [missing('8m 45s')],
  },
  {
    ...{ alert, kind: 'fires', name: 'a probe of once an hour after more than three hours', step: 60 },
    series: together(probe({ minutes: 240, interval: 3600, timeout: 120, step: 60 }), {
      [LAST_RUN]: '0x240',
    }),
    faultAt: 0,
    firesAfter: 11_280,
    firing: [missing('3h 8m 0s')],
  },
  {
    ...{ alert, kind: 'silent below', name: 'a run every three and a half intervals' },
    series: together(probe({ minutes: 40 }), {
      [LAST_RUN]: Array.from({ length: 12 }, (_, run) => `${run * 210}x13`).join(' '),
    }),
    until: 2400,
  },
  {
    ...{ alert, kind: 'silent below', name: 'a probe that never ran, and an exporter that is too young' },
    series: probe({ minutes: 8 }),
    until: 480,
  },
  {
    ...{
      alert,
      kind: 'silent otherwise',
      name: 'a probe of once an hour, two hours after its last run',
      step: 60,
    },
    series: together(probe({ minutes: 120, interval: 3600, timeout: 120, step: 60 }), {
      [LAST_RUN]: '0x120',
    }),
    until: 7200,
  },
  {
    ...{
      alert,
      kind: 'silent otherwise',
      name: 'the account is locked, by two exporters, so probes are held back',
    },
    series: together(STOPS, {
      [ofExporter('fal_account_locked', { account: 'prod', reason: 'admin_lock' })]: levels([50, 1]),
      [ofExporter('fal_account_locked', { account: 'prod', reason: 'top_up' })]: levels([50, 0]),
      [ofExporter('fal_account_locked', { account: 'prod', instance: 'b', reason: 'admin_lock' })]: levels([
        50, 1,
      ]),
    }),
    until: 1800,
  },
  {
    ...{ alert, kind: 'silent otherwise', name: 'the exporter itself is gone, which is another alert' },
    series: {
      [ofExporter('fal_probe_interval_seconds', LABELS)]: levels([10, 60], [20, 'gone']),
      [ofExporter('fal_probe_timeout_seconds', LABELS)]: levels([10, 30], [20, 'gone']),
      [ofExporter('process_start_time_seconds')]: levels([10, 0], [20, 'gone']),
      [LAST_RUN]: timestamp([
        [10, 'moves'],
        [20, 'gone'],
      ]),
    },
    until: 1800,
  },
  {
    ...{
      alert,
      kind: 'silent otherwise',
      name: 'another account is locked: it says nothing of this one, which runs',
    },
    series: together(probe({ minutes: 20 }), {
      [LAST_RUN]: timestamp([[20, 'moves']]),
      [ofExporter('fal_account_locked', { account: 'stage', reason: 'admin_lock' })]: levels([20, 1]),
    }),
    until: 1200,
  },
  {
    ...{ alert, kind: 'resolves', name: 'with the next run' },
    fault: FAULT,
    series: STOPS,
    firingAt: 1800,
    healedAt: 1800,
    resolvesAfter: 15,
  },
];
