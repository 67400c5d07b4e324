import type { Config } from '../config/config.ts';
import type {
  DomainEvent,
  ModelStatusObserved,
  PriceChange,
  PriceChangesObserved,
  RequestHistoryObserved,
  RunningRequests,
} from '../domain/events.ts';
import { STALE_AFTER_INTERVALS } from '../domain/staleness.ts';
import type { UnitPrice } from '../domain/unit-price.ts';
import type { PlatformView } from './account-view.ts';
import { finite } from './finite.ts';
import { clip } from './run-history.ts';
import type { Seen } from './seen.ts';

const MOST_CHANGES = 20;
const MOST_STUCK_IDS = 5;

/** What fal tells of the configured models and of the account's requests. */
export class PlatformBoard {
  #config: Config;
  readonly #statuses = new Map<string, ModelStatusObserved['status']>();
  #changes: readonly PriceChange[] = [];
  #requests: { readonly seen: Seen; readonly endpoints: readonly RunningRequests[] } | undefined;

  constructor(config: Config) {
    this.#config = config;
  }

  configure(config: Config): void {
    const isOtherAccount = config.account.name !== this.#config.account.name;
    this.#config = config;
    for (const id of this.#statuses.keys()) if (!this.#isWatched(id)) this.#statuses.delete(id);
    this.#changes = this.#changes.filter(({ endpointId }) => this.#isWatched(endpointId));
    if (isOtherAccount) this.#requests = undefined;
  }

  /** True when the event was about one of them. */
  take(event: DomainEvent, seen: Seen): boolean {
    switch (event.kind) {
      case 'model_status_observed':
        if (this.#isWatched(event.endpointId)) this.#statuses.set(event.endpointId, event.status);
        return true;
      case 'price_changes_observed':
        this.#changes = this.#kept(event);
        return true;
      case 'request_history_observed':
        if (event.account === this.#config.account.name) this.#requests = { seen, endpoints: running(event) };
        return true;
      default:
        return false;
    }
  }

  #isWatched(endpointId: string): boolean {
    const { endpoints, probes } = this.#config;
    return (
      endpoints.some(({ id }) => id === endpointId) || probes.some((one) => one.endpointId === endpointId)
    );
  }

  #kept({ changes }: PriceChangesObserved): PriceChange[] {
    return changes
      .filter((change) => this.#isWatched(change.endpointId) && isReal(change))
      .toSorted((a, b) => b.seenAt - a.seenAt)
      .slice(0, MOST_CHANGES)
      .map((change) => ({
        ...change,
        from: clipped(change.from),
        to: change.to && clipped(change.to),
        weeklyEffect: finite(change.weeklyEffect),
      }));
  }

  view(now: Seen): PlatformView {
    const ailing = [...this.#statuses].flatMap(([endpointId, status]) =>
      status === 'active' ? [] : [{ endpointId, status }],
    );
    return { ailing, priceChanges: this.#changes, requests: this.#requestsView(now) };
  }

  #requestsView(now: Seen): PlatformView['requests'] {
    if (this.#requests === undefined) return undefined;
    const { seen, endpoints } = this.#requests;
    const freshForMs = STALE_AFTER_INTERVALS * this.#config.collectors['request-history'].intervalMs;
    return { at: seen.at, isFresh: now.monotonic - seen.monotonic <= freshForMs, endpoints };
  }
}

function isReal({ from, to, seenAt }: PriceChange): boolean {
  return [from.price, to?.price ?? 0, seenAt].every(Number.isFinite);
}

function clipped({ unit, price }: UnitPrice): UnitPrice {
  return { unit: clip(unit), price };
}

function running({ endpoints }: RequestHistoryObserved): RunningRequests[] {
  return endpoints.flatMap(({ endpointId, running: count, stuck, oldestSeconds, stuckIds }) => {
    if (!(count > 0 && Number.isFinite(count) && Number.isFinite(stuck))) return [];
    const ids = stuckIds.slice(0, MOST_STUCK_IDS).map(clip);
    const facts = { running: count, stuck, oldestSeconds: finite(oldestSeconds), stuckIds: ids };
    return [{ endpointId: clip(endpointId), ...facts }];
  });
}
