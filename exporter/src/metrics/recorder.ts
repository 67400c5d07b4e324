import type { Config } from '../config/config.ts';
import type { Clock } from '../domain/clock.ts';
import type { CollectorRan, DomainEvent, EventSink, ProbeRunFinished } from '../domain/events.ts';
import { AccountBooks } from './account-books.ts';
import * as catalogue from './catalogue.ts';
import { CollectorSeries } from './collector-series.ts';
import type { Gauge } from './series.ts';
import { StatusPageSeries } from './status-page-series.ts';
import type { MetricStore } from './store.ts';

/** Takes domain events and books them; never throws back. */
export type Recorder = EventSink & {
  /** Puts a new configuration in force: new probes stand at zero, series of removed ones go. */
  reconfigure(config: Config): void;
};

export interface RecorderOptions {
  readonly store: MetricStore;
  readonly clock: Clock;
  readonly config: Config;
}

/**
 * Turns events into metrics. Every configured probe has its counters at zero at once. Events of probes that are
 * not configured (a run that ends after its probe was removed) are dropped: they would bring the series back.
 */
export function createRecorder({ store, clock, config }: RecorderOptions): Recorder {
  const books = new Books(store, clock, config);
  store.beforeCollect('recorder', () => books.refresh());
  const handlers = handlersOf(books);
  const record: EventSink = (event) => {
    // An event of a newer version has no handler: it changes nothing, and measuring goes on.
    const handler = handlers[event.kind] as ((event: DomainEvent) => void) | undefined;
    handler?.(event);
  };
  return Object.assign(record, { reconfigure: (next: Config) => books.configure(next) });
}

/** One handler per kind of event: the only place that tells the kinds apart. A forgotten kind does not compile. */
type Handlers = {
  readonly [K in DomainEvent['kind']]: (event: Extract<DomainEvent, { readonly kind: K }>) => void;
};

function handlersOf(books: Books): Handlers {
  return {
    // A run counts when it has ended; until then there is nothing to tell.
    probe_run_started: () => undefined,
    probe_run_finished: (event) => books.finished(event),
    probe_run_skipped: (event) => books.current.probe(event.probe)?.skipped(event.reason),
    host_checked: (event) => books.current.probe(event.probe)?.hostChecked(event),
    budget_observed: (event) => books.current.budget(event),
    spend_booked: (event) => books.current.spend(event),
    account_lock_observed: (event) => books.account(event.account)?.series.lock(event),
    balance_observed: (event) => books.account(event.account)?.series.balance(event, books.now),
    unit_price_observed: (event) => books.current.unitPrice(event),
    slots_observed: (event) => books.account(event.account)?.series.slots(event),
    spend_observed: (event) => books.account(event.account)?.bill.observed(event),
    top_ups_observed: (event) => books.account(event.account)?.money.topUps(event),
    money_observed: (event) => books.account(event.account)?.money.observed(event),
    waste_observed: (event) => books.account(event.account)?.money.wasted(event),
    model_status_observed: (event) => books.current.platform.modelStatus(event),
    price_changes_observed: (event) => books.current.platform.priceChanges(event),
    analytics_observed: (event) => books.current.platform.analytics(event),
    request_history_observed: (event) => books.account(event.account)?.platform.requestHistory(event),
    status_page_observed: (event) => books.statusPage.observed(event),
    collector_ran: (event) => books.collectorRan(event),
    config_loaded: (event) => books.configLoaded(event.ok),
  };
}

/** The books of the account in force, and what does not belong to one. */
class Books {
  readonly collectors: CollectorSeries;
  readonly statusPage: StatusPageSeries;
  readonly #store: MetricStore;
  readonly #clock: Clock;
  readonly #configLoaded: Gauge;
  #current: AccountBooks;

  constructor(store: MetricStore, clock: Clock, config: Config) {
    this.#store = store;
    this.#clock = clock;
    this.#configLoaded = store.bind(catalogue.configLastReloadSuccessful, {});
    this.collectors = new CollectorSeries(store, clock, config);
    this.statusPage = new StatusPageSeries(store, clock, config);
    this.#current = new AccountBooks(store, config);
  }

  /** Monotonic ms. */
  get now(): number {
    return this.#clock.monotonic();
  }

  /** The books of the one account that the exporter works for. */
  get current(): AccountBooks {
    return this.#current;
  }

  /** The books of an account by name; undefined when another one is in force by now. */
  account(name: string): AccountBooks | undefined {
    return name === this.#current.name ? this.#current : undefined;
  }

  configure(config: Config): void {
    this.collectors.configure(config);
    this.statusPage.configure(config);
    if (config.account.name === this.#current.name) return this.#current.configure(config);
    this.#current.close();
    this.#current = new AccountBooks(this.#store, config);
  }

  configLoaded(ok: boolean): void {
    this.#configLoaded.set(ok ? 1 : 0);
  }

  collectorRan(event: CollectorRan): void {
    this.collectors.ran(event);
    this.statusPage.ran(event);
  }

  finished(event: ProbeRunFinished): void {
    this.#current.finished(event, this.now);
  }

  refresh(): void {
    this.#current.refresh(this.now);
    this.statusPage.refresh();
    this.collectors.refresh();
  }
}
