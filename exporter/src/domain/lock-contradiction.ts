import type { LockReason } from 'opentelemetry-instrumentation-fal/core';
import type { NanoUsd } from './money.ts';
import { STALE_AFTER_INTERVALS } from './staleness.ts';

/** Reasons that a balance can speak against. The others have nothing to do with how much money is left. */
const WANT_OF_MONEY: ReadonlySet<LockReason> = new Set(['exhausted_balance', 'top_up', 'unknown']);

/**
 * Whether fal contradicts itself: it refuses the account for want of money, or without a reason, and reports a
 * balance above the critical mark at the same time. Topping up may then not help
 * (https://github.com/fal-ai/fal/issues/1147 and #1163).
 *
 * @param lock what fal's refusals last showed; undefined when nothing has shown it yet.
 * @param balance nano-dollars of a fresh reading; undefined when there is none.
 * @param mark the account's critical balance, nano-dollars.
 * @returns undefined while either side is unknown.
 */
export function lockContradiction(
  lock: { readonly locked: boolean; readonly reason?: LockReason | undefined } | undefined,
  balance: NanoUsd | undefined,
  mark: NanoUsd,
): boolean | undefined {
  if (lock === undefined || balance === undefined) return undefined;
  return lock.locked && WANT_OF_MONEY.has(lock.reason ?? 'unknown') && balance > mark;
}

/** Whether a balance is recent enough to be held against a lock. Both in ms; `age` by the monotonic clock. */
export function isFreshBalance(age: number, interval: number): boolean {
  return age <= STALE_AFTER_INTERVALS * interval;
}
