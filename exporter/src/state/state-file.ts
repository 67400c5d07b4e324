import { join, resolve } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { BillingBooks } from '../billing/billing-books.ts';
import { StoredBooks } from '../billing/stored-books.ts';
import type { Clock } from '../domain/clock.ts';
import type { Log } from '../log.ts';
import { BalanceHistory } from './balance-history.ts';
import { InFlightRequests } from './in-flight-requests.ts';
import { type Inspection, inspect } from './inspection.ts';
import { Meta } from './meta.ts';
import { RecentRuns } from './recent-runs.ts';
import { ProbeRequests } from './probe-requests.ts';
import { type Recovery, finishInterrupted, makeFresh, makePrivate } from './recovery.ts';
import { migrate, SCHEMA_VERSION } from './schema.ts';
import { SpendLedger } from './spend-ledger.ts';
import { makeStateDir } from './state-dir.ts';
import { StateDatabase, type StateDatabaseOptions } from './state-database.ts';
import { StateDamagedError, StateLockedError, StateUnavailableError, stateErrorFrom } from './state-error.ts';
import { type StateLock, acquireLock } from './state-lock.ts';

/** An exporter that was told to stop may still be finishing its last scrape. */
const LEAVING_MS = 1_000;

export interface StateOptions {
  /** Created with mode 0700 when it is missing. */
  readonly dir: string;
  readonly clock: Clock;
  readonly log?: Log | undefined;
  /** Takes keys out of texts before they are stored. */
  readonly redact?: ((text: string) => string) | undefined;
  /**
   * For a command that runs while `serve` may run on the same directory (`probe`, `stuck`, `report`): when the
   * directory is taken, join in instead of refusing. Reservations are transactions, so the cap holds for both.
   */
  readonly beside?: boolean | undefined;
  /** How long to wait for another exporter that is just leaving, in ms. 1,000 by default. */
  readonly lockWaitMs?: number | undefined;
  readonly limits?: StateDatabaseOptions | undefined;
}

/** What survives `kill -9`. Every method throws a StateError when the file refuses; then nothing was written. */
export interface State {
  readonly path: string;
  /** A damaged file was moved aside and its money is not booked yet: say it loudly. */
  readonly recovered: Recovery | undefined;
  readonly ledger: SpendLedger;
  readonly inFlight: InFlightRequests;
  readonly recentRuns: RecentRuns;
  readonly probeRequests: ProbeRequests;
  readonly meta: Meta;
  /** What an account was billed. The first call for an account opens its books: nothing older is counted. */
  billing(account: string): BillingBooks;
  /** The balances of an account that were read. */
  balanceHistory(account: string): BalanceHistory;
  /** Moves the log into the file and gives the directory free. Calling it again does nothing. */
  close(): void;
}

/**
 * Opens `<dir>/state.db`, making it when it is missing. Deleting it is safe and costs only history. A damaged
 * one is moved to `state.db.corrupt-<time>` and replaced; `recovered` then says so.
 *
 * Throws StateDirUnusableError, StateLockedError, StateTooNewError, StateFullError, StateUnavailableError, and
 * with `beside` also StateDamagedError, because only the holder of the directory may repair.
 */
export function openState(options: StateOptions): State {
  const dir = resolve(options.dir);
  const path = join(dir, 'state.db');
  let lock: StateLock | undefined;
  let database: DatabaseSync | undefined;
  try {
    makeStateDir(dir);
    lock = lockOrJoin(dir, options);
    database = lock === undefined ? openBeside(path) : openOwn(path, options);
    return stateOver(new StateDatabase(database, path, options.limits), { path, lock, options });
  } catch (error) {
    if (database?.isOpen === true) database.close();
    lock?.release();
    throw stateErrorFrom(error, 'Opening the state file', path);
  }
}

function lockOrJoin(dir: string, options: StateOptions): StateLock | undefined {
  try {
    return acquireLock({
      dir,
      now: options.clock.now(),
      waitMs: options.lockWaitMs ?? (options.beside === true ? 0 : LEAVING_MS),
    });
  } catch (error) {
    if (options.beside === true && error instanceof StateLockedError) return undefined;
    throw error;
  }
}

function openOwn(path: string, options: StateOptions): DatabaseSync {
  const found = inspect(path);
  if (found.kind === 'missing' && !finishInterrupted(path)) makeFresh(path);
  if (found.kind === 'damaged') {
    makeFresh(path, { reason: found.reason, now: options.clock.now() });
  }
  makePrivate(path);
  const { database, version } = found.kind === 'sound' ? found : mustBeSound(path, inspect(path));
  migrate(database, version);
  return database;
}

function openBeside(path: string): DatabaseSync {
  const found = inspect(path);
  if (found.kind === 'damaged') {
    throw new StateDamagedError(
      `Reading ${path}: ${found.reason}. Restart the exporter that uses it: it moves a damaged file aside.`,
    );
  }
  const { database, version } = mustBeSound(path, found);
  if (version === SCHEMA_VERSION) return database;
  // Changing it would pull the tables away from under the older exporter that uses it.
  database.close();
  throw new StateUnavailableError(
    `Opening ${path}: an older exporter uses it (schema version ${version}, this release needs ` +
      `${SCHEMA_VERSION}). Update and restart that exporter first.`,
  );
}

function mustBeSound(path: string, found: Inspection): Inspection & { readonly kind: 'sound' } {
  if (found.kind === 'sound') return found;
  const came = found.kind === 'missing' ? 'it vanished' : found.reason;
  throw new StateUnavailableError(
    `Opening ${path}, which was sound a moment ago: ${came}. Look for what else writes there, and at the disk.`,
  );
}

interface Opened {
  readonly path: string;
  readonly lock: StateLock | undefined;
  readonly options: StateOptions;
}

function stateOver(database: StateDatabase, { path, lock, options }: Opened): State {
  const ledger = new SpendLedger(database, lock !== undefined);
  const recovered = ledger.unbookedRecovery();
  if (recovered !== undefined) {
    options.log?.error('the state file was damaged; this month counts as spent for probes', { ...recovered });
  }
  let isOpen = true;
  return {
    path,
    recovered,
    ledger,
    inFlight: new InFlightRequests(database, options.clock),
    recentRuns: new RecentRuns(database, options.redact ?? ((text) => text)),
    probeRequests: new ProbeRequests(database),
    meta: new Meta(database),
    billing: (account) => new StoredBooks(database, account, options.clock),
    balanceHistory: (account) => new BalanceHistory(database, account),
    close() {
      if (!isOpen) return;
      isOpen = false;
      database.close();
      lock?.release();
    },
  };
}
