import type { DiagLogger } from '@opentelemetry/api';
import { captureAsyncContext } from '../async-context.ts';
import { PACKAGE_NAME } from '../version.ts';
import { type Environment, type KeySource, falKeyOf, headerSafe } from './fal-key.ts';
import { KnownPrices } from './known-prices.ts';
import type { EndpointPrice, PriceList } from './prices.ts';
import { IDS_PER_CALL, PRICING_URL, type PricingAnswer, askPrices, failed } from './pricing-api.ts';
import { type Timers, unrefTimers } from './timers.ts';
import { untraced } from './untraced.ts';

const DEADLINE_MS = 10_000;
const FIRST_PAUSE_MS = 30_000;
const LONGEST_PAUSE_MS = 3_600_000;
const MOST_ENDPOINTS = 200;

export interface PriceFetcherOptions {
  /** The global one, as it is when the fetcher is created, unless given. */
  readonly fetch?: typeof fetch | undefined;
  /** `FAL_KEY`, or `FAL_KEY_ID` and `FAL_KEY_SECRET`, unless given. Asked before every call; never logged. */
  readonly key?: KeySource | undefined;
  /** Where the default key is read from: `process.env` unless given. */
  readonly env?: Environment | undefined;
  readonly log?: Pick<DiagLogger, 'warn'> | undefined;
  /** Distinct endpoints that are asked for, 200 unless given. */
  readonly maxEndpoints?: number | undefined;
  readonly timers?: Timers | undefined;
  /** Uniform in [0, 1): spreads the calls of many processes that started together by a tenth. */
  readonly random?: (() => number) | undefined;
}

/** Fetched prices, and how the fetcher learns what to ask for. */
export interface PriceFetcher extends PriceList {
  /** The app made a request to this endpoint. Returns at once, never throws. */
  want(endpointId: string): void;
  /** No call and no timer after this; a call in flight is given up. Known prices stay until they are a day old. */
  stop(): void;
}

/**
 * Asks fal's Platform API for the list prices of the endpoints that the app uses: a second after the first request
 * of a new one, then hourly. No request of the app waits for it or fails by it. After a failure it pauses 30 s,
 * then twice as long each time up to an hour, or as long as `x-ratelimit-reset` says; prices older than a day are
 * unknown. Nothing happens before the first `want`.
 */
export function createPriceFetcher(options: PriceFetcherOptions = {}): PriceFetcher {
  return new HourlyPriceFetcher(options);
}

class HourlyPriceFetcher implements PriceFetcher {
  readonly #fetch: typeof fetch | undefined;
  readonly #key: KeySource;
  readonly #log: PriceFetcherOptions['log'];
  readonly #timers: Timers;
  readonly #random: () => number;
  readonly #known: KnownPrices;
  readonly #atHome = captureAsyncContext();
  /** Failures since the last success. */
  #failures = 0;
  #pausedUntil = 0;
  #isAsking = false;
  #isStopped = false;
  #cancelTimer: (() => void) | undefined;
  #inFlight: AbortController | undefined;

  constructor(options: PriceFetcherOptions) {
    this.#fetch = options.fetch ?? (globalThis as { fetch?: typeof fetch }).fetch;
    this.#key = options.key ?? ((): string | undefined => falKeyOf(options.env));
    this.#log = options.log;
    this.#timers = options.timers ?? unrefTimers;
    this.#random = options.random ?? Math.random;
    this.#known = new KnownPrices(options.maxEndpoints ?? MOST_ENDPOINTS);
  }

