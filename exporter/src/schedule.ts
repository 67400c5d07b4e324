import type { Clock } from './domain/clock.ts';

/** Something that is run again and again. */
export interface Recurring {
  readonly name: string;
  readonly intervalMs: number;
}

export interface ScheduleOptions<T extends Recurring> {
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /**
   * One run. Must not reject: what goes wrong is its own business. `signal` aborts when the schedule stops. Resolves
   * with the milliseconds after which the item is due again when that is not its place in the rhythm.
   */
  readonly run: (item: T, signal: AbortSignal) => Promise<number | void>;
}

/** First runs follow each other this closely, so that a new exporter shows something at once. */
const START_GAP_MS = 1_000;
/** Each run is moved by up to this share of its interval, so that exporters do not march in step. */
const JITTER = 0.05;

interface Entry<T> {
  readonly item: T;
  readonly phaseMs: number;
  cancel: () => void;
  /** Monotonic ms. */
  dueAt: number;
  /** Was due while a run of what it replaced was not over. */
  isLate: boolean;
}

/**
 * Runs items at their intervals: spread, with jitter, never two runs of one item at once, never a burst.
 *
 * ```text
 * 3 items, interval 60 s        0 s  1  2        20        40        60
 *   first runs, 1 s apart       a    b  c
 *   then each on its own phase       …  …  a·········b·········c·········a
 * ```
 *
 * A run that outlasts its interval swallows the runs that it overlaps; after a suspended laptop each item is
 * late once. A run may ask to be repeated at another time, such as sooner after a failure. Times come from the
 * monotonic clock, so a clock step moves nothing.
 */
export class Schedule<T extends Recurring> {
  readonly #options: ScheduleOptions<T>;
  readonly #entries = new Map<string, Entry<T>>();
  /** By name, so that a changed item waits for the run of the one that it replaced. */
  readonly #running = new Map<string, Promise<void>>();
  readonly #basePhase: number;
  readonly #origin: number;
  readonly #stop = new AbortController();

  constructor(options: ScheduleOptions<T>) {
    this.#options = options;
    this.#basePhase = options.random();
    this.#origin = options.clock.monotonic();
  }

  /** Replaces what is scheduled. An unchanged item (the same object) keeps its rhythm; a running one finishes. */
  replace(items: readonly T[]): void {
    for (const [name, entry] of this.#entries) {
      if (items.includes(entry.item)) continue;
      entry.cancel();
      this.#entries.delete(name);
    }
    items.forEach((item, index) => {
      if (this.#entries.has(item.name)) return;
      const phaseMs = ((this.#basePhase + index / items.length) % 1) * item.intervalMs;
      const dueAt = this.#options.clock.monotonic() + index * START_GAP_MS;
      const entry: Entry<T> = { item, phaseMs, cancel: () => undefined, dueAt, isLate: false };
      this.#entries.set(item.name, entry);
      entry.cancel = this.#options.clock.after(index * START_GAP_MS, () => this.#due(entry, true));
    });
  }

  /** Milliseconds until the next run of an item is due; undefined for what is not scheduled. */
  dueInMs(name: string): number | undefined {
    const entry = this.#entries.get(name);
    return entry && Math.max(0, entry.dueAt - this.#options.clock.monotonic());
  }

  /** Cancels what is due, aborts what runs, and resolves when all of it has settled. */
  async stop(): Promise<void> {
    this.#stop.abort(new DOMException('the exporter is stopping', 'AbortError'));
    for (const entry of this.#entries.values()) entry.cancel();
    this.#entries.clear();
    for (const running of [...this.#running.values()]) await running;
  }

  #due(entry: Entry<T>, isFirst: boolean): void {
    const { clock, random } = this.#options;
    const { intervalMs } = entry.item;
    const sinceOrigin = clock.monotonic() - this.#origin;
    // The first run is off the grid: the next grid point may be too near to be worth a second one.
    const earliest = sinceOrigin + (isFirst ? intervalMs / 2 : intervalMs * JITTER * 2);
    const next = Math.ceil((earliest - entry.phaseMs) / intervalMs) * intervalMs + entry.phaseMs;
    const jitter = (random() * 2 - 1) * JITTER * intervalMs;
    this.#wait(entry, Math.max(0, next - sinceOrigin + jitter));
    this.#begin(entry);
  }

  #wait(entry: Entry<T>, ms: number): void {
    const { clock } = this.#options;
    entry.dueAt = clock.monotonic() + ms;
    entry.cancel = clock.after(ms, () => this.#due(entry, false));
  }

  #begin(entry: Entry<T>): void {
    const { name } = entry.item;
    if (this.#stop.signal.aborted) return;
    if (this.#running.has(name)) {
      entry.isLate = true;
      return;
    }
    entry.isLate = false;
    const run = this.#options.run(entry.item, this.#stop.signal).then((againInMs) => {
      this.#running.delete(name);
      this.#ended(entry, againInMs ?? undefined);
    });
    this.#running.set(name, run);
  }

  #ended(entry: Entry<T>, againInMs: number | undefined): void {
    const current = this.#entries.get(entry.item.name);
    if (current === entry && againInMs !== undefined) {
      entry.cancel();
      this.#wait(entry, againInMs);
    }
    // What replaced it must not wait for another whole interval.
    if (current !== undefined && current !== entry && current.isLate) this.#begin(current);
  }
}
