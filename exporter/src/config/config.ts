import type { ProbeTier } from '../domain/events.ts';
import type { NanoUsd } from '../domain/money.ts';

/** The configuration in force: parsed once at the edge, complete with defaults, trusted inside. */
export interface Config {
  readonly account: AccountConfig;
  readonly endpoints: readonly EndpointConfig[];
  readonly probes: readonly ProbeConfig[];
  readonly budget: BudgetConfig;
  readonly collectors: { readonly intervalMs: number };
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
