import { WindowSlots } from './window-slots.ts';
import type { SlotLayout } from './window-slots.ts';

interface Tally {
  all: number;
  failed: number;
}

/** The share of failures over several sliding windows. */
export class WindowRatio {
  readonly #slots: WindowSlots<Tally>;
  readonly #windows: readonly Tally[];

  constructor(layout: SlotLayout) {
    const windows = layout.windows.map((): Tally => ({ all: 0, failed: 0 }));
    this.#windows = windows;
    this.#slots = new WindowSlots(
      layout,
      (): Tally => ({ all: 0, failed: 0 }),
      (slot, index) => {
        const window = windows[index];
        if (window === undefined) return;
        window.all -= slot.all;
        window.failed -= slot.failed;
      },
    );
  }

  /** Counts one finish at `now` (monotonic ms). */
  count(isFailure: boolean, now: number): void {
    for (const tally of [this.#slots.at(now), ...this.#windows]) {
      tally.all += 1;
      if (isFailure) tally.failed += 1;
    }
  }

  /** Failures ÷ all in the window with this index at `now`, or undefined when nothing happened in it. */
  read(window: number, now: number): number | undefined {
    this.#slots.slideTo(now);
    const tally = this.#windows[window];
    return tally === undefined || tally.all === 0 ? undefined : tally.failed / tally.all;
  }
}
