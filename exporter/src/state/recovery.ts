import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { inspect } from './inspection.ts';
import { migrate } from './schema.ts';

/** A damaged file was found at start and moved aside. Until the budget has booked it, every start says so. */
export interface Recovery {
  /** Where the damaged file is now. */
  readonly movedTo: string;
  readonly reason: string;
}

/** Key in `meta`: a Recovery as JSON that the budget has not booked yet. */
export const UNBOOKED_RECOVERY = 'unbooked_recovery';

/** Reads what `makeFresh` noted. An unreadable note is still a note: the budget stays blocked. */
export function recoveryFrom(json: string): Recovery {
  try {
    const { movedTo, reason } = JSON.parse(json) as Record<string, unknown>;
    return { movedTo: String(movedTo), reason: String(reason) };
  } catch {
    return { movedTo: 'unknown', reason: 'the note about the damaged file is itself unreadable' };
  }
}

/** Damaged files kept for whoever wants to look; a failing disk must not fill itself with copies. */
const KEPT_COPIES = 3;

/**
 * Makes `path` a fresh, complete database; with `damage`, moves the damaged one aside first.
 *
 * ```text
 *   1 build state.db.new  ──▶  2 state.db → state.db.corrupt-…  ──▶  3 -wal, -shm alike  ──▶  4 .new → state.db
 *     (holds the recovery)          killed from here on: the next start finds only .new and finishes (adopt)
 * ```
 *
 * So the file never exists half made, and a recovery is not forgotten by a crash: that would free the budget.
 */
export function makeFresh(path: string, damage?: { readonly reason: string; readonly now: number }): void {
  const recovery = damage && {
    movedTo: freeName(`${path}.corrupt-${timestamp(damage.now)}`),
    reason: damage.reason,
  };
  build(`${path}.new`, recovery);
  if (recovery !== undefined) {
    // Before the move, so that the newest copy is never the one that goes.
    dropOldCopies(path);
    moveAside(path, recovery.movedTo);
  }
  adopt(path);
}

/** Finishes what a killed process began: true when `state.db.new` was whole and has become `path`. */
export function finishInterrupted(path: string): boolean {
  const fresh = `${path}.new`;
  const found = inspect(fresh);
  if (found.kind !== 'sound') return false;
  found.database.close();
  adopt(path);
  return true;
}

function build(fresh: string, recovery: Recovery | undefined): void {
  for (const suffix of ['', '-journal', '-wal', '-shm']) rmSync(fresh + suffix, { force: true });
  closeSync(openSync(fresh, 'wx', 0o600));
  const database = new DatabaseSync(fresh);
  try {
    database.exec('PRAGMA synchronous = FULL');
    migrate(database, 0);
    if (recovery !== undefined) {
      database
        .prepare('INSERT INTO meta (key, value) VALUES (?, ?)')
        .run(UNBOOKED_RECOVERY, JSON.stringify(recovery));
    }
  } finally {
    database.close();
  }
}

function moveAside(path: string, aside: string): void {
  for (const suffix of ['', '-wal', '-shm', '-journal']) {
    if (existsSync(path + suffix)) renameSync(path + suffix, aside + suffix);
  }
}

function adopt(path: string): void {
  // Left over from a file that is gone: SQLite must not play an old log into the new file.
  for (const suffix of ['-wal', '-shm', '-journal']) rmSync(path + suffix, { force: true });
  renameSync(`${path}.new`, path);
  syncDirectory(dirname(path));
}

/** Makes the renames durable, where the platform can (Windows cannot open a directory). */
function syncDirectory(dir: string): void {
  try {
    const descriptor = openSync(dir, 'r');
    try {
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch {
    // Not fatal: after a power cut the old name may be back, and the next start repairs again.
  }
}

function dropOldCopies(path: string): void {
  const prefix = `${basename(path)}.corrupt-`;
  const copies = readdirSync(dirname(path)).filter((name) => /\.corrupt-[\dTZ]+(\.\d+)?$/.test(name));
  const ours = copies.filter((name) => name.startsWith(prefix)).sort();
  for (const name of ours.slice(0, 1 - KEPT_COPIES)) {
    for (const suffix of ['', '-wal', '-shm', '-journal']) {
      rmSync(join(dirname(path), name + suffix), { force: true });
    }
  }
}

/** `20261121T101500Z`: sorts by time and is a valid file name everywhere. */
function timestamp(now: number): string {
  return `${new Date(now).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
}

function freeName(wanted: string): string {
  for (let n = 1; ; n++) {
    const name = n === 1 ? wanted : `${wanted}.${n}`;
    if (!existsSync(name)) return name;
  }
}

/** Only for us to read and write; file systems without modes (FAT, SMB) say no, and that is their owner's choice. */
export function makePrivate(path: string): void {
  try {
    chmodSync(path, 0o600);
  } catch {
    // See above.
  }
}
