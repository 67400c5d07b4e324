import { type HttpReply, json } from '../reply.ts';

/** The closed list of error types of the Platform API. Source: https://api.fal.ai/v1/openapi.json */
export type PlatformErrorType =
  | 'authorization_error'
  | 'validation_error'
  | 'not_found'
  | 'rate_limited'
  | 'server_error'
  | 'not_implemented';

const STATUS: Readonly<Record<PlatformErrorType, number>> = {
  authorization_error: 403,
  validation_error: 400,
  not_found: 404,
  rate_limited: 429,
  server_error: 500,
  not_implemented: 501,
};

/** The error envelope that every Platform operation uses. */
export function platformError(
  type: PlatformErrorType,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): HttpReply {
  return json(STATUS[type], { error: { type, message } }, headers);
}

/** Thrown where a request cannot be served as it was asked for; the router turns it into the envelope. */
export class PlatformRefusal extends Error {
  override readonly name = 'PlatformRefusal';
  readonly type: PlatformErrorType;

  constructor(type: PlatformErrorType, message: string) {
    super(message);
    this.type = type;
  }
}

/** What a query parameter or body field should have been. */
export function invalid(field: string, expected: string): PlatformRefusal {
  return new PlatformRefusal('validation_error', `${field}: expected ${expected}`);
}
