import { GrowingBytes } from './growing-bytes.ts';

export interface ListLimits {
  /** Most entries that are handed on at once. */
  readonly sliceItems: number;
  /** A slice that has this many bytes is handed on with fewer entries. */
  readonly sliceBytes: number;
  /** Most bytes of one entry on top of that, and of everything beside the list together. */
  readonly entryBytes: number;
}

/** Parsing, checking and booking one such slice takes a few milliseconds. */
export const LIST_LIMITS: ListLimits = {
  sliceItems: 75,
  sliceBytes: 64 * 1024,
  entryBytes: 512 * 1024,
};

/** An answer that is no JSON object with the list in it. The message has nothing of the answer in it. */
export class JsonListError extends SyntaxError {
  override readonly name = 'JsonListError';
}

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const [OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];
const IS_STRUCTURE = new Uint8Array(256);
for (const byte of [QUOTE, COMMA, OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT]) IS_STRUCTURE[byte] = 1;
const LIST_BEGIN = Uint8Array.of(OPEN_ARRAY);

/**
 * Reads one long list in a JSON object without ever holding or parsing the whole of it:
 *
 * ```text
 *   {"has_more":true,"billing_events":[{…},{…}, … ,{…}],"next_cursor":"…"}
 *   └──────── envelope ──────────────┘└─ slice ┘└ … ┘└─── envelope ──────┘
 * ```
 *
 * Only brackets, commas and strings are looked at here; `JSON.parse` reads each slice, and at the end what is beside
 * the list, so that the parts together are valid exactly when the whole is. Names that occur twice are refused for
 * the list, because what they mean is nobody's to know.
 */
export class JsonListScanner {
  readonly #list: string;
  readonly #limits: ListLimits;
  readonly #decoder = new TextDecoder();
  readonly #envelope: GrowingBytes;
  readonly #slice: GrowingBytes;
  /** Open brackets: of the envelope, and within the list. */
  #depth = 0;
  #listDepth = 0;
  #isInString = false;
  #isEscaped = false;
  /** Where in the envelope the newest string of the outermost object begins. */
  #nameFrom = 0;
  #state: 'before' | 'envelope' | 'list' | 'after' = 'before';
  #hasList = false;
  #commas = 0;
  #isSliceFull = false;
  #hasCut = false;

  /** @param list name of the field that holds the list. */
  constructor(list: string, limits: ListLimits = LIST_LIMITS) {
    this.#list = list;
    this.#limits = limits;
    this.#envelope = new GrowingBytes(limits.entryBytes);
    this.#slice = new GrowingBytes(limits.sliceBytes + limits.entryBytes);
  }

