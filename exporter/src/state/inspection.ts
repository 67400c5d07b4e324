import { closeSync, existsSync, openSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { APPLICATION_ID, BUSY_TIMEOUT_MS, migrate, SCHEMA_VERSION } from './schema.ts';
import { isDamage, sqliteCodeOf, StateDirUnusableError, StateTooNewError } from './state-error.ts';

/** What a look at the file found. `sound` hands over the open connection. */
export type Inspection =
  | { readonly kind: 'missing' }
  | { readonly kind: 'sound'; readonly database: DatabaseSync; readonly version: number }
  | { readonly kind: 'damaged'; readonly reason: string };

const SQLITE_ERROR = 1;
const SQLITE_READONLY = 8;

/**
 * Opens the file and checks all of it: header, schema, every page, every constraint, every index entry.
 * What SQLite cannot see: a write-ahead log that lost its tail (its frames carry checksums, and from the
 * first bad one on it is ignored), which puts the file back to an earlier, sound moment.
 *
 * Throws StateTooNewError, and SQLite's own error when the file cannot be opened or read at all.
 */
export function inspect(path: string): Inspection {
  if (!existsSync(path)) return { kind: 'missing' };
  const file = statSync(path);
  if (!file.isFile()) {
    throw new StateDirUnusableError(
      `Opening ${path}: expected a file, found something else. Move it away or choose another --state-dir.`,
    );
  }
  // We never leave an empty file behind. SQLite would take one for new and delete the log beside it.
  if (file.size === 0) return { kind: 'damaged', reason: 'the file is empty' };

  const database = new DatabaseSync(path);
  try {
    const reason = damageOf(database, path);
    if (reason === undefined) return { kind: 'sound', database, version: headerOf(database).version };
    database.close();
    return { kind: 'damaged', reason };
  } catch (error) {
    database.close();
    if (!saysDamaged(error, path)) throw error;
    return { kind: 'damaged', reason: (error as Error).message };
  }
}

function saysDamaged(error: unknown, path: string): boolean {
  if (isDamage(error)) return true;
  // A damaged schema makes plain statements fail with the general code, a damaged header byte makes the
  // file read-only for SQLite alone.
  const code = sqliteCodeOf(error);
  return code === SQLITE_ERROR || (code === SQLITE_READONLY && mayWrite(path));
}

function mayWrite(path: string): boolean {
  try {
    closeSync(openSync(path, 'r+'));
    return true;
  } catch {
    return false;
  }
}

/** Why the content is not usable, or undefined when it is. */
function damageOf(database: DatabaseSync, path: string): string | undefined {
  database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
  database.exec('BEGIN IMMEDIATE; ROLLBACK');
  const { applicationId, version } = headerOf(database);
  if (applicationId !== APPLICATION_ID) return 'it is a database of another program';
  const integrity = textOf(database, 'PRAGMA integrity_check(1)', 'integrity_check');
  if (integrity !== 'ok') return `integrity check: ${integrity}`;
  const noted = textOf(database, "SELECT value FROM meta WHERE key = 'schema_version'", 'value');
  if (noted !== String(version)) {
    return `its header says schema version ${version}, its content says ${noted}`;
  }
  if (version > SCHEMA_VERSION) throw tooNew(path, version);
  if (version < 1) return `schema version ${version} never existed`;
  if (version === SCHEMA_VERSION && schemaOf(database) !== expectedSchema()) {
    return 'its tables are not the ones that were created';
  }
  return hasSoundCounters(database) ? undefined : 'its row counters are out of range';
}

/** SQLite's own table of row ids carries no constraints, and a row id past 2^53 is no exact number for us. */
function hasSoundCounters(database: DatabaseSync): boolean {
  const sound = "typeof(seq) = 'integer' AND seq BETWEEN 0 AND 9007199254740991";
  return textOf(database, `SELECT count(*) AS bad FROM sqlite_sequence WHERE NOT (${sound})`, 'bad') === '0';
}

interface Header {
  readonly applicationId: number;
  readonly version: number;
}

function headerOf(database: DatabaseSync): Header {
  const applicationId = database.prepare('PRAGMA application_id').get()?.application_id;
  const version = database.prepare('PRAGMA user_version').get()?.user_version;
  return { applicationId: Number(applicationId), version: Number(version) };
}

function textOf(database: DatabaseSync, sql: string, column: string): string {
  return String(database.prepare(sql).get()?.[column]);
}

/** The text of every table and index, which SQLite stores as it was written. */
function schemaOf(database: DatabaseSync): string {
  const rows = database
    .prepare('SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name')
    .all();
  return JSON.stringify(rows);
}

function expectedSchema(): string {
  const database = new DatabaseSync(':memory:');
  try {
    migrate(database, 0);
    return schemaOf(database);
  } finally {
    database.close();
  }
}

function tooNew(path: string, version: number): StateTooNewError {
  return new StateTooNewError(
    `Opening ${path}: it has schema version ${version}, this release knows up to ${SCHEMA_VERSION}. ` +
      'A newer exporter wrote it. Run that release again, or give this one its own --state-dir.',
  );
}
