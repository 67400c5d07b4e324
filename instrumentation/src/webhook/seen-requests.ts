const MOST = 10_000;
/** Within this time fal repeats a delivery that it thinks lost. */
const LONGEST_MS = 2 * 3_600_000;

/** The request ids of the last two hours, the 10,000 latest at most. About one megabyte when full. */
export class SeenRequests {
  readonly #now: () => number;
  /** When each id was last seen; the one seen longest ago comes first. */
  readonly #seenAt = new Map<string, number>();

  /** @param now milliseconds since the epoch. */
  constructor(now: () => number) {
    this.#now = now;
  }

  get size(): number {
    return this.#seenAt.size;
  }

  /** Notes an id. @returns whether it had been noted before. */
  note(requestId: string): boolean {
    const now = this.#now();
    const seenAt = this.#seenAt.get(requestId);
    // Entered again, because a Map keeps the order in which ids came in.
    this.#seenAt.delete(requestId);
    this.#seenAt.set(requestId, now);
    this.#forgetOld(now);
    return seenAt !== undefined && now - seenAt <= LONGEST_MS;
  }

  forget(requestId: string): void {
    this.#seenAt.delete(requestId);
  }

  #forgetOld(now: number): void {
    for (const [requestId, seenAt] of this.#seenAt) {
      if (this.#seenAt.size <= MOST && now - seenAt <= LONGEST_MS) return;
      this.#seenAt.delete(requestId);
    }
  }
}
