/** The newest `capacity` items, oldest first. */
export class Recent<T> {
  readonly #capacity: number;
  #items: T[] = [];
  #dropped = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  push(item: T): void {
    this.#items.push(item);
    if (this.#items.length <= this.#capacity) return;
    this.#items.shift();
    this.#dropped += 1;
  }

  /** Forgets the items that are no longer wanted. */
  keep(isWanted: (item: T) => boolean): void {
    this.#items = this.#items.filter(isWanted);
  }

  get items(): readonly T[] {
    return this.#items;
  }

  get newest(): T | undefined {
    return this.#items.at(-1);
  }

  /** How many were pushed out because there was no room. */
  get dropped(): number {
    return this.#dropped;
  }
}
