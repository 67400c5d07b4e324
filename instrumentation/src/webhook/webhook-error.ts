/** Why a webhook was not accepted. Closed list. */
export type WebhookErrorCode =
  | 'missing_header'
  /** The timestamp is no whole number of seconds. */
  | 'bad_timestamp'
  /** Signed too long ago, or in the future: an old delivery that somebody repeats, or a wrong clock. */
  | 'stale'
  | 'bad_signature'
  /** fal's public keys cannot be had at the moment, or this runtime cannot use them. */
  | 'no_keys'
  /** The body was handed in parsed, could not be read, or is not what fal sends. */
  | 'bad_body';

const HTTP_STATUS: Readonly<Record<WebhookErrorCode, number>> = {
  missing_header: 400,
  bad_timestamp: 400,
  stale: 401,
  bad_signature: 401,
  no_keys: 503,
  bad_body: 400,
};

/** A webhook that was not accepted. The message never holds anything of its body or of its signature. */
export class FalWebhookError extends Error {
  override readonly name = 'FalWebhookError';
  readonly code: WebhookErrorCode;

  constructor(code: WebhookErrorCode, message: string, options?: ErrorOptions) {
    super(`cannot accept the webhook: ${message}`, options);
    this.code = code;
  }

  /** The status to answer with. fal delivers again after anything but a 2xx, so 503 gives it another chance. */
  get httpStatus(): number {
    return HTTP_STATUS[this.code];
  }
}
