import { createFalClient } from '@fal-ai/client';
import {
  type MeterProvider as Meters,
  type TracerProvider as Tracers,
  ProxyTracerProvider,
} from '@opentelemetry/api';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { BatchSpanProcessor, type SpanExporter, TracerProvider } from '@opentelemetry/sdk-trace';
import { wrapFactory } from '../instrumentation/src/client/instrument-client.ts';
import { FalTelemetry } from '../instrumentation/src/telemetry.ts';

type Fetch = typeof fetch;
type Client = ReturnType<typeof createFalClient>;

export const MODEL = 'fal-ai/flux/dev';
const OUTPUT = JSON.stringify({ images: [{ url: 'https://v3.fal.media/files/x.png' }], seed: 1 });

/** What fal answers a run with. */
export const ANSWER = {
  body: OUTPUT,
  headers: {
    'content-type': 'application/json',
    'x-fal-request-id': '019e6d0a-e5be-7b82-b329-35ae64296902',
    'x-fal-billable-units': '1',
    'x-fal-served-from': 'runner-1',
  },
} as const;

/** A fetch that answers at once, so that what is measured is the client and us. */
export const stubbedFetch: Fetch = () =>
  Promise.resolve(new Response(ANSWER.body, { headers: ANSWER.headers }));

/** The SDK as apps have it, read once a minute: no collection falls into a measurement. */
export function plainMeters(): Meters {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  return new MeterProvider({ readers: [reader] });
}

/** Every span recorded and batched, none sent anywhere. */
export function plainTracers(): Tracers {
  const nowhere: SpanExporter = {
    export: (_, done) => done({ code: 0 }),
    shutdown: () => Promise.resolve(),
  };
  return new TracerProvider({ spanProcessors: [new BatchSpanProcessor({ exporter: nowhere })] });
}

/** The client as it comes. */
export function bareClient(inner: Fetch): Client {
  return createFalClient({ credentials: 'key', fetch: inner });
}

/** The client with our instrumentation; without `tracers` it records metrics only. */
export function ourClient(inner: Fetch, meters: Meters, tracers?: Tracers): Client {
  const telemetry = new FalTelemetry(
    { prices: { [MODEL]: { unitPriceUsd: 0.025, unit: 'images' } } },
    {
      meterProvider: () => meters,
      tracerProvider: () => tracers ?? new ProxyTracerProvider(),
    },
  );
  const create = wrapFactory(telemetry, createFalClient) as typeof createFalClient;
  return create({ credentials: 'key', fetch: inner });
}

/** The peer: it listens to Node's own fetch, so it needs real exchanges. Switched off until `enable()`. */
export function undiciPeer(meters: Meters, tracers: Tracers): UndiciInstrumentation {
  // Not by `enabled: false`: that stays in force after `enable()`.
  const peer = new UndiciInstrumentation();
  peer.disable();
  peer.setMeterProvider(meters);
  peer.setTracerProvider(tracers);
  return peer;
}
