import type {
  AnalyticsObserved,
  ModelStatus,
  ModelStatusObserved,
  PriceChange,
  PriceChangesObserved,
  PriceMove,
  Quantiles,
  RequestHistoryObserved,
} from '../domain/events.ts';
import { type NanoUsd, usdFromNano } from '../domain/money.ts';
import * as catalogue from './catalogue.ts';
import type { Counter, Gauge } from './series.ts';
import type { MetricStore } from './store.ts';

// Records and not lists: a value that is forgotten does not compile.
const EVERY_MODEL_STATUS: Readonly<Record<ModelStatus, true>> = {
  active: true,
  deprecated: true,
  missing: true,
};
const EVERY_PRICE_MOVE: Readonly<Record<PriceMove, true>> = {
  raised: true,
  lowered: true,
  unit: true,
  withdrawn: true,
};
const PRICE_MOVES = Object.keys(EVERY_PRICE_MOVE) as readonly PriceMove[];
const MODEL_STATUSES = Object.keys(EVERY_MODEL_STATUS) as readonly ModelStatus[];

/** What fal tells about the models that the account uses: its analytics, catalogue, price changes, running requests. */
export class PlatformSeries {
  readonly #store: MetricStore;
  readonly #account: string;
  /** Models with a price change in the last seven days. */
  readonly #repriced = new Map<string, Gauge>();
  readonly #moves = new Map<string, ReadonlyMap<PriceMove, Counter>>();
  readonly #counted = new Set<string>();
  /** Models of which the last reading of the request history told. */
  #running: ReadonlySet<string> = new Set();

  constructor(store: MetricStore, account: string) {
    this.#store = store;
    this.#account = account;
  }

  /** All series expire when fal tells nothing any more: numbers of an old bucket say nothing about now. */
  analytics({ endpointId, requests, duration, prepare, coldBoots }: AnalyticsObserved): void {
    const labels = { account: this.#account, endpoint_id: endpointId };
    for (const kind of ['success', 'user_error', 'error'] as const) {
      const gauge = this.#store.bind(catalogue.platformRequests, { ...labels, class: kind }, 'idle');
      gauge.set(requests[kind] ?? NaN);
    }
    this.#quantiles(catalogue.platformDuration, labels, duration);
    this.#quantiles(catalogue.platformPrepare, labels, prepare);
    this.#store.bind(catalogue.platformColdBoots, labels, 'idle').set(coldBoots ?? NaN);
  }

  modelStatus({ endpointId, status }: ModelStatusObserved): void {
    for (const each of MODEL_STATUSES) {
      const labels = { account: this.#account, endpoint_id: endpointId, status: each };
      this.#store.bind(catalogue.modelStatus, labels).set(each === status ? 1 : 0);
    }
  }

  /** The counters of a model that has a price stand at zero, so that `increase()` sees its first change. */
  priced(endpointId: string): ReadonlyMap<PriceMove, Counter> {
    const known = this.#moves.get(endpointId);
    if (known !== undefined) return known;
    const labels = { account: this.#account, endpoint_id: endpointId };
    const moves = new Map(
      PRICE_MOVES.map((move) => [move, this.#store.bind(catalogue.modelPriceChanges, { ...labels, move })]),
    );
    this.#moves.set(endpointId, moves);
    return moves;
  }

  forget(endpointId: string): void {
    this.#moves.delete(endpointId);
    this.#repriced.delete(endpointId);
  }

  /** A change is told at every reading for a week, and counted once. */
  priceChanges({ changes }: PriceChangesObserved): void {
    for (const change of changes) this.#count(change);
    const weekly = Map.groupBy(changes, ({ endpointId }) => endpointId);
    for (const [endpointId, gauge] of this.#repriced) if (!weekly.has(endpointId)) gauge.clear();
    for (const [endpointId, ofModel] of weekly) {
      const labels = { account: this.#account, endpoint_id: endpointId };
      const gauge =
        this.#repriced.get(endpointId) ?? this.#store.bind(catalogue.modelPriceChangeWeekly, labels);
      this.#repriced.set(endpointId, gauge);
      const effect = sumOf(ofModel);
      gauge.set(effect === undefined ? NaN : usdFromNano(effect));
    }
  }

  /** A model that the reading leaves out is not known any more: its last number must not stand for hours. */
  requestHistory({ endpoints }: RequestHistoryObserved): void {
    const told = new Map(endpoints.map((endpoint) => [endpoint.endpointId, endpoint]));
    for (const endpointId of new Set([...this.#running, ...told.keys()])) {
      const labels = { account: this.#account, endpoint_id: endpointId };
      const { running = NaN, stuck = NaN } = told.get(endpointId) ?? {};
      this.#store.bind(catalogue.accountRunningRequests, labels, 'idle').set(running);
      this.#store.bind(catalogue.accountStuckRequests, labels, 'idle').set(stuck);
    }
    this.#running = new Set(told.keys());
  }

  #count({ endpointId, move, seenAt }: PriceChange): void {
    const key = JSON.stringify([endpointId, move, seenAt]);
    if (this.#counted.has(key)) return;
    this.#counted.add(key);
    this.priced(endpointId).get(move)?.inc();
  }

  #quantiles(
    family: typeof catalogue.platformDuration,
    labels: { readonly account: string; readonly endpoint_id: string },
    quantiles: Quantiles,
  ): void {
    for (const quantile of [0.5, 0.75, 0.9, 0.95, 0.99] as const) {
      const gauge = this.#store.bind(family, { ...labels, quantile: String(quantile) }, 'idle');
      gauge.set(quantiles[quantile] ?? NaN);
    }
  }
}

/** Several changes of one model add up; one of unknown effect leaves the whole unknown. */
function sumOf(changes: readonly PriceChange[]): NanoUsd | undefined {
  let sum = 0;
  for (const { weeklyEffect } of changes) {
    if (weeklyEffect === undefined) return undefined;
    sum += weeklyEffect;
  }
  return sum;
}
