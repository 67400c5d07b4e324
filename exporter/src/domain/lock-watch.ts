import type { LockReason } from 'opentelemetry-instrumentation-fal/core';
import type { Clock } from './clock.ts';
import type { AccountLockObserved, LockWitness } from './events.ts';

/**
 * One answer out of many witnesses of a lock. Stands between whoever observes (probes, collectors) and everybody
 * who shows, so that what a weak witness does not see never hides what a stronger one saw.
 */
export interface LockWatch {
  /** What is to be told because of it, or undefined when it proves nothing new. */
  observe(event: AccountLockObserved): AccountLockObserved | undefined;
  /** What was told last; undefined until a witness has proven anything. */
  isLocked(account: string): boolean | undefined;
}

interface Refusal {
  /** Monotonic ms. */
  readonly at: number;
  readonly reason: LockReason;
}

/** The last refusal by each kind of witness since the lock was first seen; empty while there is none. */
type Refusals = ReadonlyMap<LockWitness, Refusal>;

/**
 * A refusal always locks: to miss a lock is worse than to see one too many. What ends it:
 *
 * ```text
 *                    locked as seen by …   call   read   upload
 *   accepted call                           yes    yes    yes
 *   accepted read                            –     yes     –
 *   accepted upload                          –      –     yes
 * ```
 *
 * A lock that several saw ends with the first of them that is let in again. fal may answer reads and uploads while
 * it refuses calls (https://github.com/fal-ai/fal/issues/1147), so a weak witness that was let in all the time says
 * nothing. And whatever was asked before the last refusal, such as a job that was accepted before the lock and
 * ends after it, ends nothing. Ages are taken on the monotonic clock: a step of the wall clock opens no account.
 */
export function createLockWatch(clock: Pick<Clock, 'monotonic'>): LockWatch {
  const accounts = new Map<string, Refusals>();
  return {
    isLocked(account) {
      const refusals = accounts.get(account);
      return refusals === undefined ? undefined : refusals.size > 0;
    },
    observe(event) {
      const refusals = accounts.get(event.account);
      const now = clock.monotonic();
      if (event.locked) {
        const next = withRefusal(refusals, event, now);
        accounts.set(event.account, next);
        return { ...event, reason: reasonOf(next) };
      }
      const acceptance = { witness: event.witness ?? 'call', askedAt: now - (event.askedMsAgo ?? 0) };
      if (!isProof(acceptance, refusals)) return undefined;
      accounts.set(event.account, new Map());
      return event;
    },
  };
}

function withRefusal(before: Refusals | undefined, event: AccountLockObserved, at: number): Refusals {
  const { witness = 'call', reason = 'unknown' } = event;
  return new Map([...(before ?? []), [witness, { at, reason }]]);
}

/** The newest reason with a name: a witness that is not told why must not hide what another was told. */
function reasonOf(refusals: Refusals): LockReason {
  const newestFirst = [...refusals.values()].sort((a, b) => b.at - a.at);
  return newestFirst.find(({ reason }) => reason !== 'unknown')?.reason ?? 'unknown';
}

interface Acceptance {
  readonly witness: LockWitness;
  /** Monotonic ms. */
  readonly askedAt: number;
}

/** Whether the account is open after this acceptance. */
function isProof({ witness, askedAt }: Acceptance, refusals: Refusals = new Map()): boolean {
  const isStrong = witness === 'call';
  if (refusals.size === 0) return isStrong;
  const lastRefusal = Math.max(...[...refusals.values()].map(({ at }) => at));
  return askedAt >= lastRefusal && (isStrong || refusals.has(witness));
}
