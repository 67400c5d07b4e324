import type { DataQuery, ScopedVars } from '@grafana/data';

/** A target of a dashboard panel that asks Prometheus. */
export interface PromQuery extends DataQuery {
  readonly expr: string;
  readonly range?: boolean;
  readonly instant?: boolean;
  readonly exemplar?: boolean;
  readonly format?: 'time_series' | 'table' | 'heatmap';
  readonly legendFormat?: string;
  readonly interval?: string;
  /** Annotation queries give their step here. */
  readonly step?: string;
}

interface VariableKind {
  readonly multi?: boolean;
  readonly includeAll?: boolean;
}

/**
 * The value of a dashboard variable as text in PromQL. A variable that can have several values stands after `=~`, so
 * its values are escaped for a regular expression; any other one stands in a string.
 */
export function variableInPromQl(
  value: unknown,
  { multi = false, includeAll = false }: VariableKind,
): string {
  const isSingle = !multi && !includeAll;
  if (typeof value === 'string') return isSingle ? inString(value) : inPattern(value);
  if (!Array.isArray(value)) return String(value);
  const patterns = value.map((each) => inPattern(String(each)));
  return patterns.length === 1 ? (patterns[0] ?? '') : `(${patterns.join('|')})`;
}

function inString(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('"', '\\"');
}

function inPattern(value: string): string {
  return inString(value.replaceAll(/[$^*{}[\]+?.()|\\]/g, String.raw`\$&`));
}

/** Values of Grafana's own variables for one query. */
export function builtIns(times: {
  readonly rangeSeconds: number;
  readonly stepSeconds: number;
  readonly rateIntervalSeconds: number;
}): ScopedVars {
  const { rangeSeconds, stepSeconds, rateIntervalSeconds } = times;
  return {
    __interval: variable(`${stepSeconds}s`),
    __interval_ms: variable(stepSeconds * 1000),
    __rate_interval: variable(`${rateIntervalSeconds}s`),
    __range: variable(`${rangeSeconds}s`),
    __range_s: variable(rangeSeconds),
    __range_ms: variable(rangeSeconds * 1000),
  };
}

function variable(value: string | number): { text: string; value: string } {
  return { text: String(value), value: String(value) };
}
