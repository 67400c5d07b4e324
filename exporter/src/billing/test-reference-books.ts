import type { EndpointSpend } from '../domain/events.ts';
import type { BillingEvent, UsageHour } from './billing-books.ts';

const HOUR = 3_600_000;

/**
 * The rules of the books in the plainest form: everything ever booked is kept, and every sum is added up anew. For
 * tests.
 */
export class ReferenceBooks {
  horizon: number;
  firstHour: number;
  newestAt: number | undefined;
  /** Those that may still be corrected, by request id. */
  #events = new Map<string, BillingEvent>();
  /** Those that may not any more. */
  readonly #final: BillingEvent[] = [];
  readonly #usage = new Map<string, UsageHour>();
  readonly #shown = new Map<string, EndpointSpend>();

  constructor(now: number) {
    this.horizon = this.firstHour = hourOf(now);
  }

  get isEmpty(): boolean {
    return this.#shown.size === 0;
  }

  bookEvents(rows: readonly BillingEvent[], now: number): void {
    for (const row of [...rows].reverse()) {
      if (row.at < this.horizon) continue;
      const believed = row.at > now + 600_000 ? now : row.at;
      this.newestAt = Math.max(this.newestAt ?? believed, believed);
      const known = this.#events.get(row.requestId);
      if (row.at < (known?.at ?? 0)) continue;
      this.#events.set(row.requestId, { ...row, estimate: sameBill(known, row)?.estimate ?? row.estimate });
      this.#show(row.endpointId);
    }
    this.#showAll();
  }

  bookUsage(hours: readonly UsageHour[]): void {
    for (const row of hours) {
      if (row.hour >= this.firstHour) this.#usage.set(`${row.endpointId} ${row.hour}`, row);
    }
    this.#showAll();
  }

