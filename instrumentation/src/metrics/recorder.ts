import { type BatchObservableResult, type DiagLogger, type MeterProvider, diag } from '@opentelemetry/api';
import { Fence } from '../fence.ts';
import type { GenAiConvention } from '../types.ts';
import { PACKAGE_VERSION } from '../version.ts';
import { AppReports, type CircuitState, type FallbackReport } from './app-reports.ts';
import { CallLabelling } from './call-labels.ts';
import { countersOf, createFamilies, timingsOf } from './families.ts';
import { GenAiDuration } from './gen-ai.ts';
import { InFlight } from './in-flight.ts';
import type { Movable } from './instruments.ts';
import { MeterBinding } from './meter-binding.ts';
import type { Prices } from './money.ts';
import { OnceWarnings } from './once-warnings.ts';
import { RequestBooks } from './request-books.ts';
import type { ActiveRequests, RequestMetrics } from './request-metrics.ts';

export interface RequestMetricsOptions extends Prices {
  /** The provider in force, asked at every record; the instruments follow when it is another one. */
  readonly meterProvider: () => MeterProvider;
  /** Requests in flight, read at every collection. */
  readonly active: ActiveRequests;
  /** Distinct endpoint ids; what comes after is counted as `_OTHER`. Default: 200. */
  readonly maxEndpoints?: number | undefined;
  /** Default: off. */
  readonly genAi?: GenAiConvention | undefined;
  /** Where our own failures and warnings go. Default: `diag`, which is silent unless the app gave it a logger. */
  readonly log?: Pick<DiagLogger, 'error' | 'warn'> | undefined;
  /** Of the scope of the metrics. Default: the version of this package. */
  readonly version?: string | undefined;
}

/** The metrics of the app side. No method throws; what goes wrong inside is said once by `diag`. */
export interface RequestMetricsRecorder extends RequestMetrics {
  /** Uses this provider whatever `options.meterProvider` says; undefined asks it again. */
  useMeterProvider(provider: MeterProvider | undefined): void;
  /** The app handed a call to another provider. */
  recordFallback(report: FallbackReport): void;
  /** The app's circuit breaker moved; undefined when it is there no longer. */
  recordCircuitState(endpointId: string, state: CircuitState | undefined): void;
}

const DEFAULT_MAX_ENDPOINTS = 200;

/**
 * Records requests as OpenTelemetry metrics. Make one per process: two on one meter provider would observe the
 * same series, and the SDK would keep neither's total.
 *
 * Counts and gauges are kept here and observed at collection, so they are complete on a provider that the app
 * sets later. Durations wait for the collection; those from before a provider was there are lost.
 */
export function createRequestMetrics(options: RequestMetricsOptions): RequestMetricsRecorder {
  const { books, reports, inFlight, fence, binding } = createParts(options);
  // Apart from the work itself: a provider that fails must not cost the counts, which a better one will show.
  const recording =
    <A extends unknown[]>(what: string, work: (...args: A) => void) =>
    (...args: A): void => {
      try {
        binding.follow();
      } catch (error) {
        fence.failed('setting up the instruments', error);
      }
      try {
        work(...args);
      } catch (error) {
        fence.failed(what, error);
      }
    };
  return {
    started: recording('counting a request that began', (labels) => {
      inFlight.begin(books.begin(labels).endpoint);
    }),
    attempted: recording('counting an attempt', (labels, status) => books.attempted(labels, status)),
    platformRetried: recording('counting a platform retry', (labels) => books.platformRetried(labels)),
    submitRepeated: recording('counting a repeated submit', (labels) => books.submitRepeated(labels)),
    ended: recording('counting a request that ended', (request) => books.ended(request)),
    billedLate: recording('counting late units', (labels, units, as) => books.billedLate(labels, units, as)),
    realtimeConnected: recording('counting a realtime connection', (id) => books.realtimeConnected(id)),
    realtimeMessage: recording('counting a realtime message', (id, direction) =>
      books.realtimeMessage(id, direction),
    ),
    useMeterProvider: (provider) => {
      fence.try('changing the meter provider', () => binding.pin(provider));
    },
    recordFallback: recording('counting a fallback', (report) => reports.fellBack(report)),
    recordCircuitState: recording('keeping the state of a circuit breaker', (id, state) =>
      reports.circuitMoved(id, state),
    ),
  };
}

interface Parts {
  readonly fence: Fence;
  readonly books: RequestBooks;
  readonly reports: AppReports;
  readonly inFlight: InFlight;
  readonly binding: MeterBinding;
}

function createParts(options: RequestMetricsOptions): Parts {
  const { genAi: convention = 'off', maxEndpoints = DEFAULT_MAX_ENDPOINTS } = options;
  const { log = diag, meterProvider, version = PACKAGE_VERSION } = options;
  const fence = new Fence(log);
  const warnings = new OnceWarnings(log);
  const onFull = (): void => warnings.warn('series', SERIES_FULL);
  const labelling = new CallLabelling(maxEndpoints, warnings);
  const families = createFamilies(onFull);
  const genAi = convention === 'off' ? undefined : new GenAiDuration(convention, onFull);
  const books = new RequestBooks({ families, labelling, prices: options, genAi, fence });
  const reports = new AppReports(families, labelling, warnings);
  const inFlight = new InFlight(families);
  const counters = countersOf(families);
  const timings = [...timingsOf(families), ...(genAi === undefined ? [] : [genAi.family])];
  const collect = (result: BatchObservableResult): void => {
    // First, because looking at them may show that one is over: gauges and counts of one collection must agree.
    fence.try('reporting the requests in flight', () =>
      inFlight.observe(result, options.active(), (endpointId) => labelling.endpoint(endpointId)),
    );
    // The SDK reads its histograms after the callbacks.
    fence.try('handing over durations', () => timings.forEach((timing) => timing.handOver()));
    fence.try('reporting the counts', () => counters.forEach((counter) => counter.observe(result)));
    fence.try('reporting the circuit breakers', () => reports.observe(result));
  };
  const movables: Movable[] = Object.values<Movable>({ ...families });
  if (genAi !== undefined) movables.push(genAi.family);
  const binding = new MeterBinding({ meterProvider, version, families: movables, collect });
  return { fence, books, reports, inFlight, binding };
}

const SERIES_FULL =
  'a metric has no room for another series: attributes of calls, then endpoint ids, are left out of new ones. ' +
  'Allow fewer attributes, or fewer values of them.';
