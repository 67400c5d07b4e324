import { DatabaseSync } from 'node:sqlite';
import type { VirtualClock } from 'fal-simulator';

type Callback = (...args: unknown[]) => void;

/** What `setTimeout` of Node.js returns, as far as code that runs here looks at it. */
class VirtualTimer {
  readonly cancel: () => void;

  constructor(cancel: () => void) {
    this.cancel = cancel;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }
}

/**
 * From here on this process lives in virtual time: `setTimeout` and its kin, `Date.now`, `performance.now` and
 * `Math.random` follow the clock and the seed. There is no way back, so the process must be one of its own. Sockets
 * and files still work, because the timers inside Node.js are not these.
 */
export function liveVirtually(clock: VirtualClock, seed: number): void {
  const setTimer = (callback: Callback, ms = 0, ...args: unknown[]): VirtualTimer =>
    new VirtualTimer(clock.after(ms, () => callback(...args)));
  const repeat = (callback: Callback, ms = 0, ...args: unknown[]): VirtualTimer => {
    let cancel: () => void;
    const again = (): void => {
      cancel = clock.after(Math.max(1, ms), again);
      callback(...args);
    };
    cancel = clock.after(Math.max(1, ms), again);
    return new VirtualTimer(() => cancel());
  };
  const clear = (timer: unknown): void => {
    if (timer instanceof VirtualTimer) timer.cancel();
  };
  Object.assign(globalThis, {
    setTimeout: setTimer,
    setInterval: repeat,
    clearTimeout: clear,
    clearInterval: clear,
  });
  Date.now = () => clock.now();
  Object.defineProperty(performance, 'now', { value: () => clock.monotonic() });
  Math.random = seededRandom(seed);
}

/** Databases that this process opens from here on do not wait for the disk: what they hold is thrown away anyway. */
export function forgetTheDisk(): void {
  const original = Object.getOwnPropertyDescriptor(DatabaseSync.prototype, 'exec');
  const exec = original?.value as ((this: DatabaseSync, sql: string) => void) | undefined;
  if (exec === undefined) throw new Error('node:sqlite has no exec any more');
  DatabaseSync.prototype.exec = function (this: DatabaseSync, sql: string): void {
    exec.call(this, sql.replace('synchronous = FULL', 'synchronous = OFF'));
  };
}

/** Numbers in [0, 1) that are the same at every run (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
