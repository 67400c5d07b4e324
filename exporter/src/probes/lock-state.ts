import type { AccountLockObserved } from '../domain/events.ts';
import type { ProbeRun } from './probe-run.ts';

/**
 * What a run says about the account's lock: locked when fal refused it with the lock text, usable when fal
 * accepted a billable request, nothing otherwise. A plain 403, a 401 or a balance proves neither.
 */
export function lockStateOf(run: ProbeRun, account: string, at: number): AccountLockObserved | undefined {
  const reason = run.failure?.lockReason;
  if (reason !== undefined) return { kind: 'account_lock_observed', at, account, locked: true, reason };
  if (run.requestId === undefined) return undefined;
  return { kind: 'account_lock_observed', at, account, locked: false };
}
