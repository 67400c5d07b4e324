import type { Clock } from '../domain/clock.ts';
import type { CollectorName } from '../domain/collector-name.ts';
import type { DomainEvent } from '../domain/events.ts';
import { HandClock } from '../metrics/hand-clock.ts';
import type { BillingEvent } from './billing-books.ts';
import type { BalanceJournal, JournalReading } from './money-ports.ts';
import { MoneyWatch } from './money-watch.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const ACCOUNT = 'team';

/** A hand clock whose wall can be set, and whose monotonic side begins anew with each process. */
export class MoneyClock implements Clock {
  readonly #hand = new HandClock();
  #stepped = 0;
  #bootedAt = 0;

  now(): number {
    return this.#hand.now() + this.#stepped;
  }

  monotonic(): number {
    return this.#hand.monotonic() - this.#bootedAt;
  }

  after(ms: number, callback: () => void): () => void {
    return this.#hand.after(ms, callback);
  }

  /** True time, ms. */
  get trueTime(): number {
    return this.#hand.monotonic();
  }

  advance(ms: number): void {
    this.#hand.advance(ms);
  }

  /** Somebody sets the wall clock. */
  step(ms: number): void {
    this.#stepped += ms;
  }

  /** Another process: its monotonic clock begins anew. */
  restart(): void {
    this.#bootedAt = this.#hand.monotonic();
  }
}

/** A journal whose disk can refuse. */
export class MemoryJournal implements BalanceJournal {
  readonly readings: JournalReading[] = [];
  topUps = 0;
  isFull = false;

  get newest(): JournalReading | undefined {
    return this.readings.at(-1);
  }

  add(reading: JournalReading, topUp: number): void {
    if (this.isFull) throw new Error('the disk is full');
    this.readings.push(reading);
    this.topUps += topUp;
  }

  since(from: number): readonly JournalReading[] {
    const first = this.readings.findIndex(({ at }) => at >= from);
    return this.readings.slice(first === -1 ? -1 : first);
  }
}

/** Books over a list of events. */
export class ListedBooks {
  readonly events: BillingEvent[] = [];
  cursor = { horizon: 0 };
  isBroken = false;

  billedBetween(from: number, to: number): number {
    return this.#sum(this.#between(from, to));
  }

  comparedBetween(from: number, to: number): { readonly billed: number; readonly estimated: number } {
    const compared = this.#between(from, to).filter(({ estimate }) => estimate !== undefined);
    return {
      billed: this.#sum(compared),
      estimated: compared.reduce((sum, { estimate = 0 }) => sum + estimate, 0),
    };
  }

  billedFor(ids: readonly string[], from: number, to: number): number {
    return this.#sum(this.#between(from, to).filter(({ requestId }) => ids.includes(requestId)));
  }

  #between(from: number, to: number): BillingEvent[] {
    if (this.isBroken) throw new Error('the file is damaged');
    return this.events.filter(({ at }) => at >= from && at < to);
  }

  #sum(events: readonly BillingEvent[]): number {
    return events.reduce((sum, { cost }) => sum + cost, 0);
  }
}

type EventOf<K extends DomainEvent['kind']> = Extract<DomainEvent, { kind: K }>;

/** A watch over an account, and what it tells. `restart` makes another process on the same disk. */
export class MoneyRig {
  readonly clock = new MoneyClock();
  readonly journal = new MemoryJournal();
  readonly books = new ListedBooks();
  readonly told: DomainEvent[] = [];
  /** True time of the newest of them, ms. */
  lastToldAt = 0;
  readonly troubles: string[] = [];
  readonly probeIds: string[] = [];
  readonly failedIds: string[] = [];
  month: { readonly amount: number } | undefined;
  #process = new AbortController();
  #toldBefore = 0;
  #watch = this.#start();

  restart(): void {
    this.stop();
    this.#toldBefore = this.told.length;
    this.#process = new AbortController();
    this.clock.restart();
    this.#watch = this.#start();
  }

  stop(): void {
    this.#process.abort();
  }

  observe(event: DomainEvent): void {
    this.#watch.observe(event);
  }

  balance(balance: number, { account = ACCOUNT, intervalMs = MINUTE } = {}): void {
    this.observe({ kind: 'balance_observed', at: this.clock.now(), account, balance });
    this.ran('balance', { intervalMs });
  }

  ran(collector: CollectorName, { intervalMs = MINUTE, lagMs = 0, ok = true } = {}): void {
    const at = this.clock.now();
    const dataUntil = ok ? at - lagMs : undefined;
    const head = { kind: 'collector_ran', at, collector, ok } as const;
    this.observe({ ...head, durationSeconds: 0.1, intervalMs, dataUntil, calls: 1 });
  }

  /** Bills a request now. */
  bill(
    cost: number,
    { requestId = `r${this.books.events.length}`, estimate }: Partial<BillingEvent> = {},
  ): void {
    this.books.events.push({ requestId, endpointId: 'fal-ai/flux', at: this.clock.now(), cost, estimate });
  }

  /** What was told, by earlier processes too. */
  all<K extends DomainEvent['kind']>(kind: K): EventOf<K>[] {
    return this.told.filter((event): event is EventOf<K> => event.kind === kind);
  }

  /** What this process told last. */
  last<K extends DomainEvent['kind']>(kind: K): EventOf<K> | undefined {
    const told = this.told.slice(this.#toldBefore);
    return told.findLast((event): event is EventOf<K> => event.kind === kind);
  }

  #start(): MoneyWatch {
    return new MoneyWatch({
      account: ACCOUNT,
      clock: this.clock,
      emit: (event) => {
        this.told.push(event);
        this.lastToldAt = this.clock.trueTime;
      },
      onTrouble: (message) => void this.troubles.push(message),
      signal: this.#process.signal,
      books: this.books,
      journal: this.journal,
      probeRequests: { between: () => this.probeIds },
      failedRequests: { between: () => this.failedIds },
      usage: { monthSpend: () => this.month },
    });
  }
}
