import type { EndpointSpend } from '../domain/events.ts';
import type { NanoUsd } from '../domain/money.ts';
import type { BookedEvent } from './event-table.ts';
import { type TimeSpan, hourOf } from './hour.ts';
import { type EventSums, type HourCount, type HourTable, NO_EVENTS, sumOf } from './hour-table.ts';
import type { ModelTable } from './model-table.ts';

/** What one transaction changes of one model. */
interface ModelChange {
  readonly id: number;
  /** A model that nobody has seen is news even when it costs nothing. */
  readonly isNew: boolean;
  /** Events that came into an hour, less those that left it. */
  readonly hours: Map<number, EventSums>;
  base: NanoUsd;
  excess: NanoUsd;
  unpriced: number;
}

/**
 * Gathers what the rows of one transaction change, so that each hour and each sum is written once, however many
 * rows they have. Lives as long as its transaction: ids of new models are not known outside before it is on disk.
 */
export class Posting {
  readonly #models: ModelTable;
  readonly #hours: HourTable;
  readonly #changes = new Map<number, ModelChange>();
  readonly #ids = new Map<string, number>();

  constructor(models: ModelTable, hours: HourTable) {
    this.#models = models;
    this.#hours = hours;
  }

  /** Id of a model, which is made when it is new. */
  modelId(endpointId: string): number {
    const seen = this.#ids.get(endpointId);
    if (seen !== undefined) return seen;
    const known = this.#models.find(endpointId);
    const id = known ?? this.#models.insert(endpointId);
    this.#ids.set(endpointId, id);
    if (known === undefined) this.#changes.set(id, noChange(id, true));
    return id;
  }

  add(event: BookedEvent): void {
    this.#post(event, 1);
  }

  /** Takes an event out again that was corrected. */
  remove(event: BookedEvent): void {
    this.#post(event, -1);
  }

  setUsage(modelId: number, hour: number, cost: NanoUsd): void {
    count(this.#changeOf(modelId), this.#hours.setUsage(modelId, hour, cost));
  }

  /** Hours of which usage has said nothing become hours of which it says 0. */
  closeUsage(hours: TimeSpan): void {
    for (const { modelId, ...change } of this.#hours.closeUsage(hours))
      count(this.#changeOf(modelId), change);
  }

  /** Hours of which usage will not speak any more. */
  settleUsage(hours: TimeSpan): void {
    for (const { modelId, ...change } of this.#hours.settleUsage(hours))
      count(this.#changeOf(modelId), change);
  }

  /** Writes the hours and the sums. Gives the models whose shown numbers are others now. */
  finish(): EndpointSpend[] {
    return [...this.#changes.values()].flatMap((change) => this.#write(change));
  }

  #write(change: ModelChange): EndpointSpend[] {
    const { id, isNew, hours, unpriced } = change;
    const before = this.#models.read(id);
    let estimated = 0;
    for (const [hour, sums] of hours) {
      count(change, this.#hours.addEvents(id, hour, sums));
      estimated += sums.estimated;
    }
    this.#models.add(id, { base: change.base, excess: change.excess, estimated, unpriced });
    const after = this.#models.read(id);
    return isNew || isOther(before, after) ? [after] : [];
  }

  #post({ modelId, at, cost, estimate }: BookedEvent, sign: 1 | -1): void {
    const { hours } = this.#changeOf(modelId);
    const hour = hourOf(at);
    const isPriced = estimate !== undefined;
    const sums = {
      cost: sign * cost,
      compared: isPriced ? sign * cost : 0,
      estimated: isPriced ? sign * estimate : 0,
    };
    hours.set(hour, sumOf(hours.get(hour) ?? NO_EVENTS, sums));
    if (!isPriced) this.#changeOf(modelId).unpriced += sign;
  }

  #changeOf(id: number): ModelChange {
    const known = this.#changes.get(id);
    if (known !== undefined) return known;
    const change = noChange(id, false);
    this.#changes.set(id, change);
    return change;
  }
}

function noChange(id: number, isNew: boolean): ModelChange {
  return { id, isNew, hours: new Map(), base: 0, excess: 0, unpriced: 0 };
}

function count(change: ModelChange, { base, excess }: HourCount): void {
  change.base += base;
  change.excess += excess;
}

function isOther(before: EndpointSpend, after: EndpointSpend): boolean {
  return (
    before.billed !== after.billed ||
    before.estimated !== after.estimated ||
    before.unpricedRequests !== after.unpricedRequests
  );
}
