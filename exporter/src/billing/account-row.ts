import { type StateDatabase, numberIn, optionalNumberIn } from '../state/state-database.ts';
import type { BillingCursor } from './billing-books.ts';
import { hourOf } from './hour.ts';

/** Where the books of one account begin, and how far they were read. All by fal's clock but `deepWalkAt`. */
export interface AccountState extends BillingCursor {
  /** No usage before it is booked; never after the horizon. */
  readonly firstHour: number;
}

/** The row of one account, made when its books are opened. */
export class AccountRow {
  readonly id: number;
  readonly #database: StateDatabase;

  /**
   * Opens the books at the beginning of the hour of `now`, or finds them opened.
   *
   * Books that were opened by a clock which was ahead would leave everything out until that day has come. While
   * nothing is in them they are opened again.
   */
  constructor(database: StateDatabase, account: string, now: number) {
    this.#database = database;
    const opened = hourOf(now);
    this.id = database.transact(() => {
      const id = this.#find(account) ?? this.#insert(account, opened);
      database.run(
        `UPDATE billing_account SET horizon = ?1, first_hour = ?1 WHERE id = ?2 AND first_hour > ?1
          AND NOT EXISTS (SELECT 1 FROM billing_model WHERE account_id = ?2)`,
        ...[opened, id],
      );
      return id;
    });
  }

  read(): AccountState {
    const row = this.#database.get(
      'SELECT horizon, first_hour, newest_at, deep_walk_at FROM billing_account WHERE id = ?',
      this.id,
    );
    return {
      horizon: numberIn(row, 'horizon'),
      firstHour: numberIn(row, 'first_hour'),
      newestAt: optionalNumberIn(row, 'newest_at'),
      deepWalkAt: optionalNumberIn(row, 'deep_walk_at'),
    };
  }

  /** Puts these facts in the place of what is there. */
  write({ horizon, firstHour, newestAt, deepWalkAt }: AccountState): void {
    this.#database.run(
      'UPDATE billing_account SET horizon = ?, first_hour = ?, newest_at = ?, deep_walk_at = ? WHERE id = ?',
      ...[horizon, firstHour, newestAt ?? null, deepWalkAt ?? null, this.id],
    );
  }

  #find(account: string): number | undefined {
    const row = this.#database.get('SELECT id FROM billing_account WHERE account = ?', account);
    return optionalNumberIn(row, 'id');
  }

  #insert(account: string, opened: number): number {
    return this.#database.run(
      'INSERT INTO billing_account (account, horizon, first_hour) VALUES (?, ?, ?)',
      ...[account, opened, opened],
    ).id;
  }
}
