import type { BudgetWindow } from '../domain/events.ts';
import type { NanoUsd } from '../domain/money.ts';
import { type Recovery, recoveryFrom, UNBOOKED_RECOVERY } from './recovery.ts';
import { type StateDatabase, numberIn, textIn } from './state-database.ts';

/** A moment by both clocks, in ms: budget time, and the wall clock that was read beside it. */
export interface BudgetMoment {
  readonly at: number;
  readonly wall: number;
}

/** A reservation before it has an id. */
export interface LedgerEntry {
  readonly at: number;
  readonly probe: string;
  readonly endpointId: string;
  readonly amount: NanoUsd;
}

/** Beginning of each window, in budget time. */
export type WindowStarts = Readonly<Record<BudgetWindow, number>>;

/** Largest amount that SQLite hands to JavaScript as an exact number. */
const MAX = String(Number.MAX_SAFE_INTEGER);
const HOUR_MS = 3_600_000;

/**
 * The table of money, without opinions: windows, caps and clocks are the budget's. Callers put what belongs
 * together into `transact`. All times are budget time in ms, all amounts nano-dollars.
 */
export class SpendLedger {
  readonly #database: StateDatabase;
  readonly #firstOwnId: number;
  readonly #isOwner: boolean;

  /** @param isOwner whether this process holds the state directory and so may judge the entries of dead ones. */
  constructor(database: StateDatabase, isOwner: boolean) {
    this.#database = database;
    this.#isOwner = isOwner;
    const newest = 'SELECT coalesce(max(id), 0) AS id FROM ledger';
    const used = "SELECT coalesce(max(seq), 0) AS id FROM sqlite_sequence WHERE name = 'ledger'";
    this.#firstOwnId = 1 + Math.max(numberIn(database.get(newest), 'id'), numberIn(database.get(used), 'id'));
  }

  /** One transaction under the write lock; see StateDatabase. */
  transact<T>(work: () => T): T {
    return this.#database.transact(work);
  }

