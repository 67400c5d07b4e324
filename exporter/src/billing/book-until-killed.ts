/**
 * The victim of the kill test: walks through pages of events again and again until it is killed. One argument, a
 * BookingOptions as JSON. After each page it writes what the books show, in nano-dollars, as a line of standard
 * output; at once, so that what it said was on disk before.
 */
import { writeSync } from 'node:fs';
import { AdjustableClock } from '../state/adjustable-clock.ts';
import { openState } from '../state/state-file.ts';
import type { BillingEvent } from './billing-books.ts';

export interface BookingOptions {
  readonly dir: string;
  readonly now: number;
  /** Newest first, as fal lists them. */
  readonly pages: readonly (readonly BillingEvent[])[];
}

function bookUntilKilled({ dir, now, pages }: BookingOptions): never {
  const state = openState({ dir, clock: new AdjustableClock(now), lockWaitMs: 0 });
  if (state.recovered !== undefined) throw new Error(`recovered: ${state.recovered.reason}`);
  const books = state.billing('default');
  for (;;) {
    for (const page of pages) {
      books.bookEvents(page);
      const billed = books.spend().reduce((sum, spend) => sum + spend.billed, 0);
      writeSync(1, `${billed}\n`);
    }
    books.walked({ from: books.cursor.horizon, isDeep: true, at: now });
  }
}

const [argument] = process.argv.slice(2);
if (argument !== undefined) bookUntilKilled(JSON.parse(argument) as BookingOptions);
