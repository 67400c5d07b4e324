import type { NanoUsd } from '../domain/money.ts';
import { type StateDatabase, numberIn, textIn } from './state-database.ts';

/** The last balance that fal told, and when, by the wall clock in ms. */
export interface BalanceReading {
  readonly account: string;
  readonly balance: NanoUsd;
  readonly at: number;
}

/** One reading per account: the newest. */
export class Balances {
  readonly #database: StateDatabase;

  constructor(database: StateDatabase) {
    this.#database = database;
  }

  set({ account, balance, at }: BalanceReading): void {
    this.#database.run(
      'INSERT OR REPLACE INTO balance (account, balance, at) VALUES (?, ?, ?)',
      ...[account, balance, Math.floor(at)],
    );
  }

  /** By account name. */
  list(): BalanceReading[] {
    return this.#database.all('SELECT * FROM balance ORDER BY account').map((row) => ({
      account: textIn(row, 'account'),
      balance: numberIn(row, 'balance'),
      at: numberIn(row, 'at'),
    }));
  }
}
