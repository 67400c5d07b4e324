/** Why fal refuses an account's billable calls. Closed list; the texts behind it change. */
export type LockReason =
  'exhausted_balance' | 'top_up' | 'admin_lock' | 'payment_method' | 'user_budget' | 'archived' | 'unknown';

const LOCK_TEXT = /^User is locked\b(?:\.?\s*Reason:\s*(.*))?/is;

const REASONS: readonly (readonly [RegExp, LockReason])[] = [
  [/exhausted balance/i, 'exhausted_balance'],
  [/^top_up\b/i, 'top_up'],
  [/admin lock/i, 'admin_lock'],
  [/payment method/i, 'payment_method'],
  [/budget is exceeded/i, 'user_budget'],
  [/archived/i, 'archived'],
];

/**
 * The lock reason in the `detail` of a 403, or undefined when the text speaks of no lock: a plain 403 is a
 * missing permission and must never count as a lock.
 *
 * Source: lock_reason.py in github.com/fal-ai/fal and the issues fal-ai/fal#1147, #1163, #1168.
 */
export function lockReasonOf(detail: unknown): LockReason | undefined {
  if (typeof detail !== 'string') return undefined;
  const match = LOCK_TEXT.exec(detail.trim());
  if (match === null) return undefined;
  const text = match[1]?.trim() ?? '';
  return REASONS.find(([pattern]) => pattern.test(text))?.[1] ?? 'unknown';
}
