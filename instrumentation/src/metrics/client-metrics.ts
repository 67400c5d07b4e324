import { counter, gauge, histogram } from './definition.ts';
import { DURATION_BOUNDS } from './duration-bounds.ts';

export const clientRequestDuration = histogram({
  name: 'fal_client_request_duration_seconds',
  instrument: 'fal.client.request.duration.seconds',
  unit: 's',
  labels: ['endpoint_id', 'operation', 'outcome'],
  fedBy: 'app',
  bounds: DURATION_BOUNDS,
  help: 'How long one logical request took as the caller felt it, uploads and retries included. For latency quantiles take outcome=~"ok|timeout": fast failures would make an outage look quick.',
});

export const clientRequests = counter({
  name: 'fal_client_requests_total',
  instrument: 'fal.client.requests',
  unit: '{request}',
  labels: ['endpoint_id', 'operation', 'outcome'],
  fedBy: 'app',
  help: 'Logical requests that finished, by outcome. Leave out cancelled ones when computing a ratio; none at all while some are in flight means that they hang.',
});

export const clientErrors = counter({
  name: 'fal_client_errors_total',
  instrument: 'fal.client.errors',
  unit: '{error}',
  labels: ['endpoint_id', 'operation', 'error_type', 'fault'],
  fedBy: 'app',
  help: 'Requests that finished with outcome error or timeout, by cause and by whose fault. Failures of fal are fault!~"app|account"; app means that the app sends what the model refuses, account that key, balance or limits need mending.',
});

export const clientQueueWait = histogram({
  name: 'fal_client_queue_wait_seconds',
  instrument: 'fal.client.queue_wait.seconds',
  unit: 's',
  labels: ['endpoint_id'],
  fedBy: 'app',
  bounds: DURATION_BOUNDS,
  help: 'From accepted until first seen running; a runner start is part of it. High while inference is normal: fal lacks capacity, or the account is at its concurrency limit.',
});

export const clientInference = histogram({
  name: 'fal_client_inference_seconds',
  instrument: 'fal.client.inference.seconds',
  unit: 's',
  labels: ['endpoint_id'],
  fedBy: 'app',
  bounds: DURATION_BOUNDS,
  help: 'Run time of the model as fal reports it. High while queue wait is normal: the model itself became slow, or the inputs grew.',
});

export const clientUpload = histogram({
  name: 'fal_client_upload_seconds',
  instrument: 'fal.client.upload.seconds',
  unit: 's',
  labels: ['endpoint_id'],
  fedBy: 'app',
  bounds: DURATION_BOUNDS,
  help: "Time that sending files to fal's storage took before the request itself. High: the files are large, or the way from the app to the storage is slow; the model is not to blame.",
});

export const clientResultFetch = histogram({
  name: 'fal_client_result_fetch_seconds',
  instrument: 'fal.client.result_fetch.seconds',
  unit: 's',
  labels: ['endpoint_id'],
  fedBy: 'app',
  bounds: DURATION_BOUNDS,
  help: 'From seen completed until the result was there. High: the gateway answers slowly although the model has finished.',
});

export const clientTimeToFirstChunk = histogram({
  name: 'fal_client_time_to_first_chunk_seconds',
  instrument: 'fal.client.time_to_first_chunk.seconds',
  unit: 's',
  labels: ['endpoint_id'],
  fedBy: 'app',
  bounds: DURATION_BOUNDS,
  help: 'How long a streaming caller waited for the first piece. It is what a user feels; watch it instead of the whole duration for streams.',
});

export const clientActiveRequests = gauge({
  name: 'fal_client_active_requests',
  instrument: 'fal.client.active_requests',
  unit: '{request}',
  labels: ['endpoint_id', 'state'],
  fedBy: 'app',
  help: 'Requests in flight now, by where they stand: submitting, queued, running or fetching. Many queued with few running: the concurrency limit or a lack of capacity holds them.',
});

export const clientOldestRequestAge = gauge({
  name: 'fal_client_oldest_request_age_seconds',
  instrument: 'fal.client.oldest_request_age.seconds',
  unit: 's',
  labels: ['endpoint_id', 'state'],
  fedBy: 'app',
  help: 'Age of the oldest request in flight; 0 when there is none, absent before the first. A hang finishes nothing, so ratios and quantiles stay quiet: this is where it shows.',
});

export const clientQueuePosition = gauge({
  name: 'fal_client_queue_position',
  instrument: 'fal.client.queue_position',
  unit: '{request}',
  labels: ['endpoint_id'],
  fedBy: 'app',
  help: 'Requests ahead of the longest-waiting one in the queue of the model, as last told; 0 is next. Unchanged for minutes while it waits: the queue stands still.',
});

export const clientAttempts = counter({
  name: 'fal_client_attempts_total',
  instrument: 'fal.client.attempts',
  unit: '{attempt}',
  labels: ['endpoint_id', 'operation', 'status'],
  fedBy: 'app',
  help: 'HTTP exchanges, retries included, by status code or class of network error. Growing faster than the requests: retries hide trouble that the error ratio does not show yet.',
});

export const clientPlatformRetries = counter({
  name: 'fal_client_platform_retries_total',
  instrument: 'fal.client.platform_retries',
  unit: '{retry}',
  labels: ['endpoint_id'],
  fedBy: 'app',
  help: 'Requests seen going back from running to queued: fal lost a runner and tries again. Above the usual the platform is unwell although most requests still succeed.',
});

export const clientDuplicateSubmits = counter({
  name: 'fal_client_duplicate_submits_total',
  instrument: 'fal.client.duplicate_submits',
  unit: '{request}',
  labels: ['endpoint_id', 'operation'],
  fedBy: 'app',
  help: 'Requests that the client sent again after a connection that may have carried the first: fal knows no idempotency key, so each may be a second billed job. Growing: the way to fal breaks in mid-request; compare the bill with the requests.',
});

