import type { NanoUsd } from '../domain/money.ts';
import { type StateDatabase, numberIn, optionalNumberIn } from '../state/state-database.ts';

/** An event in the books. */
export interface BookedEvent {
  readonly modelId: number;
  readonly at: number;
  readonly cost: NanoUsd;
  readonly estimate: NanoUsd | undefined;
}

const MAX = String(Number.MAX_SAFE_INTEGER);

/** The events of one account that may still be corrected, one row per request id. */
export class EventTable {
  readonly #database: StateDatabase;
  readonly #account: number;

  constructor(database: StateDatabase, account: number) {
    this.#database = database;
    this.#account = account;
  }

  find(requestId: string): BookedEvent | undefined {
    const row = this.#database.get(
      'SELECT model_id, at, cost, estimate FROM billing_event WHERE account_id = ? AND request_id = ?',
      ...[this.#account, requestId],
    );
    return (
      row && {
        modelId: numberIn(row, 'model_id'),
        at: numberIn(row, 'at'),
        cost: numberIn(row, 'cost'),
        estimate: optionalNumberIn(row, 'estimate'),
      }
    );
  }

  put(requestId: string, { modelId, at, cost, estimate }: BookedEvent): void {
    this.#database.run(
      `INSERT OR REPLACE INTO billing_event (account_id, request_id, model_id, at, cost, estimate)
       VALUES (?, ?, ?, ?, ?, ?)`,
      ...[this.#account, requestId, modelId, at, cost, estimate ?? null],
    );
  }

  /** Cost of the events from `from` (inclusive) to `to` (exclusive). */
  costBetween(from: number, to: number): NanoUsd {
    return numberIn(
      this.#database.get(
        `SELECT min(sum(cost), ${MAX}) AS cost FROM billing_event WHERE account_id = ? AND at >= ? AND at < ?`,
        ...[this.#account, from, to],
      ),
      'cost',
    );
  }

  /** Cost and estimate of the events in that time which have both. */
  comparedBetween(from: number, to: number): { readonly billed: NanoUsd; readonly estimated: NanoUsd } {
    const row = this.#database.get(
      `SELECT min(sum(cost), ${MAX}) AS billed, min(sum(estimate), ${MAX}) AS estimated
         FROM billing_event WHERE account_id = ? AND at >= ? AND at < ? AND estimate IS NOT NULL`,
      ...[this.#account, from, to],
    );
    return { billed: numberIn(row, 'billed'), estimated: numberIn(row, 'estimated') };
  }

  /** Cost of those of the given requests that were billed in that time. An id that is given twice counts once. */
  costOf(requestIds: readonly string[], from: number, to: number): NanoUsd {
    return numberIn(
      this.#database.get(
        `SELECT min(sum(cost), ${MAX}) AS cost FROM billing_event
          WHERE account_id = ? AND request_id IN (SELECT value FROM json_each(?)) AND at >= ? AND at < ?`,
        ...[this.#account, JSON.stringify(requestIds), from, to],
      ),
      'cost',
    );
  }

  /** Removes events from before `at`, the oldest first and at most `limit`. */
  forgetBefore(at: number, limit: number): void {
    this.#database.run(
      `DELETE FROM billing_event WHERE account_id = ?1 AND request_id IN
         (SELECT request_id FROM billing_event WHERE account_id = ?1 AND at < ?2 ORDER BY at LIMIT ?3)`,
      ...[this.#account, at, limit],
    );
  }
}
