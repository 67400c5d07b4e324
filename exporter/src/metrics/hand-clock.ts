import type { Clock } from '../domain/clock.ts';

/** A clock for tests and golden files: it stands still until it is moved by hand. */
export class HandClock implements Clock {
  readonly #start: number;
  #elapsed = 0;
  readonly #timers = new Map<() => void, number>();

  /** `start` is the wall clock at the beginning, in ms since the epoch. */
  constructor(start: number = Date.UTC(2026, 10, 21, 10)) {
    this.#start = start;
  }

  now(): number {
    return this.#start + this.#elapsed;
  }

  monotonic(): number {
    return this.#elapsed;
  }

  after(ms: number, callback: () => void): () => void {
    const timer = (): void => callback();
    this.#timers.set(timer, this.#elapsed + ms);
    return () => {
      this.#timers.delete(timer);
    };
  }

  /** Moves on and calls back what became due, earliest first. */
  advance(ms: number): void {
    const end = this.#elapsed + ms;
    for (let next = this.#next(end); next !== undefined; next = this.#next(end)) {
      this.#timers.delete(next.timer);
      this.#elapsed = Math.max(this.#elapsed, next.due);
      next.timer();
    }
    this.#elapsed = end;
  }

  #next(end: number): { readonly timer: () => void; readonly due: number } | undefined {
    const due = [...this.#timers].filter(([, at]) => at <= end).sort((a, b) => a[1] - b[1])[0];
    return due && { timer: due[0], due: due[1] };
  }
}
