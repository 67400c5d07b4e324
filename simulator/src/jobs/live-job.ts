import type { JobMode } from '../ledger.ts';
import type { JobRecord } from '../ledger-book.ts';
import type { Account, Endpoint } from '../world.ts';
import type { Attempt, Failure } from '../failures.ts';
import type { Runner } from './runner-pool.ts';

export type JobState = 'IN_QUEUE' | 'IN_PROGRESS' | 'COMPLETED';

/** What the result of a job answers with, kept until the job is forgotten. */
export interface JobAnswer {
  readonly status: number;
  /** JSON text. */
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  /** For the COMPLETED status of a failed job. */
  readonly error?: { readonly text: string; readonly type: string } | undefined;
}

/** What a caller asks for when a job begins. */
export interface JobOrder {
  readonly endpoint: Endpoint;
  readonly account: Account;
  readonly keyId: string;
  readonly mode: JobMode;
  /** The prompt is not kept: only what the output repeats. */
  readonly seed: number | undefined;
  readonly isLowPriority: boolean;
  /** `X-Fal-No-Retry`. */
  readonly noRetry: boolean;
  /** `x-app-fal-disable-fallback`. */
  readonly noFallback: boolean;
  /** `X-Fal-Request-Timeout`, ms from submit within which it must start. */
  readonly startDeadlineMs: number | undefined;
  readonly duplicateOf: string | undefined;
  /** Of a realtime message: the connection that it came by. */
  readonly connectionId?: string | undefined;
  /** What the app will say about the input as soon as it sees it. */
  readonly inputError: InputError | undefined;
}

/** A field of the input that the app refuses. */
export interface InputError {
  readonly errorType: string;
  readonly field: string;
}

/** One line of a job's log. */
export interface LogLine {
  readonly message: string;
  readonly level: string;
  readonly source: 'USER';
  readonly timestamp: string;
}

/** What the log of an attempt is written from. */
export interface RunSpan {
  readonly startedAt: number;
  /** When it ends unless somebody interferes. */
  readonly endsAt: number;
  readonly failure: Failure | undefined;
}

/** The attempt that a runner works on. */
export interface CurrentRun extends RunSpan {
  readonly runner: Runner;
  readonly cancelTimer: () => void;
}

/** An attempt that is over; its log lines are made when somebody asks, because jobs are kept for long. */
export interface FinishedRun extends RunSpan {
  readonly endedAt: number;
  readonly isCancelled: boolean;
}

/** A job with everything that only the engine knows of it. */
export interface LiveJob {
  readonly record: JobRecord;
  readonly order: JobOrder;
  state: JobState;
  /** The endpoint whose line and runners the job uses: the ordered one until a fallback takes over. */
  servedBy: Endpoint;
  /** Counts up over all jobs: tells who came first within one millisecond. */
  arrival: number;
  /** Requests of other customers that are still ahead. */
  foreignAhead: number;
  /** Since when nothing but a runner is missing. */
  startableSince: number | undefined;
  /** Waits out a back-off, or a failure that needs no runner: cannot start and is nobody's predecessor. */
  isHeldBack: boolean;
  /** Attempts so far, those that never met a runner included. */
  attempts: number;
  /** The queue-side failure of this attempt has been decided. */
  isQueueFailureDecided: boolean;
  cancelRequested: boolean;
  run: CurrentRun | undefined;
  answer: JobAnswer | undefined;
  /** Cancels the timers that belong to the waiting job. */
  readonly timers: Map<'foreign' | 'deadline' | 'startup' | 'hold', () => void>;
  readonly watchers: Set<() => void>;
  readonly finishedRuns: FinishedRun[];
}

/** A job that nobody has looked at yet. */
export function newLiveJob(record: JobRecord, order: JobOrder): LiveJob {
  return {
    record,
    order,
    state: 'IN_QUEUE',
    servedBy: order.endpoint,
    arrival: 0,
    foreignAhead: order.mode === 'queue' ? order.endpoint.foreignQueue : 0,
    startableSince: undefined,
    isHeldBack: false,
    attempts: 0,
    isQueueFailureDecided: false,
    cancelRequested: false,
    run: undefined,
    answer: undefined,
    timers: new Map(),
    watchers: new Set(),
    finishedRuns: [],
  };
}

/** The attempt that comes next, as failure rules see it. */
export function attemptOf(job: LiveJob): Attempt {
  return { endpointId: job.servedBy.id, mode: job.order.mode, attempt: job.attempts + 1 };
}

/** A direct call holds its slot from its arrival to its end; a queued job while it runs; a realtime one has none. */
export function holdsSlotThroughout(job: LiveJob): boolean {
  return job.order.mode === 'run' || job.order.mode === 'stream';
}

/** Stops one timer of a job, if it runs. */
export function stopTimer(job: LiveJob, name: 'foreign' | 'deadline' | 'startup' | 'hold'): void {
  job.timers.get(name)?.();
  job.timers.delete(name);
}

/** Tells everybody who watches the job that something about it changed. */
export function notify(job: LiveJob): void {
  for (const watcher of [...job.watchers]) watcher();
}

/**
 * Resolves when the condition holds for the job, or when the signal aborts. The condition is tried at once and
 * after each change.
 */
export function whenJob(job: LiveJob, condition: () => boolean, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const check = (): void => {
      if (!condition() && !signal.aborted) return;
      job.watchers.delete(check);
      signal.removeEventListener('abort', check);
      resolve();
    };
    job.watchers.add(check);
    signal.addEventListener('abort', check);
    check();
  });
}
