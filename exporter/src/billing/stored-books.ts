import type { Clock } from '../domain/clock.ts';
import type { EndpointSpend } from '../domain/events.ts';
import type { NanoUsd } from '../domain/money.ts';
import type { StateDatabase } from '../state/state-database.ts';
import { AccountRow } from './account-row.ts';
import { assertBookableEvent, assertBookableUsage } from './bookable.ts';
import type { BillingBooks, BillingCursor, BillingEvent, UsageHour } from './billing-books.ts';
import { type BookedEvent, EventTable } from './event-table.ts';
import { HOUR_MS, hourOf, inHours, shareOf, type TimeSpan } from './hour.ts';
import { HourTable } from './hour-table.ts';
import { ModelTable } from './model-table.ts';
import { Posting } from './posting.ts';

/** How long an event may still be corrected. */
const EVENTS_KEPT_MS = 48 * HOUR_MS;
/** The longest month and some days: enough for every question about the past that the books answer. */
const HOURS_KEPT_MS = 40 * 24 * HOUR_MS;
/** An event further ahead of our clock has a wrong time stamp, or our clock is wrong. */
const CLOCK_TOLERANCE_MS = 10 * 60_000;
/** Old rows that one call removes at most, from each table: forgetting must not hold up the exporter. */
const FORGOTTEN_AT_ONCE = 300;

/**
 * The books over the state file.
 *
 * An event replaces what is known of its request when it is later by fal's clock, or as late but read later. Within
 * one call the rows are taken from the last to the first, because fal lists the newest first: of two that are as
 * late, the one higher up in the list stays. The place in time counts, not the order of arrival, so that a walk
 * which is repeated, cut off or read backwards ends with the same books. As long as the cost stays the same, so does
 * the estimate: the list price that was in force when it was read first is nearer to the request than today's.
 *
 * The sums are kept up with every change and never added up anew. What is shown is the largest value that a sum ever
 * had: a correction downwards holds the counter until the sum has passed it again.
 *
 * After a whole walk, events from more than 48 hours before the newest are forgotten; their cost stays in the sums,
 * and nothing of that age is booked any more. Never before a whole walk: after days of down time the first page
 * already holds the newest event, and the last one holds those that nobody has read yet. A correction that comes
 * when its request is forgotten and gives it a new time is taken for a new request.
 */
export class StoredBooks implements BillingBooks {
  readonly #database: StateDatabase;
  readonly #clock: Clock;
  readonly #account: AccountRow;
  readonly #events: EventTable;
  readonly #hours: HourTable;
  readonly #models: ModelTable;

  /** Opens the books of the account at the beginning of this hour, when they are not open yet. */
  constructor(database: StateDatabase, account: string, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
    this.#account = new AccountRow(database, account, clock.now());
    this.#events = new EventTable(database, this.#account.id);
    this.#hours = new HourTable(database, this.#account.id);
    this.#models = new ModelTable(database, this.#account.id);
  }

  get cursor(): BillingCursor {
    const { horizon, newestAt, deepWalkAt } = this.#account.read();
    return { horizon, newestAt, deepWalkAt };
  }

  bookEvents(events: readonly BillingEvent[]): readonly EndpointSpend[] {
    for (const event of events) assertBookableEvent(event);
    return this.#database.transact(() => {
      const account = this.#account.read();
      const posting = new Posting(this.#models, this.#hours);
      let newestAt = account.newestAt ?? -Infinity;
      for (const event of events.toReversed()) {
        if (event.at < account.horizon) continue;
        this.#bookEvent(event, posting);
        newestAt = Math.max(newestAt, this.#believable(event.at));
      }
      if (newestAt > (account.newestAt ?? -Infinity)) this.#account.write({ ...account, newestAt });
      this.#forget();
      return posting.finish();
    });
  }

