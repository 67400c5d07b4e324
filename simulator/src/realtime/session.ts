import type { Engine } from '../engine.ts';
import type { JobDesk } from '../jobs/job-desk.ts';
import { type LiveJob, whenJob } from '../jobs/live-job.ts';
import { trueInferenceMs } from '../ledger.ts';
import type { ConnectionRecord } from '../ledger-book.ts';
import { type Entrance, orderOf } from '../model-hosts/admission.ts';
import { reachable } from '../model-hosts/answers.ts';
import type { SimulatedRequest, SocketMessage, SocketPeer, SocketSession } from '../reply.ts';
import { type RealtimeInput, encoded, readInput } from './frames.ts';

/** About what fal's hosted models do; apps choose their own. */
const SESSION_TIMEOUT_MS = 30_000;

export interface SessionParts {
  readonly engine: Engine;
  readonly desk: JobDesk;
  readonly entrance: Entrance;
  readonly request: SimulatedRequest;
  readonly peer: SocketPeer;
  readonly record: ConnectionRecord;
  /** Inputs that may wait behind the one that runs; a newer one pushes the oldest out. */
  readonly maxWaiting: number;
  /** Called once when the connection is over. */
  readonly onEnd: () => void;
}

/**
 * One realtime connection. Inputs run one after the other; each output is followed by a meta message with its
 * timing. A message that the app cannot take, or a run that fails, ends the connection with `INTERNAL_ERROR`;
 * no input for the session timeout ends it with `TIMEOUT` once the last output is out.
 *
 * Source: `_run_websocket_session` of https://github.com/fal-ai/fal, projects/fal.
 */
export class RealtimeSession implements SocketSession {
  readonly #parts: SessionParts;
  readonly #timeoutMs: number;
  #phase: 'open' | 'draining' | 'over' = 'open';
  #waiting: RealtimeInput[] = [];
  #job: LiveJob | undefined;
  #cancelTimer: () => void;

  constructor(parts: SessionParts) {
    this.#parts = parts;
    this.#timeoutMs = parts.entrance.endpoint.sessionTimeoutMs ?? SESSION_TIMEOUT_MS;
    this.#cancelTimer = parts.engine.clock.after(this.#timeoutMs, () => this.#drain());
  }

  receive(message: SocketMessage): void {
    const { record, entrance, maxWaiting } = this.#parts;
    if (this.#phase !== 'open') return;
    record.received += 1;
    this.#arm(() => this.#drain());
    const input = readInput(message, entrance.endpoint);
    if ('refusal' in input) {
      record.refused += 1;
      this.#fail(input.refusal);
      return;
    }
    this.#waiting.push(input);
    this.#next();
    if (this.#waiting.length > maxWaiting) {
      this.#waiting.shift();
      record.dropped += 1;
    }
  }

  closed(code: number, isByWire = false): void {
    this.#finish(isByWire || !isOfCallers(code) ? 'wire' : 'caller', code);
  }

  #next(): void {
    if (this.#job !== undefined || this.#phase === 'over') return;
    const input = this.#waiting.shift();
    if (input !== undefined) this.#run(input);
    else if (this.#phase === 'draining') {
      this.#end('idle', { error: 'TIMEOUT', reason: 'no inputs, reconnect when needed!' });
    }
  }

  #run(input: RealtimeInput): void {
    const { engine, desk, entrance, request, record } = this.#parts;
    const order = orderOf(entrance, request, input.fields);
    const job = desk.open(engine.newRequestId(), { ...order, connectionId: record.connectionId });
    this.#job = job;
    // The end of the connection ends the job, so nothing else has to stop the waiting.
    const never = new AbortController().signal;
    void whenJob(job, () => job.state === 'COMPLETED', never).then(() => this.#answer(job, input));
  }

  #answer(job: LiveJob, { fields, framing }: RealtimeInput): void {
    if (this.#phase === 'over') return;
    this.#job = undefined;
    if (job.answer?.status !== 200) {
      this.#fail(job.answer?.error?.text ?? 'the run was cancelled');
      return;
    }
    const { engine, record, request } = this.#parts;
    const output = JSON.parse(reachable(job.answer.body, request)) as object;
    // Realtime apps repeat this field, so that callers can tell which output is whose.
    const echo = fields.request_id === undefined ? {} : { request_id: fields.request_id };
    job.record.resultFetchedAt = engine.clock.now();
    record.results += 1;
    this.#send(encoded({ ...output, ...echo }, framing));
    const timing = (trueInferenceMs(job.record) ?? 0) / 1000;
    this.#send(JSON.stringify({ type: 'x-fal-message', action: 'timings', timing }));
    this.#next();
  }

  /** No input came for long: what waits still runs, as long again at most, and then it is over. */
  #drain(): void {
    this.#phase = 'draining';
    this.#arm(() => this.#fail(''));
    this.#next();
  }

  #fail(reason: string): void {
    this.#end('error', { error: 'INTERNAL_ERROR', reason });
  }

  #end(endedBy: 'idle' | 'error', frame: { readonly error: string; readonly reason: string }): void {
    if (this.#phase === 'over') return;
    this.#send(JSON.stringify({ type: 'x-fal-error', ...frame }));
    this.#finish(endedBy, 1000);
    this.#parts.peer.close(1000, '');
  }

  #send(message: SocketMessage): void {
    this.#parts.record.sent += 1;
    this.#parts.peer.send(message);
  }

  #arm(then: () => void): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#parts.engine.clock.after(this.#timeoutMs, then);
  }

  #finish(endedBy: ConnectionRecord['endedBy'], code: number): void {
    if (this.#phase === 'over') return;
    this.#phase = 'over';
    this.#cancelTimer();
    const { engine, desk, record, onEnd } = this.#parts;
    Object.assign(record, { closedAt: engine.clock.now(), closeCode: code, endedBy });
    record.dropped += this.#waiting.length;
    this.#waiting = [];
    if (this.#job !== undefined) desk.disconnect(this.#job, engine.switches.disconnectsAreBilled);
    onEnd();
  }
}

/** Normal closure, going away, no code, and what applications choose (RFC 6455, section 7.4). */
function isOfCallers(code: number): boolean {
  return code === 1000 || code === 1001 || code === 1005 || code >= 3000;
}
