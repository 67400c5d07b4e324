/** Time, handed in: the real one for demos and drills, a virtual one for tests. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Milliseconds since some fixed point; never goes back. */
  monotonic(): number;
  /** Calls back once after `ms`; returns what cancels it. */
  after(ms: number, callback: () => void): () => void;
}

/** Longest delay that Node's `setTimeout` keeps; a longer one would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * The machine's own clock. The globals are looked up at each call, so that a test's fake timers reach it too.
 */
export const realClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (ms, callback) => {
    const step = Math.min(Math.max(ms, 0), LONGEST_TIMER_MS);
    let cancelRest: (() => void) | undefined;
    const timer = setTimeout(() => {
      if (ms > step) cancelRest = realClock.after(ms - step, callback);
      else callback();
    }, step);
    return () => {
      clearTimeout(timer);
      cancelRest?.();
    };
  },
};

/** A clock whose pending callbacks can all be cancelled at once: nothing fires after `close`. */
export class ClosableClock implements Clock {
  readonly #base: Clock;
  readonly #pending = new Set<() => void>();
  #closed = false;

  constructor(base: Clock) {
    this.#base = base;
  }

  now(): number {
    return this.#base.now();
  }

  monotonic(): number {
    return this.#base.monotonic();
  }

  after(ms: number, callback: () => void): () => void {
    if (this.#closed) return () => undefined;
    const cancelBase = this.#base.after(ms, () => {
      this.#pending.delete(cancel);
      callback();
    });
    const cancel = (): void => {
      this.#pending.delete(cancel);
      cancelBase();
    };
    this.#pending.add(cancel);
    return cancel;
  }

  /** How many callbacks are still to come. */
  get pending(): number {
    return this.#pending.size;
  }

  close(): void {
    this.#closed = true;
    for (const cancel of [...this.#pending]) cancel();
  }
}

/** Resolves after `ms` of the clock, or as soon as the signal aborts; never rejects. */
export function wait(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) {
      resolve();
      return;
    }
    const done = (): void => {
      cancel();
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const cancel = clock.after(ms, done);
    signal?.addEventListener('abort', done, { once: true });
  });
}
