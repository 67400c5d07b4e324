import type { Clock } from '../clock.ts';
import { type Switches, isOnFor } from '../engine.ts';
import { traitsOf } from '../errors/error-table.ts';
import type { Failure, Failures } from '../failures.ts';
import type { JobRun } from '../ledger.ts';
import type { Random } from '../random.ts';
import { planAttempt } from './attempt-plan.ts';
import type { EndpointWork } from './endpoint-work.ts';
import { type CurrentRun, type LiveJob, attemptOf, notify } from './live-job.ts';
import type { Runner } from './runner-pool.ts';
import type { Slots } from './slots.ts';

export interface RunsParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly switches: Readonly<Switches>;
  readonly failures: Failures;
  readonly slots: Slots;
}

export interface RunsListener {
  /** Whether the platform will run the job again after this failure. */
  isRetried(job: LiveJob, failure: Failure): boolean;
  /** The job left its runner; `undefined`: with a result. */
  onRunEnded(work: EndpointWork, job: LiveJob, failure: Failure | undefined): void;
}

/** The attempts that runners work on: from IN_PROGRESS until the runner is free again. */
export class Runs {
  readonly #parts: RunsParts;
  readonly #listener: RunsListener;
  /** Jobs whose run would be over, were they not stuck. */
  readonly #stuck = new Map<LiveJob, EndpointWork>();

  constructor(parts: RunsParts, listener: RunsListener) {
    this.#parts = parts;
    this.#listener = listener;
  }

  /** A queued job takes a slot of its account here; a direct call holds one already. */
  start(work: EndpointWork, job: LiveJob, runner: Runner): void {
    const { clock, random, failures, slots } = this.#parts;
    if (job.order.mode === 'queue') slots.take(job.order.account);
    const refusal = job.order.inputError;
    const failure =
      refusal === undefined
        ? failures.strike('runner', attemptOf(job))
        : { errorType: refusal.errorType, final: true };
    const plan = planAttempt(work.endpoint, failure, random);
    const startedAt = clock.now();
    job.attempts += 1;
    job.state = 'IN_PROGRESS';
    job.record.runs.push({
      runnerId: runner.id,
      startedAt,
      coldStartMs: coldStartMs(job, runner, startedAt),
      ...(job.servedBy === job.order.endpoint ? {} : { servedBy: job.servedBy.id }),
    });
    runner.isFresh = false;
    job.startableSince = undefined;
    const finish = (): void => {
      if (this.isStuck(job)) this.#stuck.set(job, work);
      else this.#finish(work, job);
    };
    const cancelTimer = clock.after(plan.durationMs, finish);
    job.run = {
      runner,
      startedAt,
      endsAt: startedAt + plan.durationMs,
      failure: plan.failure,
      cancelTimer,
    };
    notify(job);
  }

  /** Takes the job off its runner, which lives on. */
  interrupt(work: EndpointWork, job: LiveJob): void {
    const run = this.#close(job, 'cancelled');
    if (run !== undefined) work.pool.release(run.runner, this.#parts.clock.now());
  }

  /** Ends the runs of stuck jobs whose endpoint is stuck no longer. */
  releaseStuck(): void {
    for (const [job, work] of [...this.#stuck]) {
      if (!this.isStuck(job)) this.#finish(work, job);
    }
  }

  isStuck(job: LiveJob): boolean {
    return isOnFor(this.#parts.switches.stuckInProgress, job.servedBy.id);
  }

  #finish(work: EndpointWork, job: LiveJob): void {
    const failure = job.run?.failure;
    const run = this.#close(job, this.#endingOf(job, failure));
    if (run === undefined) return;
    if (failure !== undefined && traitsOf(failure.errorType).losesRunner === true) work.pool.lose(run.runner);
    else work.pool.release(run.runner, this.#parts.clock.now());
    this.#listener.onRunEnded(work, job, failure);
  }

  #endingOf(job: LiveJob, failure: Failure | undefined): NonNullable<JobRun['ended']> {
    if (failure === undefined) return 'ok';
    return this.#listener.isRetried(job, failure) ? 'requeued' : 'error';
  }

  #close(job: LiveJob, ended: NonNullable<JobRun['ended']>): CurrentRun | undefined {
    const { run } = job;
    const entry = job.record.runs.at(-1);
    if (run === undefined || entry === undefined) return undefined;
    entry.endedAt = this.#parts.clock.now();
    entry.ended = ended;
    run.cancelTimer();
    this.#stuck.delete(job);
    const { startedAt, endsAt, failure } = run;
    const isCancelled = ended === 'cancelled';
    job.finishedRuns.push({ startedAt, endsAt, failure, endedAt: entry.endedAt, isCancelled });
    job.run = undefined;
    if (job.order.mode === 'queue') this.#parts.slots.release(job.order.account);
    return run;
  }
}

/** The part of the runner's boot that this job sat through. */
function coldStartMs(job: LiveJob, runner: Runner, now: number): number {
  return runner.isFresh ? now - Math.max(runner.bootStartedAt, job.startableSince ?? now) : 0;
}
