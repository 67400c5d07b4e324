import type { AttemptStep } from '../http/attempt.ts';
import { OpenRequest, type RequestSurroundings } from './open-request.ts';
import type { ActiveRequest, Operation, RequestLabels } from './operation.ts';

/** How long a detached request counts as waited for after the last call about it, in seconds. */
const WATCH_SECONDS = 60;
/** Jobs remembered by their id, so that what is learnt later belongs to the same request. */
const REMEMBERED = 10_000;
/** How long, in seconds: fal keeps no result for longer than that. */
const REMEMBERED_SECONDS = 24 * 3600;

/** Which operations send what makes a request, by what the exchange is for. */
const SENT_BY: Readonly<Partial<Record<AttemptStep, readonly Operation[]>>> = {
  run: ['run'],
  submit: ['subscribe', 'submit'],
  stream: ['stream'],
};

interface Remembered {
  readonly request: OpenRequest;
  readonly since: number;
}

/**
 * Knows the requests of this process: those that somebody waits for (the gauges), and by their id those that are
 * open or were lately, so that submit, polls, result, cancel and webhook of one job are one request.
 */
export class RequestDesk {
  readonly #around: RequestSurroundings;
  readonly #onEnd: (request: OpenRequest) => void;
  readonly #watched = new Set<OpenRequest>();
  readonly #byId = new Map<string, Remembered>();

  constructor({ onEnd, ...around }: RequestSurroundings) {
    this.#onEnd = onEnd;
    this.#around = { ...around, onEnd: (request) => this.#ended(request) };
  }

  /**
   * A request begins; `isAttached` when one call spans its whole life. A realtime session has no start: how long it
   * stays open is no waiting time.
   */
  begin(labels: RequestLabels, { isAttached }: { readonly isAttached: boolean }): OpenRequest {
    const isStart = labels.operation !== 'realtime';
    const request = new OpenRequest(labels, this.#around, { isAttached, isStart });
    this.#watched.add(request);
    return request;
  }

  /** The request of a job by its id, whether it is still open or over. */
  find(requestId: string): OpenRequest | undefined {
    return this.#byId.get(requestId)?.request;
  }

  /** The request of a job; when no call of this process submitted it, a new one whose beginning is unknown. */
  findOrAdopt(requestId: string, labels: () => RequestLabels): OpenRequest {
    const known = this.find(requestId);
    if (known !== undefined) {
      if (!known.hasEnded) this.#watched.add(known);
      return known;
    }
    const request = new OpenRequest(labels(), this.#around, { isAttached: false, isStart: false });
    this.#watched.add(request);
    this.remember(requestId, request);
    return request;
  }

  /** From now on the id leads to this request. */
  remember(requestId: string, request: OpenRequest): void {
    // In the order of `since`, so that the oldest comes first.
    this.#byId.delete(requestId);
    this.#byId.set(requestId, { request, since: this.#around.now() });
    if (this.#byId.size > REMEMBERED) this.#forgetOldest();
  }

  /**
   * For runtimes without a call context: the request that an exchange most likely belongs to. Among several alike the
   * first that has not sent its own yet, so that each has one; whoever repeats, the labels are right.
   */
  guess(step: AttemptStep, path: string): OpenRequest | undefined {
    const id = /\/requests\/([^/]+)/.exec(path)?.[1];
    if (id !== undefined) return this.find(id);
    const endpointId = path.replace(/^\/|\/$/g, '');
    let repeating: OpenRequest | undefined;
    for (const request of this.#watched) {
      if (!sends(request, step, endpointId)) continue;
      if (request.takesUploads) return request;
      if (request.life.requestId === undefined) repeating ??= request;
    }
    return repeating;
  }

  /** The requests that somebody waits for, as they stand now; realtime sessions wait for nothing in particular. */
  *active(): Iterable<ActiveRequest> {
    this.sweep();
    const now = this.#around.now();
    for (const request of this.#watched) {
      if (request.labels.operation !== 'realtime') yield request.active(now);
    }
  }

  /** Lets go of what nobody has asked about for a while. */
  sweep(): void {
    const now = this.#around.now();
    for (const request of this.#watched) {
      if (request.watchers > 0 || now - request.lastSeen < WATCH_SECONDS) continue;
      this.#watched.delete(request);
      request.settleSuspicion();
    }
    for (const [id, { since }] of this.#byId) {
      if (now - since < REMEMBERED_SECONDS) break;
      this.#byId.delete(id);
    }
  }

  #forgetOldest(): void {
    const [oldest] = this.#byId;
    if (oldest === undefined) return;
    const [id, { request }] = oldest;
    this.#byId.delete(id);
    if (request.watchers === 0) {
      request.settleSuspicion();
      this.#watched.delete(request);
    }
  }

  #ended(request: OpenRequest): void {
    this.#watched.delete(request);
    this.#onEnd(request);
  }
}

function sends({ labels }: OpenRequest, step: AttemptStep, endpointId: string): boolean {
  const { endpointId: known, operation } = labels;
  const isSender = SENT_BY[step]?.includes(operation) === true;
  return isSender && (known === endpointId || `${known}/stream` === endpointId);
}
