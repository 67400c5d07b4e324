import { type StateDatabase, textIn } from './state-database.ts';

/** A month and some days: the bill of a month can be split after it has ended. */
export const PROBE_REQUESTS_KEPT_MS = 35 * 24 * 3_600_000;
/** Rows that one call removes at most, so that a long list never holds up the exporter. */
const REMOVED_AT_ONCE = 500;

/** Ids of the requests that our own probes sent: what they cost is in the bill among everything else. */
export class ProbeRequests {
  readonly #database: StateDatabase;

  constructor(database: StateDatabase) {
    this.#database = database;
  }

  /** Notes a request that fal accepted at `at` (wall clock, ms); adding it again moves it. Forgets the old ones. */
  add(requestId: string, at: number): void {
    const when = Math.floor(at);
    this.#database.transact(() => {
      this.#database.run(
        'INSERT OR REPLACE INTO probe_request (request_id, at) VALUES (?, ?)',
        requestId,
        when,
      );
      this.forgetBefore(when - PROBE_REQUESTS_KEPT_MS);
    });
  }

  /** Those sent between two moments (`from` inclusive, `to` exclusive), oldest first. */
  between(from: number, to: number): string[] {
    return this.#database
      .all('SELECT request_id FROM probe_request WHERE at >= ? AND at < ? ORDER BY at, request_id', from, to)
      .map((row) => textIn(row, 'request_id'));
  }

  /** Forgets those sent before `at`, the oldest first and at most 500 in one call. */
  forgetBefore(at: number): void {
    this.#database.run(
      `DELETE FROM probe_request WHERE request_id IN
         (SELECT request_id FROM probe_request WHERE at < ? ORDER BY at LIMIT ${REMOVED_AT_ONCE})`,
      at,
    );
  }
}
