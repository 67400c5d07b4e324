import type { BatchObservableResult } from '@opentelemetry/api';
import type { ActiveRequest, ActiveState } from '../request/operation.ts';
import type { Gauge } from './instruments.ts';

/** The closed list of the label `state`, in the order of a request's life. */
const STATES: readonly ActiveState[] = ['submitting', 'queued', 'running', 'fetching'];

export interface InFlightGauges {
  readonly active: Gauge<'endpoint_id' | 'state'>;
  readonly oldestAge: Gauge<'endpoint_id' | 'state'>;
  readonly queuePosition: Gauge<'endpoint_id'>;
}

interface Standing {
  count: number;
  oldestSeconds: number;
  /** Whether a collection ever met a request here: before that the age is absent. */
  wasMet: boolean;
}

interface EndpointStanding {
  readonly states: Readonly<Record<ActiveState, Standing>>;
  /** Age of the longest-waiting queued request that was told its position; -1 when there is none. */
  waitedSeconds: number;
  /** What it was told last; absent until an endpoint's queue is told for the first time. */
  queuePosition: number | undefined;
}

/**
 * The gauges of requests in flight, read when somebody collects.
 *
 * What was observed once goes on being observed, as 0 when nothing is in flight. Leaving it out would be more
 * exact, but a reader with cumulative temporality (the Prometheus exporter, OTLP as it comes) repeats the last
 * value of a gauge that is no longer observed, for ever: the age of a request that is long over would page.
 * Seen with sdk-metrics 3.1.1; `TemporalMetricProcessor` merges into what it reported before.
 */
export class InFlight {
  readonly #gauges: InFlightGauges;
  readonly #endpoints = new Map<string, EndpointStanding>();

  constructor(gauges: InFlightGauges) {
    this.#gauges = gauges;
  }

  /** From now on the endpoint has its four states, at 0 unless something is in flight. */
  begin(endpoint: string): EndpointStanding {
    let standing = this.#endpoints.get(endpoint);
    if (standing === undefined) {
      standing = newStanding();
      this.#endpoints.set(endpoint, standing);
    }
    return standing;
  }

  /** @param endpointOf the label value for an endpoint id. */
  observe(
    result: BatchObservableResult,
    requests: Iterable<ActiveRequest>,
    endpointOf: (endpointId: string) => string,
  ): void {
    for (const standing of this.#endpoints.values()) reset(standing);
    for (const request of requests) count(request, this.begin(endpointOf(request.labels.endpointId)));
    for (const [endpoint, standing] of this.#endpoints) this.#observeEndpoint(result, endpoint, standing);
  }

  #observeEndpoint(result: BatchObservableResult, endpoint: string, standing: EndpointStanding): void {
    const { active, oldestAge, queuePosition } = this.#gauges;
    for (const state of STATES) {
      const { count: now, oldestSeconds, wasMet } = standing.states[state];
      const labels = { endpoint_id: endpoint, state };
      active.observe(result, now, labels);
      if (wasMet) oldestAge.observe(result, oldestSeconds, labels);
    }
    if (standing.queuePosition === undefined) return;
    // Somebody waits whose place was not told yet: the last one told still stands.
    const told = standing.states.queued.count > 0 ? standing.queuePosition : 0;
    queuePosition.observe(result, told, { endpoint_id: endpoint });
  }
}

function newStanding(): EndpointStanding {
  const none = (): Standing => ({ count: 0, oldestSeconds: 0, wasMet: false });
  const states = { submitting: none(), queued: none(), running: none(), fetching: none() };
  return { states, waitedSeconds: -1, queuePosition: undefined };
}

function reset(standing: EndpointStanding): void {
  for (const state of STATES) {
    standing.states[state].count = 0;
    standing.states[state].oldestSeconds = 0;
  }
  standing.waitedSeconds = -1;
}

function count(request: ActiveRequest, endpoint: EndpointStanding): void {
  const { state, ageSeconds, queuePosition } = request;
  const standing = endpoint.states[state];
  standing.count += 1;
  standing.wasMet = true;
  if (ageSeconds > standing.oldestSeconds) standing.oldestSeconds = ageSeconds;
  if (state !== 'queued' || queuePosition === undefined || ageSeconds <= endpoint.waitedSeconds) return;
  endpoint.waitedSeconds = ageSeconds;
  endpoint.queuePosition = queuePosition;
}
