import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DURATION_BOUNDS, ERROR_TYPES } from 'opentelemetry-instrumentation-fal';

/** An app and an exporter that watch many models at once, as Prometheus sees them; every counter grows. */
export interface Plant {
  readonly target: string;
  /** Lines of one scrape. */
  readonly series: number;
  close(): void;
}

const FAILURE_TYPES = Object.entries(ERROR_TYPES).filter(
  ([, { fault, outcome }]) => outcome !== 'cancelled' && fault !== 'app',
);
const OUTCOMES = ['ok', 'error', 'timeout', 'cancelled'] as const;

/** One line per series, with what it grows by in a second. */
type Line = readonly [series: string, perSecond: number];

/** Serves the plant on a loopback port. Half of the models fail more than a quarter of the time, so alerts fire. */
export async function startPlant(endpoints: number): Promise<Plant> {
  const lines = Array.from({ length: endpoints }, (_, index) => linesOf(index)).flat();
  const startedAt = performance.now();
  const server = createServer((_, response) => {
    const seconds = (performance.now() - startedAt) / 1000;
    response.setHeader('content-type', 'text/plain; version=0.0.4');
    response.end(`${lines.map(([series, rate]) => `${series} ${rate * seconds}`).join('\n')}\n`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { target: `127.0.0.1:${port}`, series: lines.length, close: () => server.closeAllConnections() };
}

function linesOf(index: number): Line[] {
  const endpoint = `endpoint_id="fal-ai/model-${index}"`;
  const probe = `account="default",probe="probe-${index}",${endpoint}`;
  const failing = index % 2 === 0 ? 4 : 0.05;
  return [
    ...counters('fal_client_requests_total', `${endpoint},operation="subscribe"`, failing),
    ...histograms('fal_client_request_duration_seconds', `${endpoint},operation="subscribe"`, [
      'ok',
      'error',
      'timeout',
    ]),
    ...histogram('fal_client_queue_wait_seconds', endpoint),
    ...['internal_error', 'client_timeout', 'account_locked', 'validation_error'].map((type): Line => [
      errors('fal_client_errors_total', `${endpoint},operation="subscribe"`, type),
      failing / 4,
    ]),
    [`fal_client_active_requests{${endpoint},state="running"}`, 1],
    [`fal_client_oldest_request_age_seconds{${endpoint},state="running"}`, 1],
    ...counters('fal_probe_runs_total', probe, failing),
    ...histograms('fal_probe_duration_seconds', probe, OUTCOMES),
    ...histogram('fal_probe_queue_wait_seconds', probe),
    ...FAILURE_TYPES.map(([type]): Line => [errors('fal_probe_errors_total', probe, type), failing / 40]),
    [`fal_probe_failures_total{${probe}}`, failing],
    ...['0.5', '0.95', '0.99'].map((quantile): Line => [
      `fal_probe_duration_quantile_seconds{${probe},quantile="${quantile}",window="5m"}`,
      1,
    ]),
    ...['ok', 'slow', 'failure', 'refused'].map((result): Line => [
      `fal_probe_recent_runs{${probe},result="${result}"}`,
      0.01,
    ]),
    [`fal_endpoint_latency_limit_seconds{account="default",${endpoint}}`, 1],
    ...['ok', 'app', 'account', 'model', 'platform', 'unknown'].map((verdict): Line => [
      `fal_verdict{account="default",verdict="${verdict}",${endpoint}}`,
      0.01,
    ]),
    [`fal_verdict_confidence{account="default",${endpoint}}`, 0.01],
  ];
}

function counters(name: string, labels: string, failing: number): Line[] {
  return OUTCOMES.map((outcome) => [
    `${name}{${labels},outcome="${outcome}"}`,
    outcome === 'ok' ? 8 : failing,
  ]);
}

function errors(name: string, labels: string, type: string): string {
  const fault = ERROR_TYPES[type as keyof typeof ERROR_TYPES].fault;
  return `${name}{${labels},error_type="${type}",fault="${fault}"}`;
}

function histograms(name: string, labels: string, outcomes: readonly string[]): Line[] {
  return outcomes.flatMap((outcome) => histogram(name, `${labels},outcome="${outcome}"`));
}

function histogram(name: string, labels: string): Line[] {
  const bounds = [...DURATION_BOUNDS.map(String), '+Inf'];
  return [
    ...bounds.map((le, index): Line => [`${name}_bucket{${labels},le="${le}"}`, index / 4]),
    [`${name}_sum{${labels}}`, 30],
    [`${name}_count{${labels}}`, bounds.length / 4],
  ];
}
