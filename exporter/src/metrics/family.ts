import type { MetricDefinition } from 'opentelemetry-instrumentation-fal/core';
import type { Clock } from '../domain/clock.ts';
import type { RenderedLabels } from './labels.ts';
import { HistogramSeries, ScalarSeries } from './series.ts';
import type { Lifetime, Series } from './series.ts';

/** The values of one family at one moment. */
export interface FamilySnapshot {
  /** Sanitised family name. */
  readonly name: string;
  readonly definition: MetricDefinition;
  /** In the order in which they were bound; stable from scrape to scrape. */
  readonly series: readonly SeriesView[];
  /**
   * `width` numbers per series, in the order of `series`. Counter and gauge: the value, NaN for a gauge that is
   * unknown. Histogram: the cumulative count at each bound and at `+Inf`, then the sum.
   */
  readonly values: Float64Array;
  readonly width: number;
}

/** What a reader of a snapshot may see of a series: never its live numbers. */
export type SeriesView = Pick<Series, 'labels' | 'startedAt'>;

/** One metric family and its series, found by rendered labels. */
export class Family {
  readonly definition: MetricDefinition;
  readonly name: string;
  readonly #series = new Map<string, Series>();
  readonly #width: number;
  /** The series as an array; replaced, never changed, so that a snapshot may keep it. */
  #listed: readonly Series[] | undefined;

  constructor(name: string, definition: MetricDefinition) {
    this.name = name;
    this.definition = definition;
    this.#width = definition.type === 'histogram' ? definition.bounds.length + 2 : 1;
    if (definition.type === 'histogram') assertAscending(definition.name, definition.bounds);
  }

  get(key: string): Series | undefined {
    return this.#series.get(key);
  }

  /** A new series, from zero (a gauge: unknown). It is not in the family until it is added. */
  create(labels: RenderedLabels, lifetime: Lifetime, clock: Clock): Series {
    const { definition } = this;
    const base = [labels, lifetime, clock.now(), clock.monotonic()] as const;
    if (definition.type === 'histogram') return new HistogramSeries(definition.bounds, ...base);
    return new ScalarSeries(definition.type === 'counter' ? 0 : NaN, ...base);
  }

  add(key: string, series: Series): void {
    this.#series.set(key, series);
    this.#listed = undefined;
  }

  removeWhere(matches: (series: Series) => boolean): number {
    let removed = 0;
    for (const [key, series] of this.#series) {
      if (!matches(series)) continue;
      series.isAttached = false;
      this.#series.delete(key);
      removed += 1;
    }
    if (removed > 0) this.#listed = undefined;
    return removed;
  }

  snapshot(): FamilySnapshot {
    const series = (this.#listed ??= [...this.#series.values()]);
    const width = this.#width;
    const values = new Float64Array(series.length * width);
    let offset = 0;
    for (const one of series) {
      one.copyTo(values, offset);
      offset += width;
    }
    return { name: this.name, definition: this.definition, series, values, width };
  }

  /** Throws when the family is bound again as something else: one of the two would write nonsense. */
  assertSame(other: MetricDefinition): void {
    const mine = this.definition;
    if (mine === other) return;
    const isSame = mine.type === other.type && boundsOf(mine) === boundsOf(other);
    if (!isSame) {
      throw new Error(
        `metric ${this.name} is a ${mine.type}${boundsOf(mine)} already and cannot be bound as a ${other.type}${boundsOf(other)}`,
      );
    }
  }
}

function boundsOf(definition: MetricDefinition): string {
  return definition.type === 'histogram' ? ` with bounds ${definition.bounds.join(' ')}` : '';
}

function assertAscending(name: string, bounds: readonly number[]): void {
  const isAscending = bounds.every(
    (bound, i) => Number.isFinite(bound) && (i === 0 || bound > (bounds[i - 1] ?? 0)),
  );
  if (!isAscending)
    throw new Error(`metric ${name}: bounds must be finite and ascending, got ${bounds.join(' ')}`);
}
