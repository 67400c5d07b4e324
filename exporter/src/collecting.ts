import type { BillingBooks } from './billing/billing-books.ts';
import { MoneyWatch } from './billing/money-watch.ts';
import { CollectorRunner } from './collectors/collector-runner.ts';
import type { Collector } from './collectors/collector.ts';
import { FailedRequests } from './collectors/failed-requests.ts';
import { KeyNotes } from './collectors/keys.ts';
import { createCollectors, wantedCollectors } from './collectors/registry.ts';
import { LatestUsage } from './collectors/usage-readings.ts';
import type { Config } from './config/config.ts';
import type { ShowAppMetrics } from './domain/app-metrics.ts';
import type { Clock } from './domain/clock.ts';
import type { EventSink } from './domain/events.ts';
import type { PriceBook } from './domain/price-book.ts';
import { STALE_AFTER_INTERVALS } from './domain/staleness.ts';
import type { UnitPrice } from './domain/unit-price.ts';
import type { FalAccess } from './fal/client.ts';
import type { Log } from './log.ts';
import { Schedule } from './schedule.ts';
import type { State } from './state/state-file.ts';

export interface CollectingOptions {
  readonly config: Config;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly log: Log;
  readonly access: FalAccess;
  readonly falAdminKey: () => string | undefined;
  readonly state: State;
  readonly prices: PriceBook;
  readonly emit: EventSink;
  readonly isLocked: (account: string) => boolean | undefined;
  readonly showAppMetrics: ShowAppMetrics;
  readonly onTrouble: (message: string, error: unknown) => void;
}

/** What is remembered for one account while the exporter runs; the books are on disk. */
interface AccountDesk {
  readonly account: string;
  readonly books: BillingBooks;
  readonly usage: LatestUsage;
  readonly failed: FailedRequests;
  readonly money: MoneyWatch;
  readonly left: AbortController;
}

/**
 * Everything that reads the account and the platform, joined:
 *
 * ```text
 *   billing-events, usage ─▶ books (on disk) ─┐
 *   balance, usage, request-history ──────────┴▶ money watch ─▶ burn, runway, top-ups, waste
 *   the other collectors ─▶ events
 * ```
 */
export class Collecting {
  readonly #options: CollectingOptions;
  readonly #schedule: Schedule<Collector>;
  readonly #keyNotes: KeyNotes;
  #desk: AccountDesk;
  #config: Config;
  /** From the newest reading of the request history; `until` in monotonic ms. */
  #running: { readonly count: number; readonly until: number } | undefined;

  constructor(options: CollectingOptions) {
    const { clock, random, emit, log } = options;
    this.#options = options;
    this.#schedule = new Schedule({ clock, random, run: new CollectorRunner({ clock, random, emit }).run });
    this.#keyNotes = new KeyNotes({ warn: (text) => log.warn(text), info: (text) => log.info(text) });
    this.#desk = this.#open(options.config.account.name);
    this.#config = options.config;
  }

  /** Requests of the account that run at fal, as its request history showed lately; undefined when it did not. */
  get runningAtFal(): number | undefined {
    const isFresh = this.#running !== undefined && this.#options.clock.monotonic() < this.#running.until;
    return isFresh ? this.#running?.count : undefined;
  }

  /** Takes the events of the collectors back: what follows from several of them is worked out here. */
  readonly observe: EventSink = (event) => {
    this.#desk.money.observe(event);
    if (event.kind !== 'request_history_observed' || event.account !== this.#desk.account) return;
    const count = event.endpoints.reduce((sum, { running }) => sum + running, 0);
    const validMs = STALE_AFTER_INTERVALS * this.#config.collectors['request-history'].intervalMs;
    this.#running = { count, until: this.#options.clock.monotonic() + validMs };
  };

  /** Tells what the books know from before the start, and puts the collectors of a configuration on the schedule. */
  configure(config: Config): void {
    const account = config.account.name;
    if (account !== this.#desk.account) {
      this.#desk.left.abort();
      this.#desk = this.#open(account);
      this.#running = undefined;
    }
    this.#config = config;
    this.#tellBooks();
    const { access, falAdminKey } = this.#options;
    this.#keyNotes.tell(wantedCollectors(config), { falKey: access.falKey(), falAdminKey: falAdminKey() });
    this.#schedule.replace(this.#collectors(config));
  }

  async stop(): Promise<void> {
    this.#desk.left.abort();
    await this.#schedule.stop();
  }

  #open(account: string): AccountDesk {
    const { clock, emit, state, onTrouble } = this.#options;
    const left = new AbortController();
    const books = state.billing(account);
    const usage = new LatestUsage(clock);
    const failed = new FailedRequests(clock);
    const money = new MoneyWatch({
      ...{ account, clock, emit, onTrouble, signal: left.signal, books },
      journal: state.balanceHistory(account),
      probeRequests: state.probeRequests,
      failedRequests: failed,
      usage,
    });
    return { account, books, usage, failed, money, left };
  }

  /** Before the first scrape: a counter that appears later than the rest would read as money spent just then. */
  #tellBooks(): void {
    const { clock, emit, falAdminKey } = this.#options;
    if (falAdminKey() === undefined) return;
    const { account, books } = this.#desk;
    emit({ kind: 'spend_observed', at: clock.now(), account, endpoints: books.spend() });
  }

  #collectors(config: Config): Collector[] {
    const { access, falAdminKey: adminKey, state, prices, isLocked, showAppMetrics } = this.#options;
    const { books, usage, failed } = this.#desk;
    const priceOf = (endpointId: string): UnitPrice | undefined => prices.priceOf(endpointId);
    const memory = state.meta;
    const ports = { books: () => books, usage, failed, memory, priceOf, isLocked, showAppMetrics };
    return createCollectors({ config, access, adminKey, ports });
  }
}
