import type { NanoUsd } from '../domain/money.ts';
import type { BalancePoint } from './burn-rate.ts';

/** What the watch over the money needs from the state file and from the collectors. */

/** A balance that was read: `at` in journal time (see BalanceTrail), `wall` the wall clock beside it; whole ms. */
export interface JournalReading extends BalancePoint {
  readonly wall: number;
}

/** The balances of one account that were read, and what rises of them add up to. Survives `kill -9`. */
export interface BalanceJournal {
  /**
   * Keeps a reading and adds `topUp` to the total, both or neither: a kill between the two would lose a top-up or
   * book it twice. Readings older than 26 hours may go, the newest never.
   *
   * @throws StateError when the file refuses; then nothing was written.
   */
  add(reading: JournalReading, topUp: NanoUsd): void;
  /** The last one that was added; absent before the first. */
  readonly newest: JournalReading | undefined;
  /** Readings from `from` on (journal time), and in any case the newest one; oldest first. */
  since(from: number): readonly JournalReading[];
  /** All top-ups that were ever added. Never falls. */
  readonly topUps: NanoUsd;
}

/** Ids of requests between two moments of the wall clock, ms (`from` inclusive, `to` exclusive). */
export type RequestIds = (from: number, to: number) => readonly string[];
