import type { ErrorType, Outcome } from '../errors/error-type.ts';
import { outcomeOf } from '../errors/error-type.ts';
import type { Measured, Observation, RequestState } from './observation.ts';
import { QueueHistory } from './queue-history.ts';
import type { RequestPart } from './request-part.ts';
import { UploadTime } from './upload-time.ts';

/** What is known of one logical request at this moment. Every number is ≥ 0 or absent. */
export interface RequestRecord {
  readonly state: RequestState;
  readonly requestId?: string | undefined;
  readonly outcome?: Outcome | undefined;
  readonly errorType?: ErrorType | undefined;
  /** Start to end by the caller's clock; absent while in flight. */
  readonly total?: Measured | undefined;
  /** Start until fal accepted the request, uploads and client retries included. */
  readonly submit?: Measured | undefined;
  /** Accepted until first seen running: includes a runner start, which nobody outside can see apart. */
  readonly queueWait?: Measured | undefined;
  /** Run time as fal reports it, of the last platform attempt. */
  readonly inference?: Measured | undefined;
  readonly resultFetch?: Measured | undefined;
  /** While at least one file of the input was on its way to fal's storage; part of `submit`. */
  readonly upload?: Measured | undefined;
  /** Start until the first piece of a streamed answer. */
  readonly timeToFirstChunk?: Measured | undefined;
  /** HTTP exchanges, repeated ones included. */
  readonly attempts: number;
  /** Times that the job was seen going back from running to queued; a lower bound, because polls miss some. */
  readonly platformRetries: number;
  /** Last seen place in the queue; 0 is next. */
  readonly queuePosition?: number | undefined;
  readonly billableUnits?: number | undefined;
}

type TransferObservation = Extract<
  Observation,
  {
    kind:
      | 'upload_started'
      | 'upload_ended'
      | 'result_requested'
      | 'result_refused'
      | 'first_chunk'
      | 'attempt_ended';
  }
>;

type Ending = Extract<Observation, { kind: 'finished' | 'failed' | 'cancelled' | 'abandoned' }>;

const EXACT = 'exact' as const;
/** Room for a server clock that runs at another rate than ours, when reported and own times are compared. */
const CLOCK_TOLERANCE = 1.05;
const CLOCK_TOLERANCE_SECONDS = 1;

/**
 * The life of one logical request, told by observations and asked for numbers.
 *
 * ```text
 *  started        submitted     running(1st)            completed   result_requested  finished
 *     │   submit      │  queue wait  │      inference*       │            │  result fetch │
 *     ├───────────────┼──────────────┼───────────────────────┼────────────┼──────────────┤
 *     └────────────────────────────── total ────────────────────────────────────────────┘
 *  * as fal reports it; IN_PROGRESS may fall back to IN_QUEUE in between (platform retry)
 * ```
 *
 * Observations may come in any order and more than once. The first ending stands; what arrives after it is
 * ignored, because the client goes on polling after it has given up.
 */
export class RequestLifeCycle {
  // Most requests of `run` need neither.
  #seen: QueueHistory | undefined;
  #uploads: UploadTime | undefined;
  #startedAt: number | undefined;
  #submittedAt: number | undefined;
  #completedAt: number | undefined;
  #resultRequestedAt: number | undefined;
  #endedAt: number | undefined;
  #ending: 'finished' | 'failed' | 'cancelled' | 'abandoned' | undefined;
  #errorType: ErrorType | undefined;
  #failedAs: Exclude<Outcome, 'ok'> | undefined;
  #firstChunkAt: number | undefined;
  #requestId: string | undefined;
  #reportedInference: number | undefined;
  #billableUnits: number | undefined;
  #attempts = 0;

