import type { Clock } from '../domain/clock.ts';
import type { EventSink } from '../domain/events.ts';

/**
 * What a new account has (https://fal.ai/docs/documentation/model-apis/concurrency-limits); assumed where none
 * is configured, because no API tells the real limit and too low only means fewer probes at once.
 */
const SMALLEST_LIMIT = 2;

export interface SlotsOptions {
  readonly clock: Clock;
  readonly emit: EventSink;
  readonly account: () => string;
  readonly limit: () => number | undefined;
}

/** The account's concurrency slots, as far as this exporter knows them: it counts its own running probes. */
export class Slots {
  readonly #options: SlotsOptions;
  #inUse = 0;

  constructor(options: SlotsOptions) {
    this.#options = options;
    this.#tell();
  }

  /** Takes a slot, unless that would leave none free for the user's own traffic. */
  tryTake(): boolean {
    const limit = this.#options.limit() ?? SMALLEST_LIMIT;
    if (this.#inUse + 1 >= limit) return false;
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