  bookUsage(hours: readonly UsageHour[]): readonly EndpointSpend[] {
    for (const hour of hours) assertBookableUsage(hour);
    return this.#database.transact(() => {
      const { firstHour } = this.#account.read();
      const posting = new Posting(this.#models, this.#hours);
      for (const { endpointId, hour, cost } of hours) {
        if (hour >= firstHour) posting.setUsage(posting.modelId(endpointId), hour, cost);
      }
      return posting.finish();
    });
  }

  closeUsage({ from, to }: TimeSpan): readonly EndpointSpend[] {
    return this.#database.transact(() => {
      const { firstHour } = this.#account.read();
      const posting = new Posting(this.#models, this.#hours);
      posting.closeUsage({ from: Math.max(from, firstHour), to });
      return posting.finish();
    });
  }

  spend(): readonly EndpointSpend[] {
    return this.#models.list();
  }

  billedBetween(from: number, to: number): NanoUsd {
    const { whole, parts } = inHours(from, to);
    const partial = parts.reduce((sum, part) => sum + this.#billedWithin(part), 0);
    return partial + this.#hours.billedBetween(whole.from, whole.to);
  }

  comparedBetween(from: number, to: number): { readonly billed: NanoUsd; readonly estimated: NanoUsd } {
    const { whole, parts } = inHours(from, to);
    const sums = parts.map((part) => this.#events.comparedBetween(part.from, part.to));
    sums.push(this.#hours.comparedBetween(whole.from, whole.to));
    return {
      billed: sums.reduce((sum, { billed }) => sum + billed, 0),
      estimated: sums.reduce((sum, { estimated }) => sum + estimated, 0),
    };
  }

  billedFor(requestIds: readonly string[], from: number, to: number): NanoUsd {
    return this.#events.costOf(requestIds, from, to);
  }

  walked({
    from,
    isDeep,
    at,
  }: {
    readonly from: number;
    readonly isDeep: boolean;
    readonly at: number;
  }): void {
    this.#database.transact(() => {
      const account = this.#account.read();
      if (isDeep || from <= account.horizon) {
        const newest = account.newestAt ?? -Infinity;
        const horizon = Math.max(account.horizon, newest - EVENTS_KEPT_MS);
        const firstHour = Math.max(account.firstHour, hourOf(newest - HOURS_KEPT_MS));
        this.#account.write({ ...account, horizon, firstHour, deepWalkAt: Math.floor(at) });
        const posting = new Posting(this.#models, this.#hours);
        // What lies before the old horizon was settled with it.
        posting.settleUsage({ from: hourOf(account.horizon), to: hourOf(horizon) });
        posting.finish();
      }
      this.#forget();
    });
  }

  #bookEvent(event: BillingEvent, posting: Posting): void {
    const known = this.#events.find(event.requestId);
    if (known !== undefined && event.at < known.at) return;
    const row = rowOf(event, posting.modelId(event.endpointId), known);
    if (row === known) return;
    if (known !== undefined) posting.remove(known);
    posting.add(row);
    this.#events.put(event.requestId, row);
  }

  /** A time stamp from the future must not move the horizon there: everything after it would be left out. */
  #believable(at: number): number {
    const now = Math.floor(this.#clock.now());
    return at > now + CLOCK_TOLERANCE_MS ? now : at;
  }

  #forget(): void {
    const { horizon, firstHour } = this.#account.read();
    this.#events.forgetBefore(horizon, FORGOTTEN_AT_ONCE);
    this.#hours.forgetBefore(firstHour, FORGOTTEN_AT_ONCE);
  }

  /**
   * A part of one hour: its events by their time. What the hour holds beyond them (surplus of usage, events that
   * are forgotten) is spread evenly, in the running hour over what has passed of it.
   */
  #billedWithin({ from, to }: TimeSpan): NanoUsd {
    const hour = hourOf(from);
    const end = hour + HOUR_MS;
    const now = Math.floor(this.#clock.now());
    const spreadOver = now > hour && now < end ? now - hour : HOUR_MS;
    const beyond = this.#hours.billedBetween(hour, end) - this.#events.costBetween(hour, end);
    const share = shareOf(beyond, { from: from - hour, to: to - hour, of: spreadOver });
    return this.#events.costBetween(from, to) + share;
  }
}

/** What the books hold of a request once an event of it is booked: `known` itself when that says nothing new. */
function rowOf(event: BillingEvent, modelId: number, known: BookedEvent | undefined): BookedEvent {
  const { at, cost, estimate } = event;
  if (known?.cost !== cost || known.modelId !== modelId) return { modelId, at, cost, estimate };
  const isSettled = known.estimate !== undefined || estimate === undefined;
  return at === known.at && isSettled ? known : { modelId, at, cost, estimate: known.estimate ?? estimate };
}
