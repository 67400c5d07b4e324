import type { FalClient } from '@fal-ai/client';
import {
  type Attempt,
  type ErrorType,
  type Fetch,
  classifyThrown,
  mayHaveArrived,
} from 'opentelemetry-instrumentation-fal/core';
import { type Clock, sleep } from '../domain/clock.ts';
import { type FalAccess, PROBE_HEADERS, createProbeClient } from '../fal/client.ts';
import { untilAborted } from '../fal/deadline-fetch.ts';
import { type QueueStatus, problemOfOutput, readQueueStatus, readRequestId } from '../fal/queue-status.ts';
import { type ProbeRun, unexpectedAnswer, unusableOutput } from './probe-run.ts';
import type { RunBilling } from './probe.ts';

/** As often as `subscribe` of the client polls, so that a probe feels what an app feels. */
const POLL_INTERVAL_MS = 500;
/** Errors of the model itself that come with a 5xx; its 422s may be billed. */
const MODEL_5XX = new Set<ErrorType>([
  'internal_server_error',
  'generation_timeout',
  'downstream_service_unavailable',
]);
/** Cancelling is a courtesy after the run's own deadline; it must not hold the next run. */
const CANCEL_TIMEOUT_MS = 5_000;
/** Whoever pressed Ctrl-C waits for this one. */
const LAST_CANCEL_TIMEOUT_MS = 300;

/**
 * One job at fal on behalf of a probe run: submit, watch, fetch, cancel, each told to the run. No method
 * throws for what fal does; `run.failure` says whether to go on.
 */
export class ProbeJob {
  readonly #run: ProbeRun;
  readonly #clock: Clock;
  readonly #client: FalClient;
  readonly #endpointId: string;
  readonly #submitOnce = new AbortController();
  /** Submits that were sent and whose answer nobody has seen: when the run gives up on one, it may have arrived. */
  #submitsUnderWay = 0;
  #mayExist = false;
  #hasEnded = false;
  requestId: string | undefined;

  constructor(run: ProbeRun, endpointId: string, access: FalAccess) {
    this.#run = run;
    this.#clock = access.clock;
    this.#endpointId = endpointId;
    const fetch: Fetch = (input, init) => {
      if (init?.method === 'POST') this.#submitsUnderWay += 1;
      return access.fetch(input, init);
    };
    this.#client = createProbeClient({ ...access, fetch }, (attempt) => this.#onAttempt(attempt));
  }

