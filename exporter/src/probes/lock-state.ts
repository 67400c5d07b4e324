import type { Clock } from '../domain/clock.ts';
import type { LockWitness } from '../domain/events.ts';
import type { ProbeRun } from './probe-run.ts';
import type { ProbeRunContext } from './probe.ts';

export interface LockStateOptions {
  readonly account: string;
  readonly clock: Clock;
  readonly emit: ProbeRunContext['emit'];
}

/**
 * Tells what the answer to a submit says about the account's lock: locked when fal refused it with the lock text,
 * usable when fal accepted the billable request, nothing otherwise. A plain 403, a 401 or a balance proves neither.
 * To be asked as soon as the answer is there: a job that was accepted before a lock proves nothing when it ends.
 */
export function tellLockAfterSubmit(run: ProbeRun, options: LockStateOptions): void {
  const { account, clock, emit } = options;
  if (run.requestId === undefined) return tellRefusal(run, 'call', options);
  const askedMsAgo = run.elapsedSeconds * 1000;
  const seen = { at: clock.now(), account, witness: 'call', askedMsAgo } as const;
  emit({ kind: 'account_lock_observed', ...seen, locked: false });
}

/** Tells of a lock, when fal refused with its text what was asked about a job that it had accepted. */
export function tellLockAfterReads(run: ProbeRun, options: LockStateOptions): void {
  if (run.requestId !== undefined) tellRefusal(run, 'read', options);
}

function tellRefusal(
  { failure, failedRequestId: requestId }: ProbeRun,
  witness: LockWitness,
  { account, clock, emit }: LockStateOptions,
): void {
  const reason = failure?.lockReason;
  if (reason === undefined) return;
  const seen = { at: clock.now(), account, witness, reason, requestId };
  emit({ kind: 'account_lock_observed', ...seen, locked: true });
}
