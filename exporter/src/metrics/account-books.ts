import type { Config, ProbeConfig } from '../config/config.ts';
import type {
  BudgetObserved,
  BudgetWindow,
  ProbeRunFinished,
  SpendBooked,
  UnitPriceObserved,
} from '../domain/events.ts';
import { usdFromNano } from '../domain/money.ts';
import { AccountSeries } from './account-series.ts';
import * as catalogue from './catalogue.ts';
import { EndpointSeries } from './endpoint-series.ts';
import { MoneySeries } from './money-series.ts';
import { PlatformSeries } from './platform-series.ts';
import { ProbeSeries } from './probe-series.ts';
import { RecentRuns } from './recent-runs.ts';
import type { Counter, Gauge } from './series.ts';
import { SpendSeries } from './spend-series.ts';
import type { MetricStore } from './store.ts';

interface ProbeBooks {
  readonly identity: string;
  readonly series: ProbeSeries;
  readonly recent: RecentRuns;
}

/** P95 limit of a model that the configuration does not list, in seconds. */
export const DEFAULT_LATENCY_LIMIT_SECONDS = 60;

const BUDGET_WINDOWS: readonly BudgetWindow[] = ['hour', 'day', 'month'];

/**
 * Everything that is measured for one account: its probes, models, money and slots. Another account name is
 * another account, so it gets books of its own, and nothing writes into these any more.
 */
export class AccountBooks {
  readonly name: string;
  readonly series: AccountSeries;
  readonly money: MoneySeries;
  readonly bill: SpendSeries;
  readonly platform: PlatformSeries;
  readonly #store: MetricStore;
  readonly #probes = new Map<string, ProbeBooks>();
  readonly #endpoints = new Map<string, EndpointSeries>();
  readonly #spend: Counter;
  readonly #budget: ReadonlyMap<BudgetWindow, Gauge>;
  /** Exact sum in whole nano-dollars; a correction may lower it, the counter then waits until it is passed again. */
  #spentNano = 0;
  #limits: ReadonlyMap<string, number> = new Map();

  constructor(store: MetricStore, config: Config) {
    const account = config.account.name;
    this.name = account;
    this.#store = store;
    this.series = new AccountSeries(store, config);
    this.money = new MoneySeries(store, config.account);
    this.bill = new SpendSeries(store, account);
    this.platform = new PlatformSeries(store, account);
    this.#spend = store.bind(catalogue.probeSpend, { account });
    this.#budget = new Map(
      BUDGET_WINDOWS.map((window) => [
        window,
        store.bind(catalogue.probeBudgetRemaining, { account, window }),
      ]),
    );
    this.configure(config);
  }

  /** Puts a configuration in force that is for the same account. */
  configure(config: Config): void {
    this.series.configure(config);
    this.money.configure(config.account);
    this.#configureProbes(config.probes);
    this.#configureEndpoints(config);
  }

  /** Removes every series of the account. */
  close(): void {
    this.#store.remove((_, labels) => labels.account === this.name);
  }

  probe(name: string): ProbeSeries | undefined {
    return this.#probes.get(name)?.series;
  }

  /** Books one finished run; `now` is monotonic ms. */
  finished(event: ProbeRunFinished, now: number): void {
    const known = this.#probes.get(event.probe);
    if (known?.identity !== identityOf(event)) return;
    known.series.finished(event, now);
    const { endpointId } = event;
    known.recent.finished(event, endpointId === undefined ? undefined : this.#limits.get(endpointId));
    if (endpointId !== undefined) this.#endpoints.get(endpointId)?.finished(event, now);
  }

  unitPrice(event: UnitPriceObserved): void {
    this.series.unitPrice(event);
    this.platform.priced(event.endpointId);
  }

  budget(event: BudgetObserved): void {
    for (const [window, gauge] of this.#budget) gauge.set(usdFromNano(event.remaining[window]));
  }

  spend(event: SpendBooked): void {
    // Below zero only when what was booked before these books began is corrected now: nothing to make up for.
    this.#spentNano = Math.max(this.#spentNano + event.cost, 0);
    this.#spend.raiseTo(usdFromNano(this.#spentNano));
  }

  /** Brings what depends on time to `now` (monotonic ms). */
  refresh(now: number): void {
    for (const { series } of this.#probes.values()) series.refresh(now);
    for (const series of this.#endpoints.values()) series.refresh(now);
    this.series.refresh(now);
    this.bill.beforeCollection();
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
      else this.#openProbe(probe);
    }
  }

  #openProbe(probe: ProbeConfig): void {
    const series = new ProbeSeries(this.#store, this.name, probe);
    const labels = { account: this.name, probe: probe.name, endpoint_id: probe.endpointId };
    const recent = new RecentRuns(this.#store, labels);
    this.#probes.set(probe.name, { identity: identityOf(probe), series, recent });
  }

  #configureEndpoints(config: Config): void {
    const limits = latencyLimits(config);
    this.#limits = limits;
    const gone = new Set([...this.#endpoints.keys()].filter((id) => !limits.has(id)));
    this.#store.remove((_, labels) => labels.endpoint_id !== undefined && gone.has(labels.endpoint_id));
    for (const id of gone) {
      this.#endpoints.delete(id);
      this.series.forgetPrice(id);
      this.platform.forget(id);
    }
    for (const [id, seconds] of limits) {
      const series = this.#endpoints.get(id) ?? new EndpointSeries(this.#store, this.name, id);
      series.limitLatency(seconds);
      this.#endpoints.set(id, series);
    }
  }
}

/** The P95 limit in seconds of every model that is listed or probed. */
function latencyLimits({ probes, endpoints }: Config): Map<string, number> {
  const limits = new Map<string, number>();
  for (const { endpointId } of probes) {
    if (endpointId !== undefined) limits.set(endpointId, DEFAULT_LATENCY_LIMIT_SECONDS);
  }
  for (const { id, latencyLimitSeconds } of endpoints) limits.set(id, latencyLimitSeconds);
  return limits;
}

/** Under another model or tier a probe measures something else: its old series end and new ones start. */
function identityOf({ endpointId, tier }: Pick<ProbeConfig, 'endpointId' | 'tier'>): string {
  return JSON.stringify([endpointId, tier]);
}
