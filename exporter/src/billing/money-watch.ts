import type { Clock } from '../domain/clock.ts';
import type { CollectorName } from '../domain/collector-name.ts';
import type { BurnWindow, EventSink, MoneyObserved, WasteObserved } from '../domain/events.ts';
import type { NanoUsd } from '../domain/money.ts';
import type { BillingBooks } from './billing-books.ts';
import { BURN_WINDOW_MS, burnPerHour, fallsSince, runwaySeconds, type WatchedSpend } from './burn-rate.ts';
import { BalanceTrail } from './money-balances.ts';
import type { BalanceJournal, RequestIds } from './money-ports.ts';
import { MoneySources } from './money-sources.ts';
import { wastePerDay } from './waste-per-day.ts';

export interface MoneyWatchOptions {
  /** Events of other accounts are not ours. */
  readonly account: string;
  readonly clock: Clock;
  readonly emit: EventSink;
  /** Is told what went wrong; never throws. */
  readonly onTrouble: (message: string, error: unknown) => void;
  /** Ends the watch. */
  readonly signal: AbortSignal;
  readonly books: Pick<BillingBooks, 'billedBetween' | 'comparedBetween' | 'billedFor' | 'cursor'>;
  readonly journal: BalanceJournal;
  /** Requests of our own probes. */
  readonly probeRequests: { readonly between: RequestIds };
  /** Requests that ended with an error, as the request history shows; bounded. */
  readonly failedRequests: { readonly between: RequestIds };
  readonly usage: {
    /** Billed since the first of this month, UTC; absent until it was read, and when that was too long ago. */
    monthSpend(): { readonly amount: NanoUsd } | undefined;
  };
}

/** Numbers get old without any event, so they are worked out again this often, and never more often. */
const REFRESH_MS = 15_000;
/** What is added up over all requests of a day takes milliseconds, and a day moves slowly. */
const DAY_REFRESH_MS = 60_000;

/** Those that tell of single requests. */
const REQUEST_SOURCES: readonly CollectorName[] = ['billing-events', 'request-history'];

type Known<E extends MoneyObserved | WasteObserved> = Omit<E, 'kind' | 'at' | 'account'>;

/**
 * Watches the money of one account: takes what the collectors read and tells what follows from it.
 *
 * ```text
 *   balance_observed ─▶ journal ─▶ rises ─▶ top_ups_observed
 *                          └─────▶ falls ─┐
 *                   books ─▶ billed ──────┴▶ burn, runway, drift ─▶ money_observed
 *                     └────▶ billed for our probes, for failures ─▶ waste_observed
 *   collector_ran ──▶ which of all this is still true
 * ```
 *
 * What its source no longer tells becomes absent by itself: a runway from yesterday's balance is worse than none.
 * Never throws back; what could not be written or read is told, and tried again.
 */
export class MoneyWatch {
  readonly #options: MoneyWatchOptions;
  readonly #sources: MoneySources;
  #trail: BalanceTrail | undefined;
  /** As this process has read it; the one on disk may be of any age. */
  #balance: NanoUsd | undefined;
  #toldMoney = textOf({ burnPerHour: {} });
  #toldWaste = textOf({ perDay: {} });
  /** Monotonic ms. */
  #toldAt = -Infinity;
  #dayRefreshedAt = -Infinity;
  #daySources = '';
  #costDrift: number | undefined;
  readonly #troubles = new Set<string>();
  #cancelTimer: () => void = () => undefined;

