import type { Clock } from '../domain/clock.ts';

/** A clock for tests: time passes when it is told to, and the wall clock can be moved without time passing. */
export class AdjustableClock implements Clock {
  #wall: number;
  #monotonic = 0;

  constructor(wall: number = Date.UTC(2026, 9, 1, 12)) {
    this.#wall = wall;
  }

  now(): number {
    return this.#wall;
  }

  monotonic(): number {
    return this.#monotonic;
  }

  /** Nothing here waits, so that a timer would be a mistake. */
  after(): () => void {
    throw new Error('this clock has no timers');
  }

  /** Time passes. */
  advance(ms: number): void {
    this.#wall += ms;
    this.#monotonic += ms;
  }

  /** Somebody sets the wall clock. */
  step(ms: number): void {
    this.#wall += ms;
  }
}
