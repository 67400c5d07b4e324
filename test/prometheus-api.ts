/** One series of an instant query. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  /** Seconds since the epoch. */
  readonly at: number;
}

/** One series of a range query. */
export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  readonly points: readonly { readonly value: number; readonly at: number }[];
}

/** A scrape target as Prometheus sees it. */
export interface ScrapeTarget {
  readonly job: string;
  readonly url: string;
  readonly health: 'up' | 'down' | 'unknown';
  /** Empty while scrapes succeed. */
  readonly lastError: string;
}

/** What a scrape said about a metric family. */
export interface Metadata {
  readonly type: string;
  readonly help: string;
  readonly unit: string;
}

/** Times in seconds since the epoch. */
export interface QueryRange {
  readonly start: number;
  readonly end: number;
  readonly stepSeconds: number;
}

/** The questions that a test asks a Prometheus over its HTTP API. */
export interface PrometheusApi {
  /** Instant query that gives a vector or a scalar, now or at a time in seconds since the epoch. */
  query(promql: string, at?: number): Promise<Sample[]>;
  queryRange(promql: string, range: QueryRange): Promise<Series[]>;
  /** Active targets. */
  targets(): Promise<ScrapeTarget[]>;
  /** By metric family, all of them or the one named; a family may have several when targets disagree. */
  metadata(metric?: string): Promise<Readonly<Record<string, readonly Metadata[]>>>;
}

type RawPoint = readonly [at: number, value: string];
interface RawSample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: RawPoint;
}
interface RawSeries {
  readonly metric: Readonly<Record<string, string>>;
  readonly values: readonly RawPoint[];
}
type RawResult =
  | { readonly resultType: 'vector'; readonly result: readonly RawSample[] }
  | { readonly resultType: 'scalar'; readonly result: RawPoint }
  | { readonly resultType: 'matrix'; readonly result: readonly RawSeries[] };
interface RawTarget {
  readonly labels: Readonly<Record<string, string>>;
  readonly scrapeUrl: string;
  readonly health: ScrapeTarget['health'];
  readonly lastError: string;
}

/** The API of the Prometheus at `url`. Every method rejects with Prometheus's own message when it refuses. */
export function prometheusApi(url: string): PrometheusApi {
  const get = <T>(path: string, parameters: Readonly<Record<string, string>> = {}): Promise<T> =>
    answerOf<T>(`${url}/api/v1/${path}?${new URLSearchParams(parameters).toString()}`);
  return {
    async query(promql, at) {
      const time = at === undefined ? {} : { time: String(at) };
      return samplesOf(await get<RawResult>('query', { query: promql, ...time }));
    },
    async queryRange(promql, { start, end, stepSeconds }) {
      const range = { start: String(start), end: String(end), step: String(stepSeconds) };
      const answer = await get<RawResult>('query_range', { query: promql, ...range });
      if (answer.resultType !== 'matrix')
        throw new Error(`${promql}: expected a matrix, got a ${answer.resultType}`);
      return answer.result.map(({ metric, values }) => ({ labels: metric, points: values.map(pointOf) }));
    },
    async targets() {
      const { activeTargets } = await get<{ activeTargets: readonly RawTarget[] }>('targets', {
        state: 'active',
      });
      return activeTargets.map(({ labels, scrapeUrl, health, lastError }) => ({
        job: labels.job ?? '',
        url: scrapeUrl,
        health,
        lastError,
      }));
    },
    metadata: (metric) => get('metadata', metric === undefined ? {} : { metric }),
  };
}

async function answerOf<T>(url: string): Promise<T> {
  const response = await fetch(url);
  const body = (await response.json()) as { status: string; data?: T; error?: string };
  if (body.status !== 'success') {
    throw new Error(
      `Prometheus refused ${url} with HTTP ${response.status}: ${body.error ?? 'no reason given'}`,
    );
  }
  return body.data as T;
}

function samplesOf(answer: RawResult): Sample[] {
  if (answer.resultType === 'scalar') return [{ labels: {}, ...pointOf(answer.result) }];
  if (answer.resultType === 'vector') {
    return answer.result.map(({ metric, value }) => ({ labels: metric, ...pointOf(value) }));
  }
  throw new Error('an instant query of a range gives a matrix: use queryRange');
}

function pointOf([at, value]: RawPoint): { value: number; at: number } {
  return { at, value: numberOf(value) };
}

/** Prometheus writes infinities as +Inf and -Inf, which Number() does not read. */
function numberOf(text: string): number {
  if (text === '+Inf') return Infinity;
  if (text === '-Inf') return -Infinity;
  return Number(text);
}
