import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';

/** The data source that the reader chose, wherever one is named. */
export const DATASOURCE = { type: 'prometheus', uid: '${datasource}' } as const;

/** One query of a panel. */
export interface Query {
  readonly expr: string;
  /** Name of the series: text with `{{label}}`. Without it Grafana shows all labels, which nobody wants to read. */
  readonly legend: string;
  /** What the panels of the plugin find a query by; letters in order where nobody asks. */
  readonly refId?: string | undefined;
  /** One value now, instead of a curve over the range. */
  readonly isInstant?: boolean | undefined;
  readonly format?: 'time_series' | 'table' | 'heatmap' | undefined;
  /** Marks single requests that have a trace, where Prometheus stores exemplars. */
  readonly hasExemplars?: boolean | undefined;
  /** Shortest step, `1m`. */
  readonly interval?: string | undefined;
}

/** A query whose answer is rows of a table: the values of now, a column by this name. */
export function tableQuery(refId: string, expr: string): Query {
  return { refId, expr, legend: '', isInstant: true, format: 'table' };
}

const FORMATS = {
  time_series: PromQueryFormat.TimeSeries,
  table: PromQueryFormat.Table,
  heatmap: PromQueryFormat.Heatmap,
} as const;

/** The query as a target of the panel; `index` gives it a letter when it has no name. */
export function targetOf(query: Query, index: number): DataqueryBuilder {
  const target = new DataqueryBuilder()
    .datasource(DATASOURCE)
    .expr(query.expr)
    .format(FORMATS[query.format ?? 'time_series'])
    .legendFormat(query.legend)
    .refId(query.refId ?? String.fromCharCode('A'.charCodeAt(0) + index));
  // Each of the two sets both flags; the explicit pair is what Grafana itself writes.
  if (query.isInstant === true) target.instant();
  else target.range();
  if (query.hasExemplars === true) target.exemplar(true);
  if (query.interval !== undefined) target.interval(query.interval);
  return target;
}
