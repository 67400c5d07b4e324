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

export const accountRunningRequests = gauge({
  name: 'fal_account_running_requests',
  instrument: 'fal.account.running_requests',
  unit: '{request}',
  labels: ['account', 'endpoint_id'],
  fedBy: 'collector: request history',
  help: 'Requests of the account that run at fal now, whoever sent them, as the request history of the configured models shows. Their sum near fal_account_concurrency_limit: the rest waits or is refused.',
});

export const accountEstimatedSpend = counter({
  name: 'fal_account_estimated_spend_usd_total',
  instrument: 'fal.account.estimated_spend.usd',
  unit: '{USD}',
  labels: ['account', 'endpoint_id'],
  fedBy: 'collector: billing',
  help: 'What the billed requests would have cost at the list price, before discounts; without those that have none. Beside fal_account_spend_usd_total it shows discounts and wrong prices; never add the two.',
});

export const accountUnpricedRequests = counter({
  name: 'fal_account_unpriced_requests_total',
  instrument: 'fal.account.unpriced_requests',
  unit: '{request}',
  labels: ['account', 'endpoint_id'],
  fedBy: 'collector: billing',
  help: 'Billed requests for which fal lists no price: they are in the bill and in no estimate. Above 0 read estimates of the model as too low.',
});

export const accountMonthSpend = gauge({
  name: 'fal_account_month_spend_usd',
  instrument: 'fal.account.month_spend.usd',
  unit: '{USD}',
  labels: ['account'],
  fedBy: 'collector: usage',
  help: 'Billed since the first of the month, UTC, as usage tells. Compare with fal_account_budget_usd{window="month"}.',
});

export const accountBudget = gauge({
  name: 'fal_account_budget_usd',
  instrument: 'fal.account.budget.usd',
  unit: '{USD}',
  labels: ['account', 'window'],
  fedBy: 'config',
  help: 'What the account may spend in an hour or a month before an alert fires, from account.hourly_budget_usd and account.monthly_budget_usd. Nothing is blocked; absent where none is set.',
});

export const accountCostDrift = gauge({
  name: 'fal_account_cost_drift_ratio',
  instrument: 'fal.account.cost_drift_ratio',
  unit: '1',
  labels: ['account'],
  fedBy: 'collector: billing',
  help: 'Billed ÷ estimated at list price, over requests of the last 24 hours that have both. 1: billed as listed, 0.8: a discount of 20 %; another value than yesterday: a price or a discount has changed.',
});

export const accountWaste = gauge({
  name: 'fal_account_wasted_usd_per_day',
  instrument: 'fal.account.wasted.usd_per_day',
  unit: '',
  labels: ['account', 'reason'],
  fedBy: 'collector: billing',
  help: 'Money billed in the last 24 hours that bought nothing: requests that failed, and our own probes. What only the app can tell (duplicates, abandoned results) is in fal_client_wasted_cost_usd_total.',
});

export const accountCreditExpiry = gauge({
  name: 'fal_account_credit_expiry_timestamp_seconds',
  instrument: 'fal.account.credit_expiry.timestamp.seconds',
  unit: 's',
  labels: ['account', 'grant'],
  fedBy: 'config',
  help: 'When a grant of credits expires, in Unix time, from account.grants: no API tells it. Use it up or ask for an extension before.',
});

export const accountLockContradiction = gauge({
  name: 'fal_account_lock_contradiction',
  instrument: 'fal.account.lock_contradiction',
  unit: '',
  labels: ['account'],
  fedBy: 'probes',
  help: '1 while fal refuses the account for want of money and reports a balance above account.critical_balance_usd at the same time; absent while either is unknown. Topping up may not help: send the support text of the status page to fal.',
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
  accountRunningRequests,
  accountEstimatedSpend,
  accountUnpricedRequests,
  accountMonthSpend,
  accountBudget,
  accountCostDrift,
  accountWaste,
  accountCreditExpiry,
  accountLockContradiction,
] as const;
