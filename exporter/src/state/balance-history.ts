import type { BalanceJournal, JournalReading } from '../billing/money-ports.ts';
import type { NanoUsd } from '../domain/money.ts';
import { type Row, type StateDatabase, numberIn } from './state-database.ts';

/** The burn rate looks back 24 hours; two more so that a reading lies before the beginning of that day. */
const KEPT_MS = 26 * 3_600_000;
const MAX = String(Number.MAX_SAFE_INTEGER);

/** The balances of one account that were read, and the top-ups that they showed. */
export class BalanceHistory implements BalanceJournal {
  readonly #database: StateDatabase;
  readonly #account: string;

  constructor(database: StateDatabase, account: string) {
    this.#database = database;
    this.#account = account;
  }

  /** Keeps a reading and adds `topUp` to the total, both or neither. */
  add({ at, balance, wall }: JournalReading, topUp: NanoUsd): void {
    this.#database.transact(() => {
      this.#database.run(
        'INSERT INTO balance_reading (account, at, balance, wall) VALUES (?, ?, ?, ?)',
        ...[this.#account, at, balance, wall],
      );
      this.#database.run(
        'DELETE FROM balance_reading WHERE account = ? AND at < ?',
        ...[this.#account, at - KEPT_MS],
      );
      if (topUp > 0) this.#addTopUp(topUp);
    });
  }

  /** The last one that was added, whatever its time. */
  get newest(): JournalReading | undefined {
    const row = this.#database.get(
      'SELECT at, balance, wall FROM balance_reading WHERE account = ? ORDER BY id DESC LIMIT 1',
      this.#account,
    );
    return row && readingIn(row);
  }

  /** Readings from `from` on, and in any case the newest; in the order in which they were added. */
  since(from: number): JournalReading[] {
    return this.#database
      .all(
        `SELECT at, balance, wall FROM balance_reading
          WHERE account = ?1 AND (at >= ?2 OR id = (SELECT max(id) FROM balance_reading WHERE account = ?1))
          ORDER BY id`,
        ...[this.#account, from],
      )
      .map(readingIn);
  }

  /** All top-ups of this account since the file was made. Never falls. */
  get topUps(): NanoUsd {
    return numberIn(
      this.#database.get('SELECT amount FROM balance_top_up WHERE account = ?', this.#account),
      'amount',
    );
  }

  #addTopUp(amount: NanoUsd): void {
    this.#database.run(
      `INSERT INTO balance_top_up (account, amount) VALUES (?, ?)
       ON CONFLICT (account) DO UPDATE SET amount = min(balance_top_up.amount + excluded.amount, ${MAX})`,
      ...[this.#account, amount],
    );
  }
}

function readingIn(row: Row): JournalReading {
  return { at: numberIn(row, 'at'), balance: numberIn(row, 'balance'), wall: numberIn(row, 'wall') };
}
