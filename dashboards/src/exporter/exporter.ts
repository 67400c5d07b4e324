import {
  columns,
  joinedBy,
  stat,
  stateTimeline,
  table,
  timeSeries,
  type DashboardSpec,
  type Placed,
} from '../grafana/index.ts';
import { limitOf } from '../promql/limits.ts';
import { self } from '../promql/selectors.ts';
import { maxBy, RATE_INTERVAL } from '../promql/traffic.ts';

const NOT_SCRAPED = 'No exporter is scraped: check the data source, the job, and fal_exporter_build_info';

/** States that fal’s page says of a component, the better ones first. */
const COMPONENT_STATES = [
  { state: 'operational', rank: 0, color: 'green' },
  { state: 'unknown', rank: 1, color: 'text' },
  { state: 'maintenance', rank: 2, color: 'blue' },
  { state: 'degraded', rank: 3, color: 'yellow' },
  { state: 'partial_outage', rank: 4, color: 'orange' },
  { state: 'major_outage', rank: 5, color: 'red' },
] as const;

/** Whether the numbers on the other dashboards can be trusted. */
export const exporter: DashboardSpec = {
  uid: 'fal-exporter',
  title: 'fal Exporter health',
  description:
    'Whether the numbers on the other dashboards can be trusted: the exporter, its collectors, its limits.',
  tag: 'exporter',
  revision: 1,
  hasWindow: false,
  rows: [
    { panels: tiles() },
    { title: 'Collectors: what is read from the account', panels: collectors() },
    { title: 'fal’s own status page', panels: statusPage() },
    { title: 'The process', panels: process() },
  ],
};

function tiles(): Placed[] {
  return [
    up(),
    tile({
      title: 'Version',
      description: 'What runs. Two versions at once: an upgrade is half done.',
      width: 3,
      expr: `count by (version) (${self('fal_exporter_build_info')})`,
      legend: '{{version}}',
      show: 'name',
      color: 'text',
    }),
    tile({
      title: 'Data',
      description: 'Demo: every number comes from the simulator, because no key is configured.',
      width: 3,
      expr: `max(${self('fal_exporter_demo_mode')})`,
      words: [
        { at: 0, text: 'real', color: 'green' },
        { at: 1, text: 'DEMO', color: 'purple' },
      ],
    }),
    tile({
      title: 'Configuration',
      description: 'Rejected: the old one is still in force; log and status page name the problems.',
      width: 3,
      expr: `min(${self('fal_exporter_config_last_reload_successful')})`,
      words: [
        { at: 1, text: 'in force', color: 'green' },
        { at: 0, text: 'rejected', color: 'red' },
      ],
    }),
    tile({
      title: 'Series held',
      description: 'Near series.limit new ones are refused.',
      width: 3,
      expr: `max(${self('fal_exporter_series')})`,
      color: 'text',
    }),
    tile({
      title: 'Series refused',
      description:
        'In this range. Above 0 something is missing from every panel: raise series.limit and restart.',
      width: 3,
      expr: `sum(increase(${self('fal_exporter_series_refused_total')}[$__range]))`,
      thresholds: [
        { color: 'green' },
        { from: limitOf('FalExporterSeriesLimit', 'min_refused'), color: 'red' },
      ],
    }),
    tile({
      title: 'Values dropped',
      description: 'In this range. Above 0 is a bug of the exporter: please report it.',
      width: 3,
      expr: `sum(increase(${self('fal_exporter_values_ignored_total')}[$__range]))`,
      thresholds: [{ color: 'green' }, { from: 1, color: 'red' }],
    }),
    clock(),
  ];
}

interface Tile {
  readonly title: string;
  readonly description: string;
  readonly width: number;
  readonly expr: string;
  readonly legend?: string;
  readonly show?: 'name';
  readonly color?: string;
  readonly thresholds?: NonNullable<Parameters<typeof stat>[0]['thresholds']>;
  readonly words?: NonNullable<Parameters<typeof stat>[0]['words']>;
}

function tile({ expr, legend, ...rest }: Tile): Placed {
  return stat({
    ...rest,
    height: 4,
    queries: [{ expr, legend: legend ?? rest.title, isInstant: true }],
    unit: 'short',
    decimals: 0,
    noData: 'Not scraped',
    ...(rest.words === undefined ? {} : { color: 'thresholds' }),
  });
}

function up(): Placed {
  return stat({
    title: 'Exporters scraped',
    description:
      'Targets that answer with our metrics. 0 or fewer than you run: the alert FalExporterDown or FalExporterAbsent says which.',
    width: 3,
    height: 4,
    queries: [{ expr: `count(${self('fal_exporter_build_info')})`, legend: 'exporters', isInstant: true }],
    unit: 'short',
    decimals: 0,
    noData: 'None',
    thresholds: [{ color: 'red' }, { from: 1, color: 'green' }],
  });
}

function clock(): Placed {
  return stat({
    title: 'Clock skew',
    description:
      'Difference of the exporter’s clock to Prometheus. Every age and every time in a support case is wrong by as much.',
    width: 3,
    height: 4,
    queries: [
      {
        expr: `max(abs(${self('fal_exporter_time_seconds')} - timestamp(${self('fal_exporter_time_seconds')})))`,
        legend: 'skew',
        isInstant: true,
      },
    ],
    unit: 's',
    decimals: 1,
    noData: 'Not scraped',
    thresholds: [{ color: 'green' }, { from: limitOf('FalClockSkew'), color: 'orange' }],
  });
}

