import { setImmediate as nextTurn } from 'node:timers/promises';
import type { z } from 'zod';
import type { BillingBooks } from '../billing/billing-books.ts';
import { HOUR_MS, type TimeSpan, hourOf } from '../billing/hour.ts';
import type { CollectorConfig } from '../config/config.ts';
import type { EndpointSpend } from '../domain/events.ts';
import { STALE_AFTER_INTERVALS } from '../domain/staleness.ts';
import type { FalAccess } from '../fal/client.ts';
import { type PagesQuery, platformPages } from '../fal/platform-pages.ts';
import { isRefusedAsInvalid } from '../fal/refused.ts';
import type { CollectContext, Collected, Collector } from './collector.ts';
import { UsageHours } from './usage-hours.ts';
import { type LatestUsage, monthStart } from './usage-readings.ts';
import { type UsageLine, summaryRow, usageBucket, usageLineOf } from './usage-rows.ts';
import { weeklyUnitsOf } from './weekly-units.ts';

export interface UsageCollectorOptions {
  readonly access: FalAccess;
  readonly account: string;
  readonly config: CollectorConfig;
  /** Needs ADMIN scope. */
  readonly adminKey: () => string | undefined;
  readonly books: BillingBooks;
  /** Takes what is read beside the hours. */
  readonly readings: LatestUsage;
  /** Lets everything else of this process have its turn; `setImmediate` unless told otherwise. */
  readonly breathe?: (() => Promise<unknown>) | undefined;
}

const WEEK_MS = 7 * 24 * HOUR_MS;
/** Hours that are read again each time: what comes later than that only billing events can tell. */
const MOST_HOURS_MS = 48 * HOUR_MS;
const MOST_PAGES = 10;
/** Hours of models that are booked in one go. */
const BOOKED_AT_ONCE = 100;
/** So early in a month there is nothing to read: fal refuses a start that is not before its own now. */
const LEAST_SPAN_MS = 60_000;

/**
 * What fal adds up for the account: hour by hour for the books, where it stands in for billing events that are
 * missing or cannot be read; the month so far; and the units of the last seven days.
 *
 * Source: `GET /models/usage` in https://api.fal.ai/v1/openapi.json
 */
export function createUsageCollector(options: UsageCollectorOptions): Collector {
  return new UsageCollector(options);
}

class UsageCollector implements Collector {
  readonly name = 'usage';
  readonly intervalMs: number;
  readonly callsPerHour: number;
  readonly #options: UsageCollectorOptions;

  constructor(options: UsageCollectorOptions) {
    this.#options = options;
    this.intervalMs = options.config.intervalMs;
    this.callsPerHour = options.config.callsPerHour;
  }

  async collect(context: CollectContext): Promise<Collected> {
    const { readings } = this.#options;
    const at = this.#options.access.clock.now();
    const validMs = STALE_AFTER_INTERVALS * this.intervalMs;
    let unreadable = await this.#readHours(at, context);
    if (at - monthStart(at) >= LEAST_SPAN_MS) {
      const month = await this.#readSummary(monthStart(at), context);
      unreadable += month.unreadable;
      const amount = month.lines.reduce((sum, { cost }) => sum + cost, 0);
      if (month.unreadable === 0) readings.noteMonth({ amount, at }, validMs);
    }
    const week = await this.#readSummary(at - WEEK_MS, context);
    unreadable += week.unreadable;
    if (week.unreadable === 0) readings.noteWeek(weeklyUnitsOf(week.lines), validMs);
    if (unreadable > 0) throw unreadableRows(unreadable);
    return {};
  }

  /** Reads the last hours and books them once all of them are there. Gives how many rows could not be read. */
  async #readHours(at: number, context: CollectContext): Promise<number> {
    const { horizon } = this.#options.books.cursor;
    // fal refuses a start that is not before its own now.
    const running = hourOf(at - 1_000);
    const from = Math.min(Math.max(hourOf(horizon), running - MOST_HOURS_MS), running);
    let hours: UsageHours;
    let closes: TimeSpan | undefined;
    try {
      const start = [new Date(from).toISOString()];
      hours = await this.#hoursOf({ start, bound_to_timeframe: ['false'] }, context);
      if (hours.unreadable === 0) closes = { from, to: running + HOUR_MS };
    } catch (error) {
      if (!isRefusedAsInvalid(error)) throw error;
      // Its clock and ours are hours apart: without a start it takes the last 24 hours by its own clock, and, as it
      // is not told otherwise, whole ones.
      hours = await this.#hoursOf({}, context);
    }
    await this.#book(hours, context);
    if (closes !== undefined) {
      await (this.#options.breathe ?? nextTurn)();
      this.#tell(this.#options.books.closeUsage(closes), context);
    }
    return hours.unreadable;
  }

  async #hoursOf(range: PagesQuery<unknown>['query'], context: CollectContext): Promise<UsageHours> {
    const hours = new UsageHours();
    const query = { ...range, timeframe: ['hour'], timezone: ['UTC'], expand: ['time_series'] };
    const call = { ...this.#call(context), query, list: 'time_series', item: usageBucket };
    for await (const { items, unreadable } of platformPages(this.#options.access, call)) {
      hours.unreadable += unreadable;
      for (const bucket of items) hours.add(bucket);
    }
    return hours;
  }

  async #book(hours: UsageHours, context: CollectContext): Promise<void> {
    const { books, breathe = nextTurn } = this.#options;
    for (const rows of hours.slices(BOOKED_AT_ONCE)) {
      await breathe();
      context.signal.throwIfAborted();
      this.#tell(books.bookUsage(rows), context);
    }
  }

  #tell(endpoints: readonly EndpointSpend[], { emit }: CollectContext): void {
    const { access, account } = this.#options;
    if (endpoints.length > 0) emit({ kind: 'spend_observed', at: access.clock.now(), account, endpoints });
  }

  async #readSummary(from: number, context: CollectContext): Promise<Summary> {
    const lines: UsageLine[] = [];
    let unreadable = 0;
    const start = [new Date(from).toISOString()];
    const query = { start, bound_to_timeframe: ['false'], timezone: ['UTC'], expand: ['summary'] };
    const call = { ...this.#call(context), query, list: 'summary', item: summaryRow };
    for await (const { items } of platformPages<z.infer<typeof summaryRow>>(this.#options.access, call)) {
      for (const row of items) {
        const line = usageLineOf(row);
        if (line === undefined) unreadable += 1;
        else lines.push(line);
      }
    }
    return { lines, unreadable };
  }

  #call({ signal, spendCall }: CollectContext): Omit<PagesQuery<never>, 'query' | 'list' | 'item'> {
    const { adminKey, breathe } = this.#options;
    return { path: '/models/usage', key: adminKey(), signal, spendCall, mostPages: MOST_PAGES, breathe };
  }
}

interface Summary {
  readonly lines: readonly UsageLine[];
  readonly unreadable: number;
}

function unreadableRows(count: number): RangeError {
  return new RangeError(
    `GET /models/usage: ${count} ${count === 1 ? 'row' : 'rows'} could not be read and are left out; expected an endpoint id, a unit, a ` +
      'quantity and a cost in USD of 0 or more; the others are booked',
  );
}
