import type {
  Attributes,
  BatchObservableResult,
  Histogram,
  Meter,
  MetricOptions,
  Observable,
  ObservableCounter,
  ObservableGauge,
} from '@opentelemetry/api';
import { type AttributeSet, NO_ATTRIBUTES } from './call-attributes.ts';
import type {
  CounterDefinition,
  GaugeDefinition,
  HistogramDefinition,
  LabelsOf,
  MetricDefinition,
} from './definition.ts';
import { type Cell, LabelSets } from './label-sets.ts';

/** A family that can be moved from one meter to the next. */
export interface Movable {
  /** Makes the instrument on this meter; from now on values go there. What needs a callback is returned. */
  moveTo(meter: Meter): Observable | undefined;
}

/**
 * A counter that counts by itself and is observed at collection. Counting costs a walk through some maps instead
 * of the SDK's hash of sorted attributes, and what was counted before there was a provider is not lost.
 */
export class Counter<L extends string> implements Movable {
  readonly #definition: CounterDefinition<L>;
  readonly #sets: LabelSets<L>;
  readonly #perUnit: number;
  #instrument: ObservableCounter | undefined;

  /** @param perUnit what makes one of the definition's unit: 1e9 for nano-dollars that are observed as dollars. */
  constructor(definition: CounterDefinition<L>, onFull: () => void, perUnit = 1) {
    this.#definition = definition;
    this.#sets = new LabelSets(definition.labels, onFull);
    this.#perUnit = perUnit;
  }

  add(amount: number, values: LabelsOf<L>, extra: AttributeSet = NO_ATTRIBUTES): void {
    this.#sets.at(values, extra).total += amount;
  }

  /** The place of a series, for whoever counts in it often; it is there at 0 from now on. */
  cell(values: LabelsOf<L>): Cell {
    return this.#sets.at(values);
  }

  /** The series exists at 0 from now on. False when it existed before. */
  begin(values: LabelsOf<L>, extra: AttributeSet = NO_ATTRIBUTES): boolean {
    if (this.#sets.find(values, extra) !== undefined) return false;
    this.#sets.at(values, extra);
    return true;
  }

  moveTo(meter: Meter): Observable {
    const { instrument } = this.#definition;
    this.#instrument = meter.createObservableCounter(instrument, optionsOf(this.#definition));
    return this.#instrument;
  }

  observe(result: BatchObservableResult): void {
    if (this.#instrument === undefined) return;
    for (const { attributes, total } of this.#sets.cells) {
      result.observe(this.#instrument, total / this.#perUnit, attributes);
    }
  }
}

/** A gauge whose values are read from elsewhere at collection. */
export class Gauge<L extends string> implements Movable {
  readonly #definition: GaugeDefinition<L>;
  readonly #sets: LabelSets<L>;
  #instrument: ObservableGauge | undefined;

  constructor(definition: GaugeDefinition<L>, onFull: () => void) {
    this.#definition = definition;
    this.#sets = new LabelSets(definition.labels, onFull);
  }

  moveTo(meter: Meter): Observable {
    const { instrument } = this.#definition;
    this.#instrument = meter.createObservableGauge(instrument, optionsOf(this.#definition));
    return this.#instrument;
  }

  observe(result: BatchObservableResult, value: number, values: LabelsOf<L>): void {
    if (this.#instrument !== undefined)
      result.observe(this.#instrument, value, this.#sets.at(values).attributes);
  }
}

/** Durations that wait for the next collection; more than that are handed over before. */
const MOST_WAITING = 500;

/**
 * A histogram of durations. There are no observable histograms, so durations wait here and are handed to the SDK in
 * one go when it collects: in the midst of a request its code would be cold, which costs three times as much.
 */
export class Timing<L extends string> implements Movable {
  readonly #definition: HistogramDefinition<L>;
  readonly #sets: LabelSets<L>;
  readonly #seconds: number[] = [];
  readonly #attributes: Attributes[] = [];
  #instrument: Histogram | undefined;

  constructor(definition: HistogramDefinition<L>, onFull: () => void) {
    this.#definition = definition;
    this.#sets = new LabelSets(definition.labels, onFull);
  }

  moveTo(meter: Meter): undefined {
    this.handOver();
    const { instrument, bounds } = this.#definition;
    this.#instrument = meter.createHistogram(instrument, {
      ...optionsOf(this.#definition),
      advice: { explicitBucketBoundaries: [...bounds] },
    });
  }

  /** The attributes of a series, for `recordAt`. */
  attributesOf(values: LabelsOf<L>): Attributes {
    return this.#sets.at(values).attributes;
  }

  /** `record` for attributes that are at hand. */
  recordAt(seconds: number | undefined, attributes: Attributes): void {
    if (seconds === undefined || !Number.isFinite(seconds) || seconds < 0) return;
    this.#seconds.push(seconds);
    this.#attributes.push(attributes);
    if (this.#seconds.length >= MOST_WAITING) this.handOver();
  }

  /** Hands what waits to the SDK. */
  handOver(): void {
    const instrument = this.#instrument;
    const [seconds, attributes] = [this.#seconds.splice(0), this.#attributes.splice(0)];
    if (instrument !== undefined) seconds.forEach((each, i) => instrument.record(each, attributes[i]));
  }

  /** Records a duration in seconds; one that is unknown, negative or no number leaves no trace. */
  record(seconds: number | undefined, values: LabelsOf<L>, extra: AttributeSet = NO_ATTRIBUTES): void {
    if (seconds !== undefined) this.recordAt(seconds, this.#sets.at(values, extra).attributes);
  }
}

function optionsOf({ help, unit }: MetricDefinition): MetricOptions {
  return { description: help, unit };
}
