import type { EndpointPrice } from './prices.ts';

const SECOND_MS = 1000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Time to wait after the first request of a new endpoint: apps that start touch several in a row. */
const COALESCE_MS = SECOND_MS;

/** What falls due within this is asked along, so that all endpoints come to share their calls. */
const SLACK_MS = 60 * SECOND_MS;

interface Entry {
  askAt: number;
  price?: EndpointPrice | undefined;
  seenAt: number;
}

/** fal's endpoint ids. A comma would make two ids of one. */
const ENDPOINT_ID = /^[\w.-]+(\/[\w.-]+)+$/;
const LONGEST_ID = 200;

/**
 * What was fetched, how old it is, and what is to be asked when. It asks nobody and has no clock; all times are
 * milliseconds of one monotonic clock.
 *
 * ```
 *   used ─1 s─▶ asked ─▶ price ─1 h─▶ asked again ─▶ … ─▶ 24 h without a new price ─▶ unknown again
 *                 └────▶ refused ─24 h─▶ asked again
 * ```
 */
export class KnownPrices {
  readonly #entries = new Map<string, Entry>();
  readonly #maxEndpoints: number;

  /** @param maxEndpoints more of them are never asked for, so that neither memory nor calls grow without end. */
  constructor(maxEndpoints: number) {
    this.#maxEndpoints = maxEndpoints;
  }

  /** Notes an endpoint that the app uses. True when it is a new one. */
  add(endpointId: string, now: number): boolean {
    if (this.#entries.has(endpointId) || this.#entries.size >= this.#maxEndpoints) return false;
    if (endpointId.length > LONGEST_ID || !ENDPOINT_ID.test(endpointId)) return false;
    this.#entries.set(endpointId, { askAt: now + COALESCE_MS, seenAt: 0 });
    return true;
  }

  /** When to ask next; undefined when no endpoint is known. */
  nextAt(): number | undefined {
    let next: number | undefined;
    for (const { askAt } of this.#entries.values()) next = Math.min(next ?? askAt, askAt);
    return next;
  }

  /** The endpoints to ask for now. */
  due(now: number): readonly string[] {
    return [...this.#entries].flatMap(([id, { askAt }]) => (askAt <= now + SLACK_MS ? [id] : []));
  }

  /** fal answered for these ids; one that is not among the prices has none. */
  listed(ids: readonly string[], prices: ReadonlyMap<string, EndpointPrice>, at: Moment): void {
    for (const id of ids)
      this.#entries.set(id, { askAt: at.now + HOUR_MS * at.spread, price: prices.get(id), seenAt: at.now });
  }

  /** fal does not take this id at all: no reason to ask every hour, and none to forget what it once said. */
  refused(endpointId: string, at: Moment): void {
    const entry = this.#entries.get(endpointId);
    if (entry !== undefined) entry.askAt = at.now + DAY_MS * at.spread;
  }

  /** The price as last fetched, unless that was more than a day ago. */
  priceOf(endpointId: string, now: number): EndpointPrice | undefined {
    const entry = this.#entries.get(endpointId);
    return entry === undefined || now - entry.seenAt > DAY_MS ? undefined : entry.price;
  }
}

/** When an answer came, and by what factor to stretch the time to the next question. */
export interface Moment {
  readonly now: number;
  readonly spread: number;
}