  constructor(options: MoneyWatchOptions) {
    this.#options = options;
    this.#sources = new MoneySources(options.clock);
    if (options.signal.aborted) return;
    options.signal.addEventListener('abort', () => this.#cancelTimer(), { once: true });
    this.#cancelTimer = options.clock.after(REFRESH_MS, this.#refresh);
    // At once: a clock that is set before the first reading would be taken for down time.
    this.#try('reading the balances of earlier', () => this.#openTrail());
  }

  /** Takes any domain event; never throws. */
  readonly observe: EventSink = (event) => {
    const { signal, account, clock } = this.#options;
    if (signal.aborted) return;
    if (event.kind === 'balance_observed' && event.account === account) this.#note(event.balance);
    if (event.kind !== 'collector_ran') return;
    this.#sources.observe(event);
    if (clock.monotonic() - this.#toldAt >= REFRESH_MS) this.#refresh();
  };

  /** What is known now, and again after a while, because numbers get old without any event. */
  readonly #refresh = (): void => {
    this.#cancelTimer();
    this.#cancelTimer = this.#options.clock.after(REFRESH_MS, this.#refresh);
    this.#try('telling about the money', () => this.#tell());
  };

  /** On disk first: a counter that was shown and then forgotten would fall after a restart. */
  #note(balance: NanoUsd): void {
    const { account, clock, emit } = this.#options;
    this.#balance = balance;
    this.#try('booking a balance', () => {
      const trail = this.#openTrail();
      trail.add(balance);
      emit({ kind: 'top_ups_observed', at: clock.now(), account, total: trail.topUps });
    });
  }

  #openTrail(): BalanceTrail {
    return (this.#trail ??= new BalanceTrail(this.#options.journal, this.#options.clock));
  }

  #tell(): void {
    const isDayDue = this.#isDayDue();
    if (isDayDue) this.#costDrift = this.#compareCosts();
    this.#tellMoney(this.#money());
    if (isDayDue) this.#tellWaste(this.#waste());
  }

  #tellMoney(money: Known<MoneyObserved>): void {
    const { account, clock, emit } = this.#options;
    if (textOf(money) === this.#toldMoney) return;
    emit({ kind: 'money_observed', at: clock.now(), account, ...money });
    this.#toldMoney = textOf(money);
    this.#toldAt = clock.monotonic();
  }

  #tellWaste(waste: Known<WasteObserved>): void {
    const { account, clock, emit } = this.#options;
    if (textOf(waste) === this.#toldWaste) return;
    emit({ kind: 'waste_observed', at: clock.now(), account, ...waste });
    this.#toldWaste = textOf(waste);
    this.#toldAt = clock.monotonic();
  }

  #isDayDue(): boolean {
    const now = this.#options.clock.monotonic();
    const sources = textOf(REQUEST_SOURCES.map((name) => this.#sources.isFresh(name)));
    if (sources === this.#daySources && now - this.#dayRefreshedAt < DAY_REFRESH_MS) return false;
    this.#daySources = sources;
    this.#dayRefreshedAt = now;
    return true;
  }

  #money(): Known<MoneyObserved> {
    const hour = this.#burn('1h');
    const day = this.#burn('24h');
    const balance = this.#sources.isFresh('balance') ? this.#balance : undefined;
    const month = this.#try('reading the spend of the month', () => this.#options.usage.monthSpend());
    return {
      burnPerHour: { ...(hour !== undefined && { '1h': hour }), ...(day !== undefined && { '24h': day }) },
      runwaySeconds: runwaySeconds(balance, hour ?? day),
      monthSpend: month?.amount,
      costDrift: this.#costDrift,
    };
  }

  #burn(window: BurnWindow): NanoUsd | undefined {
    const spends = [this.#billed(window), this.#fallen(window)];
    return burnPerHour(
      window,
      spends.filter((spend) => spend !== undefined),
    );
  }

  /** What the books know of the window. Their end lags behind; before they were opened they know nothing. */
  #billed(window: BurnWindow): WatchedSpend | undefined {
    const { books, clock } = this.#options;
    // Usage does not say how far it lags, so it stands in only where events are not read.
    const behindMs = this.#sources.behindMs('billing-events') ?? this.#sources.behindMs('usage');
    if (behindMs === undefined) return undefined;
    return this.#try('adding up what was billed', () => {
      const now = clock.now();
      const from = Math.floor(Math.max(now - BURN_WINDOW_MS[window], books.cursor.horizon));
      const until = Math.floor(now - behindMs);
      if (until <= from) return undefined;
      // Below zero when refunds outweigh what was billed.
      return { amount: Math.max(0, books.billedBetween(from, until)), coveredMs: until - from };
    });
  }

  #fallen(window: BurnWindow): WatchedSpend | undefined {
    if (this.#trail === undefined || !this.#sources.isFresh('balance')) return undefined;
    return fallsSince(this.#trail.readings, this.#trail.now() - BURN_WINDOW_MS[window]);
  }

  #compareCosts(): number | undefined {
    const { books, clock } = this.#options;
    if (!this.#sources.isFresh('billing-events')) return undefined;
    return this.#try('comparing what was billed with list prices', () => {
      const now = Math.floor(clock.now());
      const { billed, estimated } = books.comparedBetween(now - BURN_WINDOW_MS['24h'], now);
      return estimated > 0 && billed >= 0 ? billed / estimated : undefined;
    });
  }

  #waste(): Known<WasteObserved> {
    const { books, clock, probeRequests, failedRequests } = this.#options;
    if (!this.#sources.isFresh('billing-events')) return { perDay: {} };
    const failures = this.#sources.isFresh('request-history') ? failedRequests : undefined;
    const perDay = this.#try('adding up what was wasted', () =>
      wastePerDay({ books, now: Math.floor(clock.now()), probes: probeRequests, failures }),
    );
    return { perDay: perDay ?? {} };
  }

  /** Undefined when it throws. Told once, until it has worked again: the timer would fill the log otherwise. */
  #try<T>(doing: string, work: () => T): T | undefined {
    try {
      const result = work();
      this.#troubles.delete(doing);
      return result;
    } catch (error) {
      if (!this.#troubles.has(doing)) this.#options.onTrouble(`${doing} failed, trying again`, error);
      this.#troubles.add(doing);
      return undefined;
    }
  }
}

/** Two facts with the same text are the same facts; what is undefined is not there. */
function textOf(facts: object): string {
  return JSON.stringify(facts);
}
