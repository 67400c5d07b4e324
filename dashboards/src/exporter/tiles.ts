import { stat, type Placed } from '../grafana/index.ts';
import { limitOf } from '../promql/limits.ts';
import { self } from '../promql/selectors.ts';

/** The exporter in one line: is it there, is it real, is it whole. */
export function tiles(): Placed[] {
  return [up(), version(), data(), configuration(), seriesHeld(), seriesRefused(), valuesDropped(), clock()];
}

function version(): Placed {
  return tile({
    title: 'Version',
    description: 'What runs. Two versions at once: an upgrade is half done.',
    width: 6,
    expr: `count by (version) (${self('fal_exporter_build_info')})`,
    legend: '{{version}}',
    show: 'name',
    color: 'text',
  });
}

function data(): Placed {
  return tile({
    title: 'Data',
    description: 'Demo: every number comes from the simulator, because no key is configured.',
    width: 6,
    expr: `max(${self('fal_exporter_demo_mode')})`,
    words: [
      { at: 0, text: 'real', color: 'green' },
      { at: 1, text: 'DEMO', color: 'purple' },
    ],
  });
}

function configuration(): Placed {
  return tile({
    noData: 'No configuration file was read',
    title: 'Configuration',
    description: 'Rejected: the old one is still in force; log and status page name the problems.',
    width: 6,
    expr: `min(${self('fal_exporter_config_last_reload_successful')})`,
    words: [
      { at: 1, text: 'in force', color: 'green' },
      { at: 0, text: 'rejected', color: 'red' },
    ],
  });
}

function seriesHeld(): Placed {
  return tile({
    title: 'Series held',
    description: 'Near series.limit new ones are refused.',
    width: 6,
    expr: `max(${self('fal_exporter_series')})`,
    color: 'text',
    unit: 'locale',
  });
}

function seriesRefused(): Placed {
  return tile({
    title: 'Series refused',
    description:
      'In this range. Above 0 something is missing from every panel: raise series.limit and restart.',
    width: 6,
    expr: `sum(increase(${self('fal_exporter_series_refused_total')}[$__range]))`,
    thresholds: [
      { color: 'green' },
      { from: limitOf('FalExporterSeriesLimit', 'min_refused'), color: 'red' },
    ],
  });
}

function valuesDropped(): Placed {
  return tile({
    title: 'Values dropped',
    description: 'In this range. Above 0 is a bug of the exporter: please report it.',
    width: 6,
    expr: `sum(increase(${self('fal_exporter_values_ignored_total')}[$__range]))`,
    thresholds: [{ color: 'green' }, { from: 1, color: 'red' }],
  });
}

interface Tile {
  readonly title: string;
  readonly description: string;
  readonly width: number;
  readonly expr: string;
  readonly legend?: string;
  readonly noData?: string;
  readonly unit?: string;
  readonly show?: 'name';
  readonly color?: string;
  readonly thresholds?: NonNullable<Parameters<typeof stat>[0]['thresholds']>;
  readonly words?: NonNullable<Parameters<typeof stat>[0]['words']>;
}

function tile({ expr, legend, ...rest }: Tile): Placed {
  return stat({
    ...rest,
    height: 3,
    queries: [{ expr, legend: legend ?? rest.title, isInstant: true }],
    unit: rest.unit ?? 'short',
    decimals: 0,
    noData: rest.noData ?? 'Not scraped',
    ...(rest.words === undefined ? {} : { color: 'thresholds' }),
  });
}

function up(): Placed {
  return stat({
    title: 'Exporters scraped',
    description:
      'Targets that answer with our metrics. 0 or fewer than you run: the alert FalExporterDown or FalExporterAbsent says which.',
    width: 6,
    height: 3,
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
    width: 6,
    height: 3,
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
