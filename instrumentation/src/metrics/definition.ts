import type { Feeder } from './feeder.ts';

/** What a store, an exposition, a rule and METRICS.md know about one metric family. All of it is data. */
export type MetricDefinition<L extends string = string> =
  CounterDefinition<L> | GaugeDefinition<L> | HistogramDefinition<L>;

interface DefinitionBase<L extends string> {
  /** The Prometheus family name; a counter's ends in `_total`. */
  readonly name: string;
  /**
   * The OpenTelemetry instrument name. It carries the unit word, so that a translator that appends units
   * and one that does not arrive at the same Prometheus name.
   */
  readonly instrument: string;
  /** UCUM code; money and counted things in braces, empty for states, `1` for ratios only. */
  readonly unit: string;
  readonly labels: readonly L[];
  /** What to do with the number, for the person who meets it in a graph. */
  readonly help: string;
  readonly fedBy: Feeder;
}

export interface CounterDefinition<L extends string = string> extends DefinitionBase<L> {
  readonly type: 'counter';
}

export interface GaugeDefinition<L extends string = string> extends DefinitionBase<L> {
  readonly type: 'gauge';
  /**
   * What the TYPE line of a scrape says instead of `gauge`. Quantiles over a sliding window are what Prometheus
   * calls a summary, and its linter accepts the label `quantile` on no other type. OTLP keeps the gauge.
   */
  readonly scrapedAs?: 'summary' | undefined;
}

export interface HistogramDefinition<L extends string = string> extends DefinitionBase<L> {
  readonly type: 'histogram';
  /** Finite upper bounds, inclusive, ascending; `+Inf` is implied. */
  readonly bounds: readonly number[];
}

/** Every label of a family by name; `undefined` or an empty string leaves the label out, which Prometheus reads as the same. */
export type LabelsOf<L extends string> = Readonly<Record<L, string | undefined>>;

type Spec<D> = Omit<D, 'type'>;

/** A family that only grows. */
export function counter<const L extends string>(spec: Spec<CounterDefinition<L>>): CounterDefinition<L> {
  return { type: 'counter', ...spec };
}

/** A family that goes up and down, or is unknown. */
export function gauge<const L extends string>(spec: Spec<GaugeDefinition<L>>): GaugeDefinition<L> {
  return { type: 'gauge', ...spec };
}

/** A family that counts observations by size. */
export function histogram<const L extends string>(
  spec: Spec<HistogramDefinition<L>>,
): HistogramDefinition<L> {
  return { type: 'histogram', ...spec };
}

/** Text lines that one series of this family takes in a scrape: each bucket, `+Inf`, sum and count. */
export function linesOf(definition: MetricDefinition): number {
  return definition.type === 'histogram' ? definition.bounds.length + 3 : 1;
}
