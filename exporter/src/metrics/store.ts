import { linesOf } from 'opentelemetry-instrumentation-fal/core';
import type {
  CounterDefinition,
  GaugeDefinition,
  HistogramDefinition,
  LabelsOf,
  MetricDefinition,
} from 'opentelemetry-instrumentation-fal/core';
import type { Clock } from '../domain/clock.ts';
import { Family } from './family.ts';
import type { FamilySnapshot } from './family.ts';
import { renderLabels } from './labels.ts';
import { sanitizeMetricName } from './naming.ts';
import { CounterHandle, GaugeHandle, HistogramHandle, NOOP_HANDLE } from './series.ts';
import type {
  Counter,
  Gauge,
  Histogram,
  HistogramSeries,
  Lifetime,
  ScalarSeries,
  Series,
  SeriesKeeper,
} from './series.ts';

/** All values at one moment. Nothing that happens later changes it. */
export interface Snapshot {
  /** Wall clock in ms when it was taken. */
  readonly at: number;
  /** Sorted by name. */
  readonly families: readonly FamilySnapshot[];
}

export interface StoreStats {
  /** Text lines held, and those beside; a histogram counts each of its lines, a gauge without a value counts too. */
  readonly lines: number;
  /** Label sets refused since the start because the cap was reached. */
  readonly refused: number;
  /** Values that were no values (NaN, negative or infinite where that means nothing) since the start. */
  readonly ignored: number;
}

export interface StoreLimits {
  /** Most text lines in a scrape. */
  readonly limit: number;
  /** A series bound as `idle` goes when nobody has written to it for this long, in ms. */
  readonly expireAfterMs: number;
}

/** A refresher threw: there is no whole body to give, and half a body would read as vanished series. */
export class CollectError extends Error {
  override readonly name = 'CollectError';

  constructor(refresher: string, cause: unknown) {
    const text = cause instanceof Error ? cause.message : String(cause);
    super(
      `collecting metrics: refresher "${refresher}" failed (${text}); no metrics are served until it works`,
      {
        cause,
      },
    );
  }
}

/** Decides which series to remove, by family and by label names and values as they stand in a scrape. */
export type SeriesMatcher = (
  definition: MetricDefinition,
  labels: Readonly<Record<string, string>>,
) => boolean;

/**
 * Holds every series. Binding does the string work once; writing through a handle does none and allocates
 * nothing. A collection copies all numbers in one go, so that a body is consistent in itself however long
 * writing it out takes.
 */
export class MetricStore {
  readonly #clock: Clock;
  readonly #families = new Map<string, Family>();
  readonly #refreshers = new Map<string, () => void>();
  #limits: StoreLimits;
  #sortedFamilies: readonly Family[] | undefined;
  #lines = 0;
  #beside = 0;
  #refused = 0;
  #ignored = 0;
  #sweptAt: number;

  constructor(options: StoreLimits & { readonly clock: Clock }) {
    this.#clock = options.clock;
    this.#limits = options;
    this.#sweptAt = options.clock.monotonic();
  }

  /**
   * The series of a family with these labels, made when it is new. The same rendered labels give the same
   * series. When the cap is reached: a handle that does nothing, and one more refused label set.
   * Throws an Error when a family of that name exists with another type or other bounds.
   */
  bind<L extends string>(definition: CounterDefinition<L>, labels: LabelsOf<L>, lifetime?: Lifetime): Counter;
  bind<L extends string>(definition: GaugeDefinition<L>, labels: LabelsOf<L>, lifetime?: Lifetime): Gauge;
  bind<L extends string>(
    definition: HistogramDefinition<L>,
    labels: LabelsOf<L>,
    lifetime?: Lifetime,
  ): Histogram;
  bind(
    definition: MetricDefinition,
    labels: LabelsOf<string>,
    lifetime: Lifetime = 'kept',
  ): Counter | Gauge | Histogram {
    const family = this.#family(definition);
    const rendered = renderLabels(labels, definition.type === 'histogram' ? ['le'] : []);
    const series = this.#resolve(family, (clock) => family.create(rendered, lifetime, clock), rendered.text);
    if (series === undefined) return NOOP_HANDLE;
    if (lifetime === 'kept') series.lifetime = 'kept';
    return this.#handle(family, series);
  }

