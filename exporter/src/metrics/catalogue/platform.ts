import { counter, gauge } from 'opentelemetry-instrumentation-fal/core';

export const platformRequests = gauge({
  name: 'fal_platform_requests',
  instrument: 'fal.platform.requests',
  unit: '{request}',
  labels: ['account', 'endpoint_id', 'class'],
  fedBy: 'collector: analytics',
  help: 'Requests of the account by answer (success: 2xx, user_error: 4xx, error: 5xx) in the newest complete bucket of fal’s own analytics. Errors here and none in your app: retries hide them.',
});

export const platformDuration = gauge({
  name: 'fal_platform_duration_seconds',
  instrument: 'fal.platform.duration.seconds',
  unit: 's',
  labels: ['account', 'endpoint_id', 'quantile'],
  // What promtool wants of a label `quantile`.
  scrapedAs: 'summary',
  fedBy: 'collector: analytics',
  help: 'Run time of the account’s requests by fal’s own clock, newest complete bucket. Do not average quantiles; your app slow and this not: look at queue, network and result size.',
});

export const platformPrepare = gauge({
  name: 'fal_platform_prepare_seconds',
  instrument: 'fal.platform.prepare.seconds',
  unit: 's',
  labels: ['account', 'endpoint_id', 'quantile'],
  // What promtool wants of a label `quantile`.
  scrapedAs: 'summary',
  fedBy: 'collector: analytics',
  help: 'Time from submit to the start of the run by fal’s own clock, newest complete bucket: queue and cold start. High: too few runners, or your concurrency limit.',
});

export const platformColdBoots = gauge({
  name: 'fal_platform_cold_boots',
  instrument: 'fal.platform.cold_boots',
  unit: '{boot}',
  labels: ['account', 'endpoint_id'],
  fedBy: 'collector: analytics',
  help: 'Runners that were started for the account’s requests in the newest complete bucket. They explain single slow requests.',
});

export const platformDataAge = gauge({
  name: 'fal_platform_data_age_seconds',
  instrument: 'fal.platform.data_age.seconds',
  unit: 's',
  labels: ['source'],
  fedBy: 'exporter',
  help: 'Age of what a collector read last, by the newest moment that it describes; absent until it read something. It rises while fal’s data lag behind or cannot be read: then what it feeds is old, not good.',
});

export const modelStatus = gauge({
  name: 'fal_model_status',
  instrument: 'fal.model.status',
  unit: '',
  labels: ['account', 'endpoint_id', 'status'],
  fedBy: 'collector: models',
  help: 'What fal’s catalogue says of the model: 1 at active, deprecated or missing, 0 at the others. Deprecated: plan the move; missing: calls will fail or do already.',
});

export const modelPriceChanges = counter({
  name: 'fal_model_price_changes_total',
  instrument: 'fal.model.price_changes',
  unit: '{change}',
  labels: ['account', 'endpoint_id', 'move'],
  fedBy: 'collector: pricing',
  help: 'Changes of the list price seen since the exporter started: raised, lowered, another billing unit, or withdrawn. The status page tells old and new.',
});

export const modelPriceChangeWeekly = gauge({
  name: 'fal_model_price_change_weekly_usd',
  instrument: 'fal.model.price_change_weekly.usd',
  unit: '{USD}',
  labels: ['account', 'endpoint_id'],
  fedBy: 'collector: pricing',
  help: 'What a week with the usage of the last seven days costs more (below 0: less) since the price changes of the last seven days. Absent without a change, and where usage or the units cannot be compared.',
});

export const PLATFORM_METRICS = [
  platformRequests,
  platformDuration,
  platformPrepare,
  platformColdBoots,
  platformDataAge,
] as const;

export const MODEL_METRICS = [modelStatus, modelPriceChanges, modelPriceChangeWeekly] as const;