  /** Takes one observation. Never throws; a time that is no finite number is ignored. */
  observe(observation: Observation): void {
    if (!Number.isFinite(observation.at)) return;
    if (observation.kind === 'attempt_ended') this.#attempts += 1;
    if (this.#ending !== undefined) return;
    if (isEnding(observation)) {
      this.#end(observation);
      return;
    }
    switch (observation.kind) {
      case 'started':
        this.#startedAt = earliest(this.#startedAt, observation.at);
        return;
      case 'submitted':
      case 'queued':
      case 'running':
      case 'completed':
        this.#observeQueue(observation);
        return;
      default:
        this.#observeTransfer(observation);
    }
  }

  /** What goes over the wire beside the job itself. */
  #observeTransfer(observation: TransferObservation): void {
    if (observation.kind === 'upload_started' || observation.kind === 'upload_ended') {
      (this.#uploads ??= new UploadTime()).add(observation);
    } else if (observation.kind === 'result_requested') {
      this.#resultRequestedAt = earliest(this.#resultRequestedAt, observation.at);
    } else if (observation.kind === 'result_refused') {
      this.#resultRequestedAt = undefined;
    } else if (observation.kind === 'first_chunk') {
      this.#firstChunkAt = earliest(this.#firstChunkAt, observation.at);
    }
  }

  #observeQueue(
    observation: Extract<Observation, { kind: 'submitted' | 'queued' | 'running' | 'completed' }>,
  ): void {
    if (observation.kind === 'submitted') {
      this.#submittedAt = earliest(this.#submittedAt, observation.at);
      this.#requestId ??= observation.requestId;
    }
    if (observation.kind === 'completed') {
      this.#completedAt = earliest(this.#completedAt, observation.at);
      this.#reportedInference ??= finiteOrAbsent(observation.inferenceSeconds);
    }
    (this.#seen ??= new QueueHistory()).add(observation);
  }

  #end(observation: Ending): void {
    this.#ending = observation.kind;
    this.#endedAt = observation.at;
    if (observation.kind === 'failed') {
      this.#errorType = observation.errorType;
      this.#failedAs = observation.outcome;
    }
    if (observation.kind === 'abandoned') this.#errorType = 'client_timeout';
    if (observation.kind === 'finished') this.#billableUnits = finiteOrAbsent(observation.billableUnits);
  }

