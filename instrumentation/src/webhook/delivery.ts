import { FalWebhookError } from './webhook-error.ts';

/** `Headers`, the `req.headers` of Node, a Map, or anything with `get`. Names in any case. */
export type WebhookHeaders =
  | Iterable<readonly [string, string | readonly string[] | undefined]>
  | { get(name: string): string | null | undefined }
  | Readonly<Record<string, string | readonly string[] | undefined>>;

/** The body exactly as it was received: bytes, or their UTF-8 text. */
export type WebhookBody = string | ArrayBuffer | ArrayBufferView;

export interface WebhookDelivery {
  readonly headers: WebhookHeaders;
  readonly body: WebhookBody;
}

/** What fal signs beside the body, as sent. */
export interface SignedHeaders {
  readonly requestId: string;
  readonly userId: string;
  /** Unix time in whole seconds. */
  readonly timestamp: string;
  /** 64 bytes of Ed25519. */
  readonly signature: Uint8Array<ArrayBuffer>;
}

const NAMES = {
  requestId: 'x-fal-webhook-request-id',
  userId: 'x-fal-webhook-user-id',
  timestamp: 'x-fal-webhook-timestamp',
  signature: 'x-fal-webhook-signature',
} as const;

/**
 * Reads the four headers of a delivery.
 *
 * Source: https://fal.ai/docs/documentation/model-apis/inference/webhooks
 *
 * @throws FalWebhookError `missing_header`, `bad_timestamp`, or `bad_signature` for one that is no signature.
 */
export function signedHeadersOf(headers: WebhookHeaders): SignedHeaders {
  const values = valuesOf(headers);
  const required = (name: string): string => {
    const value = values.get(name);
    if (value === undefined || value === '') {
      throw new FalWebhookError(
        'missing_header',
        `expected the header ${name}, got none; does a proxy remove it, or is this no delivery of fal?`,
      );
    }
    return value;
  };
  const timestamp = required(NAMES.timestamp);
  if (!/^\d{1,11}$/.test(timestamp)) {
    throw new FalWebhookError('bad_timestamp', `expected whole Unix seconds in ${NAMES.timestamp}`);
  }
  return {
    requestId: required(NAMES.requestId),
    userId: required(NAMES.userId),
    timestamp,
    signature: signatureOf(required(NAMES.signature)),
  };
}

function signatureOf(hex: string): Uint8Array<ArrayBuffer> {
  if (!/^[\da-f]{128}$/i.test(hex)) {
    throw new FalWebhookError('bad_signature', `expected 128 hexadecimal digits in ${NAMES.signature}`);
  }
  return Uint8Array.from({ length: 64 }, (_, at) => Number.parseInt(hex.slice(2 * at, 2 * at + 2), 16));
}

/** By lower-case name; of two spellings of one name the first counts. */
function valuesOf(headers: unknown): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const [name, value] of pairsOf(headers)) {
    const text = Array.isArray(value) ? value.join(', ') : value;
    const key = String(name).toLowerCase();
    if (typeof text === 'string' && !values.has(key)) values.set(key, text);
  }
  return values;
}

function pairsOf(headers: unknown): Iterable<readonly [unknown, unknown]> {
  if (typeof headers !== 'object' || headers === null) return [];
  if (Symbol.iterator in headers) return headers as Iterable<readonly [unknown, unknown]>;
  if ('get' in headers && typeof headers.get === 'function') {
    const get = headers.get.bind(headers) as (name: string) => unknown;
    return Object.values(NAMES).map((name) => [name, get(name)] as const);
  }
  return Object.entries(headers);
}

/**
 * A copy of the body's bytes: what was verified is what gets parsed, whatever happens to the buffer meanwhile.
 *
 * @throws FalWebhookError `bad_body` for a body that somebody has parsed: the bytes that were signed are lost then.
 */
export function rawBytesOf(body: unknown): Uint8Array<ArrayBuffer> {
  if (typeof body === 'string') return new TextEncoder().encode(body);
  if (ArrayBuffer.isView(body)) return copyOf(new Uint8Array(body.buffer, body.byteOffset, body.byteLength));
  // Not by instanceof: some runtimes hand over buffers of another realm.
  if (Object.prototype.toString.call(body) === '[object ArrayBuffer]')
    return copyOf(new Uint8Array(body as ArrayBuffer));
  const got = body === undefined || body === null ? String(body) : `a parsed value (${typeof body})`;
  throw new FalWebhookError(
    'bad_body',
    `expected the raw body, a string or bytes as received, got ${got}. Give the raw body: the signature covers its ` +
      'bytes, and JSON written anew has others. Express: express.raw({ type: "application/json" }) on this route, ' +
      'before express.json(). Next.js: the Request itself, or await request.text().',
  );
}

function copyOf(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(bytes.byteLength);
  copy.set(bytes);
  return copy;
}
