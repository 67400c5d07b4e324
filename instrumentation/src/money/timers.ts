/** Time, handed in. */
export interface Timers {
  /** Milliseconds since some fixed point. Never goes back; only differences mean anything. */
  monotonic(): number;
  /** Calls back once after `ms`, at most 24 days; returns what cancels it. */
  after(ms: number, callback: () => void): () => void;
}

/** The machine's own clock, whose timers keep no process alive. Reads the globals at each call, so that fake timers reach it. */
export const unrefTimers: Timers = {
  monotonic: () => performance.now(),
  after(ms, callback) {
    const timer: unknown = setTimeout(callback, ms);
    // Browsers and some edge runtimes give a number.
    if (typeof timer === 'object' && timer !== null && 'unref' in timer) (timer as NodeJS.Timeout).unref();
    return () => clearTimeout(timer as NodeJS.Timeout);
  },
};
