import type { Config } from '../config/config.ts';
import type { DomainEvent, MoneyObserved, SpendObserved, WasteObserved } from '../domain/events.ts';
import type { NanoUsd } from '../domain/money.ts';
import type { BilledView, MoneyView } from './account-view.ts';
import { finite, finiteRecord } from './finite.ts';
import { clip } from './run-history.ts';
import type { Seen } from './seen.ts';

const MOST_MODELS = 5000;
const SHOWN_MODELS = 5;
const GRANT_NOTICE_MS = 30 * 86_400_000;

/** How the money of the account moves. What an event does not tell is not known any more. */
export class MoneyBoard {
  #config: Config;
  #money: Pick<MoneyObserved, 'burnPerHour' | 'runwaySeconds' | 'monthSpend' | 'costDrift'> | undefined;
  #waste: WasteObserved['perDay'] = {};
  #topUps: NanoUsd | undefined;
  #billed = new Map<string, NanoUsd>();
  #isPartial = false;

  constructor(config: Config) {
    this.#config = config;
  }

  configure(config: Config): void {
    const isOtherAccount = config.account.name !== this.#config.account.name;
    this.#config = config;
    if (!isOtherAccount) return;
    this.#money = undefined;
    this.#waste = {};
    this.#topUps = undefined;
    this.#billed = new Map();
    this.#isPartial = false;
  }

  /** True when the event was about money. */
  take(event: DomainEvent): boolean {
    switch (event.kind) {
      case 'money_observed':
        if (this.#isOurs(event)) this.#money = event;
        return true;
      case 'waste_observed':
        if (this.#isOurs(event)) this.#waste = event.perDay;
        return true;
      case 'top_ups_observed':
        if (this.#isOurs(event)) this.#topUps = finite(event.total);
        return true;
      case 'spend_observed':
        if (this.#isOurs(event)) this.#spent(event);
        return true;
      default:
        return false;
    }
  }

  #isOurs({ account }: { readonly account: string }): boolean {
    return account === this.#config.account.name;
  }

  #spent({ endpoints }: SpendObserved): void {
    for (const { endpointId, billed } of endpoints) {
      const id = clip(endpointId);
      const hasRoom = this.#billed.has(id) || this.#billed.size < MOST_MODELS;
      if (hasRoom && Number.isFinite(billed)) this.#billed.set(id, billed);
      this.#isPartial ||= !hasRoom;
    }
  }

  view(now: Seen): MoneyView {
    const { hourlyBudget, monthlyBudget, grants } = this.#config.account;
    return {
      burnPerHour: finiteRecord(this.#money?.burnPerHour ?? {}),
      runwaySeconds: finite(this.#money?.runwaySeconds),
      monthSpend: finite(this.#money?.monthSpend),
      costDrift: finite(this.#money?.costDrift),
      hourlyBudget,
      monthlyBudget,
      wastePerDay: finiteRecord(this.#waste),
      topUps: this.#topUps,
      billed: this.#billedView(),
      grants: grants
        .filter(({ expiresAt }) => expiresAt - now.at <= GRANT_NOTICE_MS)
        .toSorted((a, b) => a.expiresAt - b.expiresAt),
    };
  }

  #billedView(): BilledView | undefined {
    if (this.#billed.size === 0) return undefined;
    const models = [...this.#billed].map(([endpointId, billed]) => ({ endpointId, billed }));
    const dearest = models.toSorted((a, b) => b.billed - a.billed).slice(0, SHOWN_MODELS);
    const total = models.reduce((sum, { billed }) => sum + billed, 0);
    return { total, models: models.length, dearest, isPartial: this.#isPartial };
  }
}