  /** Removes the matching series and returns how many went. A later write to one starts it again from zero. */
  remove(matches: SeriesMatcher): number {
    let removed = 0;
    for (const family of this.#families.values()) {
      removed += this.#removeFrom(family, (series) => matches(family.definition, series.labels.values));
    }
    return removed;
  }

  /**
   * Calls `refresh` before each collection, to bring time-dependent gauges up to date from memory. It must not
   * wait for anything. Returns what unregisters it. Throws an Error when the name is taken.
   */
  beforeCollect(name: string, refresh: () => void): () => void {
    if (this.#refreshers.has(name)) throw new Error(`a refresher named "${name}" is registered already`);
    this.#refreshers.set(name, refresh);
    return () => {
      if (this.#refreshers.get(name) === refresh) this.#refreshers.delete(name);
    };
  }

  /** Refreshes, drops idle series and copies every value. Throws a CollectError when a refresher throws. */
  collect(): Snapshot {
    for (const [name, refresh] of this.#refreshers) {
      try {
        refresh();
      } catch (cause) {
        throw new CollectError(name, cause);
      }
    }
    this.#sweep();
    this.#sortedFamilies ??= [...this.#families.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    return { at: this.#clock.now(), families: this.#sortedFamilies.map((family) => family.snapshot()) };
  }

  /**
   * Counts lines that stand in a scrape beside ours, in place of those counted before. False when they would pass the
   * cap: then none is counted, and all of them are refused.
   */
  countBeside(lines: number): boolean {
    this.#lines -= this.#beside;
    const fits = this.#lines + lines <= this.#limits.limit;
    this.#beside = fits ? lines : 0;
    this.#lines += this.#beside;
    if (!fits) this.#refused += lines;
    return fits;
  }

  get stats(): StoreStats {
    return { lines: this.#lines, refused: this.#refused, ignored: this.#ignored };
  }

  /** Puts new limits in force. A lower cap refuses new series and removes none. */
  reconfigure(limits: StoreLimits): void {
    this.#limits = limits;
  }

  #family(definition: MetricDefinition): Family {
    const name = sanitizeMetricName(definition.name);
    const known = this.#families.get(name);
    known?.assertSame(definition);
    if (known !== undefined) return known;
    const family = new Family(name, definition);
    this.#families.set(name, family);
    this.#sortedFamilies = undefined;
    return family;
  }

  #resolve(family: Family, create: (clock: Clock) => Series, key: string): Series | undefined {
    const known = family.get(key);
    if (known !== undefined) return known;
    const lines = linesOf(family.definition);
    if (this.#lines + lines > this.#limits.limit) {
      this.#refused += 1;
      return undefined;
    }
    const series = create(this.#clock);
    family.add(key, series);
    this.#lines += lines;
    return series;
  }

  #handle(family: Family, series: Series): Counter | Gauge | Histogram {
    const keeper = {
      revive: (gone: Series) =>
        this.#resolve(family, (clock) => family.create(gone.labels, gone.lifetime, clock), gone.labels.text),
      ignoreValue: () => {
        this.#ignored += 1;
      },
    };
    // The family made the series, so its type says which class it is of.
    switch (family.definition.type) {
      case 'counter':
        return new CounterHandle(series as ScalarSeries, keeper as SeriesKeeper<ScalarSeries>);
      case 'gauge':
        return new GaugeHandle(series as ScalarSeries, keeper as SeriesKeeper<ScalarSeries>);
      case 'histogram':
        return new HistogramHandle(series as HistogramSeries, keeper as SeriesKeeper<HistogramSeries>);
    }
  }

  /** Looks for idle series at most ten times per expiry time, so that a scrape rarely pays for it. */
  #sweep(): void {
    const now = this.#clock.monotonic();
    const { expireAfterMs } = this.#limits;
    if (now - this.#sweptAt < expireAfterMs / 10) return;
    this.#sweptAt = now;
    for (const family of this.#families.values()) {
      this.#removeFrom(
        family,
        (series) => series.lifetime === 'idle' && isExpired(series, now, expireAfterMs),
      );
    }
  }

  #removeFrom(family: Family, matches: (series: Series) => boolean): number {
    const removed = family.removeWhere(matches);
    this.#lines -= removed * linesOf(family.definition);
    return removed;
  }
}

function isExpired(series: Series, now: number, expireAfterMs: number): boolean {
  if (series.isActive) {
    series.isActive = false;
    series.activeAt = now;
  }
  return now - series.activeAt >= expireAfterMs;
}
