import type { Clock } from '../domain/clock.ts';
import type { HistoryRow } from './running-requests.ts';

const DAY_MS = 86_400_000;
/** About a megabyte of ids. */
const MOST_IDS = 10_000;
const FIRST_FAILURE = 400;

/**
 * The requests of the last 24 hours that ended with a failure, by what the request history showed of them: ids and
 * times, nothing else. Holds the newest ten thousand.
 */
export class FailedRequests {
  readonly #clock: Clock;
  /** When each one ended, ms since the epoch. */
  readonly #endedAt = new Map<string, number>();
  #isFed = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Takes what fal says of some requests; those that did not fail are not kept. */
  take(rows: readonly HistoryRow[]): void {
    this.#isFed = true;
    for (const { requestId, endedAt, statusCode } of rows)
      if (endedAt !== undefined && statusCode !== undefined && statusCode >= FIRST_FAILURE)
        this.#endedAt.set(requestId, endedAt);
    this.#forget();
  }

  /** Whether the history was read at all: before that, no failures means that nobody knows. */
  get isFed(): boolean {
    return this.#isFed;
  }

  /** Ids of those that ended in that time, ms since the epoch (`from` inclusive, `to` exclusive). */
  readonly between = (from: number, to: number): readonly string[] =>
    [...this.#endedAt].filter(([, endedAt]) => from <= endedAt && endedAt < to).map(([id]) => id);

  #forget(): void {
    const oldest = this.#clock.now() - DAY_MS;
    for (const [id, endedAt] of this.#endedAt) if (endedAt < oldest) this.#endedAt.delete(id);
    const tooMany = this.#endedAt.size - MOST_IDS;
    if (tooMany <= 0) return;
    const oldestFirst = [...this.#endedAt].sort(([, a], [, b]) => a - b);
    for (const [id] of oldestFirst.slice(0, tooMany)) this.#endedAt.delete(id);
  }
}