  want(endpointId: string): void {
    if (!this.#isStopped && this.#known.add(endpointId, this.#timers.monotonic())) this.#schedule();
  }

  priceOf(endpointId: string): EndpointPrice | undefined {
    return this.#known.priceOf(endpointId, this.#timers.monotonic());
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancelTimer?.();
    this.#inFlight?.abort();
  }

  #schedule(): void {
    const next = this.#known.nextAt();
    if (this.#isStopped || this.#isAsking || next === undefined) return;
    const delay = Math.max(0, Math.max(next, this.#pausedUntil) - this.#timers.monotonic());
    this.#cancelTimer?.();
    this.#cancelTimer = this.#atHome(() => this.#timers.after(delay, () => void this.#askAll()));
  }

  /** Asks for all that is due, one call after the other, until one fails. Never rejects. */
  async #askAll(): Promise<void> {
    this.#isAsking = true;
    try {
      const due = this.#known.due(this.#timers.monotonic());
      for (let start = 0; start < due.length; start += IDS_PER_CALL)
        if (!(await this.#ask(due.slice(start, start + IDS_PER_CALL)))) break;
    } catch {
      // A logger or a context manager of the app threw: neither a reason to bother the app, nor to ask in a loop.
      this.#pausedUntil = this.#timers.monotonic() + LONGEST_PAUSE_MS;
    }
    this.#isAsking = false;
    this.#schedule();
  }

  /** False when the rest must wait. An id that fal refuses is found by halving, so that it spoils no other's price. */
  async #ask(ids: readonly string[]): Promise<boolean> {
    const answer = await this.#answerFor(ids);
    if (this.#isStopped) return false;
    const at = { now: this.#timers.monotonic(), spread: this.#spread() };
    if (answer.kind === 'failed') {
      this.#pause(answer);
      return false;
    }
    this.#failures = 0;
    if (answer.kind === 'prices') {
      this.#known.listed(ids, answer.prices, at);
      return true;
    }
    const [first, ...others] = ids;
    if (first !== undefined && others.length === 0) {
      this.#known.refused(first, at);
      return true;
    }
    const half = Math.ceil(ids.length / 2);
    return (await this.#ask(ids.slice(0, half))) && this.#ask(ids.slice(half));
  }

  async #answerFor(endpointIds: readonly string[]): Promise<PricingAnswer> {
    const fetch = this.#fetch;
    if (fetch === undefined) return failed('no fetch in this runtime');
    const key = this.#readKey();
    if (key === undefined) return failed('no key', true);
    const inFlight = new AbortController();
    this.#inFlight = inFlight;
    const { signal } = inFlight;
    const givenUp = new Promise<PricingAnswer>((resolve) => {
      const tooLate = failed(`no complete answer within ${DEADLINE_MS / 1000} s`);
      signal.addEventListener('abort', () => resolve(tooLate), { once: true });
    });
    const cancel = this.#timers.after(DEADLINE_MS, () => inFlight.abort());
    try {
      const answer = untraced(() => askPrices({ fetch, key, endpointIds, signal }));
      return await Promise.race([answer, givenUp]);
    } finally {
      cancel();
    }
  }

  #readKey(): string | undefined {
    try {
      return headerSafe(this.#key());
    } catch {
      return undefined;
    }
  }

  #pause({ got, isKeyAtFault, retryAfterSeconds }: Extract<PricingAnswer, { kind: 'failed' }>): void {
    const asked = retryAfterSeconds === undefined ? undefined : retryAfterSeconds * 1000;
    // A server that keeps saying "now" is not asked in a loop either.
    const shortest = (asked === undefined ? FIRST_PAUSE_MS : 1000) * 2 ** this.#failures * this.#spread();
    const pause = Math.min(Math.max(asked ?? 0, shortest), LONGEST_PAUSE_MS);
    this.#pausedUntil = this.#timers.monotonic() + pause;
    this.#failures += 1;
    // One line per streak: an outage of an hour is one fact.
    if (this.#failures > 1) return;
    this.#log?.warn(
      `${PACKAGE_NAME}: asking ${PRICING_URL} for list prices failed: expected 200 with prices, got ${got}. ` +
        (isKeyAtFault ? 'Set FAL_KEY, or FAL_KEY_ID and FAL_KEY_SECRET, to a key that works. ' : '') +
        `Asking again in ${Math.ceil(pause / 1000)} s, then ever more rarely; prices are kept for a day, requests ` +
        'without one count as unpriced. The option `prices` needs no call.',
    );
  }

  #spread(): number {
    return 0.95 + this.#random() / 10;
  }
}