  /**
   * Reads on and gives the slices that are complete: entries as `JSON.parse` makes them, at least one each.
   *
   * @throws JsonListError, and OversizedBodyError for an entry that is too large.
   */
  *feed(chunk: Uint8Array): Generator<readonly unknown[], void, void> {
    let from = 0;
    while (from < chunk.length) {
      from = this.#state === 'list' ? this.#scanList(chunk, from) : this.#scanEnvelope(chunk, from);
      if (!this.#isSliceFull) continue;
      const entries = this.#takeSlice();
      if (entries.length > 0) yield entries;
    }
  }

  /**
   * The answer ends here. Returns everything beside the list, and in its place an empty one.
   *
   * @throws JsonListError
   */
  finish(): Readonly<Record<string, unknown>> {
    if (this.#state !== 'after') throw new JsonListError('the answer ends too early');
    if (!this.#hasList) throw new JsonListError(`the answer has no list "${this.#list}"`);
    // An object for certain: it begins with a brace.
    return this.#parsed(this.#envelope) as Readonly<Record<string, unknown>>;
  }

  /** Up to the list, or from its end on. Returns where it stopped. */
  #scanEnvelope(chunk: Uint8Array, from: number): number {
    for (let i = from; i < chunk.length; i += 1) {
      const byte = chunk[i] ?? 0;
      if (this.#isInString) i = this.#skipString(chunk, i);
      else if (IS_STRUCTURE[byte] === 0 || byte === COMMA) continue;
      else if (byte === QUOTE) this.#beginString(this.#envelope.length + i - from);
      else if (byte === CLOSE_ARRAY || byte === CLOSE_OBJECT) this.#close();
      else if (this.#open(byte) && this.#depth === 2) {
        this.#envelope.add(chunk.subarray(from, i + 1));
        if (this.#isListBehind()) this.#beginList();
        return i + 1;
      }
    }
    this.#envelope.add(chunk.subarray(from));
    return chunk.length;
  }

  /** From one entry to the end of the slice, of the list or of the chunk. Returns where it stopped. */
  #scanList(chunk: Uint8Array, from: number): number {
    for (let i = from; i < chunk.length; i += 1) {
      const byte = chunk[i] ?? 0;
      if (this.#isInString) i = this.#skipString(chunk, i);
      else if (IS_STRUCTURE[byte] === 0) continue;
      else if (byte === QUOTE) this.#isInString = true;
      else if (byte === OPEN_ARRAY || byte === OPEN_OBJECT) this.#listDepth += 1;
      else if (this.#listDepth > 0) this.#listDepth -= byte === COMMA ? 0 : 1;
      else if (byte !== COMMA) return this.#endList(chunk.subarray(from, i), i);
      else if (this.#isEnough(i - from)) return this.#cut(chunk.subarray(from, i), i);
    }
    this.#slice.add(chunk.subarray(from));
    return chunk.length;
  }

  #beginString(at: number): void {
    this.#isInString = true;
    if (this.#depth === 1) this.#nameFrom = at;
  }

  /** Returns the place of the quote that ends the string, or the end of the chunk. */
  #skipString(chunk: Uint8Array, from: number): number {
    let isEscaped = this.#isEscaped;
    for (let i = from; i < chunk.length; i += 1) {
      const byte = chunk[i];
      if (isEscaped) isEscaped = false;
      else if (byte === BACKSLASH) isEscaped = true;
      else if (byte === QUOTE) {
        this.#isEscaped = false;
        this.#isInString = false;
        return i;
      }
    }
    this.#isEscaped = isEscaped;
    return chunk.length;
  }

  /** Whether the bracket is that of an array. */
  #open(byte: number): boolean {
    if (this.#depth === 0) {
      if (this.#state === 'after' || byte !== OPEN_OBJECT)
        throw new JsonListError('the answer is not one JSON object');
      this.#state = 'envelope';
    }
    this.#depth += 1;
    return byte === OPEN_ARRAY;
  }

  #close(): void {
    this.#depth -= 1;
    if (this.#depth < 0) throw new JsonListError('the answer closes what it never opened');
    if (this.#depth === 0) this.#state = 'after';
  }

  /** Whether the bracket that was just read is that of the list. Its name may be written with escapes. */
  #isListBehind(): boolean {
    const before = this.#decoder.decode(this.#envelope.view(this.#nameFrom));
    const name = /^("[^]*")\s*:\s*\[$/.exec(before)?.[1];
    return name !== undefined && isSame(name, this.#list);
  }

  #beginList(): void {
    if (this.#hasList) throw new JsonListError(`the answer has the list "${this.#list}" twice`);
    this.#hasList = true;
    this.#state = 'list';
    this.#slice.add(LIST_BEGIN);
  }

  #isEnough(added: number): boolean {
    this.#commas += 1;
    return this.#commas >= this.#limits.sliceItems || this.#slice.length + added >= this.#limits.sliceBytes;
  }

  /** Ends the slice before the comma at `comma` and goes on behind it. */
  #cut(rest: Uint8Array, comma: number): number {
    this.#slice.add(rest);
    this.#isSliceFull = true;
    this.#hasCut = true;
    return comma + 1;
  }

  /** The closing bracket belongs to the envelope, where `JSON.parse` sees whether it is the right one. */
  #endList(rest: Uint8Array, closing: number): number {
    this.#slice.add(rest);
    this.#isSliceFull = true;
    this.#state = 'envelope';
    return closing;
  }

  #takeSlice(): readonly unknown[] {
    const isLast = this.#state !== 'list';
    this.#slice.add(Uint8Array.of(CLOSE_ARRAY));
    const entries = this.#parsed(this.#slice) as readonly unknown[];
    // A list may be empty, but nothing may follow a comma but an entry.
    if (entries.length === 0 && (!isLast || this.#hasCut)) throw new JsonListError('an entry is missing');
    this.#slice.clear();
    if (!isLast) this.#slice.add(LIST_BEGIN);
    this.#commas = 0;
    this.#isSliceFull = false;
    return entries;
  }

  #parsed(bytes: GrowingBytes): unknown {
    try {
      return JSON.parse(this.#decoder.decode(bytes.view()));
    } catch {
      // Whatever JSON.parse says quotes the answer.
      throw new JsonListError('the answer is no valid JSON');
    }
  }
}

function isSame(literal: string, name: string): boolean {
  try {
    return JSON.parse(literal) === name;
  } catch {
    return false;
  }
}
