import type { Clock } from '../domain/clock.ts';
import type { NanoUsd } from '../domain/money.ts';
import { BURN_WINDOW_MS } from './burn-rate.ts';
import type { BalanceJournal, JournalReading } from './money-ports.ts';

/**
 * The balances of an account one after the other, across restarts, and the top-ups that rises of them show.
 *
 * A rise between two readings is a top-up of at least that much; what was spent in between hides a part of it, and
 * so does a debt that fal shows as a balance of 0. The newest reading is on disk, so a restart between two readings
 * neither loses nor invents one, and the very first reading books nothing. Always, to the nano-dollar:
 *
 * ```text
 *   first balance + top-ups − falls = last balance
 * ```
 *
 * Readings lie on journal time: within a process it advances with the monotonic clock alone, so that a step of the
 * wall clock neither empties a window nor mixes up the order. A new process goes on from the last reading and adds
 * what the wall clock says has passed since that was written, never less than nothing. A clock that is set while
 * no exporter runs therefore moves old readings once; the burn rate is right again a day later at the latest.
 */
export class BalanceTrail {
  readonly #journal: BalanceJournal;
  readonly #clock: Clock;
  readonly #base: number;
  readonly #startedAt: number;
  #readings: readonly JournalReading[];

  /** @throws StateError when the journal cannot be read. */
  constructor(journal: BalanceJournal, clock: Clock) {
    this.#journal = journal;
    this.#clock = clock;
    this.#startedAt = clock.monotonic();
    const wall = Math.floor(clock.now());
    const last = journal.newest;
    this.#base = last === undefined ? wall : last.at + Math.max(0, wall - last.wall);
    this.#readings = journal.since(this.#base - BURN_WINDOW_MS['24h']);
  }

  /** Journal time, whole ms. Never goes back within a process, nor behind the last reading of the one before. */
  now(): number {
    return Math.floor(this.#base + (this.#clock.monotonic() - this.#startedAt));
  }

  /** Those of the last 24 hours, and in any case the newest one; oldest first. */
  get readings(): readonly JournalReading[] {
    return this.#readings;
  }

  get topUps(): NanoUsd {
    return this.#journal.topUps;
  }

  /**
   * Puts a reading on disk, with the top-up that it shows.
   *
   * @throws StateError when it cannot be written. Then nothing happened, and the next reading shows the same rise.
   */
  add(balance: NanoUsd): void {
    const at = this.now();
    const last = this.#readings.at(-1);
    const rise = last === undefined ? 0 : Math.max(0, balance - last.balance);
    const reading = { at, balance, wall: Math.floor(this.#clock.now()) };
    this.#journal.add(reading, rise);
    const from = at - BURN_WINDOW_MS['24h'];
    this.#readings = [...this.#readings.filter((kept) => kept.at >= from), reading];
  }
}
