import type { LockReason } from 'opentelemetry-instrumentation-fal';
import type { Headline, Judged } from './judged.ts';
import { LOCK_WORDS, sinceWords, usd } from './words.ts';

const LOCK_REMEDIES: Readonly<Record<LockReason, string>> = {
  exhausted_balance: 'Top up at fal.ai/dashboard/billing',
  top_up: 'Top up at fal.ai/dashboard/billing',
  admin_lock: 'Write to support@fal.ai; only fal’s staff can unlock it',
  payment_method: 'Add a payment method at fal.ai/dashboard/billing',
  user_budget: 'Raise the user budget at fal.ai/dashboard/billing',
  archived: 'Use a key of an account that is not archived',
  unknown: 'Look at fal.ai/dashboard/billing, then write to support@fal.ai',
};

/** When the account itself explains everything: locked, or the key rejected. */
export function accountHeadline({ view }: Judged): Headline | undefined {
  const { account } = view;
  if (account.lock?.locked === true) return lockHeadline(view);
  if (account.keyRejectedSince === undefined) return undefined;
  return {
    level: 'broken',
    text: `Your key is rejected ${sinceWords(account.keyRejectedSince, view.at)}`,
    evidence:
      'fal answers 401 unauthorized. This is the account’s side; nothing is known against fal or its models.',
    next: 'Set a valid key in FAL_KEY or FAL_KEY_FILE (make one at fal.ai/dashboard/keys), then run: fal-exporter check',
  };
}

function lockHeadline({ account, at }: Judged['view']): Headline {
  const reason = account.lock?.reason ?? 'unknown';
  const { balance } = account;
  const isRich =
    balance !== undefined && balance.amount > 0 && ['exhausted_balance', 'top_up'].includes(reason);
  const contradiction = isRich
    ? ` fal reports a balance of ${usd(balance.amount)} all the same: if a top-up does not help, write to support@fal.ai.`
    : '';
  return {
    level: 'broken',
    text: `Your account is locked: ${LOCK_WORDS[reason]}, ${sinceWords(account.lock?.since ?? at, at)}`,
    evidence: `fal refuses every billable call with 403, for every model. This is the account’s side; nothing is known against fal or its models.${contradiction}`,
    next: `${LOCK_REMEDIES[reason]}. This page turns by itself once fal accepts calls again.`,
  };
}
