import { gauge } from '../definition.ts';

export const accountBalance = gauge({
  name: 'fal_account_balance_usd',
  instrument: 'fal.account.balance.usd',
  unit: '{USD}',
  labels: ['account'],
  help: 'Credit balance as fal reported it last. Check fal_exporter_collector_last_success_timestamp_seconds for its age before you trust it; a positive balance does not prove that the account is usable.',
});

export const accountLocked = gauge({
  name: 'fal_account_locked',
  instrument: 'fal.account.locked',
  unit: '',
  labels: ['account', 'reason'],
  help: 'Whether fal refuses the account, from refusals seen and never from the balance: 1 at the reason that fal gave, 0 at the others; absent until seen either way. At 1 every call fails: top up, or write to support with request ids when money is there.',
});

export const accountConcurrencyLimit = gauge({
  name: 'fal_account_concurrency_limit',
  instrument: 'fal.account.concurrency_limit',
  unit: '{request}',
  labels: ['account'],
  help: 'Requests that fal runs at once for the account, configured or learned from its refusals. Absent when unknown: set account.concurrency_limit.',
});

export const accountSlotsInUse = gauge({
  name: 'fal_account_slots_in_use',
  instrument: 'fal.account.slots_in_use',
  unit: '{request}',
  labels: ['account'],
  help: 'Running requests of the account that the exporter knows of; fal may run more. Near the limit: requests wait in the queue, or are refused with 429 when sent directly.',
});

export const ACCOUNT_METRICS = [
  accountBalance,
  accountLocked,
  accountConcurrencyLimit,
  accountSlotsInUse,
] as const;
