/** Where in the life of an attempt an error arises, and after how long. */
export type Moment =
  /** Instead of accepting the call: no job comes to be. */
  | { readonly at: 'gateway' }
  /** While the job waits, without any runner. */
  | { readonly at: 'queue'; readonly ms: number | 'startup-timeout' }
  /** On the runner: after a fixed time, after a share of the inference, or when the processing limit is reached. */
  | { readonly at: 'runner'; readonly ms: number }
  | { readonly at: 'runner'; readonly share: number }
  | { readonly at: 'runner'; readonly limit: true };

/** How one error type looks and behaves. */
export interface ErrorTraits {
  readonly status: number;
  /**
   * `request`: `{detail, error_type}` plus `X-Fal-Error-Type`; `model`: a `detail` list plus `X-Fal-Needs-Retry`;
   * `plain`: `{detail}` alone.
   */
  readonly shape: 'request' | 'model' | 'plain';
  readonly text: string;
  readonly moment: Moment;
  /** The platform runs a queued job again. Never so for direct calls. */
  readonly platformRetries: boolean;
  /** `zero`: the answer says 0 units; `units`: a runner spent its time, so it is billed; `none`: no units header at all. */
  readonly billed: 'none' | 'zero' | 'units';
  /** The runner is gone afterwards. */
  readonly losesRunner?: boolean | undefined;
  /** Retry advice that goes with it. */
  readonly needsRetry?: '0' | '1' | undefined;
  readonly loc?: readonly (string | number)[] | undefined;
  readonly ctx?: Readonly<Record<string, unknown>> | undefined;
}

type Extra = Partial<Omit<ErrorTraits, 'status' | 'shape' | 'text' | 'moment'>>;

const GATEWAY: Moment = { at: 'gateway' };
const AT_ONCE: Moment = { at: 'runner', ms: 40 };
const MIDWAY: Moment = { at: 'runner', share: 0.4 };
const AT_END: Moment = { at: 'runner', share: 1 };
const AT_LIMIT: Moment = { at: 'runner', limit: true };

function request(status: number, text: string, moment: Moment, extra: Extra = {}): ErrorTraits {
  return { status, shape: 'request', text, moment, platformRetries: false, billed: 'none', ...extra };
}

function model(status: number, text: string, moment: Moment, extra: Extra = {}): ErrorTraits {
  const needsRetry = status >= 500 ? '1' : '0';
  return {
    status,
    shape: 'model',
    text,
    moment,
    platformRetries: false,
    billed: 'none',
    needsRetry,
    ...extra,
  };
}

function plain(status: number, text: string, extra: Extra = {}): ErrorTraits {
  return { status, shape: 'plain', text, moment: GATEWAY, platformRetries: false, billed: 'none', ...extra };
}

const RETRIED: Extra = { platformRetries: true };
const LOST: Extra = { platformRetries: true, losesRunner: true };

/** An input that the model looked at before it spent GPU time. */
const input = (text: string, field: string, ctx?: Extra['ctx']): ErrorTraits =>
  model(422, text, AT_ONCE, { billed: 'zero', loc: ['body', field], ctx });

/**
 * Every error that fal's servers are known to answer with, by its type. Statuses, shapes and retry rules follow
 * fal's pages; the texts are our own, because fal says not to parse them.
 *
 * Source: https://fal.ai/docs/documentation/model-apis/request-errors,
 * https://fal.ai/docs/documentation/model-apis/errors and
 * https://fal.ai/docs/documentation/serverless/reliability/retries; billing https://fal.ai/docs/model-apis/faq.
 */
