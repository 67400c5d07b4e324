import { type KeyObject, createHash, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import type { WebCrypto } from './web-crypto.ts';

/** For tests: when their clocks start, ms since the epoch. */
export const START_MS = Date.UTC(2026, 9, 1, 12);

/** For tests: somebody who signs as fal does. */
export interface Signer {
  /** The public half, as fal publishes it. */
  readonly jwk: Readonly<Record<string, unknown>>;
  sign(delivery: Partial<UnsignedDelivery>): SignedDelivery;
}

export interface UnsignedDelivery {
  readonly requestId: string;
  readonly userId: string;
  /** Unix seconds, or text that is none. */
  readonly timestamp: number | string;
  readonly body: string;
}

export interface SignedDelivery {
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** For tests: what fal says of a job that went well. */
export const OK_BODY =
  '{"request_id": "job-1", "gateway_request_id": "job-1", "status": "OK", "payload": {"images": []}, "error": null}';

/** For tests: answers without leaving the thread, unlike that of Node; signatures are left to Node's own module. */
export const promptCrypto: WebCrypto = {
  subtle: {
    digest: (_algorithm, data) =>
      Promise.resolve(Uint8Array.from(createHash('sha256').update(data).digest()).buffer),
    importKey: () => Promise.reject(new DOMException('no Ed25519', 'NotSupportedError')),
    verify: () => Promise.reject(new Error('no key was imported')),
  },
};

export function newSigner(): Signer {
  const { privateKey } = generateKeyPairSync('ed25519');
  const { kty, crv, x } = createPublicKey(privateKey).export({ format: 'jwk' });
  return { jwk: { kty, crv, x }, sign: (delivery) => signed(privateKey, delivery) };
}

function signed(key: KeyObject, delivery: Partial<UnsignedDelivery>): SignedDelivery {
  const { requestId = 'job-1', userId = 'user-1', timestamp = START_MS / 1000, body = OK_BODY } = delivery;
  const hash = createHash('sha256').update(body).digest('hex');
  const message = [requestId, userId, String(timestamp), hash].join('\n');
  return {
    headers: {
      'x-fal-webhook-request-id': requestId,
      'x-fal-webhook-user-id': userId,
      'x-fal-webhook-timestamp': String(timestamp),
      'x-fal-webhook-signature': sign(null, Buffer.from(message), key).toString('hex'),
    },
    body,
  };
}
