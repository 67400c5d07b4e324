import type { ErrorType, Fault, LockReason, Measured, Outcome } from 'opentelemetry-instrumentation-fal/core';
import type { CollectorName } from './collector-name.ts';
import type { NanoUsd } from './money.ts';
import type { UnitPrice } from './unit-price.ts';
import type { OverallState, StatusComponent, StatusIncident } from './status-page.ts';

/**
 * Past facts: the shared vocabulary between what measures (probes, collectors) and what shows (recorder,
 * status board). Readonly, stamped with the wall clock that was handed in (`at`, ms since the epoch).
 */
export type DomainEvent =
  | ProbeRunStarted
  | ProbeRunFinished
  | ProbeRunSkipped
  | HostChecked
  | BudgetObserved
  | SpendBooked
  | AccountLockObserved
  | BalanceObserved
  | UnitPriceObserved
  | SlotsObserved
  | SpendObserved
  | TopUpsObserved
  | MoneyObserved
  | WasteObserved
  | ModelStatusObserved
  | PriceChangesObserved
  | AnalyticsObserved
  | RequestHistoryObserved
  | StatusPageObserved
  | CollectorRan
  | ConfigLoaded;

/** The three kinds of probe: what it costs and how far it goes. */
export type ProbeTier = 'free' | 'queue' | 'inference';

/** Why a run did not take place. Each one is a decision of ours, never a failure of fal. */
export type SkipReason = 'budget' | 'slots' | 'locked' | 'fresh_traffic' | 'standby';

/** One line of the time line of a run, for people. `text` never holds a key, a prompt or a media URL. */
export interface RunStep {
  /** Seconds since the run began. */
  readonly seconds: number;
  readonly text: string;
}

/** What went wrong, for machines (`type`, `fault`) and for people (`text`, already stripped of secrets). */
export interface RunError {
  readonly type: ErrorType;
  readonly fault: Fault;
  readonly text: string;
}

export interface ProbeRunStarted {
  readonly kind: 'probe_run_started';
  readonly at: number;
  readonly probe: string;
}

export interface ProbeRunFinished {
  readonly kind: 'probe_run_finished';
  readonly at: number;
  readonly probe: string;
  readonly tier: ProbeTier;
  /** Absent for the free tier, which asks hosts and not a model. */
  readonly endpointId?: string | undefined;
  readonly outcome: Outcome;
  readonly error?: RunError | undefined;
  /** Start to result, by the caller's clock, in seconds. */
  readonly durationSeconds: number;
  readonly queueWait?: Measured | undefined;
  readonly inference?: Measured | undefined;
  readonly resultFetch?: Measured | undefined;
  readonly attempts: number;
  readonly platformRetries: number;
  readonly lastQueuePosition?: number | undefined;
  /** For people and support cases; never a label. */
  readonly requestId?: string | undefined;
  readonly steps: readonly RunStep[];
}

export interface ProbeRunSkipped {
  readonly kind: 'probe_run_skipped';
  readonly at: number;
  readonly probe: string;
  readonly reason: SkipReason;
}

/** One host of fal answered, or did not, in a free probe. */
export interface HostChecked {
  readonly kind: 'host_checked';
  readonly at: number;
  readonly probe: string;
  readonly host: string;
  readonly up: boolean;
  readonly durationSeconds: number;
  readonly error?: RunError | undefined;
}

export type BudgetWindow = 'hour' | 'day' | 'month';

/** What is left of the probe budget, per window. */
export interface BudgetObserved {
  readonly kind: 'budget_observed';
  readonly at: number;
  readonly remaining: Readonly<Record<BudgetWindow, NanoUsd>>;
}

/** Money booked for a probe run: the reservation when it starts, corrected when its cost is known. */
export interface SpendBooked {
  readonly kind: 'spend_booked';
  readonly at: number;
  readonly probe: string;
  readonly cost: NanoUsd;
  /** `units`: units header × list price. `worst_case`: price or units unknown, so the configured cap was booked. */
  readonly source: 'units' | 'worst_case';
}

