/** Where everything is counted that a label has no room for. OpenTelemetry's own word for it. */
export const OTHER = '_OTHER';

/** Longer than any name that a person gave. */
const MAX_LENGTH = 256;

/** Names that come from outside and become label values: the first `limit` are kept, the rest is `_OTHER`. */
export class BoundedNames {
  readonly #limit: number;
  readonly #onFull: () => void;
  readonly #known = new Set<string>();

  /** @param onFull called at every name that there was no room for. */
  constructor(limit: number, onFull: () => void) {
    this.#limit = limit;
    this.#onFull = onFull;
  }

  /** The label value for a name: the name itself, or `_OTHER`; also for what is no name at all. */
  admit(name: unknown): string {
    if (typeof name !== 'string' || name === '' || name === OTHER || name.length > MAX_LENGTH) return OTHER;
    if (this.#known.has(name)) return name;
    if (this.#known.size >= this.#limit) {
      this.#onFull();
      return OTHER;
    }
    this.#known.add(name);
    return name;
  }
}
