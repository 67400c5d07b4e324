import { OversizedBodyError } from './deadline-fetch.ts';

const FIRST_SIZE = 64 * 1024;

/** Bytes that grow at their end, in memory that is used again after `clear`. */
export class GrowingBytes {
  readonly #mostBytes: number;
  #bytes = new Uint8Array(0);
  #length = 0;

  /** @param mostBytes more is refused with an OversizedBodyError. */
  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  get length(): number {
    return this.#length;
  }

  add(bytes: Uint8Array): void {
    const length = this.#length + bytes.byteLength;
    if (length > this.#mostBytes)
      throw new OversizedBodyError(`one entry of the answer is larger than ${this.#mostBytes} bytes`);
    if (length > this.#bytes.byteLength) {
      const roomier = new Uint8Array(Math.min(this.#mostBytes, Math.max(FIRST_SIZE, 2 * length)));
      roomier.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = roomier;
    }
    this.#bytes.set(bytes, this.#length);
    this.#length = length;
  }

  /** Holds until the next `add` or `clear`. */
  view(from = 0): Uint8Array {
    return this.#bytes.subarray(from, this.#length);
  }

  clear(): void {
    this.#length = 0;
  }
}