export const clientBillableUnits = counter({
  name: 'fal_client_billable_units_total',
  instrument: 'fal.client.billable_units',
  unit: '{unit}',
  labels: ['endpoint_id', 'unit'],
  fedBy: 'app',
  help: 'Units that fal says it bills, as told with the results. Never add up different units; multiplied by fal_model_unit_price_usd they are money.',
});

export const clientCost = counter({
  name: 'fal_client_cost_usd_total',
  instrument: 'fal.client.cost.usd',
  unit: '{USD}',
  labels: ['endpoint_id', 'source'],
  fedBy: 'app',
  help: 'Money that the requests cost; source says how that is known (list_price: units times list price). Requests without a known price are missing here: see fal_client_unpriced_requests_total.',
});

export const clientWastedCost = counter({
  name: 'fal_client_wasted_cost_usd_total',
  instrument: 'fal.client.wasted_cost.usd',
  unit: '{USD}',
  labels: ['endpoint_id', 'reason'],
  fedBy: 'app',
  help: 'Money billed for nothing, by reason: error, timeout, cancelled, duplicate or never_fetched. A time-out of the caller does not stop the work: raise it, or cancel the request.',
});

export const clientUnpricedRequests = counter({
  name: 'fal_client_unpriced_requests_total',
  instrument: 'fal.client.unpriced_requests',
  unit: '{request}',
  labels: ['endpoint_id'],
  fedBy: 'app',
  help: 'Successful requests whose price is unknown. Above 0 the cost is a lower bound: give the model a price.',
});

export const clientRealtimeConnections = counter({
  name: 'fal_client_realtime_connections_total',
  instrument: 'fal.client.realtime_connections',
  unit: '{connection}',
  labels: ['endpoint_id'],
  fedBy: 'app',
  help: 'Realtime connections that the app began, refused ones and each new one after a break included. Growing while the number of users stands still: connections break.',
});

export const clientRealtimeMessages = counter({
  name: 'fal_client_realtime_messages_total',
  instrument: 'fal.client.realtime_messages',
  unit: '{message}',
  labels: ['endpoint_id', 'direction'],
  fedBy: 'app',
  help: 'Messages over realtime connections, sent to fal or received. Sent ones growing and received ones not: the model does not answer, although the connection is open.',
});

export const clientFallbacks = counter({
  name: 'fal_client_fallbacks_total',
  instrument: 'fal.client.fallbacks',
  unit: '{call}',
  labels: ['endpoint_id', 'provider', 'outcome'],
  fedBy: 'app',
  help: 'Calls that the app handed to another provider, as it reports them. Growing: users are served, but not by fal; the error ratio of fal leaves these calls out.',
});

export const clientCircuitState = gauge({
  name: 'fal_client_circuit_state',
  instrument: 'fal.client.circuit_state',
  unit: '',
  labels: ['endpoint_id', 'state'],
  fedBy: 'app',
  help: "1 at the state of the app's circuit breaker, 0 at the others, and at all when it is withdrawn; absent unless the app reports one. Open: nothing is sent to the model, so its error ratio is silent.",
});

export const clientAttributedRequests = counter({
  name: 'fal_client_attributed_requests_total',
  instrument: 'fal.client.attributed_requests',
  unit: '{request}',
  labels: ['endpoint_id', 'outcome'],
  fedBy: 'app',
  help: 'Finished requests again, split by what the app says of its calls: each key that it allows (team, feature) is a label besides. Apart from fal_client_requests_total, so that alerts on those stay whole.',
});

export const clientAttributedRequestDuration = histogram({
  name: 'fal_client_attributed_request_duration_seconds',
  instrument: 'fal.client.attributed_request.duration.seconds',
  unit: 's',
  labels: ['endpoint_id', 'outcome'],
  fedBy: 'app',
  bounds: DURATION_BOUNDS,
  help: 'Duration of requests again, split by what the app says of its calls. For latency quantiles take outcome=~"ok|timeout".',
});

export const clientAttributedBillableUnits = counter({
  name: 'fal_client_attributed_billable_units_total',
  instrument: 'fal.client.attributed_billable_units',
  unit: '{unit}',
  labels: ['endpoint_id', 'unit'],
  fedBy: 'app',
  help: 'Billed units again, split by what the app says of its calls. Never add up different units.',
});

export const clientAttributedCost = counter({
  name: 'fal_client_attributed_cost_usd_total',
  instrument: 'fal.client.attributed_cost.usd',
  unit: '{USD}',
  labels: ['endpoint_id', 'source'],
  fedBy: 'app',
  help: 'Money again, split by what the app says of its calls: who spends it. Calls without attributes are in fal_client_cost_usd_total only; the difference is what no team owns up to.',
});

/** Every family that the app side writes. */
export const CLIENT_METRICS = [
  clientRequestDuration,
  clientRequests,
  clientErrors,
  clientQueueWait,
  clientInference,
  clientUpload,
  clientResultFetch,
  clientTimeToFirstChunk,
  clientActiveRequests,
  clientOldestRequestAge,
  clientQueuePosition,
  clientAttempts,
  clientPlatformRetries,
  clientDuplicateSubmits,
  clientBillableUnits,
  clientCost,
  clientWastedCost,
  clientUnpricedRequests,
  clientRealtimeConnections,
  clientRealtimeMessages,
  clientFallbacks,
  clientCircuitState,
  clientAttributedRequests,
  clientAttributedRequestDuration,
  clientAttributedBillableUnits,
  clientAttributedCost,
] as const;
