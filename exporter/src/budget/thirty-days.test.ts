import { copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BudgetWindow } from '../domain/events.ts';
import { AdjustableClock } from '../state/adjustable-clock.ts';
import { type State, openState } from '../state/state-file.ts';
import { type Budget, type Reservation, createBudget, WINDOW_MS } from './budget.ts';
import { randomFrom } from './spend-until-killed.ts';

/** A file system in memory where there is one: a month has ten thousand transactions, and each waits for the disk. */
const MEMORY = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const CONFIG = { perHour: 100, perDay: 900, perMonth: 20_000, worstCaseRun: 40 };
const CAPS: Readonly<Record<BudgetWindow, number>> = { hour: 100, day: 900, month: 20_000 };
const WINDOWS = ['hour', 'day', 'month'] as const;
/** Together they want about twice what the hour allows, and more than twice what the day does. */
const PROBES = [
  { name: 'image', everyMs: 20 * MINUTE },
  { name: 'speech', everyMs: 30 * MINUTE },
  { name: 'video', everyMs: 60 * MINUTE },
] as const;
const STEPS = [HOUR, DAY, 40 * DAY];
type Trouble = 'restart' | 'kill' | 'step';
const TROUBLE_EVERY_MS = 4 * HOUR;
const REPORT_MS = 15_000;

/** A run as fal knows it: it charges once, somewhere between submission and end. */
interface Run {
  readonly probe: string;
  readonly reservation: Reservation;
  readonly submittedAt: number;
  readonly endsAt: number;
  readonly cost: number;
}

interface Charge {
  readonly at: number;
  readonly cost: number;
}

/** What fal charged, in true time, oldest first. */
class Truth {
  readonly charges: Charge[] = [];

  add(charge: Charge): void {
    const later = this.charges.findIndex(({ at }) => at > charge.at);
    this.charges.splice(later === -1 ? this.charges.length : later, 0, charge);
  }

  get total(): number {
    return this.charges.reduce((sum, { cost }) => sum + cost, 0);
  }

  /** The most that was charged in any window of this length that ends after `from`. */
  worst(length: number, from = -Infinity): number {
    let worst = 0;
    let sum = 0;
    let oldest = 0;
    for (const { at, cost } of this.charges) {
      sum += cost;
      for (
        let first = this.charges[oldest];
        first && first.at < at - length;
        first = this.charges[++oldest]
      ) {
        sum -= first.cost;
      }
      if (at >= from) worst = Math.max(worst, sum);
    }
    return worst;
  }
}

/** Thirty days of one exporter whose machine is killed, restarted, switched off and set to the wrong time. */
class Month {
  readonly truth = new Truth();
  readonly seen = { granted: 0, refused: 0, restart: 0, kill: 0, step: 0, lost: 0 };
  readonly #root: string;
  readonly #random: () => number;
  /** True time, ms since the beginning. */
  #now = 0;
  #wall = Date.UTC(2026, 9, 1);
  #due = new Map<string, number>();
  #running: Run[] = [];
  #troubleAt = TROUBLE_EVERY_MS;
  /** When the budget is asked what is left, which happens every 15 seconds; here only after a step. */
  #reportAt = Infinity;
  #clock!: AdjustableClock;
  #dir!: string;
  #state!: State;
  #budget!: Budget;

  constructor(root: string, seed: number) {
    this.#root = root;
    this.#random = randomFrom(seed);
    this.#dir = mkdtempSync(join(root, 'state-'));
    this.#start();
  }

