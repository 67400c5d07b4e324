import { networkCodeOf } from '../errors/classify.ts';
import { type Ed25519, type PublicKey, bytesOfBase64Url } from './ed25519.ts';
import { FalWebhookError } from './webhook-error.ts';

const SECOND_MS = 1000;
const HOUR_MS = 3_600_000;

/** fal: keys may be cached for 24 hours at most. */
const LONGEST_AGE_MS = 24 * HOUR_MS;
/** From here on newer keys are asked for, while a failure of fal's key host still harms nobody. */
const RENEWAL_AGE_MS = 12 * HOUR_MS;
/** Garbage that is signed by no key must not become a flood of requests to fal. */
const RENEWAL_PAUSE_MS = 60 * SECOND_MS;
/** Without any key every delivery is refused, so that the next attempt comes soon. */
const PAUSE_AFTER_FAILURE_MS = 5 * SECOND_MS;
const DEADLINE_MS = 10 * SECOND_MS;

export interface KeySetParts {
  readonly url: URL;
  /** Looked up at each call. */
  readonly fetch: () => typeof fetch;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly ed25519: Ed25519;
}

/**
 * fal's public keys (a JSON web key set, RFC 7517), fetched when they are needed and kept for a day at most.
 *
 * Source: https://fal.ai/docs/documentation/model-apis/inference/webhooks
 */
export class KeySet {
  readonly #parts: KeySetParts;
  #keys: readonly PublicKey[] | undefined;
  #fetchedAt = -Infinity;
  #attemptedAt = -Infinity;
  #failure: FalWebhookError | undefined;
  #pending: Promise<void> | undefined;

  constructor(parts: KeySetParts) {
    this.#parts = parts;
  }

  /** Keys that are not older than a day. @throws FalWebhookError `no_keys`. */
  async current(): Promise<readonly PublicKey[]> {
    const age = this.#since(this.#fetchedAt);
    if (this.#keys === undefined || age >= LONGEST_AGE_MS) return this.#fetched();
    if (age >= RENEWAL_AGE_MS) return (await this.renewed(this.#keys)) ?? this.#keys;
    return this.#keys;
  }

  /**
   * Other keys than the ones that were tried, because fal may have changed them. At most one fetch a minute;
   * `undefined` when there is nothing new.
   */
  async renewed(tried: readonly PublicKey[]): Promise<readonly PublicKey[] | undefined> {
    const isAllowed = this.#isLoading() || this.#since(this.#attemptedAt) >= RENEWAL_PAUSE_MS;
    if (this.#keys === tried && isAllowed) await this.#load().catch(() => undefined);
    return this.#keys === tried ? undefined : this.#keys;
  }

  async #fetched(): Promise<readonly PublicKey[]> {
    const isPausing = !this.#isLoading() && this.#since(this.#attemptedAt) < PAUSE_AFTER_FAILURE_MS;
    if (isPausing && this.#failure !== undefined) throw this.#failure;
    await this.#load();
    if (this.#keys === undefined) throw failed(this.#parts.url, 'no key arrived');
    return this.#keys;
  }

  /** One fetch for all who ask meanwhile. */
  #load(): Promise<void> {
    if (this.#pending !== undefined && this.#isLoading()) return this.#pending;
    const startedAt = this.#parts.now();
    this.#attemptedAt = startedAt;
    const pending = this.#request(startedAt).finally(() => {
      if (this.#pending === pending) this.#pending = undefined;
    });
    this.#pending = pending;
    return pending;
  }

  /** Edge runtimes may kill a fetch together with the request that began it: it is not waited for after its deadline. */
  #isLoading(): boolean {
    return this.#pending !== undefined && this.#since(this.#attemptedAt) < DEADLINE_MS;
  }

  async #request(startedAt: number): Promise<void> {
    try {
      this.#keys = await this.#ask();
      this.#fetchedAt = startedAt;
      this.#failure = undefined;
    } catch (error) {
      this.#failure =
        error instanceof FalWebhookError
          ? error
          : failed(this.#parts.url, `network error ${networkCodeOf(error) ?? 'unknown'}`, error);
      throw this.#failure;
    }
  }

  async #ask(): Promise<readonly PublicKey[]> {
    const { url } = this.#parts;
    const text = await beforeDeadline(
      async (signal) => {
        const headers = { accept: 'application/json' };
        const response = await this.#parts.fetch()(url, { headers, signal });
        if (!response.ok) throw failed(url, `HTTP ${response.status}`);
        return response.text();
      },
      () => failed(url, `no whole answer within ${DEADLINE_MS / SECOND_MS} s`),
    );
    const raw = rawKeysIn(text);
    if (raw.length === 0) throw failed(url, 'an answer without any Ed25519 key');
    const keys = await Promise.all(raw.map((bytes) => this.#parts.ed25519.publicKey(bytes)));
    const usable = keys.filter((key) => key !== undefined);
    if (usable.length === 0) throw failed(url, 'keys that this runtime cannot use: it has no Ed25519');
    return usable;
  }

  /** A wall clock that was set back makes everything old: fetching once more is the safe side. */
  #since(then: number): number {
    const passed = this.#parts.now() - then;
    return passed < 0 ? Infinity : passed;
  }
}

function failed(url: URL, got: string, cause?: unknown): FalWebhookError {
  const address = `${url.origin}${url.pathname}`;
  return new FalWebhookError(
    'no_keys',
    `expected fal's public keys from ${address}, got ${got}. Answer with a 5xx, so that fal delivers again later; ` +
      'if it stays so, allow this host to reach that address',
    cause === undefined ? undefined : { cause },
  );
}

/** The 32 bytes of each Ed25519 key in a key set. Other keys, and whatever is no key set, count as none. */
function rawKeysIn(text: string): Uint8Array<ArrayBuffer>[] {
  let set: unknown;
  try {
    set = JSON.parse(text);
  } catch {
    return [];
  }
  const { keys } = (set ?? {}) as { keys?: unknown };
  return Array.isArray(keys) ? keys.flatMap(rawKeyOf) : [];
}

/** fal documents `x` only; `kty` and `crv` count where they are there. */
function rawKeyOf(value: unknown): Uint8Array<ArrayBuffer>[] {
  const { kty = 'OKP', crv = 'Ed25519', x } = (value ?? {}) as Readonly<Record<string, unknown>>;
  if (kty !== 'OKP' || crv !== 'Ed25519' || typeof x !== 'string') return [];
  const bytes = bytesOfBase64Url(x);
  return bytes?.byteLength === 32 ? [bytes] : [];
}

/** Gives up even when the fetch takes no notice of its signal. */
async function beforeDeadline<T>(
  work: (signal: AbortSignal) => Promise<T>,
  expired: () => Error,
): Promise<T> {
  const controller = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const deadline = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(expired());
      controller.abort();
    }, DEADLINE_MS);
    // Outside of Node a timer is a number. Nobody's process must stay alive for it.
    if (typeof timer === 'object') timer.unref();
  });
  try {
    return await Promise.race([work(controller.signal), deadline]);
  } finally {
    clearTimeout(timer);
  }
}
