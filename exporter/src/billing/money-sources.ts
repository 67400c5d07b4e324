import type { Clock } from '../domain/clock.ts';
import type { CollectorName } from '../domain/collector-name.ts';
import type { CollectorRan } from '../domain/events.ts';
import { STALE_AFTER_INTERVALS } from '../domain/staleness.ts';

/** However often it is read, a source is believed for a quarter of an hour. */
const PATIENCE_MS = 15 * 60_000;

/** The last success of a collector. */
interface LastRead {
  /** Monotonic ms. */
  readonly readAt: number;
  readonly intervalMs: number;
  /** How far its data lagged behind the moment of reading, ms. */
  readonly lagMs: number;
}

/**
 * How old what we know is, by collector. Ages are monotonic: a step of the wall clock makes nothing old or new.
 * What no collector of this process has read is unknown, however much of it is on disk.
 */
export class MoneySources {
  readonly #clock: Clock;
  readonly #reads = new Map<CollectorName, LastRead>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  observe({ collector, ok, at, dataUntil = at, intervalMs }: CollectorRan): void {
    if (!ok) return;
    const lagMs = Math.max(0, at - dataUntil);
    this.#reads.set(collector, { readAt: this.#clock.monotonic(), intervalMs, lagMs });
  }

  isFresh(collector: CollectorName): boolean {
    const read = this.#reads.get(collector);
    if (read === undefined) return false;
    const limitMs = Math.max(STALE_AFTER_INTERVALS * read.intervalMs, PATIENCE_MS);
    return this.#clock.monotonic() - read.readAt <= limitMs;
  }

  /** How long ago the newest thing happened that it knows of, ms; absent when it is not fresh. */
  behindMs(collector: CollectorName): number | undefined {
    const read = this.#reads.get(collector);
    if (read === undefined || !this.isFresh(collector)) return undefined;
    return this.#clock.monotonic() - read.readAt + read.lagMs;
  }
}
