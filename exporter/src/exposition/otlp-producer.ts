import { ValueType } from '@opentelemetry/api';
import type { HrTime } from '@opentelemetry/api';
import { emptyResource } from '@opentelemetry/resources';
import { AggregationTemporality, DataPointType } from '@opentelemetry/sdk-metrics';
import type {
  CollectionResult,
  DataPoint,
  Histogram,
  MetricData,
  MetricProducer,
} from '@opentelemetry/sdk-metrics';
import type { HistogramDefinition } from 'opentelemetry-instrumentation-fal/core';
import type { FamilySnapshot } from '../metrics/family.ts';
import type { MetricStore, Snapshot } from '../metrics/store.ts';

/** Instrumentation scope of everything that we push. */
const SCOPE_NAME = 'fal-exporter';

/**
 * The store as OpenTelemetry metrics, for any MetricReader. Always cumulative, from the moment at which each
 * series began, so that a receiver tells a restart from a reset; a reader's wish for deltas does not reach
 * metric producers. When a refresher throws, the result is empty and carries the error.
 */
export function createMetricProducer(store: MetricStore, version: string): MetricProducer {
  const collect = (): CollectionResult => {
    const result = (metrics: MetricData[], errors: unknown[]): CollectionResult => ({
      resourceMetrics: {
        // The reader takes the resource of its SDK and ours only fills the place.
        resource: emptyResource(),
        scopeMetrics: metrics.length === 0 ? [] : [{ scope: { name: SCOPE_NAME, version }, metrics }],
      },
      errors,
    });
    try {
      return result(metricsOf(store.collect()), []);
    } catch (error) {
      return result([], [error]);
    }
  };
  return { collect: () => Promise.resolve(collect()) };
}

function metricsOf(snapshot: Snapshot): MetricData[] {
  const end = hrTime(snapshot.at);
  return snapshot.families
    .map((family) => metricOf(family, end))
    .filter((metric) => metric.dataPoints.length > 0);
}

function metricOf(family: FamilySnapshot, end: HrTime): MetricData {
  const { definition } = family;
  const { instrument: name, help: description, unit } = definition;
  const base = {
    descriptor: { name, description, unit, valueType: ValueType.DOUBLE },
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
  };
  switch (definition.type) {
    case 'counter': {
      const dataPoints = scalarPoints(family, end);
      return { ...base, dataPointType: DataPointType.SUM, isMonotonic: true, dataPoints };
    }
    case 'gauge':
      return { ...base, dataPointType: DataPointType.GAUGE, dataPoints: scalarPoints(family, end) };
    case 'histogram': {
      const dataPoints = histogramPoints(family, definition, end);
      return { ...base, dataPointType: DataPointType.HISTOGRAM, dataPoints };
    }
  }
}

function scalarPoints({ series, values }: FamilySnapshot, end: HrTime): DataPoint<number>[] {
  const points: DataPoint<number>[] = [];
  series.forEach(({ labels, startedAt }, i) => {
    const value = values[i] ?? NaN;
    if (Number.isNaN(value)) return;
    points.push({ startTime: hrTime(startedAt), endTime: end, attributes: labels.values, value });
  });
  return points;
}

function histogramPoints(
  { series, values, width }: FamilySnapshot,
  { bounds }: HistogramDefinition,
  end: HrTime,
): DataPoint<Histogram>[] {
  return series.map(({ labels, startedAt }, i) => {
    const numbers = values.subarray(i * width, (i + 1) * width);
    const cumulative = Array.from(numbers.subarray(0, bounds.length + 1));
    const value: Histogram = {
      buckets: {
        boundaries: [...bounds],
        counts: cumulative.map((count, bucket) => count - (cumulative[bucket - 1] ?? 0)),
      },
      count: cumulative.at(-1) ?? 0,
      sum: numbers[bounds.length + 1] ?? 0,
    };
    return { startTime: hrTime(startedAt), endTime: end, attributes: labels.values, value };
  });
}

/** Milliseconds since the epoch as seconds and nanoseconds. */
function hrTime(ms: number): HrTime {
  const seconds = Math.floor(ms / 1000);
  return [seconds, Math.round((ms - seconds * 1000) * 1e6)];
}
