import {
  clientActiveRequests,
  clientErrors,
  clientOldestRequestAge,
  clientQueueWait,
  clientRequestDuration,
  clientRequests,
  faultOf,
  type Outcome,
  type RequestLifeCycle,
  type RequestRecord,
  type RequestState,
} from 'opentelemetry-instrumentation-fal/core';
import type { MetricStore } from '../../exporter/src/metrics/store.ts';

const OPERATION = 'subscribe';
const OUTCOMES: readonly Outcome[] = ['ok', 'error', 'timeout', 'cancelled'];
const STATES = ['submitting', 'queued', 'running', 'fetching'] as const;

/** The families `fal_client_*` that alerts look at, booked for one model from the life cycles of its requests. */
export class RequestBooks {
  readonly #store: MetricStore;
  readonly #endpointId: string;
  readonly #inFlight = new Set<RequestLifeCycle>();

  constructor(store: MetricStore, endpointId: string) {
    this.#store = store;
    this.#endpointId = endpointId;
    for (const outcome of OUTCOMES) store.bind(clientRequests, { ...this.#labels, outcome });
  }

  get #labels(): { readonly endpoint_id: string; readonly operation: string } {
    return { endpoint_id: this.#endpointId, operation: OPERATION };
  }

  started(request: RequestLifeCycle): void {
    this.#inFlight.add(request);
  }

  ended(request: RequestLifeCycle): void {
    this.#inFlight.delete(request);
    const { outcome = 'error', errorType, total, queueWait } = request.record();
    this.#store.bind(clientRequests, { ...this.#labels, outcome }).inc();
    if (outcome === 'error' || outcome === 'timeout') {
      const type = errorType ?? '_OTHER';
      this.#store.bind(clientErrors, { ...this.#labels, error_type: type, fault: faultOf(type) }).inc();
    }
    this.#store.bind(clientRequestDuration, { ...this.#labels, outcome }).observe(total?.seconds ?? 0);
    if (queueWait === undefined) return;
    this.#store.bind(clientQueueWait, { endpoint_id: this.#endpointId }).observe(queueWait.seconds);
  }

  /** Brings the gauges to `now`, monotonic seconds. */
  refresh(now: number): void {
    const requests = [...this.#inFlight].map((request) => ({
      state: stateOf(request.record()),
      age: request.ageSeconds(now) ?? 0,
    }));
    for (const state of STATES) {
      const ages = requests.filter((each) => each.state === state).map(({ age }) => age);
      const labels = { endpoint_id: this.#endpointId, state };
      this.#store.bind(clientActiveRequests, labels).set(ages.length);
      this.#store.bind(clientOldestRequestAge, labels).set(ages.length === 0 ? NaN : Math.max(...ages));
    }
  }
}

const AS_SHOWN: Partial<Readonly<Record<RequestState, (typeof STATES)[number]>>> = {
  queued: 'queued',
  running: 'running',
  completed: 'fetching',
  fetching: 'fetching',
};

function stateOf({ state }: RequestRecord): (typeof STATES)[number] {
  return AS_SHOWN[state] ?? 'submitting';
}
