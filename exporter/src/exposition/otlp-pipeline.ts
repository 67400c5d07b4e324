import {
  defaultResource,
  envDetector,
  hostDetector,
  osDetector,
  resourceFromAttributes,
  serviceInstanceIdDetector,
} from '@opentelemetry/resources';
import { AggregationTemporality, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import type { MetricProducer, PushMetricExporter, ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { NodeSDK } from '@opentelemetry/sdk-node';
import type { Environment, OtlpProtocol, OtlpSettings } from './otlp-settings.ts';

type ExportResult = Parameters<Parameters<PushMetricExporter['export']>[1]>[0];

export interface PipelineOptions {
  readonly producer: MetricProducer;
  readonly settings: OtlpSettings;
  readonly env: Environment;
  readonly version: string;
  readonly onProblem: (text: string) => void;
}

/** Starts the OpenTelemetry SDK with one reader that pushes the producer's metrics, and nothing else. */
export async function openPipeline(options: PipelineOptions): Promise<{ shutdown(): Promise<void> }> {
  const { producer, settings, env, version, onProblem } = options;
  const reader = new PeriodicExportingMetricReader({
    exporter: reportingExporter(await createExporter(settings.protocol), onProblem),
    exportIntervalMillis: settings.intervalMs,
    exportTimeoutMillis: settings.timeoutMs,
    metricProducers: [producer],
  });
  const sdk = new NodeSDK({
    metricReaders: [reader],
    // Empty lists keep the SDK from starting exporters for traces and logs, which an OTLP endpoint alone would.
    spanProcessors: [],
    logRecordProcessors: [],
    textMapPropagator: null,
    // A base that OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES override.
    resource: defaultResource().merge(
      resourceFromAttributes({ 'service.name': 'fal-exporter', 'service.version': version }),
    ),
    // The SDK's own list has the process detector, which would send the whole command line along.
    ...(env.OTEL_NODE_RESOURCE_DETECTORS
      ? {}
      : { resourceDetectors: [serviceInstanceIdDetector, hostDetector, osDetector, envDetector] }),
  });
  sdk.start();
  return { shutdown: () => sdk.shutdown() };
}

async function createExporter(protocol: OtlpProtocol): Promise<PushMetricExporter> {
  switch (protocol) {
    case 'grpc':
      return new (await import('@opentelemetry/exporter-metrics-otlp-grpc')).OTLPMetricExporter();
    case 'http/json':
      return new (await import('@opentelemetry/exporter-metrics-otlp-http')).OTLPMetricExporter();
    case 'http/protobuf':
      return new (await import('@opentelemetry/exporter-metrics-otlp-proto')).OTLPMetricExporter();
  }
}

/**
 * The exporter, with its failures told: the SDK logs them to a diagnostics channel that is silent by default.
 * Told once per run of failures, or a receiver that is down would fill the log.
 */
function reportingExporter(
  exporter: PushMetricExporter,
  onProblem: (text: string) => void,
): PushMetricExporter {
  let isFailing = false;
  const report = ({ error }: ExportResult): void => {
    if (error !== undefined && !isFailing) {
      onProblem(`OTLP push fails (${reasonOf(error)}); not said again until one has succeeded`);
    }
    isFailing = error !== undefined;
  };
  return {
    export: (metrics: ResourceMetrics, done: (result: ExportResult) => void) => {
      exporter.export(metrics, (result) => {
        report(result);
        done(result);
      });
    },
    forceFlush: () => exporter.forceFlush(),
    shutdown: () => exporter.shutdown(),
    selectAggregationTemporality: (type) =>
      exporter.selectAggregationTemporality?.(type) ?? AggregationTemporality.CUMULATIVE,
  };
}

/** Name, code and message; an error of Node's network layer may have an empty message and only a code. */
function reasonOf(error: Error & { readonly code?: unknown }): string {
  const code = typeof error.code === 'string' || typeof error.code === 'number' ? ` ${error.code}` : '';
  return `${error.name}${code}: ${error.message}`.replace(/: $/, '');
}
