import {
  columns,
  joinedBy,
  stateCells,
  stateTimeline,
  table,
  tableQuery,
  timeSeries,
  type Placed,
} from '../grafana/index.ts';
import { self } from '../promql/selectors.ts';
import { maxBy } from '../promql/traffic.ts';
import { NOT_SCRAPED } from './not-scraped.ts';

const by = (metric: string): string => maxBy(['collector'], self(metric));

/** What is read from the account, and how fresh it is. */
export function collectors(): Placed[] {
  return [lastRunEachCollector(), everyCollectorNow(), ageWhatWasRead()];
}

function lastRunEachCollector(): Placed {
  return stateTimeline({
    title: 'Last run of each collector',
    description:
      'failed: what it feeds is stale, not zero. Absent: it is switched off, or its key is missing (FAL_ADMIN_KEY for money).',
    width: 9,
    height: 10,
    queries: [
      { expr: `min by (collector) (${self('fal_exporter_collector_success')})`, legend: '{{collector}}' },
    ],
    unit: 'none',
    noData: NOT_SCRAPED,
    thresholds: [{ color: 'red' }, { from: 1, color: 'green' }],
    words: [
      { at: 1, text: 'good', color: 'green' },
      { at: 0, text: 'failed', color: 'red' },
    ],
    hasLegend: false,
  });
}

function everyCollectorNow(): Placed {
  return table({
    title: 'Every collector now',
    description:
      'Data age: how old the newest thing is that it read; it grows while fal’s data lag or cannot be read. Last success older than three intervals: stale.',
    width: 15,
    height: 10,
    queries: [
      tableQuery('success', `min by (collector) (${self('fal_exporter_collector_success')})`),
      tableQuery('last', `${by('fal_exporter_collector_last_success_timestamp_seconds')} * 1000`),
      tableQuery('interval', by('fal_exporter_collector_interval_seconds')),
      tableQuery('took', by('fal_exporter_collector_duration_seconds')),
      tableQuery(
        'age',
        `label_replace(max by (source) (${self('fal_platform_data_age_seconds')}), "collector", "$1", "source", "(.+)")`,
      ),
      tableQuery('calls', `sum by (collector) (increase(${self('fal_exporter_collector_calls_total')}[1h]))`),
    ],
    unit: 's',
    decimals: 1,
    noData: NOT_SCRAPED,
    transformations: [
      joinedBy('collector'),
      ...columns([
        ['collector', 'Collector'],
        ['Value #success', 'Last run'],
        ['Value #last', 'Last success'],
        ['Value #interval', 'Every'],
        ['Value #took', 'Took'],
        ['Value #age', 'Data age'],
        ['Value #calls', 'Calls in 1 h'],
      ]),
    ],
    color: 'text',
    overrides: [
      {
        match: { name: 'Last run' },
        set: stateCells([
          { at: 0, text: 'failed', color: 'red' },
          { at: 1, text: 'good', color: 'green' },
        ]),
      },
      { match: { name: 'Last success' }, set: { unit: 'dateTimeFromNow', 'custom.minWidth': 140 } },
      { match: { name: 'Collector' }, set: { 'custom.minWidth': 140 } },
      { match: { name: 'Calls in 1 h' }, set: { unit: 'short', decimals: 0 } },
    ],
    sortBy: { column: 'Last run', isDescending: false },
  });
}

function ageWhatWasRead(): Placed {
  return timeSeries({
    title: 'Age of what was read',
    description:
      'By the newest moment that the data describe. A saw-tooth is healthy; a ramp is a source that stands still.',
    width: 24,
    height: 8,
    queries: [{ expr: `max by (source) (${self('fal_platform_data_age_seconds')})`, legend: '{{source}}' }],
    unit: 's',
    noData: 'Nothing was read yet: needs a key; money needs FAL_ADMIN_KEY',
    isLogarithmic: true,
    legendSide: 'right',
  });
}
