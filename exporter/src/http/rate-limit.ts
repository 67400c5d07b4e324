import type { Clock } from '../domain/clock.ts';

/** A token bucket: `burst` requests at once, and one more per interval. */
export class RateLimit {
  readonly #clock: Clock;
  readonly #intervalMs: number;
  readonly #burst: number;
  #tokens: number;
  #filledAt: number;

  constructor(clock: Clock, { intervalMs, burst }: { readonly intervalMs: number; readonly burst: number }) {
    this.#clock = clock;
    this.#intervalMs = intervalMs;
    this.#burst = burst;
    this.#tokens = burst;
    this.#filledAt = clock.monotonic();
  }

  isFor(settings: { readonly intervalMs: number; readonly burst: number }): boolean {
    return settings.intervalMs === this.#intervalMs && settings.burst === this.#burst;
  }

  /** True when the request may pass; takes a token then. */
  allows(): boolean {
    const now = this.#clock.monotonic();
    this.#tokens = Math.min(this.#burst, this.#tokens + (now - this.#filledAt) / this.#intervalMs);
    this.#filledAt = now;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
