import { isOnFor } from '../engine.ts';
import { traitsOf } from '../errors/error-table.ts';
import type { Failure } from '../failures.ts';
import { drawDuration } from '../random.ts';
import type { Endpoint } from '../world.ts';
import {
  MAX_ATTEMPTS,
  isFallbackDue,
  queueFailureMs,
  retryPauseMs,
  startupTimeoutMs,
} from './attempt-plan.ts';
import { type Ending, complete } from './completion.ts';
import { type EndpointWork, enqueue, leaveLine, startable } from './endpoint-work.ts';
import { type LiveJob, attemptOf, holdsSlotThroughout, notify, stopTimer } from './live-job.ts';
import { RunnerPool } from './runner-pool.ts';
import { Runs, type RunsParts } from './runs.ts';

/** What the dispatcher works with. */
export interface DispatcherParts extends RunsParts {
  /** Whether the lock of an account keeps its queued jobs from starting. */
  isHeldByLock(job: LiveJob): boolean;
  /** The endpoint that is equivalent to this one. */
  fallbackOf(endpoint: Endpoint): Endpoint | undefined;
}

/**
 * Moves jobs from the lines to the runners and onwards.
 *
 * ```
 * IN_QUEUE  foreign requests ahead ─▶ slot of the account ─▶ idle runner, or a boot ─▶ IN_PROGRESS ─▶ COMPLETED
 *     ▲                                                                                    │
 *     └──────────────── back-off ◀── failure that the platform retries ────────────────────┘
 * ```
 */
export class Dispatcher {
  readonly #parts: DispatcherParts;
  readonly #createdAt: number;
  readonly #works = new Map<string, EndpointWork>();
  readonly #runs: Runs;
  #arrivals = 0;

