import type { Fault, Measured, Outcome } from 'opentelemetry-instrumentation-fal/core';
import type { CollectorName } from '../domain/collector-name.ts';
import type { ProbeTier, RunError, RunStep, SkipReason } from '../domain/events.ts';
import type { NanoUsd } from '../domain/money.ts';
import type { OverallState, StatusComponent, StatusIncident } from '../domain/status-page.ts';
import type { AccountView, MoneyView, PlatformView } from './account-view.ts';

export type * from './account-view.ts';

/**
 * What the exporter knows at one moment, as plain data: the only thing that the status page and the health
 * answers read. Times are milliseconds since the epoch, spans are seconds. What is unknown is absent.
 */
export interface StatusView {
  readonly at: number;
  readonly startedAt: number;
  readonly version: string;
  readonly demo: boolean;
  /** Where the simulated fal of a demo listens; absent with real data. */
  readonly simulator?: string | undefined;
  readonly endpoints: readonly EndpointView[];
  readonly probes: readonly ProbeView[];
  /** The newest runs of all probes, newest first. */
  readonly recentRuns: readonly RunView[];
  readonly account: AccountView;
  readonly money: MoneyView;
  readonly platform: PlatformView;
  /** Whether a key with ADMIN scope is set; absent when nobody told. */
  readonly hasAdminKey?: boolean | undefined;
  /** Collectors that the configuration switches off. */
  readonly switchedOff: readonly CollectorName[];
  readonly hosts: readonly HostView[];
  readonly collectors: readonly CollectorView[];
  readonly config: ConfigView;
  /** Absent when reading the official status page is switched off, and before the first try. */
  readonly statusPage?: StatusPageView | undefined;
}

/** The part of a view that whose-fault is judged by: all but the windows, which take long to sum up. */
export interface VerdictFacts extends Pick<StatusView, 'at' | 'hosts' | 'account' | 'statusPage'> {
  readonly endpoints: readonly EndpointFacts[];
  readonly probes: readonly ProbeFacts[];
}

export type EndpointFacts = Omit<EndpointView, 'windows'>;
export type ProbeFacts = Omit<ProbeView, 'windows'>;

/** What fal says about itself. While `isStale`, it says nothing about now, and lists are empty. */
export interface StatusPageView {
  /** Whose words these are, such as `status.fal.ai`. */
  readonly host: string;
  /** When it was last read and understood; absent when it never was. */
  readonly at?: number | undefined;
  /** True when it was never understood, or not for three intervals. */
  readonly isStale: boolean;
  readonly overall?: OverallState | undefined;
  readonly components: readonly StatusComponentView[];
  /** Open ones only. */
  readonly incidents: readonly StatusIncident[];
  /** Why the last try failed, in one sentence; absent after a good one. */
  readonly problem?: string | undefined;
}

export interface StatusComponentView extends StatusComponent {
  /** When we saw it change to this state; absent when it was so at our first look. */
  readonly since?: number | undefined;
}

/**
 * How a run counts. `failure` is the failure of every ratio; `account` and `app` are errors that say nothing
 * against fal; a cancelled run counts nowhere.
 */
export type RunVerdict = 'ok' | 'failure' | 'account' | 'app' | 'cancelled';

export interface RunView {
  readonly at: number;
  readonly probe: string;
  readonly tier: ProbeTier;
  readonly endpointId?: string | undefined;
  readonly outcome: Outcome;
  readonly verdict: RunVerdict;
  readonly error?: RunError | undefined;
  readonly durationSeconds?: number | undefined;
  readonly queueWait?: Measured | undefined;
  readonly inference?: Measured | undefined;
  readonly resultFetch?: Measured | undefined;
  readonly attempts: number;
  readonly platformRetries: number;
  readonly lastQueuePosition?: number | undefined;
  readonly requestId?: string | undefined;
  readonly steps: readonly RunStep[];
}

export type WindowName = '5m' | '1h';

export interface Quantiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** What happened in a sliding window that ends now. */
export interface WindowStats {
  readonly window: WindowName;
  /** Runs that ended, the cancelled ones left out. */
  readonly finished: number;
  readonly failures: number;
  /** Errors for the account's or the input's sake: no failures of fal, and no good runs either. */
  readonly refused: number;
  /** failures ÷ finished; absent when nothing finished. */
  readonly errorRatio?: number | undefined;
  /** Runs behind the quantiles: outcome ok or timeout, of probes that run the model. */
  readonly completed: number;
  /** Seconds, nearest rank; absent when nothing completed. */
  readonly quantiles?: Quantiles | undefined;
  /** True when more runs fell into the window than are kept, so that it shows the newest part. */
  readonly isPartial: boolean;
}

export type WindowsView = Readonly<Record<WindowName, WindowStats>>;

/** `failing`: unhealthy by the rule; `shaky`: a failure among the last runs; `well`: none. */
export interface ConditionView {
  readonly state: 'failing' | 'shaky' | 'well';
  /** When it began: the first failure of the trouble, or the first good run after it. */
  readonly since: number;
}

export interface EndpointView {
  readonly id: string;
  readonly latencyLimitSeconds: number;
  /** Names of the probes that look at it. */
  readonly probes: readonly string[];
  /** False when no probe runs the model itself, so that there is no latency to know. */
  readonly runsModel: boolean;
  readonly windows: WindowsView;
  /** Oldest first. */
  readonly runs: readonly RunView[];
  readonly condition?: ConditionView | undefined;
  readonly price?: { readonly perUnit: NanoUsd; readonly unit: string; readonly at: number } | undefined;
}

export interface ProbeView {
  readonly name: string;
  readonly tier: ProbeTier;
  readonly endpointId?: string | undefined;
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  readonly windows: WindowsView;
  /** Oldest first. */
  readonly runs: readonly RunView[];
  readonly condition?: ConditionView | undefined;
  readonly runningSince?: number | undefined;
  readonly nextRun?: { readonly at: number; readonly isEstimate: boolean } | undefined;
  /** Seconds since the last run ended, or since the exporter started when none did. */
  readonly dataAgeSeconds: number;
  /** True when the data is older than 3 × interval + timeout. */
  readonly isStale: boolean;
  readonly skipped?: SkippedView | undefined;
}

export interface SkippedView {
  readonly at: number;
  readonly reason: SkipReason;
  /** Since the last run that took place. */
  readonly count: number;
}

export interface HostView {
  readonly host: string;
  readonly at: number;
  readonly up: boolean;
  readonly durationSeconds?: number | undefined;
  readonly error?: { readonly type: string; readonly fault: Fault; readonly text: string } | undefined;
  /** Since when it is up or down. */
  readonly since: number;
  /** False while it is as it was when we first looked: then `since` only says when we began. */
  readonly hasChanged: boolean;
}

export interface CollectorView {
  readonly name: string;
  readonly at: number;
  readonly ok: boolean;
  readonly durationSeconds?: number | undefined;
  readonly problem?: string | undefined;
  readonly lastSuccessAt?: number | undefined;
}

export interface ConfigView {
  readonly loadedAt?: number | undefined;
  /** False while a broken file is refused and the old configuration stays. */
  readonly ok: boolean;
  readonly problems: readonly string[];
}
