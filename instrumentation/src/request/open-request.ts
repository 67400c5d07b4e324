import { type Classification, classifyHttpFailure, classifyThrown } from '../errors/classify.ts';
import { isErrorType } from '../errors/error-type.ts';
import { type Attempt, type AttemptStep, mayHaveArrived } from '../http/attempt.ts';
import type { RequestMetrics } from '../metrics/request-metrics.ts';
import { RequestLifeCycle } from './life-cycle.ts';
import type { ActiveRequest, ActiveState, RequestLabels } from './operation.ts';
import type { Observation, RequestState } from './observation.ts';

/** What an open request needs around it. */
export interface RequestSurroundings {
  readonly metrics: RequestMetrics;
  /** Monotonic seconds. */
  readonly now: () => number;
  /** Called once, when the request is over and counted. */
  readonly onEnd: (request: OpenRequest) => void;
}

/** Steps that make a job, so that a second one may be a second job. */
const MAKES_A_JOB: ReadonlySet<AttemptStep> = new Set(['run', 'submit', 'stream']);
const ABORTED: Classification = { errorType: 'aborted', fault: 'app', outcome: 'cancelled' };
const INVALID_JSON: Classification = { errorType: 'invalid_json', fault: 'unknown', outcome: 'error' };
const UNEXPECTED_CONTENT: Classification = {
  errorType: 'unexpected_content_type',
  fault: 'unknown',
  outcome: 'error',
};
const STREAM_ENDED: Classification = { errorType: 'network_error', fault: 'network', outcome: 'error' };
/**
 * One logical request from its first sign to its end: told what was seen by the wrappers of the client, it tells
 * the metrics. It is counted once, whatever comes after its end.
 *
 * A request is **attached** while one call of the app spans its whole life (`run`, `subscribe`, `stream`): how that
 * call ends is how the request ends. Otherwise (`queue.*`) it is **detached**: each call sees a part, and a failed
 * poll or fetch is only a suspicion until nobody asks again.
 */
export class OpenRequest {
  readonly labels: RequestLabels;
  /** True while a call of the app spans the request's whole life. */
  readonly isAttached: boolean;
  /** When this process first knew of it, and when it last did, in monotonic seconds. */
  readonly since: number;
  lastSeen: number;
  /** Calls in progress that wait for it. */
  watchers = 0;
  readonly #life = new RequestLifeCycle();
  readonly #around: RequestSurroundings;
  #hasEnded = false;
  #failure: Classification | undefined;
  #suspicion: { readonly failure: Classification; readonly at: number } | undefined;
  #lastAttempt: Attempt | undefined;
  #units: string | undefined;
  #jobMayExist = false;
  #hasSentJob = false;
  #hasFailedStatus = false;
  /** Why the answer to the submit was of no use. */
  #unusable: Classification | undefined;

