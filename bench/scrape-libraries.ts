import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { MetricDefinition } from 'opentelemetry-instrumentation-fal/core';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { ExpositionFormat } from '../exporter/src/exposition/format.ts';
import { collectBody } from '../exporter/src/exposition/render.ts';
import { HandClock } from '../exporter/src/metrics/hand-clock.ts';
import { MetricStore } from '../exporter/src/metrics/store.ts';
import type { Filling } from './scrape-content.ts';

/** A library with its content in it: the bytes of one scrape. */
export type Scrape = () => Promise<Buffer>;

/** Our store, in any of our formats. */
export function ours(content: readonly Filling[]): (format: ExpositionFormat) => Scrape {
  const store = new MetricStore({ clock: new HandClock(), limit: 1_000_000, expireAfterMs: 3_600_000 });
  for (const filling of content) {
    const { definition, labels } = filling;
    if (definition.type === 'counter') store.bind(definition, labels).inc(valueOf(filling));
    else if (definition.type === 'gauge') store.bind(definition, labels).set(valueOf(filling));
    else {
      const histogram = store.bind(definition, labels);
      for (const value of observedOf(filling)) histogram.observe(value);
    }
  }
  return (format) => () => collectBody(store, format);
}

export function promClient(content: readonly Filling[]): Scrape {
  const registry = new Registry();
  const families = new Map<MetricDefinition, Counter | Gauge | Histogram>();
  for (const filling of content) {
    const { definition, labels } = filling;
    const family = families.get(definition) ?? promFamily(definition, registry);
    families.set(definition, family);
    if (family instanceof Counter) family.inc(labels, valueOf(filling));
    else if (family instanceof Gauge) family.set(labels, valueOf(filling));
    else fillPromHistogram(family, labels, observedOf(filling));
  }
  return async () => Buffer.from(await registry.metrics());
}

function promFamily(definition: MetricDefinition, registry: Registry): Counter | Gauge | Histogram {
  const { name, help, labels } = definition;
  const base = { name, help, labelNames: [...labels], registers: [registry] };
  if (definition.type === 'counter') return new Counter(base);
  if (definition.type === 'gauge') return new Gauge(base);
  return new Histogram({ ...base, buckets: [...definition.bounds] });
}

function fillPromHistogram(family: Histogram, labels: Filling['labels'], observed: readonly number[]): void {
  if (observed.length === 0) family.zero(labels);
  for (const value of observed) family.observe(labels, value);
}

/** The stock exporter of the OpenTelemetry SDK, without the labels and lines that ours does not have either. */
export function openTelemetry(content: readonly Filling[]): Scrape {
  const exporter = new PrometheusExporter({
    preventServerStart: true,
    withoutTargetInfo: true,
    withoutScopeInfo: true,
  });
  const views = [{ instrumentName: '*', aggregationCardinalityLimit: 1_000_000 }];
  const meter = new MeterProvider({ readers: [exporter], views }).getMeter('bench');
  const recorders = new Map<MetricDefinition, (value: number, labels: Filling['labels']) => void>();
  const recorderFor = (
    definition: MetricDefinition,
  ): ((value: number, labels: Filling['labels']) => void) => {
    const { instrument, help: description, unit } = definition;
    const base = { description, unit };
    if (definition.type === 'counter') {
      const counter = meter.createCounter(instrument, base);
      return (value, labels) => counter.add(value, labels);
    }
    if (definition.type === 'gauge') {
      const gauge = meter.createGauge(instrument, base);
      return (value, labels) => gauge.record(value, labels);
    }
    const advice = { explicitBucketBoundaries: [...definition.bounds] };
    const histogram = meter.createHistogram(instrument, { ...base, advice });
    return (value, labels) => histogram.record(value, labels);
  };
  for (const filling of content) {
    const record = recorders.get(filling.definition) ?? recorderFor(filling.definition);
    recorders.set(filling.definition, record);
    const values = 'observed' in filling ? atLeastOne(filling.observed) : [filling.value];
    for (const value of values) record(value, filling.labels);
  }
  return async () => Buffer.from(await bodyOf(exporter));
}

/** The SDK knows no empty histogram, so an empty one holds one value: the lines are the same in number. */
function atLeastOne(observed: readonly number[]): readonly number[] {
  return observed.length === 0 ? [1] : observed;
}

function bodyOf(exporter: PrometheusExporter): Promise<string> {
  return new Promise((resolve) => {
    const response = { statusCode: 0, setHeader: () => undefined, end: resolve };
    exporter.getMetricsRequestHandler({} as IncomingMessage, response as unknown as ServerResponse);
  });
}

function valueOf(filling: Filling): number {
  return 'value' in filling ? filling.value : NaN;
}

function observedOf(filling: Filling): readonly number[] {
  return 'observed' in filling ? filling.observed : [];
}
