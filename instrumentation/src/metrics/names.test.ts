/**
 * One record of everything on the two roads that lead out of an app: the stock Prometheus exporter, which adds
 * `_total` and no unit, and OTLP into a receiver, which adds units. Names and labels must be those of the catalogue.
 */
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import {
  AggregationTemporality,
  DataPointType,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import type { Histogram, MetricData } from '@opentelemetry/sdk-metrics';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { ActiveRequest } from '../request/operation.ts';
import { CLIENT_METRICS } from './client-metrics.ts';
import type { MetricDefinition } from './definition.ts';
import { LABELS, over, testedMetrics } from './test-reading.ts';

/** Name, type and labels of each family, as text. */
type Shape = Record<string, string>;

const shapeOf = (type: string, labels: Iterable<string>): string => `${type}(${[...labels].sort().join()})`;

const ATTRIBUTES = { team: 'video', feature: 'avatar' };
const CALL = { ...LABELS, attributes: ATTRIBUTES };

/** What is observed of a call with attributes: the catalogue, and the attributes in the families made for them only. */
const CATALOGUE: Shape = Object.fromEntries(
  CLIENT_METRICS.map(({ name, type, labels }) => {
    const attributes = name.startsWith('fal_client_attributed_') ? Object.keys(ATTRIBUTES) : [];
    return [name, shapeOf(type, [...labels, ...attributes])];
  }),
);

/** Fills every family, by one call with attributes. */
function useEverything(provider: MeterProvider): void {
  const active: ActiveRequest[] = [{ labels: CALL, state: 'queued', ageSeconds: 1, queuePosition: 2 }];
  const { metrics } = testedMetrics(provider, {
    active: () => active,
    priceOf: () => ({ unitPriceNano: 1, unit: 'images' }),
    costNanoOf: () => 1,
  });
  const part = { seconds: 1, certainty: 'exact' } as const;
  const parts = { queueWait: part, inference: part, resultFetch: part, upload: part, timeToFirstChunk: part };
  metrics.started(CALL);
  metrics.attempted(CALL, '200');
  metrics.platformRetried(CALL);
  metrics.submitRepeated(CALL);
  metrics.ended(
    over({ ...parts, outcome: 'timeout', errorType: 'client_timeout' }, { labels: CALL, billableUnits: '1' }),
  );
  metrics.realtimeConnected(LABELS.endpointId);
  metrics.recordFallback({ endpointId: LABELS.endpointId, provider: 'p', outcome: 'ok' });
  metrics.recordCircuitState(LABELS.endpointId, 'closed');
}

async function scrape(): Promise<string> {
  const exporter = new PrometheusExporter({
    preventServerStart: true,
    withoutTargetInfo: true,
    withoutScopeInfo: true,
  });
  useEverything(new MeterProvider({ readers: [exporter] }));
  return new Promise((resolve) => {
    const response = { statusCode: 0, setHeader: () => undefined, end: resolve };
    exporter.getMetricsRequestHandler({} as IncomingMessage, response as unknown as ServerResponse);
  });
}

function scrapedShapes(body: string): Shape {
  const shapes: Shape = {};
  for (const [, name = '', type = ''] of body.matchAll(/^# TYPE (\S+) (\S+)$/gm)) {
    const lines = body.matchAll(new RegExp(`^${name}(?:_bucket|_sum|_count)?\\{(.*)\\} `, 'gm'));
    const labels = [...lines].flatMap(([, text = '']) =>
      [...text.matchAll(/(\w+)="/g)].map(([, label]) => label),
    );
    shapes[name] = shapeOf(
      type,
      new Set(labels.filter((label) => label !== undefined && label !== 'le') as string[]),
    );
  }
  return shapes;
}

async function pushed(): Promise<readonly MetricData[]> {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  const provider = new MeterProvider({ readers: [reader] });
  useEverything(provider);
  await provider.forceFlush();
  const metrics = exporter
    .getMetrics()
    .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((each) => each.metrics));
  await provider.shutdown();
  return metrics;
}

const UNIT_WORDS: Readonly<Record<string, string>> = {
  s: 'seconds',
  min: 'minutes',
  h: 'hours',
  By: 'bytes',
};

/**
 * The name that a receiver of OTLP gives with UnderscoreEscapingWithSuffixes: characters outside of names become
 * `_`, then the unit unless the name ends in it (what stands in braces is none; a gauge of unit `1` is a ratio),
 * then `_total` for what only grows.
 *
 * Source: https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/, and for the ratio
 * the translator of Prometheus and the Collector.
 */
function receivedName(name: string, unit: string, type: MetricDefinition['type']): string {
  const clean = name.replace(/[^a-zA-Z0-9_:]/g, '_').replace(/_+/g, '_');
  const bare = unit.replace(/\{[^}]*\}/g, '');
  const counted = type === 'gauge' ? 'ratio' : '';
  const word = bare === '1' ? counted : (UNIT_WORDS[bare] ?? bare);
  const withUnit = word === '' || clean.endsWith(`_${word}`) ? clean : `${clean}_${word}`;
  return type === 'counter' && !withUnit.endsWith('_total') ? `${withUnit}_total` : withUnit;
}

function typeOf(metric: MetricData): MetricDefinition['type'] {
  if (metric.dataPointType === DataPointType.HISTOGRAM) return 'histogram';
  return metric.dataPointType === DataPointType.SUM && metric.isMonotonic ? 'counter' : 'gauge';
}

describe('names and labels of the app side', () => {
  it('are those of the catalogue in the stock Prometheus exporter', async () => {
    expect(scrapedShapes(await scrape())).toEqual(CATALOGUE);
  });

  it('are those of the catalogue in a receiver of OTLP', async () => {
    const shapes = (await pushed()).map((metric) => {
      const labels = new Set(metric.dataPoints.flatMap(({ attributes }) => Object.keys(attributes)));
      const { name, unit } = metric.descriptor;
      return [receivedName(name, unit, typeOf(metric)), shapeOf(typeOf(metric), labels)];
    });
    expect(Object.fromEntries(shapes)).toEqual(CATALOGUE);
  });

  it('come with the help and the bounds of the catalogue', async () => {
    const metrics = await pushed();
    for (const definition of CLIENT_METRICS) {
      const metric = metrics.find(({ descriptor }) => descriptor.name === definition.instrument);
      expect(metric?.descriptor.description).toBe(definition.help);
      expect(metric?.descriptor.unit).toBe(definition.unit);
      if (definition.type !== 'histogram') continue;
      const histogram = metric?.dataPoints[0]?.value as Histogram | undefined;
      expect(histogram?.buckets.boundaries).toEqual(definition.bounds);
    }
  });
});

describe('the translation that the comparison relies on', () => {
  // Seen with the OTLP receiver of Prometheus 3.
  it.each([
    ['fal.client.request.latency', 's', 'histogram', 'fal_client_request_latency_seconds'],
    ['fal.client.cost.usd', '{USD}', 'counter', 'fal_client_cost_usd_total'],
    ['fal.client.cost.usd', 'USD', 'counter', 'fal_client_cost_usd_USD_total'],
    ['fal.client.circuit_state', '1', 'gauge', 'fal_client_circuit_state_ratio'],
    ['fal.client.billable_units', '1', 'counter', 'fal_client_billable_units_total'],
  ] as const)('makes %s in %s as a %s to %s', (name, unit, type, received) => {
    expect(receivedName(name, unit, type)).toBe(received);
  });
});
