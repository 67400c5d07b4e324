import type { MeterProvider } from '@opentelemetry/api';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { MeterProvider as SdkMeterProvider } from '@opentelemetry/sdk-metrics';
import type { RequestRecord } from '../request/life-cycle.ts';
import type { RequestLabels } from '../request/operation.ts';
import { type RequestMetricsOptions, type RequestMetricsRecorder, createRequestMetrics } from './recorder.ts';
import type { EndedRequest } from './request-metrics.ts';

/** What the SDK collects, as far as the tests look at it. */
export interface Collected {
  readonly scopeMetrics: readonly {
    readonly metrics: readonly {
      readonly descriptor: { readonly name: string };
      readonly dataPoints: readonly {
        readonly attributes: Readonly<Record<string, unknown>>;
        readonly value: unknown;
      }[];
    }[];
  }[];
}

/** For tests: series of an instrument, by labels such as `endpoint_id=a,outcome=ok`: the value, or the count. */
export function seriesOf(collected: Collected, instrument: string): Record<string, number> {
  const found: Record<string, number> = {};
  for (const { metrics } of collected.scopeMetrics) {
    for (const { descriptor, dataPoints } of metrics) {
      if (descriptor.name !== instrument) continue;
      for (const { attributes, value } of dataPoints) found[labelsText(attributes)] = numberOf(value);
    }
  }
  return found;
}

/** For tests: every series of every instrument, as `name{labels}`. */
export function allSeriesOf(collected: Collected): Record<string, number> {
  const names = collected.scopeMetrics.flatMap(({ metrics }) =>
    metrics.map(({ descriptor }) => descriptor.name),
  );
  const entries = [...new Set(names)].flatMap((name) =>
    Object.entries(seriesOf(collected, name)).map(
      ([labels, value]) => [`${name}{${labels}}`, value] as const,
    ),
  );
  return Object.fromEntries(entries);
}

export function labelsText(labels: Readonly<Record<string, unknown>>): string {
  return Object.entries(labels)
    .map(([label, value]) => `${label}=${String(value)}`)
    .sort()
    .join();
}

function numberOf(value: unknown): number {
  if (typeof value === 'number') return value;
  const { count } = value as { readonly count: number };
  return count;
}

export const LABELS: RequestLabels = { endpointId: 'fal-ai/flux/dev', operation: 'run' };

/** For tests: a request that is over; a success of 2 s unless told otherwise. */
export function over(
  record: Partial<RequestRecord> = {},
  rest: Partial<Omit<EndedRequest, 'record'>> = {},
): EndedRequest {
  return {
    labels: LABELS,
    ...rest,
    record: {
      state: 'finished',
      outcome: 'ok',
      total: { seconds: 2, certainty: 'exact' },
      attempts: 1,
      platformRetries: 0,
      ...record,
    },
  };
}

export interface TestedMetrics {
  readonly metrics: RequestMetricsRecorder;
  readonly errors: string[];
  readonly warnings: string[];
}

/** For tests: a recorder on a provider, with nothing in flight and no price unless told otherwise. */
export function testedMetrics(
  provider: MeterProvider | undefined,
  options: Partial<RequestMetricsOptions> = {},
): TestedMetrics {
  const errors: string[] = [];
  const warnings: string[] = [];
  const metrics = createRequestMetrics({
    meterProvider: () => provider!,
    active: () => [],
    priceOf: () => undefined,
    costNanoOf: () => undefined,
    log: { error: (message) => void errors.push(message), warn: (message) => void warnings.push(message) },
    ...options,
  });
  return { metrics, errors, warnings };
}

export interface ReadableMetrics extends TestedMetrics {
  /** The series of one instrument, as `seriesOf` tells them. */
  readonly read: (instrument: string) => Promise<Record<string, number>>;
  /** The series of all instruments, as `allSeriesOf` tells them. */
  readonly readAll: () => Promise<Record<string, number>>;
}

/** For tests: a recorder on a provider of its own, whose series can be read. */
export function readableMetrics(options: Partial<RequestMetricsOptions> = {}): ReadableMetrics {
  const reader = new PrometheusExporter({ preventServerStart: true });
  const provider = new SdkMeterProvider({ readers: [reader] });
  const collect = async (): Promise<Collected> => (await reader.collect()).resourceMetrics;
  return {
    ...testedMetrics(provider, options),
    read: async (instrument) => seriesOf(await collect(), instrument),
    readAll: async () => allSeriesOf(await collect()),
  };
}
