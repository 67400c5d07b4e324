import { type ErrorType, type Outcome, faultOf, isErrorType } from '../errors/error-type.ts';
import type { Fence } from '../fence.ts';
import type { RequestRecord } from '../request/life-cycle.ts';
import type { Operation, RequestLabels } from '../request/operation.ts';
import { NO_ATTRIBUTES } from './call-attributes.ts';
import type { CallLabelling, CallLabels } from './call-labels.ts';
import type { Families } from './families.ts';
import type { GenAiDuration } from './gen-ai.ts';
import { type BilledRequest, type Prices, type SpentOn, bookMoney } from './money.ts';
import type { EndedRequest } from './request-metrics.ts';

const OUTCOMES: readonly Outcome[] = ['ok', 'error', 'timeout', 'cancelled'];

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

/** Counts logical requests and what happens to them. */
export class RequestBooks {
  readonly #options: RequestBooksOptions;
  readonly #prices: Prices;

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
    const call = this.#options.labelling.of(labels);
    const { requests, platformRetries, duplicateSubmits, unpriced } = this.#options.families;
    const { endpoint, operation } = call;
    const series = (outcome: Outcome): Parameters<typeof requests.begin>[0] => ({
      endpoint_id: endpoint,
      operation,
      outcome,
    });
    if (!requests.begin(series('ok'))) return call;
    for (const outcome of OUTCOMES) requests.begin(series(outcome));
    platformRetries.begin({ endpoint_id: endpoint });
    unpriced.begin({ endpoint_id: endpoint });
    if (SUBMITTING.has(operation)) duplicateSubmits.begin({ endpoint_id: endpoint, operation });
    return call;
  }

  attempted(labels: RequestLabels, status: string): void {
    const { families, labelling } = this.#options;
    families.attempts.add(1, {
      endpoint_id: labelling.endpoint(labels.endpointId),
      operation: labels.operation,
      status: labelling.status(status),
    });
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
    const call = this.begin(labels);
    const failure = failureOf(record, outcome);
    this.#count(call, outcome, failure);
    this.#time(call, outcome, record);
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

  #count({ endpoint, operation, extra }: CallLabels, outcome: Outcome, failure: ErrorType | undefined): void {
    const { requests, errors, attributedRequests } = this.#options.families;
    requests.add(1, { endpoint_id: endpoint, operation, outcome });
    if (extra !== NO_ATTRIBUTES) attributedRequests.add(1, { endpoint_id: endpoint, outcome }, extra);
    if (failure === undefined) return;
    const fault = faultOf(failure);
    errors.add(1, { endpoint_id: endpoint, operation, error_type: failure, fault });
  }

  #time({ endpoint, operation, extra }: CallLabels, outcome: Outcome, record: RequestRecord): void {
    const { families } = this.#options;
    const label = { endpoint_id: endpoint };
    families.duration.record(record.total?.seconds, { ...label, operation, outcome });
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
