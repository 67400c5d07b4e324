import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request that an app finished. */
export interface FinishedRequest {
  readonly endpointId: string;
  readonly seconds: number;
  /** Unix milliseconds of its end. */
  readonly at: number;
  /** In hexadecimal; absent when the request was not sampled. */
  readonly trace?: { readonly traceId: string; readonly spanId: string };
}

/** An app whose metrics carry exemplars, which the OpenTelemetry Prometheus exporter for JavaScript does not write. */
export interface ExemplarApp {
  /** `host:port`, for Prometheus's targets. */
  readonly target: string;
  /** From the next scrape on these requests have finished; none had before. */
  finish(requests: readonly FinishedRequest[]): void;
  stop(): Promise<void>;
}

const FAMILY = 'fal_client_request_duration_seconds';
/** Some of the bounds of the instrumentation. */
const BOUNDS = [1, 2, 4, 8, 15, 30, 60, 120, 300, Infinity];

/** Serves the durations of requests to these models on a free loopback port, all of them 0 at first. */
export async function startExemplarApp(endpointIds: readonly string[]): Promise<ExemplarApp> {
  let finished: readonly FinishedRequest[] = [];
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'application/openmetrics-text; version=1.0.0; charset=utf-8');
    response.end(openMetricsOf(endpointIds, finished));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    target: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    finish: (requests) => {
      finished = requests;
    },
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/**
 * The page that Prometheus reads: OpenMetrics 1.0, https://prometheus.io/docs/specs/om/open_metrics_spec/. A bucket
 * has one exemplar, the newest of the requests that fell into it and into no smaller one.
 */
function openMetricsOf(endpointIds: readonly string[], finished: readonly FinishedRequest[]): string {
  const head = [
    `# TYPE ${FAMILY} histogram`,
    `# UNIT ${FAMILY} seconds`,
    `# HELP ${FAMILY} How long one logical request took as the caller felt it.`,
  ];
  const samples = endpointIds.flatMap((endpointId) =>
    histogramOf(
      endpointId,
      finished.filter((request) => request.endpointId === endpointId),
    ),
  );
  return [...head, ...samples, '# EOF', ''].join('\n');
}

function histogramOf(endpointId: string, requests: readonly FinishedRequest[]): string[] {
  const labels = `endpoint_id="${endpointId}",operation="subscribe",outcome="ok"`;
  const buckets = BOUNDS.map((bound, index) => {
    const own = requests.filter(({ seconds }) => seconds > (BOUNDS[index - 1] ?? 0) && seconds <= bound);
    const count = requests.filter(({ seconds }) => seconds <= bound).length;
    return `${FAMILY}_bucket{${labels},le="${leOf(bound)}"} ${count}${exemplarOf(own)}`;
  });
  const sum = requests.reduce((total, { seconds }) => total + seconds, 0);
  return [...buckets, `${FAMILY}_count{${labels}} ${requests.length}`, `${FAMILY}_sum{${labels}} ${sum}`];
}

function exemplarOf(requests: readonly FinishedRequest[]): string {
  const newestFirst = requests.filter(({ trace }) => trace !== undefined).sort((a, b) => b.at - a.at);
  const [newest] = newestFirst;
  if (newest?.trace === undefined) return '';
  const { seconds, at, trace } = newest;
  return ` # {trace_id="${trace.traceId}",span_id="${trace.spanId}"} ${seconds} ${at / 1000}`;
}

/** OpenMetrics wants numbers that are whole to say so. */
function leOf(bound: number): string {
  return bound === Infinity ? '+Inf' : bound.toFixed(1);
}
