import { classifyHttpFailure } from '../errors/classify.ts';
import type { ErrorType } from '../errors/error-type.ts';
import type { SignedHeaders } from './delivery.ts';
import { FalWebhookError } from './webhook-error.ts';

/** A delivery that fal signed. */
export interface VerifiedWebhook {
  /** The id that submit answered with. */
  readonly requestId: string;
  /** The platform's last attempt at the job. */
  readonly gatewayRequestId?: string | undefined;
  /** The platform ran the job more than once: the two ids differ. */
  readonly retried: boolean;
  /** Whether the job ended well; not the vocabulary of the queue. */
  readonly status: 'OK' | 'ERROR';
  /** The model's output, or what it answered instead; null when it could not be written as JSON. */
  readonly payload: unknown;
  /** fal's text, such as "Invalid status code: 422". Only with ERROR. */
  readonly error?: string | undefined;
  /** Why the output could not be written as JSON. The job itself may have ended well. */
  readonly payloadError?: string | undefined;
  /** Of the closed list. Only with ERROR. */
  readonly errorType?: ErrorType | undefined;
  /** fal's id of the account. */
  readonly userId: string;
  /** When fal signed this delivery, to the second. */
  readonly deliveredAt: Date;
  /**
   * This verifier has accepted a delivery of the same request within the last two hours. It does not say that the
   * app was done with it: when handling failed, `forget` the id before fal delivers again.
   */
  readonly seenBefore: boolean;
}

/**
 * Reads the body of a delivery whose signature holds.
 *
 * Source: https://fal.ai/docs/documentation/model-apis/inference/webhooks; real deliveries also carry nulls for
 * the fields that do not apply.
 *
 * @throws FalWebhookError `bad_body`; the parser's own message is left out, because it quotes the text.
 */
export function webhookOf(
  bytes: Uint8Array<ArrayBuffer>,
  headers: SignedHeaders,
): Omit<VerifiedWebhook, 'seenBefore'> {
  const body = jsonObjectIn(bytes);
  const { status, payload } = body;
  if (status !== 'OK' && status !== 'ERROR') {
    throw new FalWebhookError(
      'bad_body',
      'it is signed by fal, but its status is neither OK nor ERROR; look for a newer version of this package',
    );
  }
  const requestId = textOf(body.request_id) ?? headers.requestId;
  const gatewayRequestId = textOf(body.gateway_request_id);
  const error = textOf(body.error);
  return {
    requestId,
    gatewayRequestId,
    retried: gatewayRequestId !== undefined && gatewayRequestId !== requestId,
    status,
    payload,
    error,
    payloadError: textOf(body.payload_error),
    errorType: status === 'ERROR' ? errorTypeOf(requestId, error, payload) : undefined,
    userId: headers.userId,
    deliveredAt: new Date(Number(headers.timestamp) * 1000),
  };
}

/** The text gives the status number and nothing else; the type is in the payload. Without a number: 0. */
function errorTypeOf(requestId: string, error: string | undefined, payload: unknown): ErrorType {
  const status = /\bstatus code: (\d{3})\b/i.exec(error ?? '')?.[1];
  return classifyHttpFailure({ status: Number(status ?? 0), body: payload, requestId }).errorType;
}

function jsonObjectIn(bytes: Uint8Array<ArrayBuffer>): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    value = undefined;
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Readonly<Record<string, unknown>>;
  }
  throw new FalWebhookError(
    'bad_body',
    'it is signed by fal, but expected a JSON object and got something else',
  );
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
