import type { Clock } from '../clock.ts';
import type { JobRecord, LedgerBook } from '../ledger-book.ts';
import type { Account } from '../world.ts';
import type { Dispatcher } from './dispatcher.ts';
import { type LiveJob, type JobOrder, newLiveJob } from './live-job.ts';
import type { Slots } from './slots.ts';

export interface JobDeskParts {
  readonly clock: Clock;
  readonly book: LedgerBook;
  readonly slots: Slots;
  readonly dispatcher: Dispatcher;
  /** How long a result can be fetched after the job ended, ms. */
  readonly resultTtlMs: number;
}

/** Opens, finds and cancels jobs on behalf of the hosts. */
export class JobDesk {
  readonly #parts: JobDeskParts;
  readonly #live = new Map<string, LiveJob>();

  constructor(parts: JobDeskParts) {
    this.#parts = parts;
  }

  /** Whether the account may start a direct call now. */
  hasSlot(account: Account): boolean {
    return this.#parts.slots.free(account) > 0;
  }

  /** Takes a slot for a realtime connection, which holds it however many messages come. @returns what gives it back. */
  holdSlot(account: Account): () => void {
    const { slots, dispatcher } = this.#parts;
    slots.take(account);
    return () => {
      slots.release(account);
      dispatcher.wake();
    };
  }

  open(requestId: string, order: JobOrder): LiveJob {
    const record: JobRecord = {
      requestId,
      endpointId: order.endpoint.id,
      account: order.account.name,
      keyId: order.keyId,
      mode: order.mode,
      submittedAt: this.#parts.clock.now(),
      duplicateOf: order.duplicateOf,
      connectionId: order.connectionId,
      runs: [],
      outcome: 'pending',
      unit: order.endpoint.unit,
      unitPriceNano: order.endpoint.unitPriceNano,
    };
    const job = newLiveJob(record, order);
    this.#live.set(requestId, job);
    this.#parts.book.addJob(record);
    this.#parts.dispatcher.accept(job);
    return job;
  }

  /** The job, unless it is unknown, belongs to another account, or its result has expired. */
  find(requestId: string, account: Account): LiveJob | undefined {
    const job = this.#live.get(requestId);
    if (job?.order.account !== account || this.#hasExpired(job)) return undefined;
    return job;
  }

  /** The endpoint of a job, whoever asks: faults are aimed by it. */
  endpointOf(requestId: string): string | undefined {
    return this.#live.get(requestId)?.record.endpointId;
  }

  /**
   * Cancels as fal does: a waiting job is removed, a running one gets a signal that its app may ignore.
   *
   * @returns false when the job had ended before.
   */
  cancel(job: LiveJob): boolean {
    if (job.state === 'COMPLETED') return false;
    job.cancelRequested = true;
    if (job.state === 'IN_PROGRESS' && this.#parts.dispatcher.ignoresCancel(job)) return true;
    this.#parts.dispatcher.abandon(job, { outcome: 'cancelled', errorType: 'client_cancelled' });
    return true;
  }

  /** The caller of a direct call hung up: the runner is told to stop. */
  disconnect(job: LiveJob, isBilledAnyway: boolean): void {
    const ending = { outcome: 'cancelled', errorType: 'client_disconnected', isBilledAnyway } as const;
    this.#parts.dispatcher.abandon(job, ending);
  }

  /** The ledger dropped the job. */
  forget(requestId: string): void {
    this.#live.delete(requestId);
  }

  #hasExpired(job: LiveJob): boolean {
    const { completedAt } = job.record;
    return completedAt !== undefined && this.#parts.clock.now() - completedAt > this.#parts.resultTtlMs;
  }
}