  /**
   * The client repeats a submit whose connection broke, although the first one may have reached fal: that
   * would be a second billable job. A probe gives up instead.
   */
  #onAttempt(attempt: Attempt): void {
    this.#run.onAttempt(attempt);
    if (attempt.step !== 'submit') return;
    this.#submitsUnderWay -= 1;
    const hasArrived = mayHaveArrived(attempt);
    this.#mayExist ||= hasArrived;
    if (attempt.status === undefined && hasArrived) this.#submitOnce.abort();
  }

  async submit(input: Readonly<Record<string, unknown>>, priority: 'normal' | 'low'): Promise<void> {
    const run = this.#run;
    run.say(`submitting to ${this.#endpointId}`);
    try {
      const abortSignal = AbortSignal.any([run.signal, this.#submitOnce.signal]);
      const options = { input, priority, headers: PROBE_HEADERS, abortSignal };
      const answer: unknown = await run.call(this.#client.queue.submit(this.#endpointId, options));
      const requestId = readRequestId(answer);
      if (requestId === undefined) {
        run.fail(unexpectedAnswer(), 'submit: the answer holds no request id');
        return;
      }
      this.requestId = requestId;
      const status = readQueueStatus(answer);
      const queuePosition = status.state === 'queued' ? status.position : undefined;
      run.observe({ kind: 'submitted', requestId, queuePosition });
      run.say(
        `accepted as request ${requestId}${queuePosition === undefined ? '' : `, ${queuePosition} ahead in the queue`}`,
      );
    } catch (error) {
      run.failWith(error, 'submit');
    }
  }

  /** Polls until fal says COMPLETED or the run is over. */
  async watch(): Promise<void> {
    let last = '';
    while (this.#run.failure === undefined && !this.#hasEnded) {
      const status = await this.poll();
      if (status === undefined) return;
      const words = inWords(status);
      if (words !== last) this.#run.say(words);
      last = words;
      if (this.#hasEnded) return;
      await sleep(this.#clock, POLL_INTERVAL_MS, this.#run.signal).catch((error: unknown) =>
        this.#run.failWith(error, words),
      );
    }
  }

  /** One look at the job; undefined when even that failed. */
  async poll(): Promise<QueueStatus | undefined> {
    const run = this.#run;
    const requestId = this.requestId ?? '';
    try {
      const call = this.#client.queue.status(this.#endpointId, {
        requestId,
        logs: false,
        abortSignal: run.signal,
      });
      const status = readQueueStatus(await run.call<unknown>(call));
      this.#observe(status);
      return status;
    } catch (error) {
      run.failWith(error, 'status');
      return undefined;
    }
  }

  #observe(status: QueueStatus): void {
    const run = this.#run;
    switch (status.state) {
      case 'queued':
        return run.observe({ kind: 'queued', queuePosition: status.position });
      case 'running':
        return run.observe({ kind: 'running' });
      case 'malformed':
        return run.fail(unexpectedAnswer(), 'status: the answer is no status of a request');
      case 'completed':
        this.#hasEnded = true;
        run.observe({ kind: 'completed', inferenceSeconds: status.inferenceSeconds });
        if (status.failure !== undefined) run.fail(status.failure, 'fal reports the job as failed');
    }
  }

  /** Fetches the result and looks at it. The result of a failed job is its error. */
  async fetchResult(): Promise<void> {
    const run = this.#run;
    run.observe({ kind: 'result_requested' });
    try {
      const options = { requestId: this.requestId ?? '', abortSignal: run.signal };
      const result: { data: unknown } = await run.call(this.#client.queue.result(this.#endpointId, options));
      const problem = problemOfOutput(result.data);
      if (problem === undefined) run.observe({ kind: 'finished' });
      else run.fail(unusableOutput(), `result: ${problem}`);
    } catch (error) {
      run.failWith(error, 'result');
    }
  }

  /** Asks fal to drop the job; tells the run how fal took it. Works after the run's deadline too. */
  async cancel(): Promise<boolean> {
    if (this.requestId === undefined || this.#hasEnded) return true;
    const deadline = this.#cancelDeadline();
    try {
      const options = { requestId: this.requestId, abortSignal: deadline.signal };
      await untilAborted(deadline.signal, this.#client.queue.cancel(this.#endpointId, options));
      this.#run.say('asked fal to cancel the request: accepted');
      return true;
    } catch (error) {
      this.#run.say(
        `asked fal to cancel the request: ${classifyThrown(error, this.#run.lastAttempt).errorType}`,
      );
      return false;
    } finally {
      deadline.clear();
    }
  }

  #cancelDeadline(): { readonly signal: AbortSignal; readonly clear: () => void } {
    const controller = new AbortController();
    const abort = (): void => controller.abort(new DOMException('no answer', 'TimeoutError'));
    const clears = [this.#clock.after(CANCEL_TIMEOUT_MS, abort)];
    clears.push(this.#run.onStop(() => clears.push(this.#clock.after(LAST_CANCEL_TIMEOUT_MS, abort))));
    return { signal: controller.signal, clear: () => clears.forEach((clear) => clear()) };
  }

  /** Looks at the job after its run is over, without telling the run: `gone` when fal knows it no more. */
  async peek(): Promise<'queued' | 'running' | 'completed' | 'failed' | 'gone' | 'unknown'> {
    try {
      const options = { requestId: this.requestId ?? '', logs: false, abortSignal: this.#run.signal };
      const status = readQueueStatus(
        await this.#run.call<unknown>(this.#client.queue.status(this.#endpointId, options)),
      );
      if (status.state === 'completed') return status.isFailed ? 'failed' : 'completed';
      return status.state === 'malformed' ? 'unknown' : status.state;
    } catch (error) {
      return classifyThrown(error, this.#run.lastAttempt).errorType === 'not_found' ? 'gone' : 'unknown';
    }
  }

  /** True while fal may still be working on the job although the run is over. */
  get isLeftBehind(): boolean {
    return this.requestId !== undefined && !this.#hasEnded;
  }

  /**
   * What the run may have cost. fal bills neither what it refused nor a job that ended with a 5xx
   * (https://fal.ai/docs/model-apis/faq); whatever is not proven free counts as billed.
   */
  billing(): RunBilling {
    if (!this.#mayExist && this.#submitsUnderWay === 0) return { kind: 'none' };
    const header = this.#run.billableUnitsHeader;
    if (header !== undefined) return { kind: 'units', header };
    const failure = this.#run.failure;
    const endedWith5xx =
      failure !== undefined && (failure.fault === 'platform' || MODEL_5XX.has(failure.errorType));
    return this.#hasEnded && endedWith5xx ? { kind: 'none' } : { kind: 'unknown' };
  }
}

function inWords(status: QueueStatus): string {
  switch (status.state) {
    case 'queued':
      return status.position === undefined
        ? 'waiting in the queue'
        : `waiting in the queue, ${status.position} ahead`;
    case 'running':
      return 'running';
    case 'malformed':
      return 'fal answered something that is no status';
    case 'completed':
      return status.inferenceSeconds === undefined
        ? 'completed'
        : `completed after ${status.inferenceSeconds.toFixed(2)} s of inference`;
  }
}
