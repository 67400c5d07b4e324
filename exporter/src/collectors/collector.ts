import type { EventSink } from '../domain/events.ts';

/**
 * Reads one thing of the account or the platform on a schedule. `collect` emits what it learned and rejects
 * when it learned nothing; the runner around it times it, counts it and keeps its failure from the rest.
 */
export interface Collector {
  readonly name: string;
  readonly intervalMs: number;
  collect(context: CollectContext): Promise<void>;
}

export interface CollectContext {
  readonly signal: AbortSignal;
  readonly emit: EventSink;
}
