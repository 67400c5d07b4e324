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
  `
  -- No event before horizon is booked any more, and no usage before first_hour. Both by fal's clock, ms.
  CREATE TABLE billing_account (
    id INTEGER PRIMARY KEY,
    account TEXT NOT NULL UNIQUE,
    horizon INTEGER NOT NULL CHECK (horizon >= first_hour),
    first_hour INTEGER NOT NULL CHECK (first_hour >= 0 AND first_hour % 3600000 = 0),
    newest_at INTEGER,
    deep_walk_at INTEGER
  ) STRICT;
  CREATE INDEX billing_account_twice
    ON billing_account (account, horizon, first_hour, newest_at, deep_walk_at);

  -- Each number as it adds up now, and the largest that it ever was: a counter must not fall.
  CREATE TABLE billing_model (
    id INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL,
    endpoint_id TEXT NOT NULL,
    billed INTEGER NOT NULL CHECK (billed >= -9007199254740991),
    billed_most INTEGER NOT NULL CHECK (billed_most BETWEEN max(billed, 0) AND 9007199254740991),
    excess INTEGER NOT NULL CHECK (excess BETWEEN -9007199254740991 AND 9007199254740991),
    estimated INTEGER NOT NULL CHECK (estimated >= -9007199254740991),
    estimated_most INTEGER NOT NULL CHECK (estimated_most BETWEEN max(estimated, 0) AND 9007199254740991),
    unpriced INTEGER NOT NULL CHECK (unpriced >= 0),
    unpriced_most INTEGER NOT NULL CHECK (unpriced_most BETWEEN unpriced AND 9007199254740991),
    UNIQUE (account_id, endpoint_id)
  ) STRICT;
  CREATE INDEX billing_model_twice ON billing_model
    (account_id, endpoint_id, billed, billed_most, excess, estimated, estimated_most, unpriced, unpriced_most);

  -- One model in one hour: its events added up, the last word of usage about it, and of those events that have
  -- an estimate, cost and estimate.
  CREATE TABLE billing_hour (
    account_id INTEGER NOT NULL,
    hour INTEGER NOT NULL CHECK (hour >= 0 AND hour % 3600000 = 0),
    model_id INTEGER NOT NULL,
    events INTEGER NOT NULL CHECK (events BETWEEN -9007199254740991 AND 9007199254740991),
    usage INTEGER CHECK (usage BETWEEN -9007199254740991 AND 9007199254740991),
    compared INTEGER NOT NULL CHECK (compared BETWEEN -9007199254740991 AND 9007199254740991),
    estimated INTEGER NOT NULL CHECK (estimated BETWEEN -9007199254740991 AND 9007199254740991),
    PRIMARY KEY (account_id, hour, model_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX billing_hour_twice ON billing_hour (account_id, hour, events, usage, compared, estimated);

  CREATE TABLE billing_event (
    account_id INTEGER NOT NULL,
    request_id TEXT NOT NULL,
    model_id INTEGER NOT NULL,
    at INTEGER NOT NULL CHECK (at >= 0),
    cost INTEGER NOT NULL CHECK (cost BETWEEN -9007199254740991 AND 9007199254740991),
    estimate INTEGER CHECK (estimate BETWEEN -9007199254740991 AND 9007199254740991),
    PRIMARY KEY (account_id, request_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX billing_event_by_time ON billing_event (account_id, at, cost, estimate, model_id);

  -- at: time of the journal, which never goes back; wall: the clock that was read beside it.
  CREATE TABLE balance_reading (
    id INTEGER PRIMARY KEY,
    account TEXT NOT NULL,
    at INTEGER NOT NULL,
    balance INTEGER NOT NULL,
    wall INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX balance_reading_by_account ON balance_reading (account, id, at, balance, wall);
  INSERT INTO balance_reading (account, at, balance, wall) SELECT account, at, balance, at FROM balance;
  DROP TABLE balance;

  CREATE TABLE balance_top_up (
    account TEXT NOT NULL PRIMARY KEY,
    amount INTEGER NOT NULL CHECK (amount BETWEEN 0 AND 9007199254740991)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX balance_top_up_twice ON balance_top_up (account, amount);

  CREATE TABLE probe_request (
    request_id TEXT NOT NULL PRIMARY KEY,
    at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX probe_request_by_time ON probe_request (at);
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
