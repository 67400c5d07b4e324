import { messageOf } from '../domain/message-of.ts';

/**
 * Everything that can go wrong with the state directory: one class per cause, a closed list. Each message
 * says what we were doing, to what, what came, and what to try. `cause` keeps the original.
 */
export abstract class StateError extends Error {
  override readonly name: string = 'StateError';
}

/** The directory or a file in it cannot be created, read or written. */
export class StateDirUnusableError extends StateError {
  override readonly name = 'StateDirUnusableError';
}

/** Another process holds the state directory. */
export class StateLockedError extends StateError {
  override readonly name = 'StateLockedError';
}

/** The file was written by a newer release with a schema that this one does not know. */
export class StateTooNewError extends StateError {
  override readonly name = 'StateTooNewError';
}

/** No room for a write; the write did not happen. */
export class StateFullError extends StateError {
  override readonly name = 'StateFullError';
}

/** The file turned out damaged, or broke a rule of its schema, while it was in use. */
export class StateDamagedError extends StateError {
  override readonly name = 'StateDamagedError';
}

/** A read or write failed for another reason (I/O error, contention, use after close); a write did not happen. */
export class StateUnavailableError extends StateError {
  override readonly name = 'StateUnavailableError';
}

// Primary result codes: https://www.sqlite.org/rescode.html
const SQLITE_PERM = 3;
const SQLITE_BUSY = 5;
const SQLITE_LOCKED = 6;
const SQLITE_READONLY = 8;
const SQLITE_CORRUPT = 11;
const SQLITE_FULL = 13;
const SQLITE_CANTOPEN = 14;
const SQLITE_CONSTRAINT = 19;
const SQLITE_NOTADB = 26;
/** Extended code: the shared memory file could not grow, which means the disk is full. */
const SQLITE_IOERR_SHMSIZE = 4874;

/** SQLite's extended result code of an error thrown by `node:sqlite`; absent for any other error. */
export function sqliteCodeOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error)) return undefined;
  return typeof error.errcode === 'number' ? error.errcode : undefined;
}

/** True when SQLite says that the content of the file is not a sound database. */
export function isDamage(error: unknown): boolean {
  const primary = (sqliteCodeOf(error) ?? 0) & 0xff;
  return primary === SQLITE_CORRUPT || primary === SQLITE_NOTADB;
}

/** True when SQLite says that another connection holds the lock. */
export function isBusy(error: unknown): boolean {
  const primary = (sqliteCodeOf(error) ?? 0) & 0xff;
  return primary === SQLITE_BUSY || primary === SQLITE_LOCKED;
}

/** Any failure of an operation on `path` as one of the typed errors; a typed one passes through unchanged. */
export function stateErrorFrom(error: unknown, doing: string, path: string): StateError {
  if (error instanceof StateError) return error;
  const came = messageOf(error);
  const what = `${doing} ${path}: ${came}.`;
  const cause = { cause: error };
  if (isFull(error)) {
    return new StateFullError(
      `${what} Nothing was written. Free space on that disk, or choose another --state-dir.`,
      cause,
    );
  }
  if (isUnusable(error)) {
    return new StateDirUnusableError(
      `${what} The exporter needs a directory that it may write. Give it one with --state-dir ` +
        '(in a read-only container: a mounted volume owned by its user).',
      cause,
    );
  }
  if (isDamage(error) || ((sqliteCodeOf(error) ?? 0) & 0xff) === SQLITE_CONSTRAINT) {
    return new StateDamagedError(
      `${what} Restart the exporter: it moves a damaged file aside and begins a new one.`,
      cause,
    );
  }
  return new StateUnavailableError(
    `${what} The write or read did not happen; look at the disk and retry.`,
    cause,
  );
}

function isFull(error: unknown): boolean {
  const code = sqliteCodeOf(error);
  if (code !== undefined) return (code & 0xff) === SQLITE_FULL || code === SQLITE_IOERR_SHMSIZE;
  const name = errnoNameOf(error);
  return name === 'ENOSPC' || name === 'EDQUOT';
}

function isUnusable(error: unknown): boolean {
  const code = sqliteCodeOf(error);
  if (code !== undefined) return [SQLITE_PERM, SQLITE_READONLY, SQLITE_CANTOPEN].includes(code & 0xff);
  return [
    'EACCES',
    'EPERM',
    'EROFS',
    'ENOENT',
    'ENOTDIR',
    'EEXIST',
    'EISDIR',
    'ELOOP',
    'ENAMETOOLONG',
  ].includes(errnoNameOf(error) ?? '');
}

function errnoNameOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
