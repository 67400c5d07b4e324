import { realClock, VirtualClock, type Clock } from 'fal-simulator';

interface Timer {
  readonly at: number;
  readonly fire: () => void;
  cancel: () => void;
}

/**
 * A clock for a simulated fal that has a past: it is virtual until the present is reached, and the machine's own from
 * then on. What was set in the past fires in the present when its time comes.
 */
export class PastClock implements Clock {
  readonly #past: VirtualClock;
  readonly #timers = new Set<Timer>();
  /** Monotonic time that had passed when the present began; undefined in the past. */
  #arrivedAt: { readonly past: number; readonly real: number } | undefined;

  /** @param agoMs how long before now it begins. */
  constructor(agoMs: number) {
    this.#past = new VirtualClock(Date.now() - agoMs);
  }

  now(): number {
    return this.#arrivedAt === undefined ? this.#past.now() : realClock.now();
  }

  monotonic(): number {
    const arrived = this.#arrivedAt;
    return arrived === undefined
      ? this.#past.monotonic()
      : arrived.past + (realClock.monotonic() - arrived.real);
  }

  after(ms: number, callback: () => void): () => void {
    const base = this.#arrivedAt === undefined ? this.#past : realClock;
    const timer: Timer = {
      at: this.now() + Math.max(0, ms),
      fire: () => {
        this.#timers.delete(timer);
        callback();
      },
      cancel: () => undefined,
    };
    timer.cancel = base.after(ms, timer.fire);
    this.#timers.add(timer);
    return () => {
      this.#timers.delete(timer);
      timer.cancel();
    };
  }

  /** Lives on until so long before now. */
  async goTo(agoMs: number): Promise<void> {
    await this.#past.advance(Math.max(0, Date.now() - agoMs - this.#past.now()));
  }

  /** From here on time is real. */
  async arrive(): Promise<void> {
    await this.goTo(0);
    this.#arrivedAt = { past: this.#past.monotonic(), real: realClock.monotonic() };
    for (const timer of this.#timers) {
      timer.cancel();
      timer.cancel = realClock.after(timer.at - realClock.now(), timer.fire);
    }
  }
}