  /** What is known now; a new object each time. */
  record(): RequestRecord {
    return {
      state: this.#state(),
      requestId: this.#requestId,
      outcome: this.#outcome(),
      errorType: this.#errorType,
      total: exactBetween(this.#startedAt, this.#endedAt),
      submit: exactBetween(this.#startedAt, this.#submittedAt),
      queueWait: this.#queueWait(),
      inference: this.#inference(),
      resultFetch:
        this.#ending === 'finished' ? exactBetween(this.#resultRequestedAt, this.#endedAt) : undefined,
      upload: this.#uploads?.measured,
      timeToFirstChunk: exactBetween(this.#startedAt, this.#firstChunkAt),
      attempts: this.#attempts,
      platformRetries: this.platformRetries,
      queuePosition: this.#seen?.position,
      billableUnits: this.#billableUnits,
    };
  }

  /** fal's id of the job, once it is known. */
  get requestId(): string | undefined {
    return this.#requestId;
  }

  get wasSeenCompleted(): boolean {
    return this.#completedAt !== undefined;
  }

  get state(): RequestState {
    return this.#state();
  }

  /** Times that the job was seen going back to the queue so far; a number without the cost of a whole record. */
  get platformRetries(): number {
    return this.#seen?.retries ?? 0;
  }

  /** When the parts began and ended, on the clock of the observations; what is not known is left out. */
  parts(): RequestPart[] {
    const { queueWait, inference } = this.record();
    const [submittedAt, endedAt] = [this.#submittedAt, this.#endedAt];
    const parts: (RequestPart | undefined)[] = [
      this.#uploads?.part,
      part('submit', this.#startedAt, submittedAt),
      part('queue_wait', submittedAt, later(submittedAt, queueWait), queueWait),
      this.#inferencePart(inference),
      this.#ending === 'finished' ? part('result_fetch', this.#resultRequestedAt, endedAt) : undefined,
    ];
    return parts.filter((each) => each !== undefined);
  }

  /** It ended when the job was seen completed, or before: the run time is exact, its place is not. */
  #inferencePart(inference: Measured | undefined): RequestPart | undefined {
    const end = this.#completedAt ?? this.#endedAt;
    if (inference === undefined || end === undefined) return undefined;
    return part('inference', end - inference.seconds, end, inference);
  }

  /** Seconds since the request began, or undefined when it has not begun or is over. */
  ageSeconds(now: number): number | undefined {
    if (this.#startedAt === undefined || this.#ending !== undefined) return undefined;
    return Math.max(0, now - this.#startedAt);
  }

  #state(): RequestState {
    if (this.#ending !== undefined) return this.#ending;
    if (this.#resultRequestedAt !== undefined) return 'fetching';
    if (this.#completedAt !== undefined) return 'completed';
    const seen = this.#seen?.current;
    if (seen !== undefined) return seen;
    if (this.#submittedAt !== undefined) return 'queued';
    return this.#startedAt === undefined ? 'new' : 'submitting';
  }

  #outcome(): Outcome | undefined {
    switch (this.#ending) {
      case undefined:
        return undefined;
      case 'finished':
        return 'ok';
      case 'cancelled':
        return 'cancelled';
      case 'abandoned':
        return 'timeout';
      case 'failed':
        return this.#failedAs ?? outcomeOf(this.#errorType ?? '_OTHER');
    }
  }

  /**
   * Seen running: the wait is known to within the gap between the last poll that saw it queued and the first
   * that saw it running. Never seen running: completion less the reported run time, to within the last gap.
   */
  #queueWait(): Measured | undefined {
    const submittedAt = this.#submittedAt;
    if (submittedAt === undefined) return undefined;
    const running = this.#seen?.firstRunning;
    if (running !== undefined) {
      return inferred(
        running.at - submittedAt,
        running.at - Math.max(submittedAt, running.notBefore ?? submittedAt),
      );
    }
    const inference = this.#inference();
    if (this.#completedAt === undefined || inference === undefined) return undefined;
    const lastSeen = Math.max(submittedAt, this.#seen?.lastQueuedAt ?? submittedAt);
    return inferred(this.#completedAt - inference.seconds - submittedAt, this.#completedAt - lastSeen);
  }

  /** A reported run time longer than the whole wait by our own clock is a defect, so it is left out. */
  #inference(): Measured | undefined {
    const seconds = this.#reportedInference;
    if (seconds === undefined) return undefined;
    const waited = difference(this.#submittedAt ?? this.#startedAt, this.#completedAt ?? this.#endedAt);
    const isPlausible = waited === undefined || seconds <= waited * CLOCK_TOLERANCE + CLOCK_TOLERANCE_SECONDS;
    return isPlausible ? { seconds, certainty: EXACT } : undefined;
  }
}

function isEnding(observation: Observation): observation is Ending {
  const { kind } = observation;
  return kind === 'finished' || kind === 'failed' || kind === 'cancelled' || kind === 'abandoned';
}

function part(
  name: RequestPart['name'],
  from: number | undefined,
  to: number | undefined,
  measured?: Measured,
): RequestPart | undefined {
  if (from === undefined || to === undefined) return undefined;
  const { certainty = EXACT, boundSeconds } = measured ?? {};
  return { name, from, to: Math.max(from, to), certainty, boundSeconds };
}

function later(from: number | undefined, measured: Measured | undefined): number | undefined {
  return from === undefined || measured === undefined ? undefined : from + measured.seconds;
}

function earliest(known: number | undefined, at: number): number {
  return known === undefined ? at : Math.min(known, at);
}

function finiteOrAbsent(value: number | undefined): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
}

function difference(from: number | undefined, to: number | undefined): number | undefined {
  return from === undefined || to === undefined ? undefined : Math.max(0, to - from);
}

function exactBetween(from: number | undefined, to: number | undefined): Measured | undefined {
  const seconds = difference(from, to);
  return seconds === undefined ? undefined : { seconds, certainty: EXACT };
}

function inferred(seconds: number, boundSeconds: number): Measured {
  return { seconds: Math.max(0, seconds), certainty: 'inferred', boundSeconds: Math.max(0, boundSeconds) };
}
