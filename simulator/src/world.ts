/** The state of the simulated fal that tests and scenarios may set: accounts, keys, endpoints. */

/** Why fal locks an account; the texts are in `auth`. Source: lock_reason.py of github.com/fal-ai/fal and public issues. */
export type LockReason =
  'exhausted_balance' | 'top_up' | 'admin_lock' | 'payment_method' | 'user_budget' | 'archived' | 'unknown';

export interface Account {
  readonly name: string;
  /** Nano-dollars; may go below zero until the lock takes hold. */
  balanceNano: number;
  /** fal locks the account when the balance falls below this; `undefined`: never by balance. */
  lockBelowNano: number | undefined;
  lock: LockReason | undefined;
  /** Running requests allowed at once over all endpoints. */
  concurrencyLimit: number;
  /** Percent off the list price, 0–100. */
  percentDiscount: number;
  /** Whether reads (status, result) still work while locked; reports from users disagree, so it is a switch. */
  lockRefusesReads: boolean;
}

export interface ApiKey {
  readonly id: string;
  readonly secret: string;
  readonly account: string;
  scope: 'API' | 'ADMIN';
  readonly alias: string;
  revoked: boolean;
}

/** A duration drawn at random, in milliseconds: log-normal around the median with the given spread. */
export interface DurationModel {
  medianMs: number;
  /** Standard deviation of the natural logarithm; 0 = always the median. */
  sigma: number;
}

export interface Endpoint {
  /** `owner/app[/path]`. */
  readonly id: string;
  displayName: string;
  category: string;
  /** `removed`: fal has taken it off; neither catalogue nor price list has it, and calls answer 404. */
  status: 'active' | 'deprecated' | 'removed';
  /** Output field, which decides the shape of the result. */
  media: 'images' | 'video' | 'audio';
  unit: string;
  /** Invented; nothing in this repository knows a real price. `undefined`: fal lists none. */
  unitPriceNano: number | undefined;
  /** Units billed per request. */
  unitsPerRequest: number;
  /** Runners that may exist at once for this account's traffic. */
  maxRunners: number;
  /** Runners that are warm at the start. */
  warmRunners: number;
  /** An idle runner is stopped after this long; its next request meets a cold start. */
  idleTimeoutMs: number;
  coldStart: DurationModel;
  inference: DurationModel;
  /** Requests of other customers ahead in the queue when one of ours arrives. */
  foreignQueue: number;
  /** Time that one foreign request ahead takes. */
  foreignServiceMs: number;
  /** Input fields without which the app answers 422 `missing`; each must be a string. None by default. */
  readonly requiredInput?: readonly string[] | undefined;
  /** Whether the app has a `/stream` path. Yes by default. */
  readonly streams?: boolean | undefined;
  /** Whether the app has a `/realtime` path. Yes by default. */
  readonly hasRealtime?: boolean | undefined;
  /** A realtime connection without input is closed after this long; 30 s by default. */
  sessionTimeoutMs?: number | undefined;
  /** Id of an equivalent endpoint that serves queued jobs after repeated retries of this one. None by default. */
  fallback?: string | undefined;
  /** How long a job may wait for a runner before `startup_timeout`; 600 s by default, as in fal's SDK. */
  startupTimeoutMs?: number | undefined;
  /** How long one attempt may run before `request_timeout`; 3600 s by default, as in fal's SDK. */
  processingLimitMs?: number | undefined;
  /** Whether a running job of this app works on after a cancel. No by default. */
  ignoresCancel?: boolean | undefined;
}

export interface World {
  readonly accounts: Map<string, Account>;
  /** By the full key text `id:secret`. */
  readonly keys: Map<string, ApiKey>;
  readonly endpoints: Map<string, Endpoint>;
}

/** The endpoint of that id, unless fal has taken it off. */
export function offered(world: World, endpointId: string): Endpoint | undefined {
  const endpoint = world.endpoints.get(endpointId);
  return endpoint === undefined || endpoint.status === 'removed' ? undefined : endpoint;
}

/** All endpoints but those that fal has taken off. */
export function allOffered(world: World): Endpoint[] {
  return [...world.endpoints.values()].filter(({ status }) => status !== 'removed');
}