  /** `isStart` is false for a job that another process submitted: its beginning is not known here. */
  constructor(
    labels: RequestLabels,
    around: RequestSurroundings,
    { isAttached, isStart }: { readonly isAttached: boolean; readonly isStart: boolean },
  ) {
    this.labels = labels;
    this.isAttached = isAttached;
    this.#around = around;
    this.since = around.now();
    this.lastSeen = this.since;
    if (isStart) this.observe({ kind: 'started', at: this.since });
    around.metrics.started(labels);
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  get life(): RequestLifeCycle {
    return this.#life;
  }

  get requestId(): string | undefined {
    return this.#life.requestId ?? this.#lastAttempt?.requestId;
  }

  /** Why it failed, when it did. */
  get failure(): Classification | undefined {
    return this.#failure;
  }

  get lastAttempt(): Attempt | undefined {
    return this.#lastAttempt;
  }

  /** The header `X-Fal-Billable-Units` of the last answer that had one. */
  get billableUnits(): string | undefined {
    return this.#units;
  }

  /** True before the request itself is on its way: files that are uploaded now are its input. */
  get takesUploads(): boolean {
    return !this.#hasSentJob && !this.#hasEnded && this.#life.requestId === undefined;
  }

  observe(observation: Observation): void {
    this.lastSeen = observation.at;
    this.#life.observe(observation);
  }

  /** Observes what needs nothing but its time. */
  saw(kind: 'upload_started' | 'upload_ended' | 'first_chunk' | 'result_requested' | 'result_refused'): void {
    this.observe({ kind, at: this.#around.now() });
  }

  attemptStarted(step: AttemptStep): void {
    this.lastSeen = this.#around.now();
    if (!MAKES_A_JOB.has(step)) return;
    if (this.#jobMayExist) this.#around.metrics.submitRepeated(this.labels);
    this.#hasSentJob = true;
  }

  attemptEnded(attempt: Attempt): void {
    this.#around.metrics.attempted(this.labels, String(attempt.status ?? attempt.networkCode ?? 'unknown'));
    this.observe({ kind: 'attempt_ended', at: attempt.endedAt });
    this.#lastAttempt = attempt;
    if (MAKES_A_JOB.has(attempt.step)) this.#jobMayExist ||= mayHaveArrived(attempt);
    if (attempt.billableUnits !== undefined) this.#billed(attempt, attempt.billableUnits);
  }

  #billed({ step, status = 0 }: Attempt, units: string): void {
    const { metrics } = this.#around;
    if (this.#units !== undefined && MAKES_A_JOB.has(step)) {
      // Its answer broke off after the headers, and the client made another job: both are billed.
      metrics.billedLate(this.labels, this.#units, 'duplicate');
    } else if (this.#units === undefined && this.#hasEnded) {
      metrics.billedLate(this.labels, units, status < 400 ? 'ok' : this.#failure?.outcome);
    }
    this.#units = units;
  }

  /** Takes the answer to a submit, whatever it is. */
  submitted(body: unknown): void {
    const at = this.#around.now();
    const { request_id: requestId, queue_position: queuePosition } = fieldsOf(body);
    if (typeof requestId !== 'string' || requestId === '') {
      this.#unusable = typeof body === 'string' ? UNEXPECTED_CONTENT : INVALID_JSON;
      // Without an id nobody can ask about the job; a call that spans the request will fail of it.
      if (!this.isAttached) this.failAs(this.#unusable);
      return;
    }
    this.observe({ kind: 'submitted', at, requestId, queuePosition: numberOrAbsent(queuePosition) });
  }

  /**
   * Takes one answer of the queue about where the job stands; what is no status is ignored. One that nobody has asked
   * for (`isAsked` false) dispels no suspicion.
   */
  sawStatus(body: unknown, isAsked = true): void {
    const at = this.#around.now();
    const { status, queue_position: queuePosition, metrics, error_type: errorType, error } = fieldsOf(body);
    if (isAsked) this.#suspicion = undefined;
    const retries = this.#life.platformRetries;
    if (status === 'IN_QUEUE')
      this.observe({ kind: 'queued', at, queuePosition: numberOrAbsent(queuePosition) });
    if (status === 'IN_PROGRESS') this.observe({ kind: 'running', at });
    if (this.#life.platformRetries > retries) this.#around.metrics.platformRetried(this.labels);
    if (status !== 'COMPLETED') return;
    const inferenceSeconds = numberOrAbsent(fieldsOf(metrics).inference_time);
    this.observe({ kind: 'completed', at, inferenceSeconds });
    if (typeof errorType !== 'string' && typeof error !== 'string') return;
    this.#hasFailedStatus = true;
    if (this.isAttached) return;
    const failure = classifyHttpFailure({ status: 0, body });
    // An unknown name says little; the result, should anybody fetch it, tells more.
    if (isErrorType(errorType)) this.failAs(failure);
    else this.#suspicion = { failure, at };
  }

  /** The caller has what it wanted. `data` that is a page of HTML is no result. */
  finish(data?: unknown): void {
    const isPage = typeof data === 'string' && this.#lastAttempt?.contentType?.includes('text/html') === true;
    if (isPage) {
      this.failAs(UNEXPECTED_CONTENT);
      return;
    }
    this.#end({ kind: 'finished', at: this.#around.now(), billableUnits: Number(this.#units ?? NaN) });
  }

  /** The call that spans the request was refused with this. */
  fail(error: unknown): void {
    const failure = this.#unusable ?? classifyThrown(error, this.#lastAttempt);
    // The client asks for the result too early when the stream of statuses ended before the job did.
    this.failAs(this.#isTooEarly(failure, this.#lastAttempt) ? STREAM_ENDED : failure);
  }

  /** The app gave up, for a reason that need not be an error; one that is a time-out stays one. */
  abort(reason: unknown): void {
    const failure = classifyThrown(reason);
    this.failAs(failure.errorType === 'client_timeout' ? failure : ABORTED);
  }

  failAs(failure: Classification, at: number = this.#around.now()): void {
    if (this.#hasEnded) return;
    this.#failure = failure;
    const { errorType, outcome } = failure;
    this.#end({ kind: 'failed', at, errorType, outcome });
  }

  cancel(): void {
    this.#end({ kind: 'cancelled', at: this.#around.now() });
  }

  /**
   * A poll or a fetch of a detached request failed. The answer of the model itself ends the request; anything else
   * (network, key, rate limit, the caller's own abort, fetched too early) does so only when nobody asks again.
   *
   * @param attempt the last exchange of the call that failed, where it is known: calls about one job may overlap.
   */
  suspect(error: unknown, attempt: Attempt | undefined = this.#lastAttempt): void {
    const failure = classifyThrown(error, attempt);
    const wasAnswered = attempt?.status !== undefined && attempt.status >= 400;
    if ((this.#hasFailedStatus && wasAnswered) || isOfTheJob(failure, attempt)) this.failAs(failure);
    else if (this.#isTooEarly(failure, attempt)) this.saw('result_refused');
    else if (!this.#hasFailedStatus) this.#suspicion = { failure, at: this.#around.now() };
  }

  /** fal refuses the result of a job that still runs; that is no failure of the job. */
  #isTooEarly({ errorType }: Classification, attempt: Attempt | undefined): boolean {
    const isRefusal = errorType === '400' || errorType === 'bad_request';
    return isRefusal && attempt?.step === 'result' && !this.#life.wasSeenCompleted;
  }

  /** Nobody has asked for a while: a suspicion becomes the end, at the time when it arose. */
  settleSuspicion(): void {
    if (this.#suspicion !== undefined) this.failAs(this.#suspicion.failure, this.#suspicion.at);
  }

  /** How it stands now, for the gauges. */
  active(now: number): ActiveRequest {
    const { state, queuePosition } = this.#life.record();
    return {
      labels: this.labels,
      state: ACTIVE_STATES[state] ?? 'submitting',
      ageSeconds: this.#life.ageSeconds(now) ?? Math.max(0, now - this.since),
      queuePosition,
    };
  }

  #end(observation: Extract<Observation, { kind: 'finished' | 'failed' | 'cancelled' }>): void {
    if (this.#hasEnded) return;
    this.observe(observation);
    this.#hasEnded = true;
    const { labels } = this;
    const host = this.#lastAttempt?.host.replace(/:\d+$/, '');
    this.#around.metrics.ended({ labels, record: this.#life.record(), billableUnits: this.#units, host });
    this.#around.onEnd(this);
  }
}

const ACTIVE_STATES: Readonly<Partial<Record<RequestState, ActiveState>>> = {
  queued: 'queued',
  running: 'running',
  completed: 'fetching',
  fetching: 'fetching',
};

/** An answer that fal gave for the job, not for the reading of it. */
function isOfTheJob({ fault, errorType }: Classification, attempt: Attempt | undefined): boolean {
  if (attempt?.step !== 'result' || attempt.status === undefined || attempt.status < 400) return false;
  if (errorType === 'not_found' || errorType === 'bad_request' || errorType === '400') return false;
  return fault === 'app' || fault === 'model' || (fault === 'platform' && errorType !== 'ingress_error');
}

function numberOrAbsent(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
