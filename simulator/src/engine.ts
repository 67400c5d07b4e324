import type { Clock } from './clock.ts';
import type { Ledger } from './ledger.ts';
import type { BillingEventFaults } from './platform/billing-faults.ts';
import type { Random } from './random.ts';
import type { HttpReply, SimulatedRequest } from './reply.ts';
import type { WireRule } from './wire/wire-rule.ts';
import type { Account, ApiKey, DurationModel, LockReason, World } from './world.ts';

/**
 * What every simulated host works with.
 *
 * Note for writers of hosts: read `switches` and `world` on every request, never copy them, because scenarios
 * change them while the simulator runs. Call `authenticate` first and return what it gives when `isRefusal`.
 * Build URLs in answers with `originOf(request, host)`. Wire faults (hang, reset, truncation, latency, HTML 502),
 * the body-size limit and the ledger of exchanges are added around your handler: do not repeat them.
 */
export interface Engine {
  readonly clock: Clock;
  readonly world: World;
  readonly ledger: Ledger;
  readonly random: Random;
  /** Of everything that is left to chance. */
  readonly seed: number;
  readonly switches: Readonly<Switches>;
  /** Delay until a finished job shows in usage, billing events, analytics and request history; scenarios change it. */
  readonly indexingLagMs: number;
  /**
   * Who is calling. A refusal is shaped for the host: `{"detail": …}` with 401, or the Platform envelope
   * (`authorization_error`, 401 or 403) when `request.host` is `api.fal.ai`. Locks are not checked here.
   */
  authenticate(request: SimulatedRequest, needs: { readonly scope: ApiKey['scope'] }): Caller | HttpReply;
  /** The lock that holds now: the one that was set, or `exhausted_balance` when the balance is below the threshold. */
  lockOf(account: Account): LockReason | undefined;
  /** The 403 "User is locked" answer for a billable call (uploads too), or `undefined` when the account is open. */
  refuseLocked(account: Account): HttpReply | undefined;
  /** Adds money and writes it into the ledger. @throws RangeError for an unknown account or an amount that is not positive. */
  topUp(account: string, amountNano: number): void;
  /** Immediate and idempotent; `false` when there is no such key. Jobs that the key started go on. */
  revokeKey(keyId: string): boolean;
  /** Lets the next `times` attempts on an endpoint (`undefined`: on any) fail with this error type. @throws RangeError for an unknown type. */
  failNext(failure: FailureOrder & { readonly times?: number | undefined }): void;
  /** Lets this share (0–1) of the attempts fail until the scenario changes. @throws RangeError for an unknown type. */
  failRate(failure: FailureOrder & { readonly rate: number }): void;
  /** Breaks answers on the wire until the scenario changes or `times` is used up. @throws RangeError for an unknown fault. */
  breakWire(rule: WireRule): void;
  /**
   * Sets switches by hand; they stay until somebody sets them again, scenarios put back only what they changed.
   *
   * @throws RangeError for shares and delays of billing events that make no sense.
   */
  setSwitches(switches: Partial<Switches>): void;
  /** Takes back what `failNext`, `failRate` and `breakWire` ordered; the scenario stays. */
  clearFaults(): void;
  /** Signs webhooks with another key from now on; the old one is still published when `keepOld` (the default). */
  rotateWebhookKey(options?: { readonly keepOld?: boolean | undefined }): void;
  /** Looks again at every waiting job: call it after changing `world` by hand. */
  wake(): void;
  /** A fresh request id, in UUID version 7 layout. */
  newRequestId(): string;
  /** What the runners and the queue of one endpoint are doing now. */
  load(endpointId: string): EndpointLoad;
}

export interface Caller {
  readonly account: Account;
  readonly key: ApiKey;
}

/** Tells a refusal from a caller. */
export function isRefusal(result: Caller | HttpReply): result is HttpReply {
  return 'kind' in result;
}

