import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from 'node:sqlite';
import { BUSY_TIMEOUT_MS, rollBack } from './schema.ts';
import { stateErrorFrom } from './state-error.ts';

export type Row = Record<string, SQLOutputValue>;

export interface StateDatabaseOptions {
  /** Refuses to grow beyond this many pages of 4 KiB, as a full disk would. */
  readonly maxPageCount?: number | undefined;
}

/** Pages of 4 KiB in the write-ahead log before SQLite moves them into the file. */
const CHECKPOINT_PAGES = 256;

/**
 * The open file behind the tables: prepared statements, transactions, and every failure as a typed error.
 * Each write waits until the disk has it (`synchronous = FULL`), because money is decided on it.
 */
export class StateDatabase {
  readonly #database: DatabaseSync;
  readonly #path: string;
  readonly #statements = new Map<string, StatementSync>();
  #isInTransaction = false;

  constructor(database: DatabaseSync, path: string, options: StateDatabaseOptions = {}) {
    this.#database = database;
    this.#path = path;
    database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
    database.exec('PRAGMA journal_mode = WAL');
    database.exec('PRAGMA synchronous = FULL');
    database.exec(`PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
    database.exec(`PRAGMA journal_size_limit = ${CHECKPOINT_PAGES * 4096}`);
    if (options.maxPageCount !== undefined) database.exec(`PRAGMA max_page_count = ${options.maxPageCount}`);
  }

  /** All rows of a query. */
  all(sql: string, ...values: SQLInputValue[]): Row[] {
    return this.#guard('Reading', () => this.#prepared(sql).all(...values));
  }

  /** The first row of a query. */
  get(sql: string, ...values: SQLInputValue[]): Row | undefined {
    return this.#guard('Reading', () => this.#prepared(sql).get(...values));
  }

  /** Runs one statement. Returns the row id of the last insert and how many rows changed. */
  run(sql: string, ...values: SQLInputValue[]): { readonly id: number; readonly changes: number } {
    return this.#guard('Writing', () => {
      const { lastInsertRowid, changes } = this.#prepared(sql).run(...values);
      return { id: Number(lastInsertRowid), changes: Number(changes) };
    });
  }

  /**
   * Runs `work` as one transaction that holds the write lock from its first statement: all of it is on disk
   * afterwards, or none of it and a StateError. Inside another transaction it joins that one.
   */
  transact<T>(work: () => T): T {
    if (this.#isInTransaction) return work();
    return this.#guard('Writing', () => {
      this.#database.exec('BEGIN IMMEDIATE');
      this.#isInTransaction = true;
      try {
        const result = work();
        this.#database.exec('COMMIT');
        return result;
      } catch (error) {
        rollBack(this.#database);
        throw error;
      } finally {
        this.#isInTransaction = false;
      }
    });
  }

  /** Moves the log into the file and closes it. */
  close(): void {
    this.#statements.clear();
    try {
      this.#database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    } catch {
      // The log stays beside the file and is read at the next start; nothing is lost.
    }
    this.#database.close();
  }

  #prepared(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  #guard<T>(doing: 'Reading' | 'Writing', work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw stateErrorFrom(error, doing, this.#path);
    }
  }
}

/** A number column. Safe: the schema holds numbers within 2^53, and node:sqlite throws beyond. */
export function numberIn(row: Row | undefined, column: string): number {
  const value = row?.[column];
  return typeof value === 'number' ? value : 0;
}

/** A number column that may hold NULL: unknown. */
export function optionalNumberIn(row: Row | undefined, column: string): number | undefined {
  const value = row?.[column];
  return typeof value === 'number' ? value : undefined;
}

/** A text column. */
export function textIn(row: Row | undefined, column: string): string {
  const value = row?.[column];
  return typeof value === 'string' ? value : '';
}
