import { isFailure } from 'opentelemetry-instrumentation-fal/core';
import type { ProbeRunFinished } from '../domain/events.ts';
import * as catalogue from './catalogue.ts';
import { SLIDING_WINDOWS } from './catalogue.ts';
import { UNNAMED_ERROR } from './probe-series.ts';
import type { Gauge } from './series.ts';
import type { MetricStore } from './store.ts';
import { slotLayout } from './window-slots.ts';
import { WindowRatio } from './window-ratio.ts';

/** The series of one model, over all probes that look at it. */
export class EndpointSeries {
  readonly #latencyLimit: Gauge;
  readonly #failures = new WindowRatio(slotLayout(SLIDING_WINDOWS.map(({ seconds }) => seconds)));
  readonly #ratios: readonly Gauge[];

  constructor(store: MetricStore, account: string, endpointId: string) {
    const labels = { account, endpoint_id: endpointId };
    this.#latencyLimit = store.bind(catalogue.endpointLatencyLimit, labels);
    this.#ratios = SLIDING_WINDOWS.map(({ window }) =>
      store.bind(catalogue.endpointErrorRatio, { ...labels, window }),
    );
  }

  limitLatency(seconds: number): void {
    this.#latencyLimit.set(seconds);
  }

  /**
   * Counts one finished run; `now` is monotonic ms. A failure is an error or timeout that is neither the
   * application's nor the account's; a cancelled run counts nowhere.
   */
  finished(event: ProbeRunFinished, now: number): void {
    if (event.outcome === 'cancelled') return;
    this.#failures.count(event.outcome !== 'ok' && isFailure(event.error?.type ?? UNNAMED_ERROR), now);
  }

  /** Brings the ratio gauges to `now` (monotonic ms). */
  refresh(now: number): void {
    this.#ratios.forEach((gauge, window) => gauge.set(this.#failures.read(window, now) ?? NaN));
  }
}
