import type { Config } from '../config/config.ts';
import type { Clock } from '../domain/clock.ts';
import type { CollectorName } from '../domain/collector-name.ts';
import type { CollectorRan } from '../domain/events.ts';
import * as catalogue from './catalogue.ts';
import type { Gauge } from './series.ts';
import type { MetricStore } from './store.ts';

type CollectorSettings = Pick<Config, 'collectors' | 'statusPage' | 'series'>;

/** Collectors without a key are not run any more: this many intervals later at the earliest nobody waits for them. */
const GONE_AFTER_INTERVALS = 3;

const FAMILIES: ReadonlySet<unknown> = new Set([
  catalogue.collectorSuccess,
  catalogue.collectorDuration,
  catalogue.collectorLastSuccess,
  catalogue.collectorInterval,
  catalogue.collectorCalls,
  catalogue.platformDataAge,
]);

/** A collector that has reported. */
interface Reported {
  readonly interval: Gauge;
  readonly dataAge: Gauge;
  /** Monotonic ms. */
  readonly ranAt: number;
  /** Moment that its data reach to, on the monotonic scale; absent until it has read any. */
  readonly knownUntil: number | undefined;
}

/**
 * The series of the collectors that have reported. They stay as long as the collector is configured and runs, however
 * long its interval is: the store would take them for idle, so they come and go here.
 */
export class CollectorSeries {
  readonly #store: MetricStore;
  readonly #clock: Clock;
  readonly #reported = new Map<CollectorName, Reported>();
  #settings: CollectorSettings;

  constructor(store: MetricStore, clock: Clock, settings: CollectorSettings) {
    this.#store = store;
    this.#clock = clock;
    this.#settings = settings;
  }

  /** Shows a new interval at once: the next run is up to one of them away, and rules compare ages with it. */
  configure(settings: CollectorSettings): void {
    this.#settings = settings;
    this.#dropGone();
    for (const [collector, { interval }] of this.#reported) interval.set(this.#intervalMs(collector) / 1000);
  }

  ran({ at, collector, ok, durationSeconds, dataUntil, calls }: CollectorRan): void {
    const labels = { collector };
    this.#store.bind(catalogue.collectorSuccess, labels).set(ok ? 1 : 0);
    this.#store.bind(catalogue.collectorDuration, labels).set(durationSeconds);
    this.#store.bind(catalogue.collectorCalls, labels).raiseTo(calls);
    const lastSuccess = this.#store.bind(catalogue.collectorLastSuccess, labels);
    if (ok) lastSuccess.set(at / 1000);
    const interval = this.#store.bind(catalogue.collectorInterval, labels);
    interval.set(this.#intervalMs(collector) / 1000);
    const dataAge = this.#store.bind(catalogue.platformDataAge, { source: collector });
    const ranAt = this.#clock.monotonic();
    const knownUntil =
      dataUntil === undefined
        ? this.#reported.get(collector)?.knownUntil
        : ranAt - Math.max(0, at - dataUntil);
    this.#reported.set(collector, { interval, dataAge, ranAt, knownUntil });
  }

  /** Brings the ages up to date, and drops what no longer runs, such as one that was on its way when switched off. */
  refresh(): void {
    this.#dropGone();
    const now = this.#clock.monotonic();
    for (const { dataAge, knownUntil } of this.#reported.values()) {
      if (knownUntil !== undefined) dataAge.set((now - knownUntil) / 1000);
    }
  }

  #intervalMs(collector: CollectorName): number {
    return this.#settings.collectors[collector].intervalMs;
  }

  #isOn(collector: CollectorName): boolean {
    const { collectors, statusPage } = this.#settings;
    return collectors[collector].enabled && (collector !== 'status-page' || statusPage.enabled);
  }

  #dropGone(): void {
    const now = this.#clock.monotonic();
    const { expireAfterMs } = this.#settings.series;
    for (const [collector, { ranAt }] of this.#reported) {
      const patienceMs = Math.max(expireAfterMs, GONE_AFTER_INTERVALS * this.#intervalMs(collector));
      if (this.#isOn(collector) && now - ranAt < patienceMs) continue;
      this.#reported.delete(collector);
      this.#store.remove(
        (definition, labels) => FAMILIES.has(definition) && (labels.collector ?? labels.source) === collector,
      );
    }
  }
}
