import {
  type DiagLogger,
  type MeterProvider,
  type TracerProvider,
  diag,
  metrics as metricsApi,
  trace,
} from '@opentelemetry/api';
import { type AsyncSlot, createAsyncSlot } from './async-context.ts';
import { type AttributeFilter, createAttributeFilter } from './attributes/attribute-filter.ts';
import { currentFalAttributes } from './attributes/with-fal-attributes.ts';
import { type TelemetryClock, systemClock } from './clock.ts';
import { Fence } from './fence.ts';
import { type RequestMetricsRecorder, createRequestMetrics } from './metrics/recorder.ts';
import { costNanoOf } from './money/billable-units.ts';
import { createPriceList } from './money/prices.ts';
import { type PriceFetcher, createPriceFetcher } from './money/price-fetcher.ts';
import { endpointIdOf } from './request/endpoint-id.ts';
import type { Attempt } from './http/attempt.ts';
import type { OpenRequest } from './request/open-request.ts';
import type { Operation, RequestLabels } from './request/operation.ts';
import { RequestDesk } from './request/request-desk.ts';
import { type RequestSpan, RequestSpans, type SpanStart } from './spans/request-spans.ts';
import { settingsOf } from './settings.ts';
import type { FalTelemetryConfig } from './types.ts';
import { type Warnings, createWarnings } from './warnings/warnings.ts';

/** Label objects kept per operation; endpoint ids beyond are rare ones. */
const MOST_LABELS = 500;

/** What the code inside an observed call knows: which request it works for; and what it leaves behind. */
export interface CallContext {
  readonly request: OpenRequest;
  /** The newest exchange of this call; calls about one request may overlap. */
  lastAttempt?: Attempt | undefined;
}

/** What surrounds the telemetry; all of it has a default, tests and the instrumentation give their own. */
export interface TelemetrySurroundings {
  readonly clock?: TelemetryClock | undefined;
  readonly isEnabled?: (() => boolean) | undefined;
  readonly meterProvider?: (() => MeterProvider) | undefined;
  readonly tracerProvider?: (() => TracerProvider) | undefined;
  readonly log?: DiagLogger | undefined;
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Where the request that code works for is kept; of the runtime's `AsyncLocalStorage`, where it has one. */
  readonly calls?: AsyncSlot<CallContext> | undefined;
  /** For the prices, when they are to be fetched. */
  readonly fetch?: typeof fetch | undefined;
}

/**
 * The app side put together:
 *
 * ```text
 * wrappers of the client ─▶ requests (desk) ─▶ metrics ─▶ the app's MeterProvider
 *        client/            request/    └────▶ spans   ─▶ the app's TracerProvider
 * ```
 */
export class FalTelemetry {
  readonly clock: TelemetryClock;
  readonly desk: RequestDesk;
  readonly metrics: RequestMetricsRecorder;
  readonly spans: RequestSpans;
  readonly fence: Fence;
  /** Which request the running code works for. */
  readonly calls: AsyncSlot<CallContext>;
  readonly warnings: Warnings;
  readonly #attributes: AttributeFilter;
  readonly #isEnabled: () => boolean;
  readonly #priceFetcher: PriceFetcher | undefined;
  readonly #labels: Readonly<Record<Operation, Map<string, RequestLabels>>> = {
    run: new Map(),
    subscribe: new Map(),
    submit: new Map(),
    result: new Map(),
    stream: new Map(),
    realtime: new Map(),
    upload: new Map(),
  };

  constructor(config: FalTelemetryConfig = {}, around: TelemetrySurroundings = {}) {
    const env = around.env ?? environment();
    const settings = settingsOf(config, env);
    const log = around.log ?? diag;
    this.clock = around.clock ?? systemClock;
    this.calls = around.calls ?? createAsyncSlot<CallContext>();
    this.fence = new Fence(log);
    this.#isEnabled = around.isEnabled ?? ((): boolean => true);
    this.warnings = createWarnings(log);
    this.#attributes = createAttributeFilter({
      allow: settings.attributes,
      maxValues: settings.maxAttributeValues,
      log,
    });
    this.#priceFetcher = settings.fetchPrices
      ? createPriceFetcher({ fetch: around.fetch, env, log, maxEndpoints: settings.maxEndpoints })
      : undefined;
    const fetcher = this.#priceFetcher;
    const prices = createPriceList({
      prices: settings.prices,
      fetched: fetcher && ((endpointId) => fetcher.priceOf(endpointId)),
      log,
    });
    const meters = around.meterProvider ?? ((): MeterProvider => metricsApi.getMeterProvider());
    const tracers = around.tracerProvider ?? ((): TracerProvider => trace.getTracerProvider());
    this.metrics = createRequestMetrics({
      meterProvider: meters,
      active: () => this.desk.active(),
      priceOf: (endpointId) => prices.priceOf(endpointId),
      costNanoOf,
      maxEndpoints: settings.maxEndpoints,
      genAi: settings.genAi,
      log,
    });
    this.desk = new RequestDesk({ metrics: this.metrics, now: () => this.clock.monotonic(), onEnd: noop });
    this.spans = new RequestSpans({
      provider: tracers,
      clock: this.clock,
      captureContent: settings.captureContent,
    });
  }

  get isEnabled(): boolean {
    try {
      return this.#isEnabled();
    } catch (error) {
      this.fence.failed('asking whether we are switched on', error);
      return false;
    }
  }

  /** The labels of a call that the running code makes now. */
  labelsOf(operation: Operation, endpointId: unknown): RequestLabels {
    const id = endpointIdOf(endpointId);
    this.#priceFetcher?.want(id);
    const attributes = this.#attributes.accept(currentFalAttributes());
    return attributes === undefined
      ? this.#plainLabels(operation, id)
      : { endpointId: id, operation, attributes };
  }

  /** The same object for all calls of a kind: what is kept by it need not be looked up by its parts. */
  #plainLabels(operation: Operation, endpointId: string): RequestLabels {
    const ofOperation = this.#labels[operation];
    const known = ofOperation.get(endpointId);
    if (known !== undefined) return known;
    const labels = Object.freeze({ endpointId, operation });
    if (ofOperation.size < MOST_LABELS) ofOperation.set(endpointId, labels);
    return labels;
  }

  /** The span of a call; undefined when nobody records it, or tracing fails: the metrics go on without. */
  startSpan(start: SpanStart): RequestSpan | undefined {
    try {
      return this.spans.start(start);
    } catch (error) {
      this.fence.failed('starting a span', error);
      return undefined;
    }
  }

  /** Stops what runs on its own: the fetching of prices. */
  shutdown(): void {
    this.#priceFetcher?.stop();
  }
}

function noop(): void {
  // Spans and watchers are let go of by the call that sees the end.
}

function environment(): Readonly<Record<string, string | undefined>> {
  return typeof process === 'object' ? process.env : {};
}
