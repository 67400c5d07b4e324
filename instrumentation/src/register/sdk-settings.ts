import { type Environment, listOf, quoted, valueOf, wholeNumberOf } from './environment.ts';

export type MetricsExporter = 'prometheus' | 'otlp' | 'console';

/** Where the measurements go. */
export interface SdkSettings {
  /** Empty when the app wants no metrics. */
  readonly metrics: readonly MetricsExporter[];
  /** Where Prometheus comes for them. */
  readonly host: string;
  readonly port: number;
  /** Milliseconds between two pushes, and that a push may take. */
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly hasTraces: boolean;
  /** What was wrong with values that are left out, in words. */
  readonly problems: readonly string[];
}

const EXPORTERS: readonly MetricsExporter[] = ['prometheus', 'otlp', 'console'];

/**
 * The defaults of the specification, but for the exporters: without a word of the app metrics wait for Prometheus and
 * traces go nowhere, because the default of OTLP means errors every minute where there is no collector.
 * https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
 */
export function readSdkSettings(env: Environment): SdkSettings {
  const problems: string[] = [];
  const metrics = metricsOf(env, problems);
  const port = wholeNumberOf(env, 'OTEL_EXPORTER_PROMETHEUS_PORT', { from: 1, to: 65_535 }, problems);
  const intervalMs = wholeNumberOf(env, 'OTEL_METRIC_EXPORT_INTERVAL', { from: 1 }, problems) ?? 60_000;
  const timeoutMs = wholeNumberOf(env, 'OTEL_METRIC_EXPORT_TIMEOUT', { from: 1 }, problems) ?? 30_000;
  return {
    metrics,
    host: valueOf(env, 'OTEL_EXPORTER_PROMETHEUS_HOST') ?? '127.0.0.1',
    port: port ?? 9464,
    intervalMs,
    // A push that outlives its interval is refused by the SDK.
    timeoutMs: Math.min(timeoutMs, intervalMs),
    hasTraces: hasTraces(env),
    problems,
  };
}

function metricsOf(env: Environment, problems: string[]): readonly MetricsExporter[] {
  const name = 'OTEL_METRICS_EXPORTER';
  const wanted = listOf(env, name);
  if (wanted === undefined)
    return valueOf(env, 'OTEL_EXPORTER_OTLP_METRICS_ENDPOINT') === undefined ? ['prometheus'] : ['otlp'];
  if (wanted.includes('none')) return [];
  const unknown = wanted.filter((each) => !EXPORTERS.some((known) => known === each));
  if (unknown.length > 0)
    problems.push(`${name}: expected ${EXPORTERS.join(', ')} or none, and got ${quoted(unknown.join(', '))}`);
  const known = EXPORTERS.filter((each) => wanted.includes(each));
  return known.length === 0 ? ['prometheus'] : known;
}

function hasTraces(env: Environment): boolean {
  const wanted = listOf(env, 'OTEL_TRACES_EXPORTER');
  if (wanted !== undefined) return !wanted.includes('none');
  return ['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'].some(
    (name) => valueOf(env, name) !== undefined,
  );
}