export interface FailureOrder {
  readonly endpointId?: string | undefined;
  /** A type of `ERROR_TABLE`. */
  readonly errorType: string;
  /** The platform does not retry it, even where it usually would. */
  readonly final?: boolean | undefined;
}

export interface EndpointLoad {
  readonly queued: number;
  readonly running: number;
  readonly idleRunners: number;
  readonly bootingRunners: number;
}

/** State that scenarios set and hosts obey. `healthySwitches` has the values of a healthy fal. */
export interface Switches {
  /** `GET /v1/models/billing-events` answers 500 `server_error`. */
  billingEventsFail: boolean;
  /** What is wrong with the rows of billing events; nothing when empty. What is charged does not change. */
  billingEvents: BillingEventFaults;
  /** `GET /v1/models/usage` answers 500 `server_error`. */
  usageFails: boolean;
  /** `GET /v1/account/billing` answers 500 `server_error`. */
  balanceFails: boolean;
  /** What `GET /v1/serverless/metrics` sends: `huge` is more than 8 MiB, `garbage` no exposition, `none` nothing. */
  serverlessMetrics: 'normal' | 'huge' | 'garbage' | 'none';
  /** Every Platform operation answers 429 `rate_limited` with `x-ratelimit-reset`. */
  platformRateLimited: boolean;
  /** Analytics and request history stop at this point of the simulator's clock, ms since the epoch; `undefined`: up to date. */
  analyticsFrozenAt: number | undefined;
  /** What status.fal.ai shows: all well, an open incident, or an HTML error page where JSON was asked for. */
  statusPage: 'up' | 'incident' | 'html-error';
  /** Replaces the simulator's own indexing lag, ms. */
  indexingLagMs: number | undefined;
  /** The queue of these endpoints does not move. `'*'` is all. */
  queueStalled: string | undefined;
  /** Jobs of these endpoints that start do not end. `'*'` is all. */
  stuckInProgress: string | undefined;
  /** What `x-fal-billable-units` looks like; what is charged does not change. */
  unitsHeader: 'true' | 'missing' | 'not-a-number' | 'huge';
  /** What `metrics` of a COMPLETED status looks like. */
  statusMetrics: 'true' | 'missing' | 'null-inference-time';
  /** Time that every answer takes on its way, wire and gateways together. */
  latency: Readonly<DurationModel>;
  /** The first status answer waits until the job is COMPLETED, so that no other state is ever seen. */
  statusSkipsStates: boolean;
  /** Jobs that wait in the queue stay there while their account is locked; fal's own behaviour is not documented. */
  lockHoldsQueuedJobs: boolean;
  /**
   * What goes wrong with webhooks. `late`: ten minutes after the job. `out-of-order`: of two the later one comes first.
   * `payload-error`: without the output, which could not be written as JSON. `lost`: never sent.
   */
  webhookFault:
    | 'none'
    | 'duplicate'
    | 'late'
    | 'out-of-order'
    | 'bad-signature'
    | 'old-timestamp'
    | 'payload-error'
    | 'lost';
  /** A direct call whose caller hung up is billed in full; fal's pages disagree on it. */
  disconnectsAreBilled: boolean;
}

/** The switches of a healthy fal. */
export function healthySwitches(): Switches {
  return {
    billingEventsFail: false,
    billingEvents: {},
    usageFails: false,
    balanceFails: false,
    serverlessMetrics: 'normal',
    platformRateLimited: false,
    analyticsFrozenAt: undefined,
    statusPage: 'up',
    indexingLagMs: undefined,
    queueStalled: undefined,
    stuckInProgress: undefined,
    unitsHeader: 'true',
    statusMetrics: 'true',
    latency: { medianMs: 0, sigma: 0 },
    statusSkipsStates: false,
    lockHoldsQueuedJobs: false,
    webhookFault: 'none',
    disconnectsAreBilled: false,
  };
}

/** Whether a switch that names an endpoint, or `'*'` for all of them, is on for this one. */
export function isOnFor(setting: string | undefined, endpointId: string): boolean {
  return setting === '*' || setting === endpointId;
}
