import type { ErrorType, Outcome } from '../errors/error-type.ts';

/** fal's own three words for a queued request; there is no fourth: a failed one is COMPLETED too. */
export type QueueState = 'IN_QUEUE' | 'IN_PROGRESS' | 'COMPLETED';

/**
 * One thing seen from outside about one logical request. `at` is a monotonic clock in seconds: only
 * differences mean anything, and observations may arrive in any order (polls race, streams lag).
 *
 * ```text
 * started ─ submitted ─ queued* ─ running ─ (queued ─ running)* ─ completed ─ result_requested ─ finished
 *                                                                             └ or failed, cancelled, abandoned
 * ```
 */
export type Observation =
  | { readonly kind: 'started'; readonly at: number }
  | { readonly kind: 'attempt_ended'; readonly at: number }
  /** A file of the input begins to go to fal's storage, or is there; several may go at once. */
  | { readonly kind: 'upload_started'; readonly at: number }
  | { readonly kind: 'upload_ended'; readonly at: number }
  | {
      readonly kind: 'submitted';
      readonly at: number;
      readonly requestId: string;
      readonly queuePosition?: number | undefined;
    }
  | { readonly kind: 'queued'; readonly at: number; readonly queuePosition?: number | undefined }
  | { readonly kind: 'running'; readonly at: number }
  | { readonly kind: 'completed'; readonly at: number; readonly inferenceSeconds?: number | undefined }
  | { readonly kind: 'result_requested'; readonly at: number }
  /** fal would not give it, because the job still runs. */
  | { readonly kind: 'result_refused'; readonly at: number }
  /** The first piece of a streamed answer. */
  | { readonly kind: 'first_chunk'; readonly at: number }
  | { readonly kind: 'finished'; readonly at: number; readonly billableUnits?: number | undefined }
  | {
      readonly kind: 'failed';
      readonly at: number;
      readonly errorType: ErrorType;
      /** Where the type alone does not tell: a network error may be a time-out. */
      readonly outcome?: Exclude<Outcome, 'ok'> | undefined;
    }
  | { readonly kind: 'cancelled'; readonly at: number }
  /** The caller stopped waiting; the job itself may still run and be billed. */
  | { readonly kind: 'abandoned'; readonly at: number };

/** Where a request stands, as far as anyone outside can tell. */
export type RequestState =
  | 'new'
  | 'submitting'
  | 'queued'
  | 'running'
  | 'completed'
  | 'fetching'
  | 'finished'
  | 'failed'
  | 'cancelled'
  | 'abandoned';

/** A span of time and how well it is known. `boundSeconds` is the largest possible error of an inferred one. */
export interface Measured {
  readonly seconds: number;
  readonly certainty: 'exact' | 'inferred';
  readonly boundSeconds?: number | undefined;
}
