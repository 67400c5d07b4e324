import type { ProbeConfig } from '../config/config.ts';
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
  run(context: ProbeRunContext): Promise<ProbeRunResult>;
}

export interface ProbeRunContext {
  readonly signal: AbortSignal;
  readonly emit: EventSink;
  /** Tells the state file which request is in flight, so that a killed exporter can cancel it after restart. */
  readonly onSubmitted: (requestId: string) => void;
}

export interface ProbeRunResult {
  readonly finished: ProbeRunFinished;
  readonly billing: RunBilling;
}

/**
 * What a run may have cost. `none`: provably nothing (fal refused it, or says that it bills no such end).
 * `units`: the header said how much. `unknown`: a job exists or existed, so it counts as billed.
 */
export type RunBilling =
  | { readonly kind: 'none' }
  | { readonly kind: 'units'; readonly header: string }
  | { readonly kind: 'unknown' };

/** True when a run may cost money or take a concurrency slot, so that spend cap and slot rule are asked first. */
export function isPaid(probe: Probe): boolean {
  return probe.tier !== 'free';
}

/** The configuration of a probe that asks a model. */
export type EndpointProbeConfig = ProbeConfig & { readonly endpointId: string };
