import type { LockReason } from 'opentelemetry-instrumentation-fal/core';
import { accusedOf, evidenceOf, namesOf, sinceOf } from './headline-words.ts';
import type { Headline, Judged } from './judged.ts';
import { LOCK_WORDS, usd } from './words.ts';

const LOCK_REMEDIES: Readonly<Record<LockReason, string>> = {
  exhausted_balance: 'Top up at fal.ai/dashboard/billing',
  top_up: 'Top up at fal.ai/dashboard/billing',
  admin_lock: 'Write to support@fal.ai; only fal’s staff can unlock it',
  payment_method: 'Add a payment method at fal.ai/dashboard/billing',
  user_budget: 'Raise the user budget at fal.ai/dashboard/billing',
  archived: 'Use a key of an account that is not archived',
  unknown: 'Look at fal.ai/dashboard/billing, then write to support@fal.ai',
};

const TURNS_BY_ITSELF = 'This page turns by itself once fal accepts calls again.';

/** The account is locked, or was until a moment ago. */
export function lockHeadline(judged: Judged): Headline {
  const { account } = judged.view;
  const evidence = evidenceOf(judged);
  if (account.lock?.locked !== true) {
    return {
      level: 'warning',
      text: `Your account was locked; fal takes calls again ${sinceOf(judged)}`,
      evidence,
      next: 'Nothing, if the next runs succeed. Else look at fal.ai/dashboard/billing.',
    };
  }
  const reason = account.lock.reason ?? 'unknown';
  const words = `${LOCK_WORDS[reason]}, ${sinceOf(judged)}`;
  if (account.isContradiction === true && account.balance !== undefined) {
    const money = usd(account.balance.amount);
    return {
      level: 'broken',
      text: `Your account is locked with ${money} on it: ${words}`,
      evidence: `${evidence} At the same time fal reports a balance of ${money}: a top-up may not help.`,
      next: `Send the text below to support@fal.ai, and look at fal.ai/dashboard/billing. ${TURNS_BY_ITSELF}`,
    };
  }
  return {
    level: 'broken',
    text: `Your account is locked: ${words}`,
    evidence,
    next: `${LOCK_REMEDIES[reason]}. ${TURNS_BY_ITSELF}`,
  };
}

export function keyHeadline(judged: Judged): Headline {
  if (judged.view.account.keyRejectedSince === undefined) {
    return {
      level: 'warning',
      text: `Your key was rejected; fal takes it again ${sinceOf(judged)}`,
      evidence: evidenceOf(judged),
      next: 'Nothing, if the next runs succeed. Else set a valid key in FAL_KEY or FAL_KEY_FILE.',
    };
  }
  return {
    level: 'broken',
    text: `Your key is rejected ${sinceOf(judged)}`,
    evidence: evidenceOf(judged),
    next: 'Set a valid key in FAL_KEY or FAL_KEY_FILE (make one at fal.ai/dashboard/keys), then run: fal-exporter check',
  };
}

const REFUSED_WORDS = {
  limited: {
    text: (names: string) => `Your account is at its limit: ${names} held back`,
    next: 'Lower your own concurrency, or ask fal for a higher limit.',
  },
  forbidden: {
    text: (names: string) => `Your key may not call ${names}`,
    next: 'Use a key with API scope for this model, or take its probe out of the configuration.',
  },
  input_refused: {
    text: (names: string) => `Your app sends bad requests: the input of the probe is refused by ${names}`,
    next: 'Mend the input of this probe in fal-exporter.yml, and look whether your app sends the same.',
  },
} as const;

/** Some models are refused for the account's or the input's sake. */
export function accountHeadline(judged: Judged, cause: keyof typeof REFUSED_WORDS): Headline {
  const { text, next } = REFUSED_WORDS[cause];
  return {
    level: 'warning',
    text: `${text(namesOf(accusedOf(judged)))} ${sinceOf(judged)}`,
    evidence: evidenceOf(judged),
    next,
  };
}
