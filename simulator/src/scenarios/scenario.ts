import type { Switches } from '../engine.ts';
import type { FailureRule } from '../failures.ts';
import type { WireRule } from '../wire/wire-rule.ts';
import type { Account, ApiKey, Endpoint } from '../world.ts';

/**
 * One thing that a scenario sets. All of it is undone when the next scenario comes.
 *
 * `nth` aims at one endpoint by its place in the world, whatever it is called; otherwise a change concerns the
 * endpoint that the scenario was switched on for, or all of them.
 */
export type Change =
  | { readonly kind: 'switches'; readonly set: Partial<Switches> }
  /** Switches that name an endpoint. */
  | { readonly kind: 'aim'; readonly at: 'queueStalled' | 'stuckInProgress' }
  | { readonly kind: 'freeze-analytics' }
  | {
      readonly kind: 'endpoint';
      readonly set: Partial<Omit<Endpoint, 'id'>>;
      readonly nth?: number | undefined;
    }
  /** Stretches the inference time. */
  | { readonly kind: 'slow'; readonly factor: number; readonly nth?: number | undefined }
  /** Multiplies the unit price; for jobs that come after it. */
  | { readonly kind: 'price'; readonly factor: number; readonly nth?: number | undefined }
  | { readonly kind: 'stop-idle-runners'; readonly nth?: number | undefined }
  /** The next endpoint of the same kind of media stands in for it. */
  | { readonly kind: 'fallback'; readonly nth?: number | undefined }
  | { readonly kind: 'account'; readonly set: Partial<Omit<Account, 'name'>> }
  | {
      readonly kind: 'key';
      readonly scope: ApiKey['scope'];
      readonly set: Partial<Pick<ApiKey, 'scope' | 'revoked'>>;
    }
  | { readonly kind: 'fail'; readonly rule: Omit<FailureRule, 'endpointId'> }
  | { readonly kind: 'wire'; readonly rule: Omit<WireRule, 'endpointId'> };

/** A part of a repeating programme, ms from the start of each round. Phases must not set the same field at once. */
export interface Phase {
  readonly fromMs: number;
  readonly toMs: number;
  readonly changes: readonly Change[];
}

export interface Scenario {
  readonly name: string;
  /** One line for people who choose. */
  readonly description: string;
  readonly changes: readonly Change[];
  /** Without an endpoint it concerns the first one of the world only, not all. */
  readonly concernsOneModel?: boolean | undefined;
  readonly programme?: { readonly roundMs: number; readonly phases: readonly Phase[] } | undefined;
}
