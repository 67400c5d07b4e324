/**
 * Exemplars as Grafana's data source asks for them and shapes them. What Prometheus answers:
 * https://prometheus.io/docs/prometheus/latest/querying/api/#querying-exemplars
 */
import type { DataFrame, DataLink, DataTopic, Field, FieldType } from '@grafana/data';
import type { ExemplarSeries, Labels } from './api.ts';
import type { Asked } from './frames.ts';
import { numberOf } from './numbers.ts';
import type { PromQuery } from './query.ts';

/** An entry of `exemplarTraceIdDestinations` in the settings of a data source. */
export interface TraceDestination {
  /** Label of the exemplar that holds the trace id. */
  readonly name: string;
  readonly url?: string;
  readonly urlDisplayLabel?: string;
  readonly datasourceUid?: string;
}

/** Where traces are, by the settings of the data source. */
export interface Traces {
  readonly destinations: readonly TraceDestination[];
  /** Name of another data source; undefined when there is none with that uid. */
  readonly nameOfSource: (uid: string) => string | undefined;
}

interface Exemplar {
  /** Unix seconds. */
  readonly timestamp: number;
  readonly value: number;
  /** Those of its series and its own. */
  readonly labels: Labels;
}

const HISTOGRAM = /[a-zA-Z_:][\w:]*_bucket\b/;

/**
 * Whether to ask for the exemplars of a query. Grafana leaves out one whose histogram an earlier query of the panel
 * names as well, when it has the names of histograms at hand. Here it always has them: what works here works there.
 */
export function asksForExemplars(query: PromQuery, queries: readonly PromQuery[]): boolean {
  if (query.exemplar !== true) return false;
  const [histogram] = HISTOGRAM.exec(query.expr) ?? [];
  const earlier = queries.slice(0, queries.indexOf(query)).filter(({ hide }) => hide !== true);
  return histogram === undefined || !earlier.some(({ expr = '' }) => expr.includes(histogram));
}

/**
 * One frame for a query, as annotations of the panel: time, value, and a column for each label, with links where the
 * data source says that the traces are. No frame without exemplars.
 */
export function exemplarFrames(
  series: readonly ExemplarSeries[],
  { query, expr, stepSeconds }: Asked,
  traces: Traces,
): DataFrame[] {
  const all = series.flatMap(exemplarsOf);
  if (all.length === 0) return [];
  const shown = sampled(all, stepSeconds);
  const names = [...new Set(all.flatMap(({ labels }) => Object.keys(labels)))].sort();
  const column = (name: string, type: `${FieldType}`, values: readonly unknown[]): Field => {
    const links = linksFrom(name, traces);
    return {
      name,
      type: type as FieldType,
      config: links.length === 0 ? {} : { links },
      values: [...values],
    };
  };
  // What Grafana adds to the first series of an answer is kept where it is the only one.
  const isOnly = series.length === 1;
  return [
    {
      refId: query.refId,
      name: 'exemplar',
      meta: {
        typeVersion: [0, 0],
        custom: { ...(isOnly && { calculatedMinStep: stepSeconds * 1000 }), resultType: 'exemplar' },
        ...(isOnly && { executedQueryString: `Expr: ${expr}\nStep: ${stepSeconds}s` }),
        dataTopic: 'annotations' as DataTopic,
      },
      fields: [
        column('Time', 'time', shown.map(millisecondsOf)),
        column(
          'Value',
          'number',
          shown.map(({ value }) => value),
        ),
        ...names.map((name) =>
          column(
            name,
            'string',
            shown.map(({ labels }) => labels[name] ?? ''),
          ),
        ),
      ],
      length: shown.length,
    },
  ];
}

function exemplarsOf({ seriesLabels, exemplars }: ExemplarSeries): Exemplar[] {
  return exemplars.map(({ timestamp, value, labels }) => ({
    timestamp,
    value: numberOf(value),
    labels: { ...seriesLabels, ...labels },
  }));
}

function millisecondsOf({ timestamp }: Exemplar): number {
  return Math.round(timestamp * 1000);
}

/**
 * Of each step the greatest value, and of the lesser ones those that are more than two standard deviations, of all
 * values, below the one kept before. Oldest first.
 */
function sampled(all: readonly Exemplar[], stepSeconds: number): Exemplar[] {
  const farApart = 2 * standardDeviation(all.map(({ value }) => value));
  const bySteps = Map.groupBy(all, ({ timestamp }) => Math.floor(Math.floor(timestamp) / stepSeconds));
  const kept = [...bySteps.values()].flatMap((ofStep) => {
    const [greatest, ...lesser] = ofStep.toSorted((a, b) => b.value - a.value);
    const chosen = greatest === undefined ? [] : [greatest];
    for (const each of lesser) {
      const distance = (chosen.at(-1)?.value ?? 0) - each.value;
      if (farApart > 0 && distance > farApart) chosen.push(each);
    }
    return chosen;
  });
  return kept.sort((a, b) => a.timestamp - b.timestamp);
}

/** Of a sample; 0 for fewer than two values. */
function standardDeviation(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}

/** To the data source that holds the traces, where it exists, and to an address. */
function linksFrom(label: string, { destinations, nameOfSource }: Traces): DataLink[] {
  const own = destinations.filter(({ name }) => name === label);
  return own.flatMap(({ url = '', urlDisplayLabel = '', datasourceUid = '' }) => {
    const source = datasourceUid === '' ? undefined : nameOfSource(datasourceUid);
    return [
      ...(source === undefined ? [] : [linkToSource({ datasourceUid, source, urlDisplayLabel })]),
      ...(url === '' ? [] : [{ title: urlDisplayLabel || `Go to ${url}`, url, targetBlank: true }]),
    ];
  });
}

interface ToSource {
  readonly datasourceUid: string;
  readonly source: string;
  readonly urlDisplayLabel: string;
}

function linkToSource({ datasourceUid, source, urlDisplayLabel }: ToSource): DataLink {
  return {
    title: urlDisplayLabel || `Query with ${source}`,
    url: '',
    internal: {
      query: { query: '${__value.raw}', queryType: 'traceql' },
      panelsState: { trace: { spanId: '${__data.fields["span_id"]}' } },
      datasourceUid,
      datasourceName: source,
    },
  };
}