  constructor(parts: DispatcherParts) {
    this.#parts = parts;
    this.#createdAt = parts.clock.now();
    this.#runs = new Runs(parts, {
      isRetried: (job, failure) => this.#isRetried(job, failure),
      onRunEnded: (work, job, failure) => {
        this.#attemptEnded(work, job, failure);
        this.wake();
      },
    });
  }

  /** The lines and runners of an endpoint. Its warm runners have idled since the simulator began. */
  work(endpoint: Endpoint): EndpointWork {
    const known = this.#works.get(endpoint.id);
    if (known !== undefined) {
      known.endpoint = endpoint;
      return known;
    }
    const newId = (): string =>
      `runner-${this.#parts.random
        .integer(2 ** 32)
        .toString(16)
        .padStart(8, '0')}`;
    const pool = new RunnerPool(endpoint, newId, this.#createdAt);
    const work: EndpointWork = { endpoint, pool, direct: [], queue: [] };
    this.#works.set(endpoint.id, work);
    return work;
  }

  /**
   * Takes a job in. A direct call takes its slot at once; the caller has made sure that one is free. A realtime
   * message runs in the slot of its connection.
   */
  accept(job: LiveJob): void {
    const work = this.work(job.servedBy);
    this.#arrivals += 1;
    job.arrival = this.#arrivals;
    if (holdsSlotThroughout(job)) this.#parts.slots.take(job.order.account);
    if (job.order.mode === 'queue') enqueue(work, job);
    else work.direct.push(job);
    this.#armDeadline(work, job);
    this.#armForeign(work, job);
    this.#dispatch(work);
  }

  /** Ends a job before its time: it leaves its line or its runner. */
  abandon(job: LiveJob, ending: Ending): void {
    if (job.state === 'COMPLETED') return;
    this.#runs.interrupt(this.work(job.servedBy), job);
    this.#end(job, ending);
    this.wake();
  }

  /** Whether cancelling the running job has no effect. */
  ignoresCancel(job: LiveJob): boolean {
    return job.servedBy.ignoresCancel === true || this.#runs.isStuck(job);
  }

  /** Looks again at every stuck job and every line: the world or a switch changed, or a slot is free. */
  wake(): void {
    this.#runs.releaseStuck();
    const oldest = (work: EndpointWork): number => work.queue[0]?.arrival ?? Infinity;
    for (const work of [...this.#works.values()].sort((a, b) => oldest(a) - oldest(b))) this.#dispatch(work);
  }

  #dispatch(work: EndpointWork): void {
    let withoutRunner = 0;
    for (const job of this.#ready(work)) {
      if (this.#failInQueue(work, job)) continue;
      const runner = work.pool.take(work.endpoint, this.#parts.clock.now());
      if (runner === undefined) {
        withoutRunner += 1;
        this.#awaitRunner(work, job);
      } else {
        leaveLine(work, job);
        stopTimer(job, 'startup');
        this.#runs.start(work, job, runner);
      }
    }
    for (let boots = work.pool.booting; boots < withoutRunner; boots += 1) {
      if (work.pool.hasRoom(work.endpoint)) this.#boot(work);
    }
    for (const job of work.queue) notify(job);
  }

  #ready(work: EndpointWork): LiveJob[] {
    const direct = work.direct.filter((job) => !job.isHeldBack);
    if (isOnFor(this.#parts.switches.queueStalled, work.endpoint.id)) return direct;
    const { slots } = this.#parts;
    const freeSlots = (job: LiveJob): number =>
      this.#parts.isHeldByLock(job) ? 0 : slots.free(job.order.account);
    return [...direct, ...startable(work, freeSlots)];
  }

  #boot(work: EndpointWork): void {
    const { clock, random } = this.#parts;
    const bootMs = drawDuration(random, work.endpoint.coldStart);
    work.pool.startBoot();
    clock.after(bootMs, () => {
      work.pool.finishBoot(clock.now(), bootMs);
      this.#dispatch(work);
    });
  }

  /** The job is next and has a slot; from now on it waits for a runner only. */
  #awaitRunner(work: EndpointWork, job: LiveJob): void {
    if (job.startableSince !== undefined) return;
    const { clock } = this.#parts;
    job.startableSince = clock.now();
    const expire = (): void => {
      job.attempts += 1;
      this.#attemptEnded(work, job, { errorType: 'startup_timeout', final: false });
      this.wake();
    };
    job.timers.set('startup', clock.after(startupTimeoutMs(work.endpoint), expire));
  }

  /** Lets the attempt fail without a runner if a rule says so. */
  #failInQueue(work: EndpointWork, job: LiveJob): boolean {
    if (job.isQueueFailureDecided) return false;
    job.isQueueFailureDecided = true;
    const failure = this.#parts.failures.strike('queue', attemptOf(job));
    if (failure === undefined) return false;
    this.#hold(job, queueFailureMs(work.endpoint, failure), () => {
      job.attempts += 1;
      this.#attemptEnded(work, job, failure);
      this.wake();
    });
    return true;
  }

  #attemptEnded(work: EndpointWork, job: LiveJob, failure: Failure | undefined): void {
    stopTimer(job, 'startup');
    if (failure === undefined) this.#end(job, { outcome: 'ok' });
    else if (this.#isRetried(job, failure)) this.#requeue(work, job);
    else {
      const isCancelled = failure.errorType.startsWith('client_');
      this.#end(job, { outcome: isCancelled ? 'cancelled' : 'error', errorType: failure.errorType });
    }
  }

  #isRetried(job: LiveJob, failure: Failure): boolean {
    const { mode, noRetry } = job.order;
    if (mode !== 'queue' || noRetry || failure.final || job.cancelRequested) return false;
    return traitsOf(failure.errorType).platformRetries && job.attempts < MAX_ATTEMPTS;
  }

  #requeue(failed: EndpointWork, job: LiveJob): void {
    job.state = 'IN_QUEUE';
    job.startableSince = undefined;
    job.isQueueFailureDecided = false;
    const work = this.#workForRetry(failed, job);
    if (!work.queue.includes(job)) work.queue.unshift(job);
    if (this.#isPastDeadline(job)) this.#expire(job);
    else {
      this.#hold(job, retryPauseMs(job.attempts), () => this.#dispatch(work));
      notify(job);
    }
  }

  /** The endpoint that failed gets the job again, until its fallback takes over. */
  #workForRetry(failed: EndpointWork, job: LiveJob): EndpointWork {
    const fallback = isFallbackDue(job) ? this.#parts.fallbackOf(job.order.endpoint) : undefined;
    if (fallback === undefined) return failed;
    leaveLine(failed, job);
    job.servedBy = fallback;
    return this.work(fallback);
  }

  #hold(job: LiveJob, ms: number, then: () => void): void {
    job.isHeldBack = true;
    const release = (): void => {
      job.isHeldBack = false;
      job.timers.delete('hold');
      then();
    };
    job.timers.set('hold', this.#parts.clock.after(ms, release));
  }

  #end(job: LiveJob, ending: Ending): void {
    const { clock, random, slots } = this.#parts;
    leaveLine(this.work(job.servedBy), job);
    for (const name of [...job.timers.keys()]) stopTimer(job, name);
    if (holdsSlotThroughout(job)) slots.release(job.order.account);
    complete(job, ending, clock.now(), random.integer(2 ** 31));
    notify(job);
  }

  #armDeadline(work: EndpointWork, job: LiveJob): void {
    const { startDeadlineMs } = job.order;
    if (startDeadlineMs === undefined) return;
    const expire = (): void => {
      if (job.state === 'IN_QUEUE') this.#expire(job);
      this.#dispatch(work);
    };
    job.timers.set('deadline', this.#parts.clock.after(startDeadlineMs, expire));
  }

  #isPastDeadline(job: LiveJob): boolean {
    const deadlineMs = job.order.startDeadlineMs ?? Infinity;
    return this.#parts.clock.now() >= job.record.submittedAt + deadlineMs;
  }

  #expire(job: LiveJob): void {
    this.#end(job, { outcome: 'error', errorType: 'startup_timeout', isUserDeadline: true });
  }

  /** Counts down the requests of other customers; a stalled queue keeps its numbers. */
  #armForeign(work: EndpointWork, job: LiveJob): void {
    if (job.foreignAhead === 0) return;
    const tick = (): void => {
      if (!isOnFor(this.#parts.switches.queueStalled, work.endpoint.id)) job.foreignAhead -= 1;
      this.#armForeign(work, job);
      this.#dispatch(work);
    };
    job.timers.set('foreign', this.#parts.clock.after(work.endpoint.foreignServiceMs, tick));
  }
}
