import type { LockReason } from '../world.ts';
import type { Scenario } from './scenario.ts';

const USD = 1e9;

function locked(name: string, lock: LockReason, why: string): Scenario {
  return {
    name,
    description: `Billable calls get 403 "User is locked": ${why}.`,
    changes: [{ kind: 'account', set: { lock } }],
  };
}

/** Scenarios of accounts, money and keys. */
export const ACCOUNT_SCENARIOS: readonly Scenario[] = [
  locked('locked-with-balance', 'exhausted_balance', 'exhausted balance, although there is money left'),
  locked('locked-top-up', 'top_up', 'the bare code TOP_UP'),
  locked('locked-admin', 'admin_lock', 'admin lock'),
  locked('locked-payment-method', 'payment_method', 'no payment method'),
  locked('locked-user-budget', 'user_budget', 'the user budget is exceeded'),
  locked('locked-archived', 'archived', 'the account is archived'),
  locked('locked-unknown', 'unknown', 'for a reason that fal does not tell'),
  {
    name: 'locked-reads-too',
    description: 'Locked, and status and result answer 403 as well.',
    changes: [{ kind: 'account', set: { lock: 'exhausted_balance', lockRefusesReads: true } }],
  },
  {
    name: 'locked-queue-held',
    description: 'Locked, and jobs that wait in the queue stay there.',
    changes: [
      { kind: 'account', set: { lock: 'exhausted_balance' } },
      { kind: 'switches', set: { lockHoldsQueuedJobs: true } },
    ],
  },
  {
    name: 'balance-exhausted',
    description: 'The balance is below the lock threshold; a top-up opens the account again.',
    changes: [{ kind: 'account', set: { balanceNano: -0.01 * USD, lockBelowNano: 0 } }],
  },
  {
    name: 'low-balance',
    description: 'One dollar is left, and it is being spent.',
    changes: [{ kind: 'account', set: { balanceNano: USD, lockBelowNano: 0 } }],
  },
  {
    name: 'one-slot',
    description: 'One request may run at once: queued jobs wait, direct calls get 429.',
    changes: [{ kind: 'account', set: { concurrencyLimit: 1 } }],
  },
  {
    name: 'key-revoked',
    description: 'The API keys are revoked: 401 for the caller, running jobs go on.',
    changes: [{ kind: 'key', scope: 'API', set: { revoked: true } }],
  },
  {
    name: 'admin-key-revoked',
    description: 'The ADMIN keys are revoked: 401 on everything that concerns money.',
    changes: [{ kind: 'key', scope: 'ADMIN', set: { revoked: true } }],
  },
  {
    name: 'insufficient-scope',
    description: 'The ADMIN keys have the API scope only: 403 on usage, billing and keys.',
    changes: [{ kind: 'key', scope: 'ADMIN', set: { scope: 'API' } }],
  },
];