  /** Plays the month and returns what the budget believes was spent. */
  play(): number {
    while (this.#now < 30 * DAY) this.#next();
    this.#kill();
    const booked = PROBES.reduce((sum, { name }) => sum + this.#budget.spentTotal(name), 0);
    this.#state.close();
    return booked;
  }

  /** A new process: its monotonic clock begins anew, its wall clock is whatever the machine says. */
  #start(): void {
    this.#clock = new AdjustableClock(this.#wall);
    this.#state = openState({ dir: this.#dir, clock: this.#clock, lockWaitMs: 0 });
    expect(this.#state.recovered).toBeUndefined();
    this.#budget = createBudget({ state: this.#state, clock: this.#clock, config: () => CONFIG });
    for (const { name, everyMs } of PROBES) this.#due.set(name, this.#now + this.#random() * everyMs);
  }

  #next(): void {
    const [name, dueAt] = [...this.#due].reduce((a, b) => (b[1] < a[1] ? b : a));
    const ending = this.#running.reduce<Run | undefined>(
      (a, b) => (a && a.endsAt <= b.endsAt ? a : b),
      undefined,
    );
    const endsAt = ending?.endsAt ?? Infinity;
    // A process that ends before it was asked cannot tell a step ahead from down time: the limit of BudgetClock.
    const troubleAt = this.#reportAt === Infinity ? this.#troubleAt : Infinity;
    this.#pass(Math.min(dueAt, endsAt, troubleAt, this.#reportAt) - this.#now);
    if (this.#now >= this.#reportAt) this.#report();
    else if (this.#now >= troubleAt) this.#makeTrouble();
    else if (ending !== undefined && this.#now >= endsAt) this.#end(ending);
    else this.#probe(name);
  }

  #report(): void {
    this.#reportAt = Infinity;
    // Before the next run would see the step.
    if (this.#random() < 0.4) this.#troubleAt = this.#now + this.#random() * MINUTE;
    for (const left of Object.values(this.#budget.remaining())) expect(left).toBeGreaterThanOrEqual(0);
  }

  #pass(ms: number): void {
    const whole = Math.ceil(Math.max(0, ms));
    this.#now += whole;
    this.#wall += whole;
    this.#clock.advance(whole);
  }

  #probe(name: string): void {
    const everyMs = PROBES.find((probe) => probe.name === name)?.everyMs ?? HOUR;
    this.#due.set(name, this.#now + everyMs * (0.95 + this.#random() * 0.1));
    const estimatedCost = this.#random() < 0.3 ? undefined : Math.ceil(this.#random() * 60);
    const answer = this.#budget.reserve({ probe: name, endpointId: `fal-ai/${name}`, estimatedCost });
    if (!answer.ok) return void this.seen.refused++;
    this.seen.granted++;
    const { amount } = answer.reservation;
    const cost = this.#random() < 0.4 ? amount : Math.floor(this.#random() * (amount + 1));
    const endsAt = this.#now + Math.ceil(this.#random() ** 3 * 10 * MINUTE);
    const run = { probe: name, reservation: answer.reservation, submittedAt: this.#now, endsAt, cost };
    this.#running.push(run);
    // Often enough in the middle of a run, where money is at stake.
    if (this.#random() < 0.1) this.#troubleAt = this.#now + this.#random() * (endsAt - this.#now);
  }

  /** With the cost that fal told, or without one: then the whole reservation is booked, whatever it was. */
  #end(run: Run): void {
    this.#running = this.#running.filter((other) => other !== run);
    if (this.#random() < 0.1) return this.#budget.release(run.reservation);
    this.#charge(run);
    this.#budget.settle(run.reservation, this.#random() < 0.3 ? undefined : run.cost);
    this.#mustKeepCaps(run.submittedAt);
  }

  #charge({ submittedAt, cost }: Run): void {
    this.truth.add({ at: submittedAt + this.#random() * (this.#now - submittedAt), cost });
  }

  #mustKeepCaps(from: number): void {
    for (const window of WINDOWS) {
      const worst = this.truth.worst(WINDOW_MS[window], from);
      if (worst > CAPS[window]) expect.fail(`${worst} in one ${window}, ${this.#now} ms after the beginning`);
    }
  }

  #makeTrouble(): void {
    this.#troubleAt = this.#now + this.#random() * 2 * TROUBLE_EVERY_MS;
    const trouble = (['restart', 'kill', 'step'] as const satisfies readonly Trouble[])[
      Math.floor(this.#random() * 3)
    ];
    if (trouble === undefined) return;
    this.seen[trouble]++;
    if (trouble === 'step') this.#step();
    else if (trouble === 'kill') this.#kill();
    else this.#restart();
  }

  #step(): void {
    const size = STEPS[Math.floor(this.#random() * STEPS.length)] ?? HOUR;
    const ms = this.#random() < 0.5 ? size : -size;
    this.#wall += ms;
    this.#clock.step(ms);
    this.#reportAt = this.#now + REPORT_MS;
  }

  /** Told to stop: what runs is cancelled, and booked as possibly billed. */
  #restart(): void {
    for (const run of this.#running) {
      this.#charge(run);
      this.#budget.settle(run.reservation, undefined);
    }
    this.#running = [];
    this.#state.close();
    this.#stayDown();
    this.#start();
  }

  /** The files as they are at this moment, open transactions and write-ahead log included, are all that is left. */
  #kill(): void {
    const left = mkdtempSync(join(this.#root, 'state-'));
    for (const name of readdirSync(this.#dir)) {
      if (name.startsWith('state.db')) copyFileSync(join(this.#dir, name), join(left, name));
    }
    this.#state.close();
    rmSync(this.#dir, { recursive: true });
    this.#dir = left;
    this.#stayDown();
    // Nobody saw how these ended, and fal went on with them.
    this.seen.lost += this.#running.length;
    for (const run of this.#running) this.#charge(run);
    this.#running = [];
    this.#start();
    this.#mustKeepCaps(-Infinity);
  }

  /** Seconds, sometimes hours; now and then with a clock that comes back behind. */
  #stayDown(): void {
    const ms = Math.ceil(this.#random() < 0.7 ? this.#random() * MINUTE : this.#random() * 12 * HOUR);
    this.#now += ms;
    this.#wall += ms;
    if (this.#random() < 0.2) this.#wall -= STEPS[Math.floor(this.#random() * STEPS.length)] ?? HOUR;
  }
}

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(MEMORY, 'fal-month-'));
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

describe('thirty days with restarts, kills and clock steps', () => {
  it.each([1, 2, 3])('keep the probes within every cap (seed %i)', { timeout: 60_000 }, (seed) => {
    const month = new Month(root, seed);
    const booked = month.play();
    const { truth, seen } = month;
    for (const window of WINDOWS) expect(truth.worst(WINDOW_MS[window])).toBeLessThanOrEqual(CAPS[window]);
    expect(booked).toBeGreaterThanOrEqual(truth.total);
    // The caps were in the way, or the month would prove nothing.
    for (const window of WINDOWS) {
      expect(truth.worst(WINDOW_MS[window])).toBeGreaterThan(CAPS[window] * 0.8);
    }
    expect(Math.min(seen.granted, seen.refused)).toBeGreaterThan(300);
    expect(seen.lost).toBeGreaterThan(5);
    expect(Math.min(seen.restart, seen.kill, seen.step)).toBeGreaterThan(30);
  });
});
