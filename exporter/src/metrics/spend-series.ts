import type { SpendObserved } from '../domain/events.ts';
import { usdFromNano } from '../domain/money.ts';
import * as catalogue from './catalogue.ts';
import type { Counter } from './series.ts';
import type { MetricStore } from './store.ts';

interface ModelSpend {
  readonly billed: Counter;
  readonly estimated: Counter;
  readonly unpriced: Counter;
}

/**
 * What the account was billed, per model. The totals come from the books on disk, so a counter stands where it stood
 * before a restart.
 *
 * A model that is billed for the first time while the exporter runs is shown at zero in one collection before its
 * money: `increase()` does not see the first value of a series, and would lose the first bill of every model. After a
 * restart it is the other way round: a zero there would read as a reset, and the whole bill would count again.
 */
export class SpendSeries {
  readonly #store: MetricStore;
  readonly #account: string;
  readonly #models = new Map<string, ModelSpend>();
  /** Newest totals of models whose zero no collection has shown yet. */
  readonly #unborn = new Map<string, SpendObserved['endpoints'][number]>();
  readonly #shown = new Set<string>();
  #isOpen = false;

  constructor(store: MetricStore, account: string) {
    this.#store = store;
    this.#account = account;
  }

  observed({ endpoints }: SpendObserved): void {
    for (const spend of endpoints) {
      const { endpointId } = spend;
      const isNew = this.#isOpen && !this.#models.has(endpointId);
      if (isNew || this.#unborn.has(endpointId)) {
        this.#seriesOf(endpointId);
        this.#unborn.set(endpointId, spend);
      } else this.#raise(spend);
    }
    this.#isOpen = true;
  }

  /** To be called at each collection, before values are copied. */
  beforeCollection(): void {
    for (const [endpointId, spend] of this.#unborn) {
      if (this.#shown.has(endpointId)) {
        this.#unborn.delete(endpointId);
        this.#shown.delete(endpointId);
        this.#raise(spend);
      } else this.#shown.add(endpointId);
    }
  }

  #raise({ endpointId, billed, estimated, unpricedRequests }: SpendObserved['endpoints'][number]): void {
    const series = this.#seriesOf(endpointId);
    series.billed.raiseTo(usdFromNano(billed));
    series.estimated.raiseTo(usdFromNano(estimated));
    series.unpriced.raiseTo(unpricedRequests);
  }

  #seriesOf(endpointId: string): ModelSpend {
    const known = this.#models.get(endpointId);
    if (known !== undefined) return known;
    const labels = { account: this.#account, endpoint_id: endpointId };
    const series = {
      billed: this.#store.bind(catalogue.accountSpend, labels),
      estimated: this.#store.bind(catalogue.accountEstimatedSpend, labels),
      unpriced: this.#store.bind(catalogue.accountUnpricedRequests, labels),
    };
    this.#models.set(endpointId, series);
    return series;
  }
}