function collectors(): Placed[] {
  const instant = { legend: '', isInstant: true, format: 'table' } as const;
  const by = (metric: string): string => maxBy(['collector'], self(metric));
  return [
    stateTimeline({
      title: 'Last run of each collector',
      description:
        'failed: what it feeds is stale, not zero. Absent: it is switched off, or its key is missing (FAL_ADMIN_KEY for money).',
      width: 10,
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
    }),
    table({
      title: 'Every collector now',
      description:
        'Data age: how old the newest thing is that it read; it grows while fal’s data lag or cannot be read. Last success older than three intervals: stale.',
      width: 14,
      height: 10,
      queries: [
        {
          ...instant,
          refId: 'success',
          expr: `min by (collector) (${self('fal_exporter_collector_success')})`,
        },
        {
          ...instant,
          refId: 'last',
          expr: `${by('fal_exporter_collector_last_success_timestamp_seconds')} * 1000`,
        },
        { ...instant, refId: 'interval', expr: by('fal_exporter_collector_interval_seconds') },
        { ...instant, refId: 'took', expr: by('fal_exporter_collector_duration_seconds') },
        {
          ...instant,
          refId: 'age',
          expr: `label_replace(max by (source) (${self('fal_platform_data_age_seconds')}), "collector", "$1", "source", "(.+)")`,
        },
        {
          ...instant,
          refId: 'calls',
          expr: `sum by (collector) (increase(${self('fal_exporter_collector_calls_total')}[1h]))`,
        },
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
          set: {
            unit: 'none',
            mappings: [
              {
                type: 'value',
                options: {
                  '0': { text: 'failed', color: 'red', index: 0 },
                  '1': { text: 'good', color: 'green', index: 1 },
                },
              },
            ],
            'custom.cellOptions': { type: 'color-text' },
          },
        },
        { match: { name: 'Last success' }, set: { unit: 'dateTimeFromNow' } },
        { match: { name: 'Calls in 1 h' }, set: { unit: 'short', decimals: 0 } },
      ],
      sortBy: { column: 'Last run', isDescending: false },
    }),
    timeSeries({
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
    }),
  ];
}

function statusPage(): Placed[] {
  return [
    stateTimeline({
      title: 'Components, as fal says',
      description:
        'What fal’s own page says of its parts. It lags by minutes: trust your probes first. Absent: the page could not be read.',
      width: 16,
      height: 9,
      queries: [
        {
          expr: `max by (component) (${COMPONENT_STATES.map(({ state, rank }) => `(${self('fal_status_component', `state="${state}"`)} == 1) * 0 + ${rank}`).join(' or ')})`,
          legend: '{{component}}',
        },
      ],
      unit: 'none',
      noData: 'The status page was not read: collector status-page is off, or the page cannot be reached',
      thresholds: [{ color: 'green' }],
      words: COMPONENT_STATES.map(({ state, rank, color }) => ({
        at: rank,
        text: state.replace('_', ' '),
        color,
      })),
      hasLegend: false,
    }),
    timeSeries({
      title: 'Open incidents, as fal says',
      description:
        'By impact. Above 0 fal knows of a problem already: read its page before you write to support.',
      width: 8,
      height: 9,
      queries: [
        { expr: `max by (impact) (${self('fal_status_incident')})`, legend: '{{impact}}' },
        { expr: `1 - max(${self('fal_status_page_up')}) > 0`, legend: 'page cannot be read' },
      ],
      unit: 'short',
      decimals: 0,
      min: 0,
      noData: 'The status page was not read',
      isStacked: true,
    }),
  ];
}

function process(): Placed[] {
  const curve = { width: 8, height: 7, noData: NOT_SCRAPED, min: 0 } as const;
  return [
    timeSeries({
      ...curve,
      title: 'CPU',
      description: 'Cores in use. Near 1: probes are delayed, and their durations too long.',
      queries: [
        { expr: `rate(${self('process_cpu_seconds_total')}[${RATE_INTERVAL}])`, legend: '{{instance}}' },
      ],
      unit: 'short',
    }),
    timeSeries({
      ...curve,
      title: 'Memory',
      description: 'Steady growth over days is a leak: please report it.',
      queries: [
        { expr: self('process_resident_memory_bytes'), legend: 'resident {{instance}}' },
        { expr: self('nodejs_heap_size_used_bytes'), legend: 'heap {{instance}}' },
      ],
      unit: 'bytes',
    }),
    timeSeries({
      ...curve,
      title: 'Restarts in the hour',
      description: 'Frequent: look for the reason in its log; probes and collectors start anew each time.',
      queries: [{ expr: `changes(${self('process_start_time_seconds')}[1h])`, legend: '{{instance}}' }],
      unit: 'short',
      decimals: 0,
    }),
    timeSeries({
      ...curve,
      title: 'Open files',
      description: 'Steady growth: connections are not closed.',
      queries: [{ expr: self('process_open_fds'), legend: '{{instance}}' }],
      unit: 'short',
      decimals: 0,
    }),
    timeSeries({
      ...curve,
      title: 'Event loop lag, P99',
      description: 'Measured durations are too long by as much.',
      queries: [{ expr: self('nodejs_eventloop_lag_p99_seconds'), legend: '{{instance}}' }],
      unit: 's',
    }),
    timeSeries({
      ...curve,
      title: 'Duration of a scrape',
      description:
        'Collect, write and compress; never a call to fal. Near the scrape time-out of Prometheus: fewer series.',
      queries: [{ expr: self('fal_exporter_scrape_duration_seconds'), legend: '{{instance}}' }],
      unit: 's',
    }),
  ];
}
