/** How time is cut for sliding windows: windows are whole numbers of slots. */
export interface SlotLayout {
  readonly slotMs: number;
  /** Window lengths in slots, each at least 1. The slot of now is the youngest of each window. */
  readonly windows: readonly number[];
}

/** Ten seconds: a window of five minutes then covers between 290 and 300 s. */
export const SLOT_MS = 10_000;

/** A layout for windows of these lengths; each must be a whole number of slots. */
export function slotLayout(windowSeconds: readonly number[], slotMs: number = SLOT_MS): SlotLayout {
  const windows = windowSeconds.map((seconds) => (seconds * 1000) / slotMs);
  for (const slots of windows) {
    if (!Number.isInteger(slots) || slots < 1) {
      throw new RangeError(`a sliding window needs a whole number of ${slotMs} ms slots, got ${slots}`);
    }
  }
  return { slotMs, windows };
}

/**
 * A ring of time slots that serves several windows at once. As time moves on, each slot leaves each window
 * exactly once, so that running totals per window are kept by subtraction and nothing is ever recounted.
 *
 * ```text
 *            ┌────────── 1h ──────────┐
 *            │            ┌─── 5m ────┤
 *  … left ──▶ slot … slot  slot … now │
 * ```
 */
export class WindowSlots<S> {
  readonly #layout: SlotLayout;
  readonly #ring: (S | undefined)[];
  readonly #create: () => S;
  readonly #leave: (slot: S, window: number) => void;
  #current: number | undefined;

  /** `leave` is told about a slot that falls out of the window with this index. */
  constructor(layout: SlotLayout, create: () => S, leave: (slot: S, window: number) => void) {
    this.#layout = layout;
    this.#ring = new Array<S | undefined>(Math.max(...layout.windows)).fill(undefined);
    this.#create = create;
    this.#leave = leave;
  }

  /** The slot to write to at `now` (monotonic ms), after sliding. */
  at(now: number): S {
    const place = this.slideTo(now) % this.#ring.length;
    return (this.#ring[place] ??= this.#create());
  }

  /** Moves the windows to `now`; a time before the present slot changes nothing. Returns the present slot's number. */
  slideTo(now: number): number {
    const next = Math.floor(now / this.#layout.slotMs);
    const current = this.#current;
    if (current !== undefined && next <= current) return current;
    if (current !== undefined) this.#slide(current, next);
    this.#current = next;
    return next;
  }

  #slide(current: number, next: number): void {
    const size = this.#ring.length;
    this.#layout.windows.forEach((length, window) => {
      const last = Math.min(next - length, current);
      for (let slot = Math.max(current - length + 1, 0); slot <= last; slot++) {
        const content = this.#ring[slot % size];
        if (content !== undefined) this.#leave(content, window);
      }
    });
    // The places that the new slots take: at most the whole ring, however long the silence was.
    for (let slot = Math.max(current + 1, next - size + 1); slot <= next; slot++) {
      this.#ring[slot % size] = undefined;
    }
  }
}
