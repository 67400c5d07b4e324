import type { LockReason } from 'opentelemetry-instrumentation-fal/core';
import type { Config } from '../config/config.ts';
import type {
  AccountLockObserved,
  BalanceObserved,
  SlotsObserved,
  UnitPriceObserved,
} from '../domain/events.ts';
import { isFreshBalance, lockContradiction } from '../domain/lock-contradiction.ts';
import { type NanoUsd, usdFromNano } from '../domain/money.ts';
import * as catalogue from './catalogue.ts';
import type { Gauge } from './series.ts';
import type { MetricStore } from './store.ts';

type AccountSeriesConfig = Pick<Config, 'account' | 'collectors'>;

// A record and not a list: a reason that is forgotten does not compile.
const EVERY_LOCK_REASON: Readonly<Record<LockReason, true>> = {
  exhausted_balance: true,
  top_up: true,
  admin_lock: true,
  payment_method: true,
  user_budget: true,
  archived: true,
  unknown: true,
};
const LOCK_REASONS = Object.keys(EVERY_LOCK_REASON) as readonly LockReason[];

/** The series of one account and of the prices it pays. */
export class AccountSeries {
  readonly #store: MetricStore;
  readonly #account: string;
  readonly #balance: Gauge;
  readonly #lowBalance: Gauge;
  readonly #criticalBalance: Gauge;
  readonly #locked: ReadonlyMap<LockReason, Gauge>;
  readonly #limit: Gauge;
  readonly #inUse: Gauge;
  readonly #prices = new Map<string, { readonly unit: string; readonly gauge: Gauge }>();
  readonly #contradiction: Gauge;
  #configuredLimit: number | undefined;
  #criticalMark: NanoUsd;
  #balanceIntervalMs: number;
  #lastLock: AccountLockObserved | undefined;
  /** `at` in monotonic ms. */
  #lastBalance: { readonly amount: NanoUsd; readonly at: number } | undefined;

  constructor(store: MetricStore, config: AccountSeriesConfig) {
    const { account } = config;
    const labels = { account: account.name };
    this.#store = store;
    this.#account = account.name;
    const threshold = (severity: string): Gauge =>
      store.bind(catalogue.accountBalanceThreshold, { ...labels, severity });
    this.#lowBalance = threshold('warning');
    this.#criticalBalance = threshold('critical');
    this.#balance = store.bind(catalogue.accountBalance, labels);
    this.#locked = new Map(
      LOCK_REASONS.map((reason) => [reason, store.bind(catalogue.accountLocked, { ...labels, reason })]),
    );
    this.#limit = store.bind(catalogue.accountConcurrencyLimit, labels);
    this.#inUse = store.bind(catalogue.accountSlotsInUse, labels);
    this.#contradiction = store.bind(catalogue.accountLockContradiction, labels);
    this.#criticalMark = account.criticalBalance;
    this.#balanceIntervalMs = 0;
    this.configure(config);
  }

  configure({ account, collectors }: AccountSeriesConfig): void {
    this.#criticalMark = account.criticalBalance;
    this.#balanceIntervalMs = collectors.balance.intervalMs;
    this.#configuredLimit = account.concurrencyLimit;
    this.#limit.set(account.concurrencyLimit ?? NaN);
    this.#lowBalance.set(usdFromNano(account.lowBalance));
    this.#criticalBalance.set(usdFromNano(account.criticalBalance));
  }

  /** `now` is monotonic ms. */
  balance({ balance: amount }: BalanceObserved, now: number): void {
    this.#lastBalance = { amount, at: now };
    this.#balance.set(usdFromNano(amount));
  }

  /** Brings what depends on time to `now` (monotonic ms): an old balance contradicts nothing. */
  refresh(now: number): void {
    const reading = this.#lastBalance;
    const isFresh = reading !== undefined && isFreshBalance(now - reading.at, this.#balanceIntervalMs);
    const balance = isFresh ? reading.amount : undefined;
    const isContradiction = lockContradiction(this.#lastLock, balance, this.#criticalMark);
    this.#contradiction.set(isContradiction === undefined ? NaN : Number(isContradiction));
  }

  /** One reason at a time is 1; the others go to 0, so that an alert resolves instead of losing its series. */
  lock(event: AccountLockObserved): void {
    this.#lastLock = event;
    const current = event.locked ? (event.reason ?? 'unknown') : undefined;
    for (const [reason, gauge] of this.#locked) gauge.set(reason === current ? 1 : 0);
  }

  slots(event: SlotsObserved): void {
    this.#inUse.set(event.inUse);
    this.#limit.set(event.limit ?? this.#configuredLimit ?? NaN);
  }

  /** A model has one billing unit: when fal changes it, the price of the old one must not linger beside it. */
  unitPrice(event: UnitPriceObserved): void {
    const { endpointId, unit } = event;
    const known = this.#prices.get(endpointId);
    if (known !== undefined && known.unit !== unit) this.forgetPrice(endpointId);
    const labels = { account: this.#account, endpoint_id: endpointId, unit };
    const gauge =
      this.#prices.get(endpointId)?.gauge ?? this.#store.bind(catalogue.modelUnitPrice, labels, 'idle');
    this.#prices.set(endpointId, { unit, gauge });
    gauge.set(usdFromNano(event.price));
  }

  forgetPrice(endpointId: string): void {
    const known = this.#prices.get(endpointId);
    known?.gauge.clear();
    this.#prices.delete(endpointId);
  }
}