/** The account was seen locked (with fal's reason, shortened to a closed list) or seen usable again. */
export interface AccountLockObserved {
  readonly kind: 'account_lock_observed';
  readonly at: number;
  readonly account: string;
  readonly locked: boolean;
  readonly reason?: LockReason | undefined;
  /** Id of the refused request where fal gave one: what support asks for. Never a label. */
  readonly requestId?: string | undefined;
  /** What fal answered; a billable call when absent. */
  readonly witness?: LockWitness | undefined;
  /** How long before this event it was asked, ms: an answer says nothing of what happened after the question. */
  readonly askedMsAgo?: number | undefined;
}

/**
 * What showed the state of a lock, the strongest first: `call`, a billable one; `read`, the status or result of a
 * request; `upload`, the announcement of one.
 */
export type LockWitness = 'call' | 'read' | 'upload';

export interface BalanceObserved {
  readonly kind: 'balance_observed';
  readonly at: number;
  readonly account: string;
  readonly balance: NanoUsd;
}

export interface UnitPriceObserved {
  readonly kind: 'unit_price_observed';
  readonly at: number;
  readonly endpointId: string;
  readonly unit: string;
  readonly price: NanoUsd;
}

/** Running requests that we know of, and the limit if configured or learned. */
export interface SlotsObserved {
  readonly kind: 'slots_observed';
  readonly at: number;
  readonly account: string;
  readonly inUse: number;
  readonly limit?: number | undefined;
}

/** What an account was billed for one model since the books began, all of it cumulative and never falling. */
export interface EndpointSpend {
  readonly endpointId: string;
  readonly billed: NanoUsd;
  /** The same requests at the list price, before discounts; only those whose list price is known. */
  readonly estimated: NanoUsd;
  /** Billed requests of which nobody can say what they should have cost: fal lists no price. */
  readonly unpricedRequests: number;
}

/** The books of an account have grown. Holds the models whose numbers changed; at the start of a process all of them. */
export interface SpendObserved {
  readonly kind: 'spend_observed';
  readonly at: number;
  readonly account: string;
  readonly endpoints: readonly EndpointSpend[];
}

/** Credits that were bought since the books began, as far as rises of the balance show. Cumulative. */
export interface TopUpsObserved {
  readonly kind: 'top_ups_observed';
  readonly at: number;
  readonly account: string;
  readonly total: NanoUsd;
}

export type BurnWindow = '1h' | '24h';

/** How fast the money goes and how long it lasts. What is not known at the moment is absent. */
export interface MoneyObserved {
  readonly kind: 'money_observed';
  readonly at: number;
  readonly account: string;
  /** Nano-dollars per hour. Absent until a window is at least half covered by what was read. */
  readonly burnPerHour: Readonly<Partial<Record<BurnWindow, NanoUsd>>>;
  /** Seconds; 0 when the balance is used up, absent when nothing is spent or the balance is not known. */
  readonly runwaySeconds?: number | undefined;
  /** Billed since the first of the month, UTC. */
  readonly monthSpend?: NanoUsd | undefined;
  /** Billed ÷ estimated at list price, over the requests of the last 24 hours that have both. 1: as listed. */
  readonly costDrift?: number | undefined;
}

/**
 * Why money was wasted. `failed`: billed although the request ended with an error. `probe`: our own runs. What only
 * the app can tell (duplicates, results that nobody fetched) is measured there.
 */
export type WasteReason = 'failed' | 'probe';

/** Money of the last 24 hours that bought nothing; a reason of which nothing is known is absent. */
export interface WasteObserved {
  readonly kind: 'waste_observed';
  readonly at: number;
  readonly account: string;
  readonly perDay: Readonly<Partial<Record<WasteReason, NanoUsd>>>;
}

/** What fal's catalogue says of a model; `missing`: it knows none of this name (any more). */
export type ModelStatus = 'active' | 'deprecated' | 'missing';