export const ERROR_TABLE: Readonly<Record<string, ErrorTraits>> = {
  request_timeout: request(504, 'Request timed out', AT_LIMIT, LOST),
  startup_timeout: request(
    504,
    'Runner did not start in time',
    { at: 'queue', ms: 'startup-timeout' },
    RETRIED,
  ),
  runner_scheduling_failure: request(503, 'No runner could be scheduled', { at: 'queue', ms: 2000 }, RETRIED),
  runner_connection_timeout: request(
    503,
    'Connecting to the runner timed out',
    { at: 'runner', ms: 5000 },
    LOST,
  ),
  runner_disconnected: request(503, 'Runner disconnected while processing', MIDWAY, LOST),
  runner_connection_refused: request(503, 'Runner refused the connection', AT_ONCE, LOST),
  runner_connection_error: request(503, 'Connection to the runner failed', AT_ONCE, LOST),
  runner_incomplete_response: request(502, 'Runner sent an incomplete response', AT_END, RETRIED),
  runner_server_error: request(500, 'Runner failed with an internal error', MIDWAY),
  client_disconnected: request(499, 'Client closed the connection', MIDWAY),
  client_cancelled: request(499, 'Request was cancelled by the client', MIDWAY),
  bad_request: request(400, 'Bad request', GATEWAY),
  internal_error: request(500, 'Internal error', MIDWAY),

  internal_server_error: model(500, 'The model failed with an internal error', MIDWAY, { needsRetry: '0' }),
  generation_timeout: model(504, 'Generation took longer than the model allows', AT_LIMIT, RETRIED),
  downstream_service_error: model(500, 'A downstream service failed', MIDWAY),
  downstream_service_unavailable: model(500, 'A downstream service is unavailable', MIDWAY),
  content_policy_violation: input('The input was flagged by a content checker', 'prompt'),
  no_media_generated: model(422, 'No media was generated', AT_END, { billed: 'units', loc: ['body'] }),
  image_too_small: input('Image is too small', 'image_url', { min_height: 256, min_width: 256 }),
  image_too_large: input('Image is too large', 'image_url', { max_height: 4096, max_width: 4096 }),
  image_load_error: input('Image could not be read', 'image_url'),
  file_download_error: input('File could not be downloaded', 'image_url'),
  file_too_large: input('File is too large', 'image_url', { max_size: 10_485_760 }),
  face_detection_error: input('No face was found in the image', 'image_url'),
  greater_than: input('Input should be greater than 0', 'num_images', { gt: 0 }),
  greater_than_equal: input('Input should be at least 1', 'num_images', { ge: 1 }),
  less_than: input('Input should be less than 5', 'num_images', { lt: 5 }),
  less_than_equal: input('Input should be at most 4', 'num_images', { le: 4 }),
  multiple_of: input('Input should be a multiple of 8', 'width', { multiple_of: 8 }),
  sequence_too_short: input('Input has too few items', 'prompt', { min_length: 1 }),
  sequence_too_long: input('Input has too many items', 'prompt', { max_length: 1024 }),
  one_of: input('Input is not one of the expected values', 'scheduler', { expected: ['euler', 'ddim'] }),
  feature_not_supported: input('This combination of parameters is not supported', 'loras'),
  invalid_archive: input('Archive cannot be read', 'images_data_url', { supported_extensions: ['.zip'] }),
  archive_file_count_below_minimum: input('Archive has too few files', 'images_data_url', {
    min_count: 4,
    provided_count: 2,
  }),
  archive_file_count_exceeds_maximum: input('Archive has too many files', 'images_data_url', {
    max_count: 100,
    provided_count: 120,
  }),
  audio_duration_too_long: input('Audio is too long', 'audio_url', {
    max_duration: 60,
    provided_duration: 75,
  }),
  audio_duration_too_short: input('Audio is too short', 'audio_url', {
    min_duration: 2,
    provided_duration: 1,
  }),
  video_duration_too_long: input('Video is too long', 'video_url', {
    max_duration: 30,
    provided_duration: 45,
  }),
  video_duration_too_short: input('Video is too short', 'video_url', {
    min_duration: 3,
    provided_duration: 1,
  }),
  unsupported_audio_format: input('Audio format is not supported', 'audio_url', {
    supported_formats: ['mp3'],
  }),
  unsupported_image_format: input('Image format is not supported', 'image_url', {
    supported_formats: ['png'],
  }),
  unsupported_video_format: input('Video format is not supported', 'video_url', {
    supported_formats: ['mp4'],
  }),
  missing: input('Field required', 'prompt'),
  string_type: input('Input should be a valid string', 'prompt'),
  int_parsing: input('Input should be a valid integer', 'seed'),
  value_error: input('Value error', 'prompt'),
  'value_error.missing': input('field required', 'prompt'),
  json_invalid: input('JSON decode error', 'body'),
  unprocessable: plain(422, 'The request could not be processed', { billed: 'zero' }),

  concurrent_requests_limit: request(429, 'Concurrent requests limit reached', GATEWAY, { needsRetry: '1' }),
  rate_limited: plain(429, 'Too many requests'),
  unauthorized: plain(401, 'No user found for Key ID and Secret'),
  forbidden: plain(403, 'Access denied'),
  service_unavailable: plain(503, 'Service Unavailable'),
};

/**
 * The traits of an error type.
 *
 * @throws RangeError when the table has no such type.
 */
export function traitsOf(errorType: string): ErrorTraits {
  const traits = Object.hasOwn(ERROR_TABLE, errorType) ? ERROR_TABLE[errorType] : undefined;
  if (traits === undefined) {
    throw new RangeError(
      `no such fal error type: ${errorType}; known are ${Object.keys(ERROR_TABLE).join(', ')}`,
    );
  }
  return traits;
}
