import type { EventSink, ProbeRunFinished, ProbeTier } from '../domain/events.ts';

/**
 * A probe: one configured check, run again and again by the scheduler.
 *
 * A run never throws for what fal does: every bad answer is a result. It must settle within its own
 * deadline, or when `signal` aborts (shutdown), whichever comes first. The scheduler, not the probe,
 * emits the `probe_run_*` events; a probe emits only what it learns on the way (a host, a lock).
 */
export interface Probe {
  readonly name: string;
  readonly tier: ProbeTier;
  readonly endpointId?: string | undefined;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  /** True when a run may cost money or take a concurrency slot: the spend cap and the slot rule are asked first. */
  readonly isPaid: boolean;
  run(context: ProbeRunContext): Promise<ProbeRunFinished>;
}

export interface ProbeRunContext {
  readonly signal: AbortSignal;
  readonly emit: EventSink;
  /** Tells the state file which request is in flight, so that a killed exporter can cancel it after restart. */
  readonly onSubmitted: (requestId: string) => void;
  /** What the run turned out to cost, as the units header said; never called when no header came. */
  readonly onBillableUnits: (units: number) => void;
}
