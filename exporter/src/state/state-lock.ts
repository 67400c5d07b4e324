import { readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { isBusy, isDamage, StateLockedError } from './state-error.ts';

/**
 * One exporter per state directory. The lock is an open exclusive SQLite transaction on `state.lock`, a file
 * that stays empty: the operating system drops it with the process, however that ends, so there is no stale
 * lock to guess about. It is a file of its own because a damaged `state.db` is moved aside while the lock is
 * held, and because reading `state.db` by other means in this process would silently drop POSIX locks on it
 * (https://www.sqlite.org/howtocorrupt.html, section 2.2).
 *
 * `state.owner` only names the holder for the message. Who holds the lock is never decided by it.
 */
export interface StateLock {
  release(): void;
}

export interface StateLockOptions {
  readonly dir: string;
  /** Wall clock, ms; noted for the message of the one who is refused. */
  readonly now: number;
  /** How long to wait for a holder that is just shutting down. */
  readonly waitMs: number;
}

/** Takes the lock, or throws StateLockedError that names the holder. File system errors pass through. */
export function acquireLock(options: StateLockOptions): StateLock {
  const lockPath = join(options.dir, 'state.lock');
  const ownerPath = join(options.dir, 'state.owner');
  const database = lockedDatabase(lockPath, options);
  noteOwner(ownerPath, options.now);
  return {
    release() {
      rmSync(ownerPath, { force: true });
      database.close();
    },
  };
}

function lockedDatabase(lockPath: string, options: StateLockOptions): DatabaseSync {
  try {
    return openExclusively(lockPath, options.waitMs);
  } catch (error) {
    if (isBusy(error)) throw lockedError(options.dir, error);
    if (!isDamage(error)) throw error;
    // Nobody can hold a lock on a file that SQLite refuses, and an emptied file keeps the locks of others.
    truncateSync(lockPath);
  }
  try {
    return openExclusively(lockPath, options.waitMs);
  } catch (error) {
    throw isBusy(error) ? lockedError(options.dir, error) : error;
  }
}

function openExclusively(lockPath: string, waitMs: number): DatabaseSync {
  const database = new DatabaseSync(lockPath);
  try {
    database.exec(`PRAGMA busy_timeout = ${Math.trunc(waitMs)}`);
    database.exec('PRAGMA journal_mode = MEMORY');
    database.exec('BEGIN EXCLUSIVE');
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function noteOwner(ownerPath: string, now: number): void {
  const owner = { pid: process.pid, host: hostname(), since: new Date(now).toISOString() };
  try {
    writeFileSync(ownerPath, JSON.stringify(owner), { mode: 0o600 });
  } catch {
    // A courtesy for the message only: a full disk here must not hide what the database itself will say.
  }
}

function lockedError(dir: string, cause: unknown): StateLockedError {
  return new StateLockedError(
    `Opening the state directory ${dir}: it is in use by ${ownerText(join(dir, 'state.owner'))}. ` +
      'Two exporters on one directory would disagree about the probe budget. ' +
      'Stop the other one, or give this one its own --state-dir.',
    { cause },
  );
}

function ownerText(ownerPath: string): string {
  try {
    const { pid, host, since } = JSON.parse(readFileSync(ownerPath, 'utf8')) as Record<string, unknown>;
    if (typeof pid === 'number' && typeof host === 'string' && typeof since === 'string') {
      return `process ${pid} on host ${host} (since ${since})`;
    }
  } catch {
    // Holder has not written it yet, or it was deleted.
  }
  return 'another process';
}
