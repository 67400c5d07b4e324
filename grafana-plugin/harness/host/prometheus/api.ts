import { getBackendSrv } from '@grafana/runtime';
import { lastValueFrom } from 'rxjs';

/** Prometheus' HTTP API behind Grafana's data source proxy. */
export interface Api {
  query(expr: string, atSeconds: number): Promise<Answer>;
  queryRange(expr: string, range: Range): Promise<Answer>;
  exemplars(expr: string, range: Pick<Range, 'start' | 'end'>): Promise<ExemplarSeries[]>;
  /** Values of a label, of the series that match a selector where there is one. */
  labelValues(label: string, selector: string | undefined, range: Range): Promise<string[]>;
  labelNames(range: Range): Promise<string[]>;
}

/** Seconds since the epoch. */
export interface Range {
  readonly start: number;
  readonly end: number;
  readonly step: number;
}

export type Labels = Readonly<Record<string, string>>;
export type Point = readonly [at: number, value: string];

export type Answer =
  | { readonly resultType: 'vector'; readonly result: readonly { metric: Labels; value: Point }[] }
  | { readonly resultType: 'matrix'; readonly result: readonly { metric: Labels; values: Point[] }[] }
  | { readonly resultType: 'scalar'; readonly result: Point };

export interface ExemplarSeries {
  readonly seriesLabels: Labels;
  readonly exemplars: readonly {
    readonly labels: Labels;
    readonly value: string;
    readonly timestamp: number;
  }[];
}

/** Rejects with Prometheus' own message when it refuses an expression. */
export function apiOf(uid: string): Api {
  const get = <T>(path: string, parameters: Readonly<Record<string, string>>): Promise<T> =>
    asked<T>(`/api/datasources/uid/${uid}/resources/api/v1/${path}`, parameters);
  return {
    query: (query, time) => get('query', { query, time: String(time) }),
    queryRange: (query, range) => get('query_range', { query, ...textOf(range) }),
    exemplars: (query, { start, end }) =>
      get('query_exemplars', { query, start: String(start), end: String(end) }),
    labelValues: (label, selector, { start, end }) =>
      get(`label/${encodeURIComponent(label)}/values`, {
        start: String(start),
        end: String(end),
        ...(selector !== undefined && { 'match[]': selector }),
      }),
    labelNames: ({ start, end }) => get('labels', { start: String(start), end: String(end) }),
  };
}

function textOf({ start, end, step }: Range): Record<string, string> {
  return { start: String(start), end: String(end), step: String(step) };
}

async function asked<T>(url: string, params: Readonly<Record<string, string>>): Promise<T> {
  const answer = await lastValueFrom(
    getBackendSrv().fetch<{ status: string; data?: T; error?: string }>({ url, params }),
  ).catch((error: unknown) => {
    const { data, status } = error as { data?: { error?: string; message?: string }; status?: number };
    throw new Error(data?.error ?? data?.message ?? `HTTP ${status ?? 'without a status'} from ${url}`);
  });
  if (answer.data.data === undefined) throw new Error(answer.data.error ?? `no data in the answer of ${url}`);
  return answer.data.data;
}
