import { counter, gauge } from 'opentelemetry-instrumentation-fal/core';

export const accountBalance = gauge({
  name: 'fal_account_balance_usd',
  instrument: 'fal.account.balance.usd',
  unit: '{USD}',
  labels: ['account'],
  fedBy: 'collector: balance',
  help: 'Credit balance as fal reported it last. Check fal_exporter_collector_last_success_timestamp_seconds for its age before you trust it; a positive balance does not prove that the account is usable.',
});

export const accountBalanceThreshold = gauge({
  name: 'fal_account_balance_threshold_usd',
  instrument: 'fal.account.balance_threshold.usd',
  unit: '{USD}',
  labels: ['account', 'severity'],
  fedBy: 'config',
  help: 'Balance below which an alert of this severity (warning, critical) fires, from account.low_balance_usd and account.critical_balance_usd, so that rules need no copy of it.',
});

export const accountLocked = gauge({
  name: 'fal_account_locked',
  instrument: 'fal.account.locked',
  unit: '',
  labels: ['account', 'reason'],
  fedBy: 'probes',
  help: 'Whether fal refuses the account, from refusals seen and never from the balance: 1 at the reason that fal gave, 0 at the others; absent until seen either way. At 1 every call fails: top up, or write to support with request ids when money is there.',
});

export const accountConcurrencyLimit = gauge({
  name: 'fal_account_concurrency_limit',
  instrument: 'fal.account.concurrency_limit',
  unit: '{request}',
  labels: ['account'],
  fedBy: 'config',
  help: 'Requests that fal runs at once for the account, configured or learned from its refusals. Absent when unknown: set account.concurrency_limit.',
});

export const accountSlotsInUse = gauge({
  name: 'fal_account_slots_in_use',
  instrument: 'fal.account.slots_in_use',
  unit: '{request}',
  labels: ['account'],
  fedBy: 'probes',
  help: 'Running requests of the account that the exporter knows of; fal may run more. Near the limit: requests wait in the queue, or are refused with 429 when sent directly.',
});

export const accountSpend = counter({
  name: 'fal_account_spend_usd_total',
  instrument: 'fal.account.spend.usd',
  unit: '{USD}',
  labels: ['account', 'endpoint_id'],
  fedBy: 'collector: billing',
  help: 'What fal billed the account, per model; it survives restarts of the exporter. Billing lags behind by minutes: look at hours, and at fal_client_cost_usd_total for now.',
});

export const accountTopUps = counter({
  name: 'fal_account_topups_usd_total',
  instrument: 'fal.account.topups.usd',
  unit: '{USD}',
  labels: ['account'],
  fedBy: 'collector: billing',
  help: 'Credits bought for the account. A step explains a jump of the balance; none although auto top-up is on: look at the payment method.',
});

export const accountBurnRate = gauge({
  name: 'fal_account_burn_rate_usd_per_hour',
  instrument: 'fal.account.burn_rate.usd_per_hour',
  // Translators make `USD/h` into a second suffix, whatever the name ends in.
  unit: '',
  labels: ['account', 'window'],
  fedBy: 'collector: billing',
  help: 'Money spent per hour over the window. Above twice that of a longer window: something sends more than usual; find the model in fal_account_spend_usd_total.',
});

export const accountRunway = gauge({
  name: 'fal_account_runway_seconds',
  instrument: 'fal.account.runway.seconds',
  unit: 's',
  labels: ['account'],
  fedBy: 'collector: billing',
  help: 'Time until the balance is used up at the present burn rate: 0 when it is used up, absent when nothing is spent. Shorter than your next working day: top up now.',
});

export const accountStuckRequests = gauge({
  name: 'fal_account_stuck_requests',
  instrument: 'fal.account.stuck_requests',
  unit: '{request}',
  labels: ['account', 'endpoint_id'],
  fedBy: 'collector: request history',
  help: 'Requests that have been running far longer than the model needs; each holds a slot of the account. Above 0 cancel them by request id, or write to support with the ids.',
});

export const ACCOUNT_METRICS = [
  accountBalance,
  accountBalanceThreshold,
  accountLocked,
  accountConcurrencyLimit,
  accountSlotsInUse,
  accountSpend,
  accountTopUps,
  accountBurnRate,
  accountRunway,
  accountStuckRequests,
] as const;
