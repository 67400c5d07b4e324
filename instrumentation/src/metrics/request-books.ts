import type { Attributes } from '@opentelemetry/api';
import { type ErrorType, type Outcome, faultOf, isErrorType } from '../errors/error-type.ts';
import type { Fence } from '../fence.ts';
import type { RequestRecord } from '../request/life-cycle.ts';
import type { Operation, RequestLabels } from '../request/operation.ts';
import { NO_ATTRIBUTES } from './call-attributes.ts';
import type { CallLabelling, CallLabels } from './call-labels.ts';
import type { LabelsOf } from './definition.ts';
import type { Families } from './families.ts';
import type { GenAiDuration } from './gen-ai.ts';
import type { Cell } from './label-sets.ts';
import { type BilledRequest, type Prices, type SpentOn, bookMoney } from './money.ts';
import type { EndedRequest } from './request-metrics.ts';

const OUTCOMES: readonly Outcome[] = ['ok', 'error', 'timeout', 'cancelled'];

/** Statuses remembered per kind of request; there are some forty. */
const MOST_STATUSES = 100;

/** Operations that make a job by a POST that the client may repeat. */
const SUBMITTING: ReadonlySet<Operation> = new Set<Operation>(['run', 'subscribe', 'submit', 'stream']);

/** Operations that the GenAI conventions know nothing like: no model answers within the call. */
const NOT_INFERENCE: ReadonlySet<Operation> = new Set<Operation>(['upload', 'realtime']);

export interface RequestBooksOptions {
  readonly families: Families;
  readonly labelling: CallLabelling;
  readonly prices: Prices;
  readonly genAi: GenAiDuration | undefined;
  readonly fence: Fence;
}

/** Where the requests of one kind are counted: found once, because it is asked for at every one of them. */
interface Places {
  readonly call: CallLabels;
  readonly requests: Map<Outcome, Cell>;
  readonly attempts: Map<string, Cell>;
  readonly durations: Map<Outcome, Attributes>;
}

/** Counts logical requests and what happens to them. */
export class RequestBooks {
  readonly #options: RequestBooksOptions;
  readonly #prices: Prices;
  /** By the label object itself: calls of a kind share theirs. */
  readonly #places = new WeakMap<RequestLabels, Places>();

