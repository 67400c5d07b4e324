import type { CollectorName } from '../domain/collector-name.ts';
import type { ProbeTier } from '../domain/events.ts';
import type { NanoUsd } from '../domain/money.ts';

/** The configuration in force: parsed once at the edge, complete with defaults, trusted inside. */
export interface Config {
  readonly account: AccountConfig;
  readonly endpoints: readonly EndpointConfig[];
  readonly probes: readonly ProbeConfig[];
  readonly budget: BudgetConfig;
  readonly collectors: Readonly<Record<CollectorName, CollectorConfig>>;
  readonly statusPage: StatusPageConfig;
  readonly listen: { readonly host: string; readonly port: number };
  readonly webConfigFile?: string | undefined;
  readonly stateDir: string;
  readonly series: { readonly limit: number; readonly expireAfterMs: number };
  /** Send every fal call to this fal-simulator instead of fal. Makes the exporter say DEMO everywhere. */
  readonly simulatorUrl?: string | undefined;
}

export interface AccountConfig {
  readonly name: string;
  /** Concurrent running requests that fal allows the account. Unknown unless configured: no API tells it. */
  readonly concurrencyLimit?: number | undefined;
  readonly lowBalance: NanoUsd;
  readonly criticalBalance: NanoUsd;
  /** What the account may spend before an alert fires; nothing is ever blocked. */
  readonly hourlyBudget?: NanoUsd | undefined;
  readonly monthlyBudget?: NanoUsd | undefined;
  /** Credits that expire. No API tells of them. */
  readonly grants: readonly GrantConfig[];
}

export interface GrantConfig {
  readonly name: string;
  /** Ms since the epoch. */
  readonly expiresAt: number;
  /** What is left of it at most; for people only. */
  readonly amount?: NanoUsd | undefined;
}

/** How one collector reads. */
export interface CollectorConfig {
  readonly enabled: boolean;
  readonly intervalMs: number;
  /** Calls to fal in any hour, pages included. What would pass it waits. */
  readonly callsPerHour: number;
}

export interface EndpointConfig {
  readonly id: string;
  /** P95 limit for this endpoint; 60 s unless configured. */
  readonly latencyLimitSeconds: number;
}

export interface ProbeConfig {
  readonly name: string;
  readonly tier: ProbeTier;
  /** Required for the tiers `queue` and `inference`. */
  readonly endpointId?: string | undefined;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  /** Sent to the model as it stands. Never logged, shown or exported. */
  readonly input: Readonly<Record<string, unknown>>;
}

/** The official status page: public, read without a key. */
export interface StatusPageConfig {
  readonly enabled: boolean;
  /** Without a slash at the end. */
  readonly url: string;
}

export interface BudgetConfig {
  readonly perHour: NanoUsd;
  readonly perDay: NanoUsd;
  readonly perMonth: NanoUsd;
  /** Booked for a run whose price or units are unknown. */
  readonly worstCaseRun: NanoUsd;
}

/** Keys from the environment or from files; kept apart from the configuration so that nothing prints them. */
export interface Credentials {
  /** API scope: probes, prices, analytics. */
  readonly falKey?: string | undefined;
  /** ADMIN scope: balance, usage, billing events. */
  readonly falAdminKey?: string | undefined;
}
