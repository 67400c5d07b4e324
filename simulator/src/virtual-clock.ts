import type { Clock } from './clock.ts';

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

/** Where a virtual clock starts unless told otherwise: 2026-10-01 12:00 UTC. */
export const VIRTUAL_START_MS = Date.UTC(2026, 9, 1, 12);

/** The real one, even where a test replaces the global later: only it lets every settled promise run. */
const nextTurn = globalThis.setImmediate;

/** A clock that stands still until `advance` is called. Timers fire in order of their time, then of their creation. */
export class VirtualClock implements Clock {
  #now: number;
  readonly #startedAt: number;
  readonly #timers: Timer[] = [];

  /** @param startMs where the clock starts, ms since the epoch. */
  constructor(startMs: number = VIRTUAL_START_MS) {
    this.#now = startMs;
    this.#startedAt = startMs;
  }

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#now - this.#startedAt;
  }

  after(ms: number, callback: () => void): () => void {
    const timer: Timer = { at: this.#now + Math.max(0, ms), callback };
    // Insertion keeps the list sorted, so that the next one to fire is always the first.
    const later = this.#timers.findIndex((other) => other.at > timer.at);
    if (later === -1) this.#timers.push(timer);
    else this.#timers.splice(later, 0, timer);
    return () => {
      const index = this.#timers.indexOf(timer);
      if (index !== -1) this.#timers.splice(index, 1);
    };
  }

  /** Timers that have not fired. */
  get pending(): number {
    return this.#timers.length;
  }

  /**
   * Moves time on by `ms`, fires what falls due on the way, timers set meanwhile included, and lets promises
   * settle before the first timer, between two of them and after the last.
   */
  async advance(ms: number): Promise<void> {
    const until = this.#now + ms;
    await settle();
    for (let next = this.#timers[0]; next !== undefined && next.at <= until; next = this.#timers[0]) {
      this.#timers.shift();
      this.#now = Math.max(this.#now, next.at);
      next.callback();
      await settle();
    }
    this.#now = until;
  }
}

function settle(): Promise<void> {
  return new Promise((resolve) => nextTurn(resolve));
}
