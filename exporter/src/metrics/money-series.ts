import type { AccountConfig } from '../config/config.ts';
import type {
  BurnWindow,
  MoneyObserved,
  TopUpsObserved,
  WasteObserved,
  WasteReason,
} from '../domain/events.ts';
import { type NanoUsd, usdFromNano } from '../domain/money.ts';
import * as catalogue from './catalogue.ts';
import type { Counter, Gauge } from './series.ts';
import type { MetricStore } from './store.ts';

// Records and not lists: a window or a reason that is forgotten does not compile.
const EVERY_BURN_WINDOW: Readonly<Record<BurnWindow, true>> = { '1h': true, '24h': true };
const EVERY_WASTE_REASON: Readonly<Record<WasteReason, true>> = { failed: true, probe: true };

/** How the money of one account moves, and what the user said about it. */
export class MoneySeries {
  readonly #store: MetricStore;
  readonly #account: string;
  readonly #burn: ReadonlyMap<BurnWindow, Gauge>;
  readonly #waste: ReadonlyMap<WasteReason, Gauge>;
  readonly #runway: Gauge;
  readonly #month: Gauge;
  readonly #drift: Gauge;
  readonly #hourlyBudget: Gauge;
  readonly #monthlyBudget: Gauge;
  readonly #grants = new Map<string, Gauge>();
  /** Only accounts whose balance is read have top-ups. */
  #topUps: Counter | undefined;

  constructor(store: MetricStore, account: AccountConfig) {
    const labels = { account: account.name };
    this.#store = store;
    this.#account = account.name;
    this.#burn = new Map(
      keysOf(EVERY_BURN_WINDOW).map((window) => [
        window,
        store.bind(catalogue.accountBurnRate, { ...labels, window }),
      ]),
    );
    this.#waste = new Map(
      keysOf(EVERY_WASTE_REASON).map((reason) => [
        reason,
        store.bind(catalogue.accountWaste, { ...labels, reason }),
      ]),
    );
    this.#runway = store.bind(catalogue.accountRunway, labels);
    this.#month = store.bind(catalogue.accountMonthSpend, labels);
    this.#drift = store.bind(catalogue.accountCostDrift, labels);
    this.#hourlyBudget = store.bind(catalogue.accountBudget, { ...labels, window: 'hour' });
    this.#monthlyBudget = store.bind(catalogue.accountBudget, { ...labels, window: 'month' });
    this.configure(account);
  }

  configure({ hourlyBudget, monthlyBudget, grants }: AccountConfig): void {
    this.#hourlyBudget.set(usdOrUnknown(hourlyBudget));
    this.#monthlyBudget.set(usdOrUnknown(monthlyBudget));
    for (const gauge of this.#grants.values()) gauge.clear();
    for (const { name, expiresAt } of grants) {
      const labels = { account: this.#account, grant: name };
      const gauge = this.#grants.get(name) ?? this.#store.bind(catalogue.accountCreditExpiry, labels);
      this.#grants.set(name, gauge);
      gauge.set(expiresAt / 1000);
    }
  }

  topUps({ total }: TopUpsObserved): void {
    this.#topUps ??= this.#store.bind(catalogue.accountTopUps, { account: this.#account });
    this.#topUps.raiseTo(usdFromNano(total));
  }

  /** What an event does not tell is not known any more. */
  observed({ burnPerHour, runwaySeconds, monthSpend, costDrift }: MoneyObserved): void {
    for (const [window, gauge] of this.#burn) gauge.set(usdOrUnknown(burnPerHour[window]));
    this.#runway.set(runwaySeconds ?? NaN);
    this.#month.set(usdOrUnknown(monthSpend));
    this.#drift.set(costDrift ?? NaN);
  }

  wasted({ perDay }: WasteObserved): void {
    for (const [reason, gauge] of this.#waste) gauge.set(usdOrUnknown(perDay[reason]));
  }
}

function usdOrUnknown(nano: NanoUsd | undefined): number {
  return nano === undefined ? NaN : usdFromNano(nano);
}

function keysOf<K extends string>(record: Readonly<Record<K, true>>): readonly K[] {
  return Object.keys(record) as K[];
}
