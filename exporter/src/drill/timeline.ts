import type { Severity } from 'fal-alert-rules';
import type { BrokenLink } from './chain/link.ts';

/** What a drill tells while it runs. `since`: seconds from the fault, or from the healing. */
export type DrillEvent =
  | { readonly kind: 'note'; readonly text: string }
  | { readonly kind: 'starting' }
  | { readonly kind: 'fault_on' }
  | { readonly kind: 'pending' | 'firing' | 'over'; readonly alert: string; readonly since: number }
  | {
      readonly kind: 'routed';
      readonly alert: string;
      readonly since: number;
      readonly receivers: readonly string[];
      /** Held back by alerts of these names. */
      readonly inhibitedBy: readonly string[];
      readonly silencedBy: readonly string[];
    }
  | {
      readonly kind: 'waiting';
      readonly since: number;
      readonly forAlerts: readonly string[];
      /** To come, or to end. */
      readonly goal: 'come' | 'end';
      readonly atMostSeconds: number;
    }
  | { readonly kind: 'look_at_phone'; readonly since: number; readonly alerts: readonly string[] }
  | { readonly kind: 'healed'; readonly since: number };

/** A moment on the wall clock, ms since the epoch, and what happened. */
export type Told = DrillEvent & { readonly at: number };

/** How one expected alert went. Seconds; absent when it did not come to that. */
export interface AlertOutcome {
  readonly alert: string;
  readonly severity: Severity;
  readonly heldBackBy: readonly string[];
  readonly pendingAfterSeconds?: number | undefined;
  readonly firedAfterSeconds?: number | undefined;
  /** Known to Alertmanager. */
  readonly routedAfterSeconds?: number | undefined;
  readonly receivers: readonly string[];
  /** What really held it back in Alertmanager. */
  readonly inhibitedBy: readonly string[];
  /** From the healing on. */
  readonly overAfterSeconds?: number | undefined;
  readonly broken?: BrokenLink | undefined;
}

/**
 * `passed`: everything expected fired, arrived as far as that can be asked, and ended. `failed`: something did not.
 * `unproven`: Prometheus could not be asked. `interrupted`: by the user; healed all the same.
 */
export type Verdict = 'passed' | 'failed' | 'unproven' | 'interrupted';

export interface DrillResult {
  readonly verdict: Verdict;
  readonly alerts: readonly AlertOutcome[];
  /** Links that are broken for all alerts alike, or that no single alert shows. */
  readonly broken: readonly BrokenLink[];
}
