import type { CollectorName } from '../domain/collector-name.ts';
import type { EventSink } from '../domain/events.ts';

/**
 * Reads one thing of the account or the platform on a schedule. `collect` emits what it learned and rejects
 * when it learned nothing; the runner around it times it, counts it and keeps its failure from the rest.
 */
export interface Collector {
  readonly name: CollectorName;
  /** Time between two readings that succeed; after a failure the runner comes back sooner. */
  readonly intervalMs: number;
  /** Calls to fal in any hour. */
  readonly callsPerHour: number;
  collect(context: CollectContext): Promise<Collected | void>;
}

/** What a reading tells about itself. */
export interface Collected {
  /** Up to when what was read is known, ms since the epoch, for sources that lag behind; now when absent. */
  readonly dataUntil?: number | undefined;
}

export interface CollectContext {
  readonly signal: AbortSignal;
  readonly emit: EventSink;
  /**
   * To be called before each call to fal.
   *
   * @throws QuotaError when the calls of this hour are used up; what was read until then is kept.
   */
  readonly spendCall: () => void;
}