  closeUsage(from: number, to: number): void {
    for (const { endpointId, at } of this.#all()) {
      const key = `${endpointId} ${hourOf(at)}`;
      const isIn = hourOf(at) >= Math.max(from, this.firstHour) && hourOf(at) < to;
      if (isIn && !this.#usage.has(key)) this.#usage.set(key, { endpointId, hour: hourOf(at), cost: 0 });
    }
    this.#showAll();
  }

  walkedWhole(): void {
    if (this.newestAt === undefined) return;
    this.horizon = Math.max(this.horizon, this.newestAt - 48 * HOUR);
    this.firstHour = Math.max(this.firstHour, hourOf(this.newestAt - 960 * HOUR));
    for (const [id, event] of this.#events) {
      if (event.at >= this.horizon) continue;
      this.#final.push(event);
      this.#events.delete(id);
    }
    for (const endpointId of this.#endpoints()) this.#settle(endpointId);
    this.#showAll();
  }

  /** Usage is read no further back than the horizon: what the events say of older hours stands. */
  #settle(endpointId: string): void {
    for (const hour of this.#hours()) {
      const key = `${endpointId} ${hour}`;
      const isOld = hour < hourOf(this.horizon);
      if (!isOld || this.#usage.has(key)) continue;
      const cost = Math.max(this.#eventsIn(endpointId, hour), 0);
      if (this.#all().some((event) => event.endpointId === endpointId && hourOf(event.at) === hour))
        this.#usage.set(key, { endpointId, hour, cost });
    }
  }

  spend(): EndpointSpend[] {
    return [...this.#shown.values()].sort((a, b) => (a.endpointId < b.endpointId ? -1 : 1));
  }

  /** What is billed to each model by now, which a correction may have lowered. */
  totals(): Record<string, number> {
    return Object.fromEntries(
      [...this.#shown.keys()].map((endpointId) => [endpointId, this.#total(endpointId)]),
    );
  }

  billedBetween(from: number, to: number, now: number): number {
    const hours = this.#hours().filter((hour) => hour >= this.firstHour && hour < to && hour + HOUR > from);
    const isWhole = (hour: number): boolean => hour >= from && hour + HOUR <= to;
    const parts = hours.filter((hour) => !isWhole(hour));
    return (
      sum(this.#endpoints().map((endpointId) => this.#billedOver(endpointId, hours.filter(isWhole)))) +
      sum(parts.map((hour) => this.#billedWithin(hour, Math.max(from, hour), Math.min(to, hour + HOUR), now)))
    );
  }

  comparedBetween(from: number, to: number): { billed: number; estimated: number } {
    const isWhole = (at: number): boolean => hourOf(at) >= from && hourOf(at) + HOUR <= to;
    const events = [
      ...this.#live().filter(({ at }) => at >= from && at < to),
      // Of what is forgotten only the sums of whole hours are left, for 40 days.
      ...this.#final.filter(({ at }) => isWhole(at)),
    ].filter(({ at, estimate }) => estimate !== undefined && at >= this.firstHour);
    return { billed: costOf(events), estimated: sum(events.map(({ estimate = 0 }) => estimate)) };
  }

  billedFor(ids: readonly string[], from: number, to: number): number {
    return costOf(
      this.#live().filter(({ requestId, at }) => ids.includes(requestId) && at >= from && at < to),
    );
  }

  #billedWithin(hour: number, from: number, to: number, now: number): number {
    const all = sum(this.#endpoints().map((endpointId) => this.#billedOver(endpointId, [hour])));
    if (to - from === HOUR) return all;
    const live = this.#live().filter(({ at }) => hourOf(at) === hour);
    const beyond = all - costOf(live);
    const isRunning = now > hour && now < hour + HOUR;
    const length = isRunning ? now - hour : HOUR;
    const grown = (at: number): number => Math.floor((beyond * Math.min(at - hour, length)) / length);
    return costOf(live.filter(({ at }) => at >= from && at < to)) + grown(to) - grown(from);
  }

  #total(endpointId: string): number {
    return this.#billedOver(endpointId, this.#hours());
  }

  /** The larger of the two sources over all hours; of an hour of which usage has not spoken it says nothing. */
  #billedOver(endpointId: string, hours: readonly number[]): number {
    const usageOf = (hour: number): number | undefined => this.#usage.get(`${endpointId} ${hour}`)?.cost;
    const events = hours.map((hour) => {
      const cost = this.#eventsIn(endpointId, hour);
      return usageOf(hour) === undefined ? Math.max(cost, 0) : cost;
    });
    return Math.max(sum(events), sum(hours.map((hour) => usageOf(hour) ?? 0)));
  }

  #eventsIn(endpointId: string, hour: number): number {
    return costOf(
      this.#all().filter((event) => event.endpointId === endpointId && hourOf(event.at) === hour),
    );
  }

  #showAll(): void {
    for (const endpointId of this.#endpoints()) this.#show(endpointId);
    for (const endpointId of this.#shown.keys()) this.#raise(endpointId);
  }

  /** A model that was seen is shown, with nothing at first. */
  #show(endpointId: string): void {
    const nothing = { endpointId, billed: 0, estimated: 0, unpricedRequests: 0 };
    if (!this.#shown.has(endpointId)) this.#shown.set(endpointId, nothing);
  }

  #raise(endpointId: string): void {
    const before = this.#shown.get(endpointId);
    const events = this.#all().filter((event) => event.endpointId === endpointId);
    const unpriced = events.filter(({ estimate }) => estimate === undefined).length;
    this.#shown.set(endpointId, {
      endpointId,
      billed: Math.max(before?.billed ?? 0, this.#total(endpointId)),
      estimated: Math.max(before?.estimated ?? 0, sum(events.map(({ estimate = 0 }) => estimate))),
      unpricedRequests: Math.max(before?.unpricedRequests ?? 0, unpriced),
    });
  }

  #live(): BillingEvent[] {
    return [...this.#events.values()];
  }

  #all(): BillingEvent[] {
    return [...this.#live(), ...this.#final];
  }

  #endpoints(): string[] {
    return [...new Set([...this.#all(), ...this.#usage.values()].map(({ endpointId }) => endpointId))];
  }

  #hours(): number[] {
    const times = [...this.#all().map(({ at }) => at), ...[...this.#usage.values()].map(({ hour }) => hour)];
    return [...new Set(times.map(hourOf))];
  }
}

/** What is known of the request, when the row bills the same for it. */
function sameBill(known: BillingEvent | undefined, row: BillingEvent): BillingEvent | undefined {
  return known?.cost === row.cost && known.endpointId === row.endpointId ? known : undefined;
}

function hourOf(at: number): number {
  return at - (at % HOUR);
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}

function costOf(events: readonly BillingEvent[]): number {
  return sum(events.map(({ cost }) => cost));
}
