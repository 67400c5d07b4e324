import {
  columns,
  joinedBy,
  stateCells,
  table,
  tableQuery,
  timeSeries,
  type Placed,
} from '../grafana/index.ts';
import { account } from '../promql/selectors.ts';
import { failureRatio, maxBy, PROBES, RANGE, sumBy, WINDOW } from '../promql/traffic.ts';

/** Whether they run at all. */
export function runs(): Placed[] {
  return [skipped(), lastRuns()];
}

function skipped(): Placed {
  return timeSeries({
    title: 'Skipped runs by reason, over $window',
    description:
      'Our own decisions. budget: raise it or the interval; slots: the last free slot is yours; locked: fal refuses the account; fresh_traffic: your own requests told enough; standby: another exporter probes.',
    width: 8,
    height: 9,
    queries: [
      {
        expr: `${sumBy(['probe', 'reason'], `increase(${account('fal_probe_skipped_total')}[${WINDOW}])`)} > 0`,
        legend: '{{probe}}: {{reason}}',
      },
    ],
    unit: 'short',
    min: 0,
    noData: 'No run was skipped in this range',
    isStacked: true,
    draw: 'bars',
  });
}

function lastRuns(): Placed {
  return table({
    title: 'Every probe: last run, interval, failures',
    description:
      'A last run older than three intervals: the probe does not run, and its silence is no good news.',
    width: 16,
    height: 9,
    queries: [
      tableQuery('up', maxBy(['probe'], account('fal_probe_up'))),
      tableQuery('last', `${maxBy(['probe'], account('fal_probe_last_run_timestamp_seconds'))} * 1000`),
      tableQuery('interval', maxBy(['probe'], account('fal_probe_interval_seconds'))),
      tableQuery('timeout', maxBy(['probe'], account('fal_probe_timeout_seconds'))),
      tableQuery('failing', failureRatio(PROBES, ['probe'], RANGE)),
    ],
    unit: 's',
    decimals: 0,
    noData: 'No probe is configured, or no exporter is scraped',
    transformations: [
      joinedBy('probe'),
      ...columns([
        ['probe', 'Probe'],
        ['Value #up', 'Last result'],
        ['Value #last', 'Last run'],
        ['Value #interval', 'Every'],
        ['Value #timeout', 'Time-out'],
        ['Value #failing', 'Failing'],
      ]),
    ],
    color: 'text',
    overrides: [
      {
        match: { name: 'Last result' },
        set: stateCells([
          { at: 0, text: 'bad', color: 'red' },
          { at: 1, text: 'good', color: 'green' },
        ]),
      },
      { match: { name: 'Last run' }, set: { unit: 'dateTimeFromNow', 'custom.minWidth': 150 } },
      { match: { name: 'Probe' }, set: { 'custom.minWidth': 140 } },
      { match: { name: 'Failing' }, set: { unit: 'percentunit', decimals: 1 } },
    ],
    sortBy: { column: 'Last result', isDescending: false },
  });
}
