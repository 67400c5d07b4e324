import type { Config } from '../config/config.ts';
import type { AccountLockObserved, BudgetObserved, DomainEvent, SlotsObserved } from '../domain/events.ts';
import { BurnMeter } from './burn.ts';
import { clip } from './run-history.ts';
import type { Seen } from './seen.ts';
import type { AccountView, BudgetView, RunView } from './view.ts';

/** What is known of the account: lock, key, money, slots, and what is left of the probe budget. */
export class AccountBoard {
  #config: Config;
  #burn = new BurnMeter();
  #lock: AccountView['lock'];
  #keyRejectedSince: number | undefined;
  #balance: AccountView['balance'];
  #slots: AccountView['slots'];
  #remaining: BudgetObserved['remaining'] | undefined;
  #lastSpend: AccountView['lastSpend'];

  constructor(config: Config) {
    this.#config = config;
  }

  configure(config: Config): void {
    const isOtherAccount = config.account.name !== this.#config.account.name;
    this.#config = config;
    if (!isOtherAccount) return;
    this.#burn = new BurnMeter();
    this.#lock = undefined;
    this.#keyRejectedSince = undefined;
    this.#balance = undefined;
    this.#slots = undefined;
  }

  /** True when the event was about the account. */
  take(event: DomainEvent, seen: Seen): boolean {
    switch (event.kind) {
      case 'budget_observed':
        this.#remaining = event.remaining;
        return true;
      case 'spend_booked':
        if (Number.isFinite(event.cost))
          this.#lastSpend = { ...event, at: seen.at, probe: clip(event.probe) };
        return true;
      case 'account_lock_observed':
        if (this.#isOurs(event.account)) this.#lockObserved(event, seen);
        return true;
      case 'balance_observed':
        if (this.#isOurs(event.account) && Number.isFinite(event.balance)) {
          this.#balance = { amount: event.balance, at: seen.at };
          this.#burn.observe({ seenAt: seen.monotonic, balance: event.balance });
        }
        return true;
      case 'slots_observed':
        if (this.#isOurs(event.account)) this.#slots = slotsOf(event);
        return true;
      default:
        return false;
    }
  }

  #isOurs(account: string): boolean {
    return account === this.#config.account.name;
  }

  #lockObserved({ locked, reason }: AccountLockObserved, { at }: Seen): void {
    const isNews = this.#lock === undefined || this.#lock.locked !== locked;
    this.#lock = {
      locked,
      reason: locked ? reason : undefined,
      since: isNews ? at : (this.#lock?.since ?? at),
      at,
    };
  }

  /** Only an answer that needed a good key proves one: a network error proves nothing. */
  runFinished(run: RunView): void {
    const errorType = run.error?.type;
    if (errorType === 'unauthorized') this.#keyRejectedSince ??= run.at;
    else if (run.outcome === 'ok' || errorType === 'account_locked' || run.inference !== undefined) {
      this.#keyRejectedSince = undefined;
    }
  }

  view(): AccountView {
    const { account } = this.#config;
    return {
      name: account.name,
      lock: this.#lock,
      keyRejectedSince: this.#keyRejectedSince,
      balance: this.#balance,
      lowBalance: account.lowBalance,
      criticalBalance: account.criticalBalance,
      burn: this.#burn.view(),
      slots: this.#slots && { ...this.#slots, limit: this.#slots.limit ?? account.concurrencyLimit },
      budget: this.#budget(),
      lastSpend: this.#lastSpend,
    };
  }

  #budget(): readonly BudgetView[] {
    const { perHour, perDay, perMonth } = this.#config.budget;
    const remaining = this.#remaining;
    return [
      { window: 'hour', cap: perHour, remaining: finite(remaining?.hour) },
      { window: 'day', cap: perDay, remaining: finite(remaining?.day) },
      { window: 'month', cap: perMonth, remaining: finite(remaining?.month) },
    ];
  }
}

function slotsOf({ inUse, limit }: SlotsObserved): AccountView['slots'] {
  return finite(inUse) === undefined ? undefined : { inUse, limit: finite(limit) };
}

function finite(value: number | undefined): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}
