import { expect, test } from 'vitest';
import type { PackageLoader } from './packages.ts';
import { createReaders, otlpPackageOf } from './readers.ts';
import { readSdkSettings } from './sdk-settings.ts';

const PREFIX = '@opentelemetry/exporter-metrics-otlp-';

test.each([
  [{}, 'proto'],
  [{ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, 'grpc'],
  [{ OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' }, 'http'],
  [{ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc', OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: 'http/protobuf' }, 'proto'],
  [{ OTEL_EXPORTER_OTLP_PROTOCOL: 'carrier pigeon' }, 'proto'],
])('%j pushes by the package of that protocol', (env, name) => {
  expect(otlpPackageOf(env)).toBe(`${PREFIX}${name}`);
});

/** Stands in for every class of the SDK: remembers its name and what it was made of. */
function recordingLoader(made: unknown[]): PackageLoader {
  const recording = (name: string): unknown =>
    class {
      constructor(options: unknown) {
        made.push([name, options]);
      }
      getMetricsRequestHandler(request: unknown, response: unknown): void {
        made.push(['scraped', request, response]);
      }
    };
  const everything = new Proxy({}, { get: (_, name) => recording(String(name)) });
  return Object.assign(() => everything, { resolve: (name: string) => name });
}

test('each exporter that is wanted has a reader, with the times of the environment', () => {
  const made: unknown[] = [];
  const env = { OTEL_METRICS_EXPORTER: 'console,prometheus,otlp', OTEL_METRIC_EXPORT_INTERVAL: '10000' };
  const readers = createReaders(readSdkSettings(env), env, recordingLoader(made));
  expect(readers.all).toHaveLength(3);
  const times = { exportIntervalMillis: 10_000, exportTimeoutMillis: 10_000 };
  expect(made).toEqual([
    ['PrometheusExporter', { preventServerStart: true }],
    ['OTLPMetricExporter', undefined],
    ['PeriodicExportingMetricReader', expect.objectContaining(times)],
    ['ConsoleMetricExporter', undefined],
    ['PeriodicExportingMetricReader', expect.objectContaining(times)],
  ]);
  readers.prometheus?.('request' as never, 'response' as never);
  expect(made.at(-1)).toEqual(['scraped', 'request', 'response']);
});

test('without Prometheus nothing is served', () => {
  const env = { OTEL_METRICS_EXPORTER: 'otlp' };
  expect(createReaders(readSdkSettings(env), env, recordingLoader([])).prometheus).toBeUndefined();
});
