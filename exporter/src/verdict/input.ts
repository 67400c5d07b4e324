import type { ErrorType, Fault, LockReason, Outcome } from 'opentelemetry-instrumentation-fal/core';
import type { ProbeTier } from '../domain/events.ts';

/**
 * How a run counts. `failure` is the failure of every ratio; `account` and `app` are errors that say nothing
 * against fal. Cancelled runs count nowhere and are no witnesses.
 */
export type RunKind = 'ok' | 'failure' | 'account' | 'app';

/** One finished run. */
export interface RunWitness {
  /** When it ended, ms since the epoch. */
  readonly at: number;
  readonly kind: RunKind;
  readonly tier: ProbeTier;
  readonly outcome: Outcome;
  /** How long it took; a run without it counts as short. */
  readonly durationSeconds?: number | undefined;
  readonly errorType?: ErrorType | undefined;
  readonly fault?: Fault | undefined;
  /** How far the job was seen to get: fal took it, a runner took it. Absent when fal took nothing. */
  readonly reached?: 'queue' | 'runner' | undefined;
}

/** The probes of one subject, and how fresh their word is. */
export interface Witness {
  /** Oldest first; the newest five are judged, older ones only date the beginning. */
  readonly runs: readonly RunWitness[];
  /** Seconds since the newest run ended. */
  readonly ageSeconds: number;
  readonly intervalSeconds: number;
  /** 3 × interval + timeout: beyond this age its word is worth nothing. */
  readonly freshForSeconds: number;
  /** When the present row of failures began, where longer memory than `runs` knows it. */
  readonly failingSince?: number | undefined;
}

export interface EndpointWitness extends Witness {
  readonly id: string;
  readonly latencyLimitSeconds: number;
}

/** What the free probes last saw of one host. */
export interface HostWitness {
  readonly host: string;
  readonly up: boolean;
  /** The last look; ms since the epoch. */
  readonly at: number;
  /** Since when it is as it is. */
  readonly since: number;
  /** False while it is as it was at the first look: then it may never have been reachable from here. */
  readonly hasChanged: boolean;
  readonly isStale: boolean;
  readonly fault?: Fault | undefined;
}

export interface AccountState {
  readonly lock?:
    | {
        readonly reason: LockReason;
        readonly since: number;
        /** False when nothing has asked fal for so long that the lock may be over. */
        readonly isFresh: boolean;
      }
    | undefined;
  /** Since when fal rejects the key, if it does. */
  readonly keyRejectedSince?: number | undefined;
}

/** What the official status page last said. */
export interface StatusPageState {
  readonly host: string;
  /** When it last answered with something that could be read; absent when it never did. */
  readonly answeredAt?: number | undefined;
  /** True when the last try failed. */
  readonly isUnreadable: boolean;
  /** Open incidents of a fresh reading, by title. */
  readonly incidents: readonly string[];
}

/** Everything that the verdict is made of, as plain data. Times are ms since the epoch, spans are seconds. */
export interface VerdictInput {
  readonly endpoints: readonly EndpointWitness[];
  /** The free probes: the way to fal. */
  readonly gateways: readonly Witness[];
  readonly hosts: readonly HostWitness[];
  readonly account: AccountState;
  /** Absent when it was never read. */
  readonly statusPage?: StatusPageState | undefined;
}
