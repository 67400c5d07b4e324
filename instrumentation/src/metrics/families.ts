import * as metrics from './client-metrics.ts';
import { Counter, Gauge, type Movable, Timing } from './instruments.ts';
import { NANO } from '../money/nano-usd.ts';

/** Every family of the app side, ready to count: the only place where definitions become instruments. */
export interface Families {
  readonly requests: Counter<'endpoint_id' | 'operation' | 'outcome'>;
  readonly errors: Counter<'endpoint_id' | 'operation' | 'error_type' | 'fault'>;
  readonly attempts: Counter<'endpoint_id' | 'operation' | 'status'>;
  readonly platformRetries: Counter<'endpoint_id'>;
  readonly duplicateSubmits: Counter<'endpoint_id' | 'operation'>;
  readonly units: Counter<'endpoint_id' | 'unit'>;
  readonly cost: Counter<'endpoint_id' | 'source'>;
  readonly wastedCost: Counter<'endpoint_id' | 'reason'>;
  readonly unpriced: Counter<'endpoint_id'>;
  readonly realtimeConnections: Counter<'endpoint_id'>;
  readonly realtimeMessages: Counter<'endpoint_id' | 'direction'>;
  readonly fallbacks: Counter<'endpoint_id' | 'provider' | 'outcome'>;
  readonly active: Gauge<'endpoint_id' | 'state'>;
  readonly oldestAge: Gauge<'endpoint_id' | 'state'>;
  readonly queuePosition: Gauge<'endpoint_id'>;
  readonly circuitState: Gauge<'endpoint_id' | 'state'>;
  readonly duration: Timing<'endpoint_id' | 'operation' | 'outcome'>;
  readonly queueWait: Timing<'endpoint_id'>;
  readonly inference: Timing<'endpoint_id'>;
  readonly upload: Timing<'endpoint_id'>;
  readonly resultFetch: Timing<'endpoint_id'>;
  readonly timeToFirstChunk: Timing<'endpoint_id'>;
  // Beside the labels named here, these carry what the app says of a call.
  readonly attributedRequests: Counter<'endpoint_id' | 'outcome'>;
  readonly attributedDuration: Timing<'endpoint_id' | 'outcome'>;
  readonly attributedUnits: Counter<'endpoint_id' | 'unit'>;
  readonly attributedCost: Counter<'endpoint_id' | 'source'>;
}

/** @param onFull called when a family has no room for another label set. */
export function createFamilies(onFull: () => void): Families {
  return {
    requests: new Counter(metrics.clientRequests, onFull),
    errors: new Counter(metrics.clientErrors, onFull),
    attempts: new Counter(metrics.clientAttempts, onFull),
    platformRetries: new Counter(metrics.clientPlatformRetries, onFull),
    duplicateSubmits: new Counter(metrics.clientDuplicateSubmits, onFull),
    units: new Counter(metrics.clientBillableUnits, onFull),
    cost: new Counter(metrics.clientCost, onFull, NANO),
    wastedCost: new Counter(metrics.clientWastedCost, onFull, NANO),
    unpriced: new Counter(metrics.clientUnpricedRequests, onFull),
    realtimeConnections: new Counter(metrics.clientRealtimeConnections, onFull),
    realtimeMessages: new Counter(metrics.clientRealtimeMessages, onFull),
    fallbacks: new Counter(metrics.clientFallbacks, onFull),
    active: new Gauge(metrics.clientActiveRequests, onFull),
    oldestAge: new Gauge(metrics.clientOldestRequestAge, onFull),
    queuePosition: new Gauge(metrics.clientQueuePosition, onFull),
    circuitState: new Gauge(metrics.clientCircuitState, onFull),
    duration: new Timing(metrics.clientRequestDuration, onFull),
    queueWait: new Timing(metrics.clientQueueWait, onFull),
    inference: new Timing(metrics.clientInference, onFull),
    upload: new Timing(metrics.clientUpload, onFull),
    resultFetch: new Timing(metrics.clientResultFetch, onFull),
    timeToFirstChunk: new Timing(metrics.clientTimeToFirstChunk, onFull),
    attributedRequests: new Counter(metrics.clientAttributedRequests, onFull),
    attributedDuration: new Timing(metrics.clientAttributedRequestDuration, onFull),
    attributedUnits: new Counter(metrics.clientAttributedBillableUnits, onFull),
    attributedCost: new Counter(metrics.clientAttributedCost, onFull, NANO),
  };
}

/** Those of them that are counters. */
export function countersOf(families: Families): readonly Counter<string>[] {
  return Object.values<Movable>({ ...families }).filter((family) => family instanceof Counter);
}

/** Those of them that are histograms. */
export function timingsOf(families: Families): readonly Timing<string>[] {
  return Object.values<Movable>({ ...families }).filter((family) => family instanceof Timing);
}
