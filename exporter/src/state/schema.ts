import type { DatabaseSync } from 'node:sqlite';

/**
 * "fobs" in ASCII: marks the file as ours in its header
 * (https://www.sqlite.org/pragma.html#pragma_application_id).
 */
export const APPLICATION_ID = 0x666f6273;

/** A command beside a running exporter holds the file for milliseconds; longer means that something is wrong. */
export const BUSY_TIMEOUT_MS = 2_000;

/**
 * Schema versions in order; entry 0 makes version 1. Released entries never change: a change is a new entry.
 *
 * Damage shows: tables are STRICT, numbers have CHECKs, and every number that decides about money stands
 * twice (in the table and in an index, or in a guard column), so that `PRAGMA integrity_check` finds a
 * flipped bit that left the page structure whole. Money is nano-dollars, `at` is budget time in ms.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE meta (
    key TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  -- state: open (reserved, not settled), settled, abandoned (its process died), blocked (a lost ledger
  -- counts as spent), merged (several old entries of one hour). seen_cost: largest cost that a units header
  -- proved; 0 when none did. Ids are never reused: a late settle must not meet another run's entry.
  CREATE TABLE ledger (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL CHECK (at >= 0),
    state TEXT NOT NULL CHECK (state IN ('open', 'settled', 'abandoned', 'blocked', 'merged')),
    amount INTEGER NOT NULL CHECK (amount BETWEEN 0 AND 9007199254740991),
    seen_cost INTEGER NOT NULL CHECK (seen_cost BETWEEN 0 AND 9007199254740991),
    probe TEXT NOT NULL,
    endpoint_id TEXT NOT NULL
  ) STRICT;
  CREATE INDEX ledger_by_time ON ledger (at, state, amount);
  CREATE INDEX ledger_open ON ledger (amount) WHERE state = 'open';
  CREATE INDEX ledger_by_endpoint ON ledger (endpoint_id, at, seen_cost);

  CREATE TABLE budget_clock (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    at INTEGER NOT NULL,
    wall INTEGER NOT NULL,
    guard INTEGER NOT NULL CHECK (guard = at * 3 + wall)
  ) STRICT;

  CREATE TABLE spend_total (
    probe TEXT NOT NULL PRIMARY KEY,
    amount INTEGER NOT NULL CHECK (amount BETWEEN 0 AND 9007199254740991)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE in_flight (
    request_id TEXT NOT NULL PRIMARY KEY,
    probe TEXT NOT NULL,
    endpoint_id TEXT NOT NULL,
    submitted_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE recent_run (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    probe TEXT NOT NULL,
    run TEXT NOT NULL
  ) STRICT;
  CREATE INDEX recent_run_by_probe ON recent_run (probe, id);

  CREATE TABLE balance (
    account TEXT NOT NULL PRIMARY KEY,
    balance INTEGER NOT NULL,
    at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
];

export const SCHEMA_VERSION = MIGRATIONS.length;

/** Brings the schema to the newest version, in one transaction. The number stands in the header and in `meta`. */
export function migrate(database: DatabaseSync, from: number): void {
  if (from === SCHEMA_VERSION) return;
  database.exec('BEGIN IMMEDIATE');
  try {
    for (const migration of MIGRATIONS.slice(from)) database.exec(migration);
    database
      .prepare("INSERT OR REPLACE INTO meta (key, value) VALUES ('schema_version', ?)")
      .run(String(SCHEMA_VERSION));
    database.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
    database.exec(`PRAGMA user_version = ${SCHEMA_VERSION}`);
    database.exec('COMMIT');
  } catch (error) {
    rollBack(database);
    throw error;
  }
}

/** Ends a transaction that failed. SQLite may have ended it by itself (a full disk), which is as good. */
export function rollBack(database: DatabaseSync): void {
  try {
    database.exec('ROLLBACK');
  } catch {
    // No transaction is open any more.
  }
}
