import type { Config } from '../config/config.ts';
import type { Clock } from '../domain/clock.ts';
import type { CollectorRan } from '../domain/events.ts';
import * as catalogue from './catalogue.ts';
import type { Gauge } from './series.ts';
import type { MetricStore } from './store.ts';

type CollectorConfig = Pick<Config, 'collectors' | 'series'>;

/** The series of the collectors that have reported; those of one that stopped for good expire. */
export class CollectorSeries {
  readonly #store: MetricStore;
  readonly #clock: Clock;
  /** Per collector its interval, and when it ran last in monotonic ms. */
  readonly #intervals = new Map<string, { readonly gauge: Gauge; readonly ranAt: number }>();
  #intervalSeconds: number;

  constructor(store: MetricStore, clock: Clock, { collectors }: CollectorConfig) {
    this.#store = store;
    this.#clock = clock;
    this.#intervalSeconds = collectors.intervalMs / 1000;
  }

  /** Shows a new interval at once: the next run is up to one of them away, and rules compare ages with it. */
  configure({ collectors, series }: CollectorConfig): void {
    this.#intervalSeconds = collectors.intervalMs / 1000;
    const now = this.#clock.monotonic();
    for (const [collector, { gauge, ranAt }] of this.#intervals) {
      // A write to an expired series would bring it back alone.
      if (now - ranAt >= series.expireAfterMs) this.#intervals.delete(collector);
      else gauge.set(this.#intervalSeconds);
    }
  }

  ran({ at, collector, ok, durationSeconds }: CollectorRan): void {
    const labels = { collector };
    this.#store.bind(catalogue.collectorSuccess, labels, 'idle').set(ok ? 1 : 0);
    this.#store.bind(catalogue.collectorDuration, labels, 'idle').set(durationSeconds);
    const lastSuccess = this.#store.bind(catalogue.collectorLastSuccess, labels, 'idle');
    if (ok) lastSuccess.set(at / 1000);
    const gauge = this.#store.bind(catalogue.collectorInterval, labels, 'idle');
    gauge.set(this.#intervalSeconds);
    this.#intervals.set(collector, { gauge, ranAt: this.#clock.monotonic() });
  }
}
