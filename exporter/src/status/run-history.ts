import { isFailure } from 'opentelemetry-instrumentation-fal/core';
import type { ProbeRunFinished } from '../domain/events.ts';
import { ConditionTracker } from './condition.ts';
import { Recent } from './recent.ts';
import { SampleWindows } from './window-stats.ts';
import type { ConditionView, RunVerdict, RunView, WindowsView } from './view.ts';

/** How many runs a probe or an endpoint keeps in full. */
export const KEPT_RUNS = 60;
const KEPT_STEPS = 60;
const LONGEST_TEXT = 300;

/** The past of one probe or one endpoint: the last runs, the windows, and since when it is as it is. */
export class RunHistory {
  readonly #runs = new Recent<RunView>(KEPT_RUNS);
  readonly #windows = new SampleWindows();
  readonly #tracker = new ConditionTracker();

  add(run: RunView, seenAt: number): void {
    this.#runs.push(run);
    this.#windows.add({ seenAt, verdict: run.verdict, latencySeconds: latencyOf(run) });
    this.#tracker.observe(run);
  }

  get runs(): readonly RunView[] {
    return [...this.#runs.items];
  }

  get condition(): ConditionView | undefined {
    return this.#tracker.condition;
  }

  windows(monotonicNow: number): WindowsView {
    return this.#windows.stats(monotonicNow);
  }
}

/** Latency is over ok and timeout: a fast failure would make an outage look fast. A queue probe ends early. */
function latencyOf(run: RunView): number | undefined {
  const isWaited = run.outcome === 'ok' || run.outcome === 'timeout';
  return isWaited && run.tier !== 'queue' ? run.durationSeconds : undefined;
}

export function verdictOf({ outcome, error }: Pick<ProbeRunFinished, 'outcome' | 'error'>): RunVerdict {
  if (outcome === 'ok' || outcome === 'cancelled') return outcome;
  if (error === undefined || isFailure(error.type)) return 'failure';
  if (error.fault === 'account') return 'account';
  return error.fault === 'app' ? 'app' : 'failure';
}

/** The event as the board keeps it: shortened, and without numbers that are none. */
export function runViewOf(event: ProbeRunFinished, at: number): RunView {
  const { error } = event;
  return {
    at,
    probe: event.probe,
    tier: event.tier,
    endpointId: event.endpointId,
    outcome: event.outcome,
    verdict: verdictOf(event),
    error: error && { ...error, text: clip(error.text) },
    durationSeconds: seconds(event.durationSeconds),
    queueWait: measured(event.queueWait),
    inference: measured(event.inference),
    resultFetch: measured(event.resultFetch),
    attempts: count(event.attempts),
    platformRetries: count(event.platformRetries),
    lastQueuePosition: seconds(event.lastQueuePosition),
    requestId: event.requestId === undefined ? undefined : clip(event.requestId),
    steps: event.steps.slice(0, KEPT_STEPS).map((step) => ({
      seconds: seconds(step.seconds) ?? 0,
      text: clip(step.text),
    })),
  };
}

/** A span that can be shown, or nothing. */
export function seconds(value: number | undefined): number | undefined {
  return value !== undefined && Number.isFinite(value) && value >= 0 ? value : undefined;
}

export function clip(text: string): string {
  return text.length <= LONGEST_TEXT ? text : `${text.slice(0, LONGEST_TEXT - 1)}…`;
}

function count(value: number): number {
  return Number.isSafeInteger(value) && value >= 0 ? value : 0;
}

function measured(value: RunView['queueWait']): RunView['queueWait'] {
  if (value === undefined || seconds(value.seconds) === undefined) return undefined;
  return { ...value, boundSeconds: seconds(value.boundSeconds) };
}