  constructor(options: RequestBooksOptions) {
    this.#options = options;
    const { fence, prices } = options;
    // A price that cannot be had leaves the cost unknown; the rest of the request is booked as ever.
    this.#prices = {
      priceOf: (endpointId) => fence.try('looking up a price', () => prices.priceOf(endpointId)),
      costNanoOf: (units, price) => fence.try('computing a cost', () => prices.costNanoOf(units, price)),
    };
  }

  /** Makes the series that the request may count in, so that the first failure is an increase and no start. */
  begin(labels: RequestLabels): CallLabels {
    return this.#placesOf(labels).call;
  }

  #placesOf(labels: RequestLabels): Places {
    const known = this.#places.get(labels);
    if (known !== undefined) return known;
    const call = this.#options.labelling.of(labels);
    const { requests, platformRetries, duplicateSubmits, unpriced } = this.#options.families;
    const { endpoint, operation } = call;
    const of = (outcome: Outcome): LabelsOf<'endpoint_id' | 'operation' | 'outcome'> => ({
      endpoint_id: endpoint,
      operation,
      outcome,
    });
    platformRetries.begin({ endpoint_id: endpoint });
    unpriced.begin({ endpoint_id: endpoint });
    if (SUBMITTING.has(operation)) duplicateSubmits.begin({ endpoint_id: endpoint, operation });
    const places: Places = {
      call,
      requests: new Map(OUTCOMES.map((outcome) => [outcome, requests.cell(of(outcome))])),
      attempts: new Map(),
      durations: new Map(),
    };
    // What is not frozen may say something else the next time.
    if (Object.isFrozen(labels)) this.#places.set(labels, places);
    return places;
  }

  attempted(labels: RequestLabels, status: string): void {
    const { attempts, call } = this.#placesOf(labels);
    let cell = attempts.get(status);
    if (cell === undefined) {
      const { families, labelling } = this.#options;
      const { endpoint, operation } = call;
      cell = families.attempts.cell({ endpoint_id: endpoint, operation, status: labelling.status(status) });
      if (attempts.size < MOST_STATUSES) attempts.set(status, cell);
    }
    cell.total += 1;
  }

  platformRetried({ endpointId }: RequestLabels): void {
    const { families, labelling } = this.#options;
    families.platformRetries.add(1, { endpoint_id: labelling.endpoint(endpointId) });
  }

  submitRepeated({ endpointId, operation }: RequestLabels): void {
    const { families, labelling } = this.#options;
    families.duplicateSubmits.add(1, { endpoint_id: labelling.endpoint(endpointId), operation });
  }

  realtimeConnected(endpointId: string): void {
    const { families, labelling } = this.#options;
    const endpoint = labelling.endpoint(endpointId);
    families.realtimeConnections.add(1, { endpoint_id: endpoint });
    for (const direction of ['sent', 'received'])
      families.realtimeMessages.begin({ endpoint_id: endpoint, direction });
  }

  realtimeMessage(endpointId: string, direction: 'sent' | 'received'): void {
    const { families, labelling } = this.#options;
    families.realtimeMessages.add(1, { endpoint_id: labelling.endpoint(endpointId), direction });
  }

  ended(request: EndedRequest): void {
    const { record, labels } = request;
    const { outcome } = record;
    if (outcome === undefined) throw new Error('expected a request that is over, got one without an outcome');
    const places = this.#placesOf(labels);
    const { call } = places;
    const failure = failureOf(record, outcome);
    this.#count(places, outcome, failure);
    this.#time(places, outcome, record);
    this.#book({ ...call, endpointId: labels.endpointId, outcome, unitsText: request.billableUnits });
    if (NOT_INFERENCE.has(call.operation)) return;
    this.#options.genAi?.record({
      endpoint: call.endpoint,
      seconds: record.total?.seconds,
      errorType: failure,
      host: request.host,
    });
  }

  /**
   * Units beside those of the request's end. A result that was fetched after all is no waste, and it is unpriced like
   * any other success whose price is unknown.
   */
  billedLate(labels: RequestLabels, billableUnits: string, as: SpentOn = 'ok'): void {
    const { endpointId } = labels;
    this.#book({ ...this.begin(labels), endpointId, outcome: as, unitsText: billableUnits });
  }

  #book(request: BilledRequest): void {
    bookMoney(request, this.#prices, this.#options.families);
  }

  #count({ call, requests }: Places, outcome: Outcome, failure: ErrorType | undefined): void {
    const { endpoint, operation, extra } = call;
    const { errors, attributedRequests } = this.#options.families;
    const cell = requests.get(outcome);
    if (cell !== undefined) cell.total += 1;
    if (extra !== NO_ATTRIBUTES) attributedRequests.add(1, { endpoint_id: endpoint, outcome }, extra);
    if (failure === undefined) return;
    const fault = faultOf(failure);
    errors.add(1, { endpoint_id: endpoint, operation, error_type: failure, fault });
  }

  #time({ call, durations }: Places, outcome: Outcome, record: RequestRecord): void {
    const { families } = this.#options;
    const { endpoint, operation, extra } = call;
    const label = { endpoint_id: endpoint };
    let attributes = durations.get(outcome);
    if (attributes === undefined) {
      attributes = families.duration.attributesOf({ ...label, operation, outcome });
      durations.set(outcome, attributes);
    }
    families.duration.recordAt(record.total?.seconds, attributes);
    if (extra !== NO_ATTRIBUTES) {
      families.attributedDuration.record(record.total?.seconds, { ...label, outcome }, extra);
    }
    families.queueWait.record(record.queueWait?.seconds, label);
    families.inference.record(record.inference?.seconds, label);
    families.resultFetch.record(record.resultFetch?.seconds, label);
    families.upload.record(record.upload?.seconds, label);
    families.timeToFirstChunk.record(record.timeToFirstChunk?.seconds, label);
  }
}

/** Why a request failed, of the closed list; undefined when it succeeded or was cancelled. */
function failureOf({ errorType }: RequestRecord, outcome: Outcome): ErrorType | undefined {
  if (outcome !== 'error' && outcome !== 'timeout') return undefined;
  return isErrorType(errorType) ? errorType : '_OTHER';
}
