/**
 * The names of every metric on the three roads: our own endpoint, the stock OpenTelemetry Prometheus exporter
 * (which adds `_total` and no unit), and OTLP into a receiver (which adds units). They must be one name.
 */
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { DataPointType, MeterProvider } from '@opentelemetry/sdk-metrics';
import type { MetricData } from '@opentelemetry/sdk-metrics';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { MetricDefinition } from 'opentelemetry-instrumentation-fal/core';
import { describe, expect, it } from 'vitest';
import { METRICS } from '../metrics/catalogue.ts';
import { HandClock } from '../metrics/hand-clock.ts';
import { MetricStore } from '../metrics/store.ts';
import { parseExposition } from './golden/strict-parser.ts';
import { createMetricProducer } from './otlp-producer.ts';
import { collectBody } from './render.ts';
import { TEXT_0_0_4 } from './text.ts';

/** A store with one value in every family of the catalogue. */
function fullStore(): MetricStore {
  const store = new MetricStore({ clock: new HandClock(), limit: 10_000, expireAfterMs: 1000 });
  for (const metric of METRICS) {
    const labels = Object.fromEntries(metric.labels.map((label) => [label, 'x']));
    if (metric.type === 'counter') store.bind(metric, labels).inc();
    else if (metric.type === 'gauge') store.bind(metric, labels).set(1);
    else store.bind(metric, labels).observe(1);
  }
  return store;
}

async function scrapedNames(): Promise<string[]> {
  const body = await collectBody(fullStore(), TEXT_0_0_4);
  return [...parseExposition(body.toString(), 'text').keys()];
}

const UNIT_WORDS: Record<string, string> = {
  ...{ d: 'days', h: 'hours', min: 'minutes', s: 'seconds', ms: 'milliseconds', us: 'microseconds' },
  ...{ ns: 'nanoseconds', By: 'bytes', KiBy: 'kibibytes', MiBy: 'mebibytes', GiBy: 'gibibytes' },
  ...{ kBy: 'kilobytes', MBy: 'megabytes', GBy: 'gigabytes', m: 'meters', V: 'volts', A: 'amperes' },
  ...{ J: 'joules', W: 'watts', g: 'grams', Cel: 'celsius', Hz: 'hertz', '%': 'percent' },
};

/**
 * The name that an OTLP receiver gives with UnderscoreEscapingWithSuffixes, after the rules of
 * https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/ and what the Go translator
 * of Prometheus and Collector does beyond them (`_ratio`).
 */
function receivedName(name: string, unit: string, type: MetricDefinition['type']): string {
  const clean = name.replace(/[^a-zA-Z0-9_:]+/g, '_').replace(/_+/g, '_');
  const [main = '', per] = unit.replace(/\{[^}]*\}/g, '').split('/');
  const words = [
    UNIT_WORDS[main] ?? main,
    ...(per ? [`per_${(UNIT_WORDS[per] ?? per).replace(/s$/, '')}`] : []),
  ];
  const word = unit === '1' ? (type === 'gauge' ? 'ratio' : '') : words.filter(Boolean).join('_');
  const withUnit = word === '' || clean.endsWith(`_${word}`) ? clean : `${clean}_${word}`;
  return type === 'counter' && !withUnit.endsWith('_total') ? `${withUnit}_total` : withUnit;
}

function typeOf(metric: MetricData): MetricDefinition['type'] {
  if (metric.dataPointType === DataPointType.HISTOGRAM) return 'histogram';
  return metric.dataPointType === DataPointType.SUM && metric.isMonotonic ? 'counter' : 'gauge';
}

async function pushedNames(): Promise<string[]> {
  const { resourceMetrics } = await createMetricProducer(fullStore(), '0.0.0').collect();
  return resourceMetrics.scopeMetrics
    .flatMap(({ metrics }) => metrics)
    .map((metric) => receivedName(metric.descriptor.name, metric.descriptor.unit, typeOf(metric)));
}

/** What the stock exporter serves for instruments of the same names and units on a meter of the SDK. */
async function stockNames(): Promise<string[]> {
  const exporter = new PrometheusExporter({
    preventServerStart: true,
    withoutTargetInfo: true,
    withoutScopeInfo: true,
  });
  const provider = new MeterProvider({ readers: [exporter] });
  const meter = provider.getMeter('test');
  for (const { instrument, unit, type } of METRICS) {
    if (type === 'counter') meter.createCounter(instrument, { unit }).add(1);
    else if (type === 'gauge') meter.createGauge(instrument, { unit }).record(1);
    else meter.createHistogram(instrument, { unit }).record(1);
  }
  const body = await new Promise<string>((resolve) => {
    const response = { statusCode: 0, setHeader: () => undefined, end: resolve };
    exporter.getMetricsRequestHandler({} as IncomingMessage, response as unknown as ServerResponse);
  });
  await provider.shutdown();
  return [...body.matchAll(/^# TYPE (\S+)/gm)].map(([, name = '']) => name);
}

describe('the names of the catalogue', () => {
  const expected = METRICS.map(({ name }) => name).sort();

  it('are those of our own endpoint', async () => {
    expect((await scrapedNames()).sort()).toEqual(expected);
  });

  it('are those that an OTLP receiver makes of what we push', async () => {
    expect((await pushedNames()).sort()).toEqual(expected);
  });

  it('are those of the stock Prometheus exporter for the same instruments', async () => {
    expect((await stockNames()).sort()).toEqual(expected);
  });
});

describe('the translation that the comparison relies on', () => {
  // Seen with the OTLP receiver of Prometheus 3.
  it.each([
    ['fal.client.request.duration.seconds', 's', 'histogram', 'fal_client_request_duration_seconds'],
    ['fal.client.request.latency', 's', 'histogram', 'fal_client_request_latency_seconds'],
    ['fal.client.requests', '{request}', 'counter', 'fal_client_requests_total'],
    ['fal.client.cost.usd', '{USD}', 'counter', 'fal_client_cost_usd_total'],
    ['fal.client.cost.usd', 'USD', 'counter', 'fal_client_cost_usd_USD_total'],
    ['fal.client.circuit_state', '1', 'gauge', 'fal_client_circuit_state_ratio'],
    ['fal.endpoint.error.ratio', '1', 'gauge', 'fal_endpoint_error_ratio'],
    ['fal.client.billable_units', '1', 'counter', 'fal_client_billable_units_total'],
    [
      'fal.account.burn_rate.usd_per_hour',
      'USD/h',
      'gauge',
      'fal_account_burn_rate_usd_per_hour_USD_per_hour',
    ],
  ] as const)('makes %s in %s as a %s to %s', (name, unit, type, received) => {
    expect(receivedName(name, unit, type)).toBe(received);
  });
});
