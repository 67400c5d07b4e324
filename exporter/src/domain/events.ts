import type { ErrorType, Fault, LockReason, Measured, Outcome } from 'opentelemetry-instrumentation-fal/core';
import type { NanoUsd } from './money.ts';
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
}

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
  readonly collector: string;
  readonly ok: boolean;
  readonly durationSeconds: number;
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
