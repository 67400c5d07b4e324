/**
 * The victim of the kill test: spends as fast as it can, in a time of its own, until it is killed. One
 * argument, a VictimOptions as JSON. Before each spend it writes a line to the truth file, after each settle
 * another; a byte on standard output after each step tells the killer how far it came.
 */
import { openSync, writeSync } from 'node:fs';
import type { BudgetConfig } from '../config/config.ts';
import { AdjustableClock } from '../state/adjustable-clock.ts';
import { openState } from '../state/state-file.ts';
import { type Budget, type Reservation, createBudget } from './budget.ts';

export interface VictimOptions {
  readonly dir: string;
  readonly truthFile: string;
  /** True time at which this process starts, ms. */
  readonly startMs: number;
  /** How wrong the wall clock is, ms. */
  readonly skewMs: number;
  readonly seed: number;
  readonly config: BudgetConfig;
}

/** Reservations that are open at the same time, at most. */
export const RUNS_AT_ONCE = 3;
const MINUTE = 60_000;
const DAY = 1440 * MINUTE;

/** Park and Miller's minimal standard generator (https://doi.org/10.1145/63039.63042), uniform in [0, 1). */
export function randomFrom(seed: number): () => number {
  let state = (seed % 2_147_483_646) + 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

class Victim {
  readonly #options: VictimOptions;
  readonly #random: () => number;
  readonly #clock: AdjustableClock;
  readonly #truth: number;
  readonly #running: Reservation[] = [];
  #stepped = 0;

  constructor(options: VictimOptions) {
    this.#options = options;
    this.#random = randomFrom(options.seed);
    this.#clock = new AdjustableClock(options.startMs + options.skewMs);
    this.#truth = openSync(options.truthFile, 'a');
  }

  run(): never {
    this.#progress('o');
    const state = openState({ dir: this.#options.dir, clock: this.#clock, lockWaitMs: 0 });
    if (state.recovered !== undefined) throw new Error(`recovered: ${state.recovered.reason}`);
    const budget = createBudget({ state, clock: this.#clock, config: () => this.#options.config });
    for (;;) this.#step(budget);
  }

  #step(budget: Budget): void {
    this.#passTime();
    // The next process must not begin before a time that the ledger may know.
    this.#note(`now - ${this.#trueTime()}`);
    const probe = this.#random() < 0.5 ? 'a' : 'b';
    const estimatedCost = this.#random() < 0.2 ? undefined : Math.ceil(this.#random() * 40);
    const answer = budget.reserve({ probe, endpointId: `fal-ai/${probe}`, estimatedCost });
    this.#progress('r');
    if (answer.ok) this.#running.push(answer.reservation);
    if (this.#running.length > this.#random() * RUNS_AT_ONCE) this.#end(budget, this.#running.shift());
    if (!answer.ok && this.#random() < 0.3) this.#clock.advance(answer.retryAfterMs);
    this.#progress('s');
  }

  #end(budget: Budget, reservation: Reservation | undefined): void {
    if (reservation === undefined) return;
    if (this.#random() < 0.1) return budget.release(reservation);
    this.#clock.advance(Math.floor(this.#random() * 5 * MINUTE));
    const isTimeout = this.#random() < 0.1;
    const cost = isTimeout ? reservation.amount : Math.floor(this.#random() * (reservation.amount + 1));
    this.#note(`spend ${reservation.id} ${this.#trueTime()} ${reservation.amount} ${cost}`);
    budget.settle(reservation, isTimeout ? undefined : cost);
    this.#note(`settled ${reservation.id}`);
  }

  /** Mostly minutes, sometimes hours or days; now and then somebody sets the wall clock ahead, or back again. */
  #passTime(): void {
    const kind = this.#random();
    if (kind < 0.02) this.#clock.advance(Math.floor(this.#random() * 3 * DAY));
    else if (kind < 0.1) this.#clock.advance(Math.floor(this.#random() * 90 * MINUTE));
    else this.#clock.advance(Math.floor(this.#random() * 4 * MINUTE));
    if (this.#random() > 0.03) return;
    const step = this.#stepped === 0 ? 40 * DAY : -this.#stepped;
    this.#clock.step(step);
    this.#stepped += step;
  }

  #trueTime(): number {
    return this.#options.startMs + this.#clock.monotonic();
  }

  #note(line: string): void {
    writeSync(this.#truth, `${line}\n`);
  }

  #progress(letter: string): void {
    writeSync(1, letter);
  }
}

if (import.meta.main) new Victim(JSON.parse(process.argv[2] ?? '') as VictimOptions).run();
