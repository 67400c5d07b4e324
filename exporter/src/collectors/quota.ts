import type { Clock } from '../domain/clock.ts';
import type { CollectorName } from '../domain/collector-name.ts';
import { span } from '../domain/words.ts';

const HOUR_MS = 3_600_000;

/** The calls of this hour are used up. Nothing is wrong with fal. */
export class QuotaError extends Error {
  override readonly name = 'QuotaError';
  /** Until the next call is possible. */
  readonly retryAfterSeconds: number;

  constructor(collector: CollectorName, limit: number, retryAfterSeconds: number) {
    const used =
      limit === 1 ? 'the only call of this hour is made' : `all ${limit} calls of this hour are made`;
    const next = `the next is possible in ${span(Math.max(1, retryAfterSeconds))}`;
    super(`${collector}: ${used}, ${next}; more are allowed by calls_per_hour`);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

export interface CallQuotaOptions {
  readonly collector: CollectorName;
  readonly clock: Pick<Clock, 'monotonic'>;
}

/**
 * Counts the calls of one collector: never more than its limit in any 3600 s of monotonic time. Remembers the
 * times of the calls of the last hour and nothing older.
 */
export class CallQuota {
  readonly #options: CallQuotaOptions;
  /** Monotonic ms of the calls that still count, oldest first. */
  readonly #times: number[] = [];
  #spent = 0;

  constructor(options: CallQuotaOptions) {
    this.#options = options;
  }

  /** Calls since the exporter started. */
  get spent(): number {
    return this.#spent;
  }

  /**
   * Takes one call of the `limit` that holds at the moment.
   *
   * @throws QuotaError when the last hour has had that many already.
   */
  spend(limit: number): void {
    const now = this.#options.clock.monotonic();
    this.#forgetBefore(now - HOUR_MS);
    const times = this.#times;
    if (times.length >= limit) {
      // With a limit that was lowered, more than one of them has to grow old first.
      const frees = times[times.length - limit] ?? now;
      throw new QuotaError(this.#options.collector, limit, (frees + HOUR_MS - now) / 1000);
    }
    times.push(now);
    this.#spent += 1;
  }

  #forgetBefore(oldest: number): void {
    const firstKept = this.#times.findIndex((at) => at > oldest);
    this.#times.splice(0, firstKept < 0 ? this.#times.length : firstKept);
  }
}
