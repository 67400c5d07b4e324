export interface RateLimit {
  /** Calls that fit into one window. */
  readonly calls: number;
  /** Milliseconds, looking back from now. */
  readonly perMs: number;
}

/**
 * About 120 calls a minute per integration key, over the 60 seconds before now:
 * https://developer.pagerduty.com/docs/events-api-v2/rate-limits/
 */
export const PAGERDUTY_RATE_LIMIT: RateLimit = { calls: 120, perMs: 60_000 };

/** Sliding window per key. A call that is refused takes no place in it. */
export class RateLimiter {
  readonly #limit: RateLimit;
  readonly #now: () => number;
  readonly #taken = new Map<string, number[]>();

  /** `now` in milliseconds; any origin. */
  constructor(limit: RateLimit, now: () => number) {
    this.#limit = limit;
    this.#now = now;
  }

  /** True when the call fits, which it then takes its place for. */
  admit(key: string): boolean {
    const now = this.#now();
    const recent = (this.#taken.get(key) ?? []).filter((at) => now - at < this.#limit.perMs);
    const fits = recent.length < this.#limit.calls;
    if (fits) recent.push(now);
    this.#taken.set(key, recent);
    return fits;
  }
}
