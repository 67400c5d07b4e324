import type { BillingBooks, BillingEvent } from '../billing/billing-books.ts';
import type { CollectorConfig } from '../config/config.ts';
import type { FalAccess } from '../fal/client.ts';
import { PageLimitError, type PagesQuery, platformPages } from '../fal/platform-pages.ts';
import { isRefusedAsInvalid } from '../fal/refused.ts';
import { type BillingEventRow, type PriceOf, billingEventOf, billingEventRow } from './billing-event-row.ts';
import { type Walk, WalkPlan } from './billing-walk.ts';
import type { CollectContext, Collected, Collector } from './collector.ts';
import { QuotaError } from './quota.ts';

export interface BillingEventsCollectorOptions {
  readonly access: FalAccess;
  readonly account: string;
  readonly config: CollectorConfig;
  /** Needs ADMIN scope. */
  readonly adminKey: () => string | undefined;
  readonly books: BillingBooks;
  /** List prices; where one is unknown, the row's own counts. */
  readonly prices: PriceOf;
  /** Lets everything else of this process have its turn; `setImmediate` unless told otherwise. */
  readonly breathe?: (() => Promise<unknown>) | undefined;
}

/** The most that fal gives at once. Source: https://api.fal.ai/v1/openapi.json */
const ROWS_PER_PAGE = 10_000;

/** What one walk has read so far. */
interface Tally {
  rows: number;
  unreadable: number;
  /** Ms since the epoch. */
  oldestAt: number;
}

/**
 * What each request was billed: the first source of everything about money. Reads newest first and books slice by
 * slice, so that a walk which breaks off keeps what it has; the books know what they have already, so that nothing
 * is counted twice.
 *
 * Source: `GET /models/billing-events` in https://api.fal.ai/v1/openapi.json
 */
export function createBillingEventsCollector(options: BillingEventsCollectorOptions): Collector {
  return new BillingEventsCollector(options);
}

class BillingEventsCollector implements Collector {
  readonly name = 'billing-events';
  readonly intervalMs: number;
  readonly callsPerHour: number;
  readonly #options: BillingEventsCollectorOptions;
  readonly #plan: WalkPlan;
  readonly #lag = new IndexingLag();

  constructor(options: BillingEventsCollectorOptions) {
    this.#options = options;
    this.intervalMs = options.config.intervalMs;
    this.callsPerHour = options.config.callsPerHour;
    this.#plan = new WalkPlan(options.access.clock);
  }

  async collect(context: CollectContext): Promise<Collected> {
    const { books } = this.#options;
    const { newestAt: newestBefore } = books.cursor;
    const walk = this.#plan.next(books.cursor);
    let tally: Tally;
    try {
      tally = await this.#walk(walk, context);
    } catch (error) {
      this.#plan.failed(walk, error instanceof PageLimitError || error instanceof QuotaError);
      throw error;
    }
    this.#lag.observe(walk.at, newestBefore, books.cursor.newestAt);
    // Once an hour is enough: a row that fal never mends must not make all the others look unread. Where no row can be
    // read, there are no others: fal writes them in another way now, and nothing is known of the bill any more.
    const isNothingRead = tally.unreadable === tally.rows;
    if (tally.unreadable > 0 && (walk.isDeep || isNothingRead)) throw unreadableRows(tally);
    return { dataUntil: walk.at - this.#lag.ms };
  }

  async #walk(walk: Walk, context: CollectContext): Promise<Tally> {
    const tally: Tally = { rows: 0, unreadable: 0, oldestAt: Infinity };
    try {
      await this.#read(walk, [new Date(walk.from).toISOString()], tally, context);
      this.#options.books.walked(walk);
      this.#plan.succeeded(walk);
      return tally;
    } catch (error) {
      if (tally.rows > 0 || !isRefusedAsInvalid(error)) throw error;
    }
    // Our clock and fal's are apart by more than the walk is long: without a start, fal takes the last 24 hours by
    // its own clock. How far back that was, only the rows tell.
    await this.#read(walk, [], tally, context);
    const { oldestAt } = tally;
    if (oldestAt !== Infinity) this.#options.books.walked({ ...walk, from: oldestAt, isDeep: false });
    return tally;
  }

  async #read(walk: Walk, start: readonly string[], tally: Tally, context: CollectContext): Promise<void> {
    const { access } = this.#options;
    for await (const { items, unreadable } of platformPages(access, this.#query(walk, start, context))) {
      tally.rows += items.length + unreadable;
      tally.unreadable += unreadable;
      this.#book(items, tally, context);
    }
  }

  #query(
    { isDeep }: Walk,
    start: readonly string[],
    { signal, spendCall }: CollectContext,
  ): PagesQuery<BillingEventRow> {
    const { adminKey, breathe } = this.#options;
    return {
      path: '/models/billing-events',
      query: { limit: [String(ROWS_PER_PAGE)], start, expand: ['auth_method'] },
      ...{ list: 'billing_events', item: billingEventRow, key: adminKey(), signal, spendCall, breathe },
      // A deep walk leaves half of the calls to the short ones, which bring what is new.
      mostPages: isDeep ? Math.max(1, Math.floor(this.callsPerHour / 2)) : this.callsPerHour,
    };
  }

  /** Books and tells in one go: nothing may come between the two. */
  #book(rows: readonly BillingEventRow[], tally: Tally, { emit }: CollectContext): void {
    const { access, account, books, prices } = this.#options;
    const events: BillingEvent[] = [];
    for (const row of rows) {
      tally.oldestAt = Math.min(tally.oldestAt, row.timestamp);
      const event = billingEventOf(row, prices);
      if (event === undefined) tally.unreadable += 1;
      else events.push(event);
    }
    const endpoints = books.bookEvents(events);
    if (endpoints.length > 0) emit({ kind: 'spend_observed', at: access.clock.now(), account, endpoints });
  }
}

/**
 * How far fal's list lags behind. Only new events tell: one that is newer than all before it and older than the walk
 * before was not listed yet when that walk looked. Where nothing is billed, nothing is late.
 */
class IndexingLag {
  /** Of the newest event, when it was first seen; 0 as long as nothing proves a lag. */
  ms = 0;
  #lastWalkAt: number | undefined;

  observe(walkAt: number, newestBefore: number | undefined, newestNow: number | undefined): void {
    const isNew = newestNow !== undefined && newestNow > (newestBefore ?? -Infinity);
    if (this.#lastWalkAt !== undefined && isNew) {
      this.ms = newestNow < this.#lastWalkAt ? Math.max(0, walkAt - newestNow) : 0;
    }
    this.#lastWalkAt = walkAt;
  }
}

function unreadableRows({ rows, unreadable }: Tally): RangeError {
  return new RangeError(
    `GET /models/billing-events: ${unreadable} of ${rows} rows could not be read and are left out; expected a request ` +
      'id, an endpoint id, a time and a cost in USD of 0 or more; the others are booked',
  );
}
