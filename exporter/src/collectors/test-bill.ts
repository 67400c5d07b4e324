import { DatabaseSync } from 'node:sqlite';
import { FAKE_ADMIN_KEY, FAKE_API_KEY, type Simulator, VirtualClock, createSimulator } from 'fal-simulator';
import type { Fetch } from 'opentelemetry-instrumentation-fal/core';
import type { BillingBooks } from '../billing/billing-books.ts';
import { StoredBooks } from '../billing/stored-books.ts';
import type { Clock } from '../domain/clock.ts';
import type { DomainEvent } from '../domain/events.ts';
import type { FalAccess } from '../fal/client.ts';
import { migrate } from '../state/schema.ts';
import { StateDatabase } from '../state/state-database.ts';
import {
  type BillingEventsCollectorOptions,
  createBillingEventsCollector,
} from './billing-events-collector.ts';
import type { Collected, Collector } from './collector.ts';

export const ENDPOINT = 'fal-ai/flux/dev';
export const OTHER_ENDPOINT = 'fal-ai/flux/schnell';
export const CONFIG = { enabled: true, intervalMs: 60_000, callsPerHour: 1000 };

/** Breaks one exchange: `page` counts from 1 over all of them; undefined lets it pass. */
export type Fault = (page: number, url: URL) => Response | Promise<Response> | undefined;

export interface BillOptions {
  readonly scenario?: string;
  /** Rows on a page, in place of what the collector asks for. */
  readonly limit?: number;
  /** How far the exporter's clock is ahead of fal's, ms. */
  readonly aheadMs?: number;
}

/** An account at a simulated fal, books in memory, and a way to run collectors against the one for the other. */
export class Bill {
  readonly clock = new VirtualClock();
  readonly simulator: Simulator;
  readonly access: FalAccess;
  readonly events: DomainEvent[] = [];
  /** Of every exchange with the Platform API. */
  readonly asked: URL[] = [];
  fault: Fault = () => undefined;
  readonly #database = new DatabaseSync(':memory:');
  readonly #ourClock: Clock;

  constructor({ scenario = 'healthy', limit, aheadMs = 0 }: BillOptions = {}) {
    const { clock } = this;
    this.simulator = createSimulator({ clock, seed: 5, scenario });
    for (const account of this.simulator.world.accounts.values()) account.lockBelowNano = undefined;
    const ourClock: Clock = {
      now: () => clock.now() + aheadMs,
      monotonic: () => clock.monotonic(),
      after: (ms, callback) => clock.after(ms, callback),
    };
    const fetch: Fetch = async (input, init) => {
      const url = new URL(input instanceof Request ? input.url : input);
      this.asked.push(new URL(url));
      if (limit !== undefined && url.searchParams.has('limit')) url.searchParams.set('limit', String(limit));
      return (await this.fault(this.asked.length, url)) ?? this.simulator.fetch(url, init);
    };
    this.access = { clock: ourClock, fetch, falKey: () => FAKE_API_KEY };
    migrate(this.#database, 0);
    this.#ourClock = ourClock;
    this.books = this.reopened();
  }

  books: BillingBooks;

  /** The same books as a process sees them that has just started. */
  reopened(): BillingBooks {
    this.books = new StoredBooks(new StateDatabase(this.#database, ':memory:'), 'default', this.#ourClock);
    return this.books;
  }

  readonly adminKey = (): string => FAKE_ADMIN_KEY;

  /** Runs jobs at fal, one after the other, and lets fal index them. */
  async work(jobs: number, endpointId: string = ENDPOINT): Promise<void> {
    for (let job = 0; job < jobs; job += 1) {
      const running = this.simulator.fetch(`https://fal.run/${endpointId}`, {
        method: 'POST',
        headers: { authorization: `Key ${FAKE_API_KEY}` },
        body: JSON.stringify({ prompt: 'a lighthouse' }),
      });
      await this.settle(running, 1_000);
    }
    await this.clock.advance(40_000);
  }

  /** Moves time on in small steps until the promise has settled; rejects like it. */
  async settle<T>(promise: Promise<T>, stepMs = 1): Promise<T> {
    let isSettled = false;
    const note = (): void => void (isSettled = true);
    promise.then(note, note);
    for (let step = 0; step < 100_000 && !isSettled; step += 1) await this.clock.advance(stepMs);
    return promise;
  }

  /** One reading. Rejects like the collector. */
  collect(collector: Collector, spendCall: () => void = () => undefined): Promise<Collected | void> {
    const { signal } = new AbortController();
    const emit = (event: DomainEvent): void => void this.events.push(event);
    return this.settle(collector.collect({ signal, emit, spendCall }));
  }

  /** What fal has charged by model, in nano-dollars. */
  charged(): Record<string, number> {
    const charges: Record<string, number> = {};
    for (const { endpointId, chargedNano = 0, billableUnits = 0 } of this.simulator.ledger.jobs)
      if (billableUnits > 0) charges[endpointId] = (charges[endpointId] ?? 0) + chargedNano;
    return charges;
  }

  /** What the books show by model. */
  booked(): Record<string, number> {
    return Object.fromEntries(this.books.spend().map(({ endpointId, billed }) => [endpointId, billed]));
  }

  /** `start` of each exchange, hours after the clock began. */
  starts(): (number | undefined)[] {
    return this.asked.map((url) => {
      const start = url.searchParams.get('start');
      return start === null ? undefined : Date.parse(start);
    });
  }
}

export function answer(body: unknown, init: ResponseInit = {}): Response {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return new Response(text, { headers: { 'content-type': 'application/json' }, ...init });
}

/** A row as fal sends it, with some parts of it replaced. */
export function billingRow(bill: Bill, parts: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    ...{ request_id: 'r1', endpoint_id: ENDPOINT, timestamp: new Date(bill.clock.now()).toISOString() },
    ...{ output_units: 2, unit_price: 0.003, percent_discount: null, cost_subtotal: 0.006, cost_discount: 0 },
    ...{ cost_total: 0.006, cost_estimate_nano_usd: 6_000_000 },
    ...parts,
  };
}

/** From now on every answer is this one page. */
export function serveRows(bill: Bill, rows: readonly unknown[]): void {
  bill.fault = () => answer({ billing_events: rows, next_cursor: null, has_more: false });
}

/** The collector of billing events as the exporter builds it, with some parts replaced. */
export function eventsCollector(bill: Bill, parts: Partial<BillingEventsCollectorOptions> = {}): Collector {
  return createBillingEventsCollector({
    ...{ access: bill.access, account: 'default', adminKey: bill.adminKey, config: CONFIG },
    ...{ books: bill.books, prices: () => undefined },
    ...parts,
  });
}
