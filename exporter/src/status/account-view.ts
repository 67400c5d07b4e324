import type { LockReason } from 'opentelemetry-instrumentation-fal/core';
import type {
  BudgetWindow,
  BurnWindow,
  ModelStatus,
  PriceChange,
  RunningRequests,
  WasteReason,
} from '../domain/events.ts';
import type { NanoUsd } from '../domain/money.ts';

/** Lock, key, balance, slots, and the probes' own budget. */
export interface AccountView {
  readonly name: string;
  readonly lock?: LockView | undefined;
  /** fal refuses the account for want of money and reports money; absent while either side is unknown. */
  readonly isContradiction?: boolean | undefined;
  /** Since when fal rejects the key, if it does. */
  readonly keyRejectedSince?: number | undefined;
  readonly balance?: BalanceView | undefined;
  readonly lowBalance: NanoUsd;
  readonly criticalBalance: NanoUsd;
  readonly slots?: { readonly inUse: number; readonly limit?: number | undefined } | undefined;
  readonly budget: readonly BudgetView[];
  readonly lastSpend?: SpendView | undefined;
}

export interface LockView {
  readonly locked: boolean;
  readonly reason?: LockReason | undefined;
  /** When this state was first seen. */
  readonly since: number;
  /** When it was last seen. */
  readonly at: number;
  /** Ids of refused requests, the newest first, at most five. */
  readonly requestIds: readonly string[];
}

export interface BalanceView {
  readonly amount: NanoUsd;
  readonly at: number;
  /** False when it is too old to say anything about now. */
  readonly isFresh: boolean;
}

export interface BudgetView {
  readonly window: BudgetWindow;
  readonly cap: NanoUsd;
  readonly remaining?: NanoUsd | undefined;
}

export interface SpendView {
  readonly at: number;
  readonly probe: string;
  readonly cost: NanoUsd;
  readonly source: 'units' | 'worst_case';
}

/** How the money of the account moves. */
export interface MoneyView {
  readonly burnPerHour: Readonly<Partial<Record<BurnWindow, NanoUsd>>>;
  /** Seconds; 0 when the balance is used up. */
  readonly runwaySeconds?: number | undefined;
  /** Billed since the first of the month, UTC. */
  readonly monthSpend?: NanoUsd | undefined;
  /** Billed ÷ estimated at list price. */
  readonly costDrift?: number | undefined;
  readonly hourlyBudget?: NanoUsd | undefined;
  readonly monthlyBudget?: NanoUsd | undefined;
  readonly wastePerDay: Readonly<Partial<Record<WasteReason, NanoUsd>>>;
  /** Credits bought since the books began. */
  readonly topUps?: NanoUsd | undefined;
  readonly billed?: BilledView | undefined;
  /** Those that end within thirty days or have ended, the soonest first. */
  readonly grants: readonly GrantView[];
}

/** What was billed since the books began. */
export interface BilledView {
  readonly total: NanoUsd;
  /** How many models it is made of. */
  readonly models: number;
  /** The models that cost most, the dearest first. */
  readonly dearest: readonly { readonly endpointId: string; readonly billed: NanoUsd }[];
  /** True when there are more models than are kept, so that the total is too low. */
  readonly isPartial: boolean;
}

export interface GrantView {
  readonly name: string;
  readonly expiresAt: number;
  readonly amount?: NanoUsd | undefined;
}

/** What fal tells of models and of the account's requests. */
export interface PlatformView {
  /** Models that fal no longer offers as usual. */
  readonly ailing: readonly {
    readonly endpointId: string;
    readonly status: Exclude<ModelStatus, 'active'>;
  }[];
  readonly priceChanges: readonly PriceChange[];
  readonly requests?: RequestsView | undefined;
}

/** What runs at fal, by its request history. */
export interface RequestsView {
  readonly at: number;
  /** False when it is too old to say anything about now. */
  readonly isFresh: boolean;
  /** Models with running requests only. */
  readonly endpoints: readonly RunningRequests[];
}
