import type { AccountConfig, Config, ProbeConfig } from '../config/config.ts';
import type { Clock } from '../domain/clock.ts';
import type {
  BudgetObserved,
  BudgetWindow,
  CollectorRan,
  DomainEvent,
  EventSink,
  ProbeRunFinished,
  SpendBooked,
} from '../domain/events.ts';
import { usdFromNano } from '../domain/money.ts';
import { AccountSeries } from './account-series.ts';
import * as catalogue from './catalogue.ts';
import { EndpointSeries } from './endpoint-series.ts';
import { ProbeSeries } from './probe-series.ts';
import type { Gauge } from './series.ts';
import type { MetricStore } from './store.ts';

/** P95 limit of a model that the configuration does not list, in seconds. */
export const DEFAULT_LATENCY_LIMIT_SECONDS = 60;

const BUDGET_WINDOWS: readonly BudgetWindow[] = ['hour', 'day', 'month'];

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
    probe_run_skipped: (event) => books.probe(event.probe)?.skipped(event.reason),
    host_checked: (event) => books.probe(event.probe)?.hostChecked(event),
    budget_observed: (event) => books.budget(event),
    spend_booked: (event) => books.spend(event),
    account_lock_observed: (event) => books.account(event.account)?.lock(event),
    balance_observed: (event) => books.account(event.account)?.balance(event),
    unit_price_observed: (event) => books.prices().unitPrice(event),
    slots_observed: (event) => books.account(event.account)?.slots(event),
    collector_ran: (event) => books.collector(event),
    config_loaded: (event) => books.configLoaded(event.ok),
  };
}

class Books {
  readonly #store: MetricStore;
  readonly #clock: Clock;
  readonly #probes = new Map<string, { readonly identity: string; readonly series: ProbeSeries }>();
  readonly #endpoints = new Map<string, EndpointSeries>();
  readonly #spend;
  readonly #budget: ReadonlyMap<BudgetWindow, Gauge>;
  readonly #configLoaded: Gauge;
  #account: { readonly name: string; readonly series: AccountSeries };
  /** Exact sum in whole nano-dollars; a correction may lower it, the counter then waits until it is passed again. */
  #spentNano = 0;

  constructor(store: MetricStore, clock: Clock, config: Config) {
    this.#store = store;
    this.#clock = clock;
    this.#spend = store.bind(catalogue.probeSpend, {});
    this.#budget = new Map(
      BUDGET_WINDOWS.map((window) => [window, store.bind(catalogue.probeBudgetRemaining, { window })]),
    );
    this.#configLoaded = store.bind(catalogue.configLastReloadSuccessful, {});
    this.#account = this.#openAccount(config.account);
    this.configure(config);
  }

  configure(config: Config): void {
    this.#configureAccount(config.account);
    this.#configureProbes(config.probes);
    this.#configureEndpoints(config);
  }

  probe(name: string): ProbeSeries | undefined {
    return this.#probes.get(name)?.series;
  }

  account(name: string): AccountSeries | undefined {
    return name === this.#account.name ? this.#account.series : undefined;
  }

  prices(): AccountSeries {
    return this.#account.series;
  }

  finished(event: ProbeRunFinished): void {
    const now = this.#clock.monotonic();
    const known = this.#probes.get(event.probe);
    if (known?.identity !== identityOf(event)) return;
    known.series.finished(event, now);
    if (event.endpointId !== undefined) this.#endpoints.get(event.endpointId)?.finished(event, now);
  }

  budget(event: BudgetObserved): void {
    for (const [window, gauge] of this.#budget) gauge.set(usdFromNano(event.remaining[window]));
  }

  spend(event: SpendBooked): void {
    this.#spentNano += event.cost;
    if (this.#spentNano > 0) this.#spend.raiseTo(usdFromNano(this.#spentNano));
  }

  collector(event: CollectorRan): void {
    const labels = { collector: event.collector };
    this.#store.bind(catalogue.collectorSuccess, labels, 'idle').set(event.ok ? 1 : 0);
    this.#store.bind(catalogue.collectorDuration, labels, 'idle').set(event.durationSeconds);
    const lastSuccess = this.#store.bind(catalogue.collectorLastSuccess, labels, 'idle');
    if (event.ok) lastSuccess.set(event.at / 1000);
  }

  configLoaded(ok: boolean): void {
    this.#configLoaded.set(ok ? 1 : 0);
  }

  refresh(): void {
    const now = this.#clock.monotonic();
    for (const { series } of this.#probes.values()) series.refresh(now);
    for (const series of this.#endpoints.values()) series.refresh(now);
  }

  #openAccount(account: AccountConfig): { name: string; series: AccountSeries } {
    return { name: account.name, series: new AccountSeries(this.#store, account) };
  }

  #configureAccount(account: AccountConfig): void {
    if (account.name === this.#account.name) return this.#account.series.configure(account);
    const gone = this.#account.name;
    this.#store.remove((_, labels) => labels.account === gone);
    this.#account = this.#openAccount(account);
  }

  #configureProbes(probes: readonly ProbeConfig[]): void {
    const wanted = new Map(probes.map((probe) => [probe.name, identityOf(probe)]));
    const gone = new Set(
      [...this.#probes].filter(([name, { identity }]) => wanted.get(name) !== identity).map(([name]) => name),
    );
    this.#store.remove((_, labels) => labels.probe !== undefined && gone.has(labels.probe));
    for (const name of gone) this.#probes.delete(name);
    for (const probe of probes) {
      const known = this.#probes.get(probe.name);
      if (known !== undefined) known.series.configure(probe);
      else
        this.#probes.set(probe.name, {
          identity: identityOf(probe),
          series: new ProbeSeries(this.#store, probe),
        });
    }
  }

  #configureEndpoints(config: Config): void {
    const limits = new Map<string, number>();
    for (const { endpointId } of config.probes) {
      if (endpointId !== undefined) limits.set(endpointId, DEFAULT_LATENCY_LIMIT_SECONDS);
    }
    for (const { id, latencyLimitSeconds } of config.endpoints) limits.set(id, latencyLimitSeconds);
    const gone = new Set([...this.#endpoints.keys()].filter((id) => !limits.has(id)));
    this.#store.remove((_, labels) => labels.endpoint_id !== undefined && gone.has(labels.endpoint_id));
    for (const id of gone) {
      this.#endpoints.delete(id);
      this.#account.series.forgetPrice(id);
    }
    for (const [id, seconds] of limits) {
      const series = this.#endpoints.get(id) ?? new EndpointSeries(this.#store, id);
      series.limitLatency(seconds);
      this.#endpoints.set(id, series);
    }
  }
}

/** Under another model or tier a probe measures something else: its old series end and new ones start. */
function identityOf({ endpointId, tier }: Pick<ProbeConfig, 'endpointId' | 'tier'>): string {
  return JSON.stringify([endpointId, tier]);
}
