import type { Config } from '../config/config.ts';
import type { AccountLockObserved, BudgetObserved, DomainEvent, SlotsObserved } from '../domain/events.ts';
import { isFreshBalance, lockContradiction } from '../domain/lock-contradiction.ts';
import type { NanoUsd } from '../domain/money.ts';
import type { AccountView, BudgetView } from './account-view.ts';
import { finite } from './finite.ts';
import { clip } from './run-history.ts';
import type { Seen } from './seen.ts';
import type { RunView } from './view.ts';

const MOST_REQUEST_IDS = 5;
/** Whatever comes in a header; what support is to be sent must be plain. */
const PLAIN_ID = /^[\w-]{1,128}$/;

/** What is known of the account: lock, key, money, slots, and what is left of the probe budget. */
export class AccountBoard {
  #config: Config;
  #lock: AccountView['lock'];
  #keyRejectedSince: number | undefined;
  #balance: { readonly amount: NanoUsd; readonly seen: Seen } | undefined;
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
        if (this.#isOurs(event.account) && Number.isFinite(event.balance))
          this.#balance = { amount: event.balance, seen };
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

  #lockObserved({ locked, reason, requestId }: AccountLockObserved, { at }: Seen): void {
    const before = this.#lock?.locked === locked ? this.#lock : undefined;
    const known = before?.requestIds ?? [];
    const isNewId =
      locked && requestId !== undefined && PLAIN_ID.test(requestId) && !known.includes(requestId);
    this.#lock = {
      locked,
      reason: locked ? reason : undefined,
      since: before?.since ?? at,
      at,
      requestIds: isNewId ? [requestId, ...known].slice(0, MOST_REQUEST_IDS) : known,
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

  view(now: Seen): AccountView {
    const { account } = this.#config;
    const balance = this.#balanceView(now);
    const amount = balance?.isFresh === true ? balance.amount : undefined;
    return {
      name: account.name,
      lock: this.#lock,
      isContradiction: lockContradiction(this.#lock, amount, account.criticalBalance),
      keyRejectedSince: this.#keyRejectedSince,
      balance,
      lowBalance: account.lowBalance,
      criticalBalance: account.criticalBalance,
      slots: this.#slots && { ...this.#slots, limit: this.#slots.limit ?? account.concurrencyLimit },
      budget: this.#budget(),
      lastSpend: this.#lastSpend,
    };
  }

  #balanceView(now: Seen): AccountView['balance'] {
    if (this.#balance === undefined) return undefined;
    const { amount, seen } = this.#balance;
    const { intervalMs } = this.#config.collectors.balance;
    return { amount, at: seen.at, isFresh: isFreshBalance(now.monotonic - seen.monotonic, intervalMs) };
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
