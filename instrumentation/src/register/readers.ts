import type { NodeSDKConfiguration } from '@opentelemetry/sdk-node';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Environment, valueOf } from './environment.ts';
import type { PackageLoader } from './packages.ts';
import type { MetricsExporter, SdkSettings } from './sdk-settings.ts';

export type MetricReader = NonNullable<NodeSDKConfiguration['metricReaders']>[number];

export interface Readers {
  readonly all: MetricReader[];
  /** Answers scrapes, when Prometheus is to come. */
  readonly prometheus: ScrapeHandler | undefined;
}

type ScrapeHandler = (request: IncomingMessage, response: ServerResponse) => void;

/** What of these packages is used here; their types are no dependency of ours. */
interface SdkMetrics {
  readonly PeriodicExportingMetricReader: new (options: {
    readonly exporter: unknown;
    readonly exportIntervalMillis: number;
    readonly exportTimeoutMillis: number;
  }) => MetricReader;
  readonly ConsoleMetricExporter: new () => unknown;
}
interface PrometheusPackage {
  readonly PrometheusExporter: new (options: {
    readonly preventServerStart: true;
  }) => MetricReader & { getMetricsRequestHandler: ScrapeHandler };
}
interface OtlpPackage {
  readonly OTLPMetricExporter: new () => unknown;
}

const OTLP_PACKAGES: Readonly<Record<string, string>> = {
  grpc: '@opentelemetry/exporter-metrics-otlp-grpc',
  'http/json': '@opentelemetry/exporter-metrics-otlp-http',
  'http/protobuf': '@opentelemetry/exporter-metrics-otlp-proto',
};
const DEFAULT_PROTOCOL = 'http/protobuf';

/** Where and how to push, from the variables of the specification; the exporters read the rest themselves. */
export function otlpPackageOf(env: Environment): string {
  const protocol =
    valueOf(env, 'OTEL_EXPORTER_OTLP_METRICS_PROTOCOL') ?? valueOf(env, 'OTEL_EXPORTER_OTLP_PROTOCOL');
  return OTLP_PACKAGES[protocol ?? DEFAULT_PROTOCOL] ?? `${OTLP_PACKAGES[DEFAULT_PROTOCOL]}`;
}

/**
 * A reader for each exporter that is wanted.
 *
 * @param load as seen from @opentelemetry/sdk-node, which depends on all of these packages.
 */
export function createReaders(settings: SdkSettings, env: Environment, load: PackageLoader): Readers {
  const all: MetricReader[] = [];
  let prometheus: ScrapeHandler | undefined;
  for (const wanted of settings.metrics) {
    if (wanted === 'prometheus') {
      const { PrometheusExporter } = load('@opentelemetry/exporter-prometheus') as PrometheusPackage;
      const exporter = new PrometheusExporter({ preventServerStart: true });
      prometheus = (request, response) => exporter.getMetricsRequestHandler(request, response);
      all.push(exporter);
    } else {
      all.push(pushReader(wanted, settings, env, load));
    }
  }
  return { all, prometheus };
}

function pushReader(
  wanted: Exclude<MetricsExporter, 'prometheus'>,
  { intervalMs, timeoutMs }: SdkSettings,
  env: Environment,
  load: PackageLoader,
): MetricReader {
  const { PeriodicExportingMetricReader, ConsoleMetricExporter } = load(
    '@opentelemetry/sdk-metrics',
  ) as SdkMetrics;
  const exporter =
    wanted === 'console'
      ? new ConsoleMetricExporter()
      : new (load(otlpPackageOf(env)) as OtlpPackage).OTLPMetricExporter();
  return new PeriodicExportingMetricReader({
    exporter,
    exportIntervalMillis: intervalMs,
    exportTimeoutMillis: timeoutMs,
  });
}
