import {
  type Attempt,
  type Classification,
  type Observation,
  type Outcome,
  RequestLifeCycle,
  classifyThrown,
} from 'opentelemetry-instrumentation-fal/core';
import type { Clock } from '../domain/clock.ts';
import type { ProbeRunFinished, RunError, RunStep } from '../domain/events.ts';
import { OversizedBodyError, untilAborted } from '../fal/deadline-fetch.ts';
import type { Probe } from './probe.ts';

interface RunFailure {
  readonly classification: Classification;
  readonly text: string;
  /** Id of the exchange that failed, where fal gave one. */
  readonly requestId: string | undefined;
}

/** Without its time stamp: the run stamps it. */
type Unstamped<T> = T extends unknown ? Omit<T, 'at'> : never;

/**
 * One execution of a probe while it happens: the life cycle, the time line in words, and the deadline over
 * the whole of it. The client's own time-outs do not cover submit, result or its back-off sleeps.
 */
export class ProbeRun {
  readonly #probe: Probe;
  readonly #clock: Clock;
  readonly #lifeCycle = new RequestLifeCycle();
  readonly #steps: RunStep[] = [];
  readonly #startedAt: number;
  readonly #deadline = new AbortController();
  readonly #cancelDeadline: () => void;
  readonly #stop: AbortSignal;
  readonly #attempts: Attempt[] = [];
  #failure: RunFailure | undefined;
  /** Aborts when the run's time is up or the exporter stops. */
  readonly signal: AbortSignal;

  constructor(probe: Probe, clock: Clock, stop: AbortSignal) {
    this.#probe = probe;
    this.#clock = clock;
    this.#stop = stop;
    this.#startedAt = clock.monotonic();
    this.#cancelDeadline = clock.after(probe.timeoutMs, () => {
      this.#deadline.abort(new DOMException(`not done within ${probe.timeoutMs / 1000} s`, 'TimeoutError'));
    });
    this.signal = AbortSignal.any([stop, this.#deadline.signal]);
    this.observe({ kind: 'started' });
  }

  /** Seconds since the run began. */
  get elapsedSeconds(): number {
    return Math.max(0, this.#clock.monotonic() - this.#startedAt) / 1000;
  }

  /** Calls back when the whole exporter stops, at once if it does already; returns what takes that back. */
  onStop(callback: () => void): () => void {
    if (this.#stop.aborted) callback();
    this.#stop.addEventListener('abort', callback, { once: true });
    return () => this.#stop.removeEventListener('abort', callback);
  }

  get requestId(): string | undefined {
    return this.#lifeCycle.record().requestId;
  }

  get lastAttempt(): Attempt | undefined {
    return this.#attempts.at(-1);
  }

  /** Header `X-Fal-Billable-Units` of the result, if one came. */
  get billableUnitsHeader(): string | undefined {
    return this.#attempts.findLast((attempt) => attempt.billableUnits !== undefined)?.billableUnits;
  }

  readonly onAttempt = (attempt: Attempt): void => {
    this.#attempts.push(attempt);
    this.observe({ kind: 'attempt_ended' });
    const answer = attempt.status ?? attempt.networkCode ?? 'no answer';
    const isBad = attempt.status === undefined || attempt.status >= 400;
    if (isBad) this.say(`${attempt.host} answered the ${attempt.step} with ${answer}`);
  };

  observe(observation: Unstamped<Observation>): void {
    this.#lifeCycle.observe({ ...observation, at: this.#clock.monotonic() / 1000 });
  }

  /** Adds a line to the time line. Never pass anything that a user or a model wrote. */
  say(text: string): void {
    if (this.#steps.length < 100) this.#steps.push({ seconds: this.elapsedSeconds, text });
  }

  /** Waits for a call to fal, but no longer than the run may last. */
  call<T>(work: Promise<T>): Promise<T> {
    return untilAborted(this.signal, work);
  }

  /** Ends the run as failed, with what was thrown. */
  failWith(error: unknown, doing: string): void {
    const isOversized = error instanceof OversizedBodyError;
    const classification = isOversized ? unusableOutput() : classifyThrown(error, this.lastAttempt);
    this.fail(classification, `${doing}: ${describe(error, classification, this.lastAttempt)}`);
  }

  fail(classification: Classification, text: string): void {
    this.#failure ??= { classification, text, requestId: this.lastAttempt?.requestId };
    if (classification.errorType === 'client_timeout') this.observe({ kind: 'abandoned' });
    else if (classification.outcome === 'cancelled') this.observe({ kind: 'cancelled' });
    else this.observe({ kind: 'failed', errorType: classification.errorType });
    this.say(text);
  }

  get failure(): Classification | undefined {
    return this.#failure?.classification;
  }

  /** Header `x-fal-request-id` of the answer that ended the run as failed: what support asks for. */
  get failedRequestId(): string | undefined {
    return this.#failure?.requestId;
  }

  finish(): ProbeRunFinished {
    this.#cancelDeadline();
    const record = this.#lifeCycle.record();
    const error: RunError | undefined = this.#failure && {
      type: this.#failure.classification.errorType,
      fault: this.#failure.classification.fault,
      text: this.#failure.text,
    };
    const outcome: Outcome = this.#failure?.classification.outcome ?? record.outcome ?? 'ok';
    return {
      kind: 'probe_run_finished',
      at: this.#clock.now(),
      probe: this.#probe.name,
      tier: this.#probe.tier,
      endpointId: this.#probe.endpointId,
      outcome,
      error: outcome === 'cancelled' ? undefined : error,
      durationSeconds: record.total?.seconds ?? this.elapsedSeconds,
      queueWait: record.queueWait,
      inference: record.inference,
      resultFetch: record.resultFetch,
      attempts: record.attempts,
      platformRetries: record.platformRetries,
      lastQueuePosition: record.queuePosition,
      requestId: record.requestId,
      steps: this.#steps,
    };
  }
}

/** An answer came, but not one that a caller could use. */
export function unusableOutput(): Classification {
  return { errorType: 'invalid_output', fault: 'model', outcome: 'error' };
}

/** An answer came in another shape than fal documents. */
export function unexpectedAnswer(): Classification {
  return { errorType: 'unexpected_content_type', fault: 'unknown', outcome: 'error' };
}

/** In words, without quoting what a remote party wrote: it may hold a prompt. */
function describe(
  error: unknown,
  { errorType, networkCode }: Classification,
  attempt: Attempt | undefined,
): string {
  if (errorType === 'client_timeout') return error instanceof Error ? error.message : 'no answer in time';
  if (networkCode !== undefined) return `the connection failed (${networkCode})`;
  const status = attempt?.status === undefined ? '' : `HTTP ${attempt.status}, `;
  return `${status}${errorType}`;
}
