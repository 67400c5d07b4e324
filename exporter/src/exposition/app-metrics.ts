import type { Clock } from '../domain/clock.ts';
import { APP_METRIC_PREFIX, type AppMetricFamily, type AppMetricSample } from '../domain/app-metrics.ts';
import { escapeLabelValue } from '../metrics/labels.ts';
import type { MetricStore } from '../metrics/store.ts';
import type { ForeignFamily } from './format.ts';
import { formatValue } from './samples.ts';

/**
 * The metrics of the account's deployed apps, which stand behind ours in a scrape. They are fal's and not ours: they
 * are in no catalogue, and they are not pushed by OTLP.
 */
export class AppMetrics {
  readonly #store: MetricStore;
  readonly #clock: Clock;
  #families: readonly ForeignFamily[] = [];
  /** Monotonic ms. */
  #validUntil = 0;

  constructor(store: MetricStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /**
   * Shows these in place of those before, for `validMs` at most. They count against the limit of the store; when they
   * do not fit, none is shown.
   *
   * @throws RangeError when they do not fit, TypeError for a name without the prefix.
   */
  readonly show = (families: readonly AppMetricFamily[], validMs: number): void => {
    const foreign = families.find(({ name }) => !name.startsWith(APP_METRIC_PREFIX));
    if (foreign !== undefined) throw new TypeError(`a metric of an app begins with ${APP_METRIC_PREFIX}`);
    const lines = families.reduce((sum, { samples }) => sum + samples.length, 0);
    this.#families = [];
    if (!this.#store.countBeside(lines))
      throw new RangeError(
        `its ${lines} samples do not fit under series.limit; raise it, or switch this off`,
      );
    this.#families = families.map(rendered);
    this.#validUntil = this.#clock.monotonic() + validMs;
  };

  /** What is shown at the moment. */
  readonly current = (): readonly ForeignFamily[] => {
    if (this.#families.length > 0 && this.#clock.monotonic() > this.#validUntil) {
      this.#families = [];
      this.#store.countBeside(0);
    }
    return this.#families;
  };
}

function rendered({ name, help, isGauge, samples }: AppMetricFamily): ForeignFamily {
  return { name, help, isGauge, lines: samples.map((sample) => lineOf(name, sample)) };
}

function lineOf(name: string, { labels, value }: AppMetricSample): string {
  const text = labels.map(([label, text]) => `${label}="${escapeLabelValue(text)}"`).join(',');
  return text === '' ? `${name} ${formatValue(value)}\n` : `${name}{${text}} ${formatValue(value)}\n`;
}
