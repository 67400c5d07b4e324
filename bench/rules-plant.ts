import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  DURATION_BOUNDS,
  ERROR_TYPES,
  type ErrorType,
  faultOf,
} from 'opentelemetry-instrumentation-fal/core';
import { ERROR_TYPES_FROM_ZERO } from '../exporter/src/metrics/probe-series.ts';

/** An app and an exporter that watch many models at once, as Prometheus sees them. */
export interface Plant {
  readonly target: string;
  /** Lines of one scrape. */
  readonly series: number;
  close(): void;
}

/**
 * `well`: an error now and then at every second model, a timeout at every tenth. `failing`: half of the models fail
 * every third request, and the others are slow, so that hundreds of alerts fire.
 */
export type PlantState = 'well' | 'failing';

const OUTCOMES = ['ok', 'error', 'timeout', 'cancelled'] as const;
type Outcome = (typeof OUTCOMES)[number];

/** One line: a series, where it starts, and what it grows by in a second. */
type Line = readonly [series: string, from: number, perSecond: number];

/** Serves the plant on a loopback port. */
export async function startPlant(endpoints: number, state: PlantState): Promise<Plant> {
  const lines = Array.from({ length: endpoints }, (_, index) => linesOf(index, state)).flat();
  const startedAt = performance.now();
  const server = createServer((_, response) => {
    const seconds = (performance.now() - startedAt) / 1000;
    response.setHeader('content-type', 'text/plain; version=0.0.4');
    response.end(`${lines.map(([series, from, rate]) => `${series} ${from + rate * seconds}`).join('\n')}\n`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    target: `127.0.0.1:${port}`,
    series: lines.length,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

const REQUESTS_PER_SECOND = 8;

interface Model {
  readonly endpoint: string;
  /** Requests per second that end so. */
  readonly rates: Readonly<Record<Outcome, number>>;
  readonly seconds: number;
  /** Outcomes that the app has met: its series appear with their first event. */
  readonly met: readonly Outcome[];
}

function modelAt(index: number, state: PlantState): Model {
  const fails = state === 'failing' && index % 2 === 0;
  const failures = fails ? REQUESTS_PER_SECOND / 3 : 0.0001;
  const met = OUTCOMES.filter(
    (outcome) =>
      outcome === 'ok' ||
      (outcome === 'error' && index % 2 === 0) ||
      (outcome === 'timeout' && index % 10 === 0),
  );
  return {
    endpoint: `endpoint_id="fal-ai/model-${index}"`,
    rates: { ok: REQUESTS_PER_SECOND, error: failures, timeout: failures / 10, cancelled: 0 },
    seconds: state === 'failing' && !fails ? 80 : 2,
    met,
  };
}

function linesOf(index: number, state: PlantState): Line[] {
  const model = modelAt(index, state);
  const probe = `account="default",probe="probe-${index}",${model.endpoint}`;
  return [...appLines(model), ...probeLines(model, probe), ...modelLines(model)];
}

function appLines({ endpoint, rates, seconds, met }: Model): Line[] {
  const labels = `${endpoint},operation="subscribe"`;
  const types: readonly ErrorType[] = ['internal_error', 'account_locked', 'validation_error'];
  return [
    ...met.map((outcome) =>
      counter('fal_client_requests_total', `${labels},outcome="${outcome}"`, rates[outcome]),
    ),
    ...met.flatMap((outcome) =>
      histogram('fal_client_request_duration_seconds', `${labels},outcome="${outcome}"`, {
        perSecond: rates[outcome],
        seconds,
      }),
    ),
    ...histogram('fal_client_queue_wait_seconds', endpoint, { perSecond: rates.ok, seconds: 1 }),
    ...(met.includes('error') ? types : []).map((type) =>
      counter(
        'fal_client_errors_total',
        `${labels},${errorLabels(type)}`,
        type === 'internal_error' ? rates.error : 0,
      ),
    ),
    gauge('fal_client_active_requests', `${endpoint},state="running"`, 16),
    gauge('fal_client_oldest_request_age_seconds', `${endpoint},state="running"`, seconds),
  ];
}

/** Every probe has all its series from the start, most of them at zero. */
function probeLines({ rates }: Model, probe: string): Line[] {
  const often = (outcome: Outcome): number => rates[outcome] / 40;
  return [
    ...OUTCOMES.map((outcome) =>
      counter('fal_probe_runs_total', `${probe},outcome="${outcome}"`, often(outcome)),
    ),
    ...OUTCOMES.flatMap((outcome) =>
      histogram('fal_probe_duration_seconds', `${probe},outcome="${outcome}"`, {
        perSecond: often(outcome),
        seconds: 2,
      }),
    ),
    ...histogram('fal_probe_queue_wait_seconds', probe, { perSecond: often('ok'), seconds: 1 }),
    ...ERROR_TYPES_FROM_ZERO.map((type) =>
      counter('fal_probe_errors_total', `${probe},${errorLabels(type)}`, 0),
    ),
    counter('fal_probe_failures_total', probe, often('error')),
    ...['0.5', '0.95', '0.99'].flatMap((quantile) =>
      ['5m', '1h'].map((window) =>
        gauge('fal_probe_duration_quantile_seconds', `${probe},quantile="${quantile}",window="${window}"`, 2),
      ),
    ),
    ...['ok', 'slow', 'failure', 'refused'].map((result) =>
      gauge('fal_probe_recent_runs', `${probe},result="${result}"`, result === 'ok' ? 5 : 0),
    ),
  ];
}

function modelLines({ endpoint }: Model): Line[] {
  const labels = `account="default",${endpoint}`;
  return [
    gauge('fal_endpoint_latency_limit_seconds', labels, 60),
    ...['ok', 'app', 'account', 'model', 'platform', 'unknown'].map((verdict) =>
      gauge('fal_verdict', `${labels},verdict="${verdict}"`, verdict === 'ok' ? 1 : 0),
    ),
    gauge('fal_verdict_confidence', labels, 0.95),
  ];
}

function errorLabels(type: ErrorType): string {
  if (!Object.hasOwn(ERROR_TYPES, type)) throw new Error(`no error type ${type}`);
  return `error_type="${type}",fault="${faultOf(type)}"`;
}

function counter(name: string, labels: string, perSecond: number): Line {
  return [`${name}{${labels}}`, 0, perSecond];
}

function gauge(name: string, labels: string, value: number): Line {
  return [`${name}{${labels}}`, value, 0];
}

function histogram(
  name: string,
  labels: string,
  { perSecond, seconds }: { readonly perSecond: number; readonly seconds: number },
): Line[] {
  return [
    ...[...DURATION_BOUNDS, Infinity].map((bound) => {
      const le = bound === Infinity ? '+Inf' : String(bound);
      return counter(`${name}_bucket`, `${labels},le="${le}"`, bound >= seconds ? perSecond : 0);
    }),
    counter(`${name}_sum`, labels, perSecond * seconds),
    counter(`${name}_count`, labels, perSecond),
  ];
}
