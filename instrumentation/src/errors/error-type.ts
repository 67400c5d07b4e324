/**
 * Whose problem a failed request is. One table below gives it from the error type, so that a metric can
 * carry both labels without a single extra series.
 */
export type Fault = 'app' | 'account' | 'model' | 'platform' | 'network' | 'unknown';

/** How a request ended for its caller. `timeout` is a failure that cost the caller the whole wait. */
export type Outcome = 'ok' | 'error' | 'timeout' | 'cancelled';

interface ErrorTraits {
  readonly fault: Fault;
  /** `timeout` for every class that the rule "any timeout: investigate" looks at. */
  readonly outcome: Exclude<Outcome, 'ok'>;
}

const error = (fault: Fault): ErrorTraits => ({ fault, outcome: 'error' });
const timeout = (fault: Fault): ErrorTraits => ({ fault, outcome: 'timeout' });
const cancelled = (fault: Fault): ErrorTraits => ({ fault, outcome: 'cancelled' });

/**
 * The closed list of `error_type` values and whose fault each one is.
 *
 * Source: fal's request-error and model-error pages (https://fal.ai/docs/documentation/model-apis/request-errors,
 * https://fal.ai/docs/documentation/model-apis/errors); the client-side half is what `@fal-ai/client` 1.10
 * throws. What is not in the list becomes `_OTHER`, never free text.
 */
export const ERROR_TYPES = {
  // Infrastructure, as named by fal in `error_type` and `X-Fal-Error-Type`.
  request_timeout: timeout('platform'),
  startup_timeout: timeout('platform'),
  runner_scheduling_failure: error('platform'),
  runner_connection_timeout: timeout('platform'),
  runner_disconnected: error('platform'),
  runner_connection_refused: error('platform'),
  runner_connection_error: error('platform'),
  runner_incomplete_response: error('platform'),
  runner_server_error: error('platform'),
  internal_error: error('platform'),
  ingress_error: error('platform'),
  // The model itself.
  internal_server_error: error('model'),
  generation_timeout: timeout('model'),
  downstream_service_error: error('model'),
  downstream_service_unavailable: error('model'),
  no_media_generated: error('model'),
  // What the application sent.
  bad_request: error('app'),
  not_found: error('app'),
  start_deadline_exceeded: timeout('app'),
  content_policy_violation: error('app'),
  image_too_small: error('app'),
  image_too_large: error('app'),
  image_load_error: error('app'),
  file_download_error: error('app'),
  file_too_large: error('app'),
  face_detection_error: error('app'),
  greater_than: error('app'),
  greater_than_equal: error('app'),
  less_than: error('app'),
  less_than_equal: error('app'),
  multiple_of: error('app'),
  sequence_too_short: error('app'),
  sequence_too_long: error('app'),
  one_of: error('app'),
  feature_not_supported: error('app'),
  invalid_archive: error('app'),
  archive_file_count_below_minimum: error('app'),
  archive_file_count_exceeds_maximum: error('app'),
  audio_duration_too_long: error('app'),
  audio_duration_too_short: error('app'),
  video_duration_too_long: error('app'),
  video_duration_too_short: error('app'),
  unsupported_audio_format: error('app'),
  unsupported_image_format: error('app'),
  unsupported_video_format: error('app'),
  validation_error: error('app'),
  client_disconnected: cancelled('app'),
  client_cancelled: cancelled('app'),
  aborted: cancelled('app'),
  client_error: error('app'),
  // The account.
  unauthorized: error('account'),
  forbidden: error('account'),
  account_locked: error('account'),
  concurrent_requests_limit: error('account'),
  // The way there.
  network_error: error('network'),
  // What nobody can place.
  client_timeout: timeout('unknown'),
  invalid_json: error('unknown'),
  unexpected_content_type: error('unknown'),
  invalid_output: error('model'),
  // Answers that carry no type: the HTTP status itself, as far as one may meet it.
  400: error('app'),
  402: error('account'),
  405: error('app'),
  406: error('app'),
  408: timeout('unknown'),
  409: error('app'),
  410: error('app'),
  413: error('app'),
  415: error('app'),
  422: error('app'),
  429: error('account'),
  431: error('app'),
  500: error('platform'),
  501: error('platform'),
  502: error('platform'),
  503: error('platform'),
  504: timeout('platform'),
  // The Platform API (api.fal.ai) has an error envelope of its own.
  'platform.authorization_error': error('account'),
  'platform.validation_error': error('app'),
  'platform.not_found': error('app'),
  'platform.rate_limited': error('account'),
  'platform.server_error': error('platform'),
  'platform.not_implemented': error('platform'),
  _OTHER: error('unknown'),
} as const satisfies Record<string, ErrorTraits>;

/** Why a request failed: the closed list of the label `error_type`. */
export type ErrorType = `${keyof typeof ERROR_TYPES}`;

/** True for a name of the closed list; false for whatever a remote party makes up. */
export function isErrorType(name: unknown): name is ErrorType {
  return typeof name === 'string' && Object.hasOwn(ERROR_TYPES, name);
}

function traitsOf(type: ErrorType): ErrorTraits {
  return (ERROR_TYPES as Readonly<Record<string, ErrorTraits>>)[type] ?? ERROR_TYPES._OTHER;
}

/** Whose problem an error of this type is. */
export function faultOf(type: ErrorType): Fault {
  return traitsOf(type).fault;
}

/** How a request that failed with this type ended for its caller. */
export function outcomeOf(type: ErrorType): Exclude<Outcome, 'ok'> {
  return traitsOf(type).outcome;
}

/**
 * True when an error counts as a failure in every ratio, panel and rule: everything except what the
 * application itself sent and what the account's own state refused (those have alerts of their own).
 */
export function isFailure(type: ErrorType): boolean {
  const { fault, outcome } = traitsOf(type);
  return outcome !== 'cancelled' && fault !== 'app' && fault !== 'account';
}