  /** The newest moment on disk, absent in a new file. */
  lastMoment(): BudgetMoment | undefined {
    const row = this.#database.get(
      `SELECT (SELECT max(at) FROM ledger) AS entry, (SELECT at FROM budget_clock) AS mark,
              (SELECT wall FROM budget_clock) AS wall`,
    );
    const at = Math.max(numberIn(row, 'entry'), numberIn(row, 'mark'));
    return at === 0 ? undefined : { at, wall: numberIn(row, 'wall') };
  }

  noteMoment({ at, wall }: BudgetMoment): void {
    this.#database.run(
      'INSERT OR REPLACE INTO budget_clock (id, at, wall, guard) VALUES (1, ?, ?, ?)',
      ...[at, wall, at * 3 + wall],
    );
  }

  /**
   * What counts in each window: final entries from its beginning on, however far in the future they lie, and
   * every open reservation whatever its age.
   */
  sums(from: WindowStarts): Record<BudgetWindow, NanoUsd> {
    const open = numberIn(
      this.#database.get(
        `SELECT min(coalesce(sum(amount), 0), ${MAX}) AS sum FROM ledger WHERE state = 'open'`,
      ),
      'sum',
    );
    const row = this.#database.get(
      `SELECT min(coalesce(sum(CASE WHEN at >= ? THEN amount END), 0), ${MAX}) AS hour,
              min(coalesce(sum(CASE WHEN at >= ? THEN amount END), 0), ${MAX}) AS day,
              min(coalesce(sum(amount), 0), ${MAX}) AS month
         FROM ledger WHERE at >= ? AND state <> 'open'`,
      ...[from.hour, from.day, from.month],
    );
    return {
      hour: open + numberIn(row, 'hour'),
      day: open + numberIn(row, 'day'),
      month: open + numberIn(row, 'month'),
    };
  }

  /**
   * Date of the newest entry that has to leave the window before what is left in it fits into `room`; absent
   * when it fits already.
   */
  blockingEntry(from: number, room: NanoUsd): number | undefined {
    const row = this.#database.get(
      `SELECT at FROM (
         SELECT at, sum(amount) OVER (ORDER BY at DESC, id DESC ROWS UNBOUNDED PRECEDING) AS newer
           FROM ledger WHERE at >= ? OR state = 'open'
       ) WHERE newer > ? ORDER BY at DESC LIMIT 1`,
      ...[from, room],
    );
    return row && numberIn(row, 'at');
  }

  /** Largest cost of this endpoint that a units header proved since `from`; 0 when there is none. */
  largestSeenCost(endpointId: string, from: number): NanoUsd {
    const row = this.#database.get(
      'SELECT max(seen_cost) AS cost FROM ledger WHERE endpoint_id = ? AND at >= ?',
      ...[endpointId, from],
    );
    return numberIn(row, 'cost');
  }

  /** Books an open reservation; returns its id. */
  open({ at, probe, endpointId, amount }: LedgerEntry): number {
    return this.#database.run(
      `INSERT INTO ledger (at, state, amount, seen_cost, probe, endpoint_id) VALUES (?, 'open', ?, 0, ?, ?)`,
      ...[at, amount, probe, endpointId],
    ).id;
  }

  /**
   * Turns a reservation into spent money, dated `at`, and adds it to the probe's total. One that was given up
   * meanwhile (another exporter took our process for dead) may only rise.
   */
  settle(id: number, spent: { at: number; probe: string; amount: NanoUsd; seenCost: NanoUsd }): void {
    const entry = this.#database.get('SELECT state, amount FROM ledger WHERE id = ?', id);
    const counted = textIn(entry, 'state') === 'open' ? 0 : numberIn(entry, 'amount');
    const amount = Math.max(counted, spent.amount);
    this.#database.run(
      `UPDATE ledger SET state = 'settled', at = max(at, ?), amount = ?, seen_cost = ? WHERE id = ?`,
      ...[spent.at, amount, spent.seenCost, id],
    );
    this.#addToTotal(spent.probe, amount - counted);
  }

  /** Removes an open reservation: nothing was spent. */
  release(id: number): void {
    this.#database.run("DELETE FROM ledger WHERE id = ? AND state = 'open'", id);
  }

  /** Open reservations of processes that are gone become spent money, dated `at`. Only the owner may judge. */
  abandonForeign(at: number): void {
    if (!this.#isOwner) return;
    const orphans = this.#database.all(
      "SELECT id, probe, amount FROM ledger WHERE state = 'open' AND id < ?",
      this.#firstOwnId,
    );
    for (const orphan of orphans) {
      this.#database.run(
        "UPDATE ledger SET state = 'abandoned', at = max(at, ?) WHERE id = ?",
        ...[at, numberIn(orphan, 'id')],
      );
      this.#addToTotal(textIn(orphan, 'probe'), numberIn(orphan, 'amount'));
    }
  }

  /** A damaged ledger that the budget has not booked yet. */
  unbookedRecovery(): Recovery | undefined {
    const row = this.#database.get('SELECT value FROM meta WHERE key = ?', UNBOOKED_RECOVERY);
    return row && recoveryFrom(textIn(row, 'value'));
  }

  /** Books `amount` in place of the ledger that was lost, once. */
  bookRecovery(at: number, amount: NanoUsd): void {
    this.#database.run(
      `INSERT INTO ledger (at, state, amount, seen_cost, probe, endpoint_id) VALUES (?, 'blocked', ?, 0, '', '')`,
      ...[at, amount],
    );
    this.#database.run('DELETE FROM meta WHERE key = ?', UNBOOKED_RECOVERY);
  }

  /** Money spent by a probe since the file was made: settled and abandoned, without open reservations. */
  total(probe: string): NanoUsd {
    return numberIn(this.#database.get('SELECT amount FROM spend_total WHERE probe = ?', probe), 'amount');
  }

  /**
   * Keeps the table small: final entries of whole hours before `mergeBefore` become one entry per hour, probe
   * and endpoint, dated as the newest of them (so that none leaves a window early); those before
   * `dropBefore` go. Totals stay.
   */
  compact({ mergeBefore, dropBefore }: { readonly mergeBefore: number; readonly dropBefore: number }): void {
    const wholeHours = Math.floor(mergeBefore / HOUR_MS) * HOUR_MS;
    const old = "at < ? AND state IN ('settled', 'abandoned', 'blocked')";
    this.#database.run("DELETE FROM ledger WHERE at < ? AND state <> 'open'", dropBefore);
    this.#database.run(
      `INSERT INTO ledger (at, state, amount, seen_cost, probe, endpoint_id)
       SELECT max(at), 'merged', min(sum(amount), ${MAX}), max(seen_cost), probe, endpoint_id
         FROM ledger WHERE ${old} GROUP BY at / ${HOUR_MS}, probe, endpoint_id`,
      wholeHours,
    );
    this.#database.run(`DELETE FROM ledger WHERE ${old}`, wholeHours);
  }

  #addToTotal(probe: string, amount: NanoUsd): void {
    this.#database.run(
      `INSERT INTO spend_total (probe, amount) VALUES (?, ?)
       ON CONFLICT (probe) DO UPDATE SET amount = min(spend_total.amount + excluded.amount, ${MAX})`,
      ...[probe, amount],
    );
  }
}
