import type { FalClient } from '@fal-ai/client';
import type { Simulator, VirtualClock } from 'fal-simulator';

export type Operation = 'run' | 'subscribe' | 'submit' | 'stream' | 'realtime' | 'upload';

/** One logical request as the app lived it, whatever anybody measured. Times in ms of the virtual clock. */
export interface Errand {
  readonly feature: string;
  readonly endpointId: string;
  readonly operation: Operation;
  readonly team: string;
  readonly startedAt: number;
  endedAt?: number;
  ended: 'pending' | 'ok' | 'error' | 'timeout' | 'cancelled';
  /** fal's id, once the app knows it. */
  requestId?: string;
  /** The answer that ended it badly: its status, whether it had a request id of fal's, and its `error_type`. */
  refusal?: { readonly status: number; readonly isFromFal: boolean; readonly said?: string | undefined };
}

/** What a feature of the app has at hand. */
export interface Desk {
  readonly fal: FalClient;
  readonly clock: VirtualClock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly simulator: Simulator;
  readonly errand: Errand;
}

/** A feature of the app: what it asks fal for, and how often. */
export interface Feature {
  readonly name: string;
  readonly team: string;
  readonly endpointId: string;
  readonly operation: Operation;
  /** Mean pause between two users, ms. */
  readonly everyMs: number;
  /** Resolves when the app has what it wanted. */
  readonly run: (desk: Desk) => Promise<unknown>;
}