export interface ModelStatusObserved {
  readonly kind: 'model_status_observed';
  readonly at: number;
  readonly endpointId: string;
  readonly status: ModelStatus;
}

/** How a price moved. `unit`: another billing unit, so that old and new cannot be compared. */
export type PriceMove = 'raised' | 'lowered' | 'unit' | 'withdrawn';

export interface PriceChange {
  readonly endpointId: string;
  readonly move: PriceMove;
  readonly from: UnitPrice;
  /** Absent when it was withdrawn. */
  readonly to?: UnitPrice | undefined;
  /** When it was seen, ms since the epoch; fal may have changed it up to one reading earlier. */
  readonly seenAt: number;
  /** What a week with the usage of the last seven days costs more (or less, below 0); absent when usage is unknown. */
  readonly weeklyEffect?: NanoUsd | undefined;
}

/** The price changes of the last seven days, all of them; told at every reading of the prices. */
export interface PriceChangesObserved {
  readonly kind: 'price_changes_observed';
  readonly at: number;
  readonly changes: readonly PriceChange[];
}

/** Quantiles in seconds; absent where fal tells none. */
export type Quantiles = Readonly<Partial<Record<0.5 | 0.75 | 0.9 | 0.95 | 0.99, number>>>;

/** fal's own analytics of one model over its newest complete bucket: the account's traffic as fal saw it. */
export interface AnalyticsObserved {
  readonly kind: 'analytics_observed';
  readonly at: number;
  readonly endpointId: string;
  /** Ms since the epoch. */
  readonly bucketStart: number;
  readonly bucketEnd: number;
  /** success: 2xx, user_error: 4xx, error: 5xx. */
  readonly requests: Readonly<Partial<Record<'success' | 'user_error' | 'error', number>>>;
  readonly duration: Quantiles;
  readonly prepare: Quantiles;
  readonly coldBoots?: number | undefined;
}

/** What runs at fal for one model of the account, as its request history shows. */
export interface RunningRequests {
  readonly endpointId: string;
  /** Started and not ended. */
  readonly running: number;
  /** Those that have been running far longer than the model needs. */
  readonly stuck: number;
  /** Age of the oldest running one, seconds; absent when none runs. */
  readonly oldestSeconds?: number | undefined;
  /** Ids of stuck requests, at most five, for the page and a support case; never a label. */
  readonly stuckIds: readonly string[];
}

/** The request history of all configured models was read. */
export interface RequestHistoryObserved {
  readonly kind: 'request_history_observed';
  readonly at: number;
  readonly account: string;
  readonly endpoints: readonly RunningRequests[];
}

/** The official status page could be read and understood. When it could not, only `collector_ran` says so. */
export interface StatusPageObserved {
  readonly kind: 'status_page_observed';
  readonly at: number;
  readonly overall?: OverallState | undefined;
  /** Absent when this reading told of incidents only: then the last known ones still hold, until they are stale. */
  readonly components?: readonly StatusComponent[] | undefined;
  /** Open ones only. */
  readonly incidents: readonly StatusIncident[];
}

export interface CollectorRan {
  readonly kind: 'collector_ran';
  readonly at: number;
  readonly collector: CollectorName;
  readonly ok: boolean;
  readonly durationSeconds: number;
  /** Time between two readings, from the configuration. */
  readonly intervalMs: number;
  /** Up to when what it reads is known, ms since the epoch; absent when it failed. Now, but for sources that lag. */
  readonly dataUntil?: number | undefined;
  /** Calls to fal since the exporter started. */
  readonly calls: number;
  /** One sentence for the status page when it failed; no secrets. */
  readonly problem?: string | undefined;
}

/** The configuration was read: in force, or refused with its problems while the old one stays. */
export interface ConfigLoaded {
  readonly kind: 'config_loaded';
  readonly at: number;
  readonly ok: boolean;
  readonly problems: readonly string[];
}

/** Takes events; must not throw back into whoever measured. */
export type EventSink = (event: DomainEvent) => void;
