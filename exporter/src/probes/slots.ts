import type { Clock } from '../domain/clock.ts';
import type { EventSink } from '../domain/events.ts';

export interface SlotsOptions {
  readonly clock: Clock;
  readonly emit: EventSink;
  readonly account: () => string;
  readonly limit: () => number | undefined;
  /** Running requests of the whole account as fal lists them, our own among them; undefined when not known lately. */
  readonly runningAtFal?: (() => number | undefined) | undefined;
}

/**
 * The account's concurrency slots, as far as this exporter knows them: its own running probes, and what the request
 * history lists of everybody's. The list lags behind by minutes, so whichever is more counts.
 */
export class Slots {
  readonly #options: SlotsOptions;
  #inUse = 0;

  constructor(options: SlotsOptions) {
    this.#options = options;
    this.#tell();
  }

  /**
   * Takes a slot, unless that would leave none free for the user's own traffic. Where no limit is configured one
   * probe runs at a time: no API tells the limit, and too few probes at once harm nobody.
   */
  tryTake(): boolean {
    const limit = this.#options.limit();
    const running = Math.max(this.#inUse, this.#options.runningAtFal?.() ?? 0);
    const isTooMany = limit === undefined ? this.#inUse > 0 : running + 1 >= limit;
    if (isTooMany) return false;
    this.#inUse += 1;
    this.#tell();
    return true;
  }

  giveBack(): void {
    this.#inUse = Math.max(0, this.#inUse - 1);
    this.#tell();
  }

  #tell(): void {
    const { clock, emit, account, limit } = this.#options;
    emit({ kind: 'slots_observed', at: clock.now(), account: account(), inUse: this.#inUse, limit: limit() });
  }
}
