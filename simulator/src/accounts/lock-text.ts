import type { LockReason } from '../world.ts';

/**
 * What fal says behind "User is locked. Reason: ".
 *
 * Source: lock_reason.py of github.com/fal-ai/fal, and https://github.com/fal-ai/fal/issues/1163 for the bare code.
 */
export const LOCK_TEXTS: Readonly<Record<LockReason, string>> = {
  exhausted_balance: 'Exhausted balance. Top up your balance at fal.ai/dashboard/billing.',
  top_up: 'TOP_UP.',
  admin_lock: 'Admin lock. Please contact support@fal.ai.',
  payment_method: 'Please add a payment method at fal.ai/dashboard/billing.',
  user_budget: 'User budget is exceeded. Adjust it at fal.ai/dashboard/billing.',
  archived: 'This account has been archived. Please contact support@fal.ai.',
  unknown: 'Unknown. Please contact support@fal.ai.',
};
