import { type SignedHeaders, type WebhookDelivery, rawBytesOf, signedHeadersOf } from './delivery.ts';
import { Ed25519, type PublicKey } from './ed25519.ts';
import { KeySet } from './key-set.ts';
import { SeenRequests } from './seen-requests.ts';
import { type VerifiedWebhook, webhookOf } from './verified-webhook.ts';
import type { WebCrypto } from './web-crypto.ts';
import { FalWebhookError } from './webhook-error.ts';

const JWKS_URL = 'https://rest.fal.ai/.well-known/jwks.json';
const TOLERANCE_SECONDS = 300;

export interface WebhookVerifierOptions {
  /** For the public keys. Default: the global `fetch`, looked up at each call. */
  readonly fetch?: typeof fetch | undefined;
  /** Where fal publishes its keys. Whoever answers there can sign webhooks. Default: fal's own address. */
  readonly jwksUrl?: string | URL | undefined;
  /** Milliseconds since the epoch. Default: `Date.now`. */
  readonly now?: (() => number) | undefined;
  /** How far fal's timestamp may be from our clock, either way. Default: 300, as fal advises. */
  readonly toleranceSeconds?: number | undefined;
  /** Default: `globalThis.crypto`. */
  readonly crypto?: WebCrypto | undefined;
}

/** Tells deliveries of fal from everything else that reaches the address. */
export interface WebhookVerifier {
  /** @throws FalWebhookError for anything that fal did not sign just now, and when its keys cannot be had. */
  verify(delivery: WebhookDelivery): Promise<VerifiedWebhook>;
  /** The app failed to handle this request: the next delivery of it counts as the first. */
  forget(requestId: string): void;
}

/**
 * Verifies fal's webhooks: Ed25519 over `request id \n user id \n timestamp \n hex(sha256(body))`, against the keys
 * that fal publishes. Make one verifier and keep it: it holds the keys and the ids that were seen.
 *
 * Nothing is fetched before the first delivery. Keys are kept for 24 hours at most and fetched anew at most once a
 * minute when none fits, because fal may have changed them.
 *
 * Source: https://fal.ai/docs/documentation/model-apis/inference/webhooks
 *
 * @throws TypeError for a `jwksUrl` that is no URL. @throws RangeError for a tolerance that is no number of at least 0.
 */
export function createWebhookVerifier(options: WebhookVerifierOptions = {}): WebhookVerifier {
  const { now = Date.now, toleranceSeconds = TOLERANCE_SECONDS } = options;
  if (!(toleranceSeconds >= 0)) {
    throw new RangeError(
      `toleranceSeconds: expected a number of at least 0, got ${String(toleranceSeconds)}`,
    );
  }
  const ed25519 = new Ed25519(options.crypto ?? globalThis.crypto);
  const url = new URL(options.jwksUrl ?? JWKS_URL);
  const keySet = new KeySet({ url, fetch: () => options.fetch ?? globalThis.fetch, now, ed25519 });
  const seen = new SeenRequests(now);
  return {
    verify: async ({ headers, body }) => {
      const bytes = rawBytesOf(body);
      const signed = signedHeadersOf(headers);
      checkAge(signed, now(), toleranceSeconds);
      const message = messageOf(signed, await ed25519.sha256Hex(bytes));
      await checkSignature(keySet, signed, message);
      const webhook = webhookOf(bytes, signed);
      return { ...webhook, seenBefore: seen.note(webhook.requestId) };
    },
    forget: (requestId) => seen.forget(requestId),
  };
}

function checkAge({ timestamp }: SignedHeaders, nowMs: number, toleranceSeconds: number): void {
  const ageSeconds = nowMs / 1000 - Number(timestamp);
  if (Math.abs(ageSeconds) <= toleranceSeconds) return;
  const distance = `${Math.abs(Math.round(ageSeconds))} s ${ageSeconds > 0 ? 'ago' : 'from now'}`;
  throw new FalWebhookError(
    'stale',
    `expected it to be signed within ${toleranceSeconds} s of now, got ${distance}; ` +
      'it is repeated by somebody, was held up on its way, or the clock of this machine is wrong',
  );
}

function messageOf({ requestId, userId, timestamp }: SignedHeaders, hash: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode([requestId, userId, timestamp, hash].join('\n'));
}

async function checkSignature(
  keySet: KeySet,
  { signature }: SignedHeaders,
  message: Uint8Array<ArrayBuffer>,
): Promise<void> {
  const fits = async (keys: readonly PublicKey[]): Promise<boolean> => {
    for (const key of keys) if (await key(signature, message)) return true;
    return false;
  };
  const keys = await keySet.current();
  if (await fits(keys)) return;
  const newer = await keySet.renewed(keys);
  if (newer !== undefined && (await fits(newer))) return;
  throw new FalWebhookError(
    'bad_signature',
    'none of the public keys of fal fits its signature: fal did not send it, or the body or a header was changed on ' +
      'its way (a parser, a re-encoding proxy)',
  );
}
