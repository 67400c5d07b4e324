import { isFailure } from 'opentelemetry-instrumentation-fal/core';
import type { ProbeRunFinished } from '../domain/events.ts';
import { probeRecentRuns } from './catalogue.ts';
import { UNNAMED_ERROR } from './probe-series.ts';
import type { Gauge } from './series.ts';
import type { MetricStore } from './store.ts';

/** How one of the last runs of a probe ended; `refused`: for the sake of the account or of the probe's input. */
type Result = 'ok' | 'slow' | 'failure' | 'refused';

// A record and not a list: a result that is forgotten does not compile.
const EVERY_RESULT: Readonly<Record<Result, true>> = { ok: true, slow: true, failure: true, refused: true };
const RESULTS = Object.keys(EVERY_RESULT) as readonly Result[];

/** How many runs count as recent: the n of "m of the last n". */
const RECENT = 5;

/** Counts the last runs of a probe by result, so that a rule can ask for m of n whatever the probe's interval. */
export class RecentRuns {
  readonly #gauges: ReadonlyMap<Result, Gauge>;
  #results: readonly Result[] = [];

  constructor(
    store: MetricStore,
    labels: { readonly account: string; readonly probe: string; readonly endpoint_id: string | undefined },
  ) {
    this.#gauges = new Map(
      RESULTS.map((result) => [result, store.bind(probeRecentRuns, { ...labels, result })]),
    );
  }

  /** Books a run; `limitSeconds` is the latency limit of its model, absent for a probe that runs no model. */
  finished(event: ProbeRunFinished, limitSeconds: number | undefined): void {
    // Cancelled means that the exporter stopped: it says nothing about fal.
    if (event.outcome === 'cancelled') return;
    this.#results = [...this.#results, resultOf(event, limitSeconds)].slice(-RECENT);
    for (const [result, gauge] of this.#gauges) {
      gauge.set(this.#results.filter((each) => each === result).length);
    }
  }
}

function resultOf({ outcome, error, durationSeconds }: ProbeRunFinished, limit: number | undefined): Result {
  if (outcome !== 'ok') return isFailure(error?.type ?? UNNAMED_ERROR) ? 'failure' : 'refused';
  return limit !== undefined && durationSeconds > limit ? 'slow' : 'ok';
}
