/** How the stand-in answers; what is not in order is refused all the same, except when nothing is answered. */
export const MODES = ['ok', 'bad-request', 'rate-limited', 'server-error', 'hang', 'reset'] as const;
export type Mode = (typeof MODES)[number];

export function isMode(value: unknown): value is Mode {
  return typeof value === 'string' && (MODES as readonly string[]).includes(value);
}

/** The mode in force, for so many requests or until it is switched. */
export class Behaviour {
  #mode: Mode = 'ok';
  #left = Infinity;

  get mode(): Mode {
    return this.#mode;
  }

  /** Requests that the mode still holds for; Infinity until it is switched. */
  get left(): number {
    return this.#left;
  }

  /** After `times` requests all is well again. */
  set(mode: Mode, times = Infinity): void {
    const isCount = Number.isInteger(times) && times > 0;
    if (times !== Infinity && !isCount)
      throw new Error(`mode ${mode}: times must be a whole number above 0, got ${times}`);
    this.#mode = mode;
    this.#left = times;
  }

  /** The mode for the request that has just come. */
  next(): Mode {
    const mode = this.#mode;
    this.#left -= 1;
    if (this.#left <= 0) this.set('ok');
    return mode;
  }
}
