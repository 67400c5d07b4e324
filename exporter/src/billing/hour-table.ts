import type { TimeSpan } from './hour.ts';
import type { NanoUsd } from '../domain/money.ts';
import { type StateDatabase, numberIn, optionalNumberIn } from '../state/state-database.ts';

/** Sums over events. */
export interface EventSums {
  readonly cost: NanoUsd;
  /** Cost and estimate of those which have both. */
  readonly compared: NanoUsd;
  readonly estimated: NanoUsd;
}

/** One model in one hour. */
interface Cell {
  readonly events: EventSums;
  /** Last word of usage about it; absent while usage has said nothing. */
  readonly usage: NanoUsd | undefined;
}

export const NO_EVENTS: EventSums = { cost: 0, compared: 0, estimated: 0 };
const NOTHING: Cell = { events: NO_EVENTS, usage: undefined };
const MAX = String(Number.MAX_SAFE_INTEGER);

/**
 * How one hour, or a change of it, counts. Events and usage are compared over all hours together and not hour by hour:
 * the two may date a request differently, and the larger one of each hour would then count it twice. While usage has
 * not spoken of an hour it says 0 there; a refund of more than such an hour's bill is a bill of 0.
 */
export interface HourCount {
  /** By the events. */
  readonly base: NanoUsd;
  /** What usage says beyond its events; below 0 while it lags behind them. */
  readonly excess: NanoUsd;
}

function countOf({ events: { cost }, usage }: Cell): HourCount {
  const base = usage === undefined ? Math.max(cost, 0) : cost;
  return { base, excess: (usage ?? 0) - base };
}

/** The change of one model. */
export type ModelCount = HourCount & { readonly modelId: number };

const NO_CHANGE: HourCount = { base: 0, excess: 0 };

/** The hours of one account. Every change tells how the count of its model changed. */
export class HourTable {
  readonly #database: StateDatabase;
  readonly #account: number;

  constructor(database: StateDatabase, account: number) {
    this.#database = database;
    this.#account = account;
  }

  addEvents(modelId: number, hour: number, change: EventSums): HourCount {
    if (change.cost === 0 && change.compared === 0 && change.estimated === 0) return NO_CHANGE;
    const before = this.#read(modelId, hour);
    const events = sumOf(before.events, change);
    return this.#replace({ modelId, hour }, before, { ...before, events });
  }

  setUsage(modelId: number, hour: number, usage: NanoUsd): HourCount {
    const before = this.#read(modelId, hour);
    return before.usage === usage
      ? NO_CHANGE
      : this.#replace({ modelId, hour }, before, { ...before, usage });
  }

  /** Where usage has not spoken of those hours it says 0 for good. Gives what that changes, by model. */
  closeUsage(hours: TimeSpan): readonly ModelCount[] {
    return this.#speak(hours, '0');
  }

  /**
   * Usage will not speak of those hours any more: what the events say of them stands, and what it says beyond
   * its events elsewhere is no longer held against them. Gives what that changes, by model.
   */
  settleUsage(hours: TimeSpan): readonly ModelCount[] {
    return this.#speak(hours, 'max(events, 0)');
  }

  #speak({ from, to }: TimeSpan, usage: '0' | 'max(events, 0)'): readonly ModelCount[] {
    const where = 'account_id = ? AND hour >= ? AND hour < ? AND usage IS NULL';
    const changes = this.#database
      .all(
        `SELECT model_id, sum(events - max(events, 0)) AS base, sum(${usage} - events + max(events, 0)) AS excess
           FROM billing_hour WHERE ${where} GROUP BY model_id`,
        ...[this.#account, from, to],
      )
      .map((row) => ({
        ...{ modelId: numberIn(row, 'model_id'), base: numberIn(row, 'base') },
        excess: numberIn(row, 'excess'),
      }));
    if (changes.length > 0) {
      this.#database.run(
        `UPDATE billing_hour SET usage = ${usage} WHERE ${where}`,
        ...[this.#account, from, to],
      );
    }
    return changes;
  }

  /** Billed in the whole hours from `from` (inclusive) to `to` (exclusive), all models. */
  billedBetween(from: number, to: number): NanoUsd {
    return numberIn(
      this.#database.get(
        `SELECT min(sum(billed), ${MAX}) AS billed FROM (
           SELECT max(sum(iif(usage IS NULL, max(events, 0), events)), sum(coalesce(usage, 0))) AS billed
             FROM billing_hour WHERE account_id = ? AND hour >= ? AND hour < ? GROUP BY model_id)`,
        ...[this.#account, from, to],
      ),
      'billed',
    );
  }

  /** Of the events in those hours which have both: what they cost, and what they would have at list price. */
  comparedBetween(from: number, to: number): { readonly billed: NanoUsd; readonly estimated: NanoUsd } {
    const row = this.#database.get(
      `SELECT min(sum(compared), ${MAX}) AS billed, min(sum(estimated), ${MAX}) AS estimated
         FROM billing_hour WHERE account_id = ? AND hour >= ? AND hour < ?`,
      ...[this.#account, from, to],
    );
    return { billed: numberIn(row, 'billed'), estimated: numberIn(row, 'estimated') };
  }

  /** Removes hours from before `hour`, the oldest first and at most `limit` rows. What they add up to stays. */
  forgetBefore(hour: number, limit: number): void {
    this.#database.run(
      `DELETE FROM billing_hour WHERE account_id = ?1 AND (hour, model_id) IN
         (SELECT hour, model_id FROM billing_hour WHERE account_id = ?1 AND hour < ?2 ORDER BY hour LIMIT ?3)`,
      ...[this.#account, hour, limit],
    );
  }

  #read(modelId: number, hour: number): Cell {
    const row = this.#database.get(
      `SELECT events, usage, compared, estimated FROM billing_hour
        WHERE account_id = ? AND hour = ? AND model_id = ?`,
      ...[this.#account, hour, modelId],
    );
    if (row === undefined) return NOTHING;
    const sums = { compared: numberIn(row, 'compared'), estimated: numberIn(row, 'estimated') };
    return { events: { cost: numberIn(row, 'events'), ...sums }, usage: optionalNumberIn(row, 'usage') };
  }

  #replace(place: { readonly modelId: number; readonly hour: number }, before: Cell, after: Cell): HourCount {
    const { cost, compared, estimated } = after.events;
    this.#database.run(
      `INSERT OR REPLACE INTO billing_hour (account_id, hour, model_id, events, usage, compared, estimated)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
      ...[this.#account, place.hour, place.modelId, cost, after.usage ?? null, compared, estimated],
    );
    const [was, is] = [countOf(before), countOf(after)];
    return { base: is.base - was.base, excess: is.excess - was.excess };
  }
}

export function sumOf(a: EventSums, b: EventSums): EventSums {
  return {
    cost: a.cost + b.cost,
    compared: a.compared + b.compared,
    estimated: a.estimated + b.estimated,
  };
}
