import type { BillingBooks } from '../billing/billing-books.ts';
import type { CollectorConfig, Config, Credentials } from '../config/config.ts';
import { statusPageUrl } from '../config/status-page.ts';
import type { CollectorName } from '../domain/collector-name.ts';
import type { ShowAppMetrics } from '../domain/app-metrics.ts';
import type { FalAccess } from '../fal/client.ts';
import { createAnalyticsCollector } from './analytics-collector.ts';
import { createBalanceCollector } from './balance-collector.ts';
import type { PriceOf } from './billing-event-row.ts';
import { createBillingEventsCollector } from './billing-events-collector.ts';
import type { Collector } from './collector.ts';
import type { FailedRequests } from './failed-requests.ts';
import { hasKeyFor } from './keys.ts';
import { createLockCollector } from './lock-collector.ts';
import { createModelsCollector } from './models-collector.ts';
import type { PriceMemory } from './price-memory.ts';
import { PriceWatch } from './price-watch.ts';
import { createPricingCollector } from './pricing-collector.ts';
import { createRequestHistoryCollector } from './request-history-collector.ts';
import { createServerlessMetricsCollector } from './serverless-metrics-collector.ts';
import { createStatusPageCollector } from './status-page-collector.ts';
import { createUsageCollector } from './usage-collector.ts';
import type { LatestUsage, UsageReadings } from './usage-readings.ts';

/** What collectors leave behind and take up again: all of it outlives a change of the configuration. */
export interface CollectorPorts {
  /** The books of an account; the first call for one opens them. */
  readonly books: (account: string) => BillingBooks;
  /** What usage says beside the hours that are booked. */
  readonly usage: LatestUsage;
  /** Requests that failed, as the request history shows them. */
  readonly failed: FailedRequests;
  /** Where prices outlive a restart. */
  readonly memory: PriceMemory;
  /** The newest list price of a model. */
  readonly priceOf: PriceOf;
  /** Whether anybody holds an account to be locked; undefined when nobody knows. */
  readonly isLocked: (account: string) => boolean | undefined;
  /** Takes the metrics of serverless apps; when nobody does, they are not read. */
  readonly showAppMetrics?: ShowAppMetrics | undefined;
}

export interface CollectorFactoryOptions {
  readonly config: Config;
  /** Holds the key with API scope. */
  readonly access: FalAccess;
  readonly adminKey: () => string | undefined;
  readonly ports: CollectorPorts;
}

interface Parts extends CollectorFactoryOptions {
  readonly account: string;
  readonly endpointIds: readonly string[];
}

/** Gives nothing when there is nobody to read for. */
type Factory = (parts: Parts, config: CollectorConfig) => Collector | undefined;

/** In the order of their first readings: prices come first, because money is reckoned with them. */
const FACTORIES: Readonly<Record<CollectorName, Factory>> = {
  pricing({ account, endpointIds, access, ports: { memory, usage } }, config) {
    const weeklyUnits: UsageReadings['weeklyUnits'] = (endpointId) => usage.weeklyUnits(endpointId);
    const watch = new PriceWatch({ memory, account, endpointIds, weeklyUnits });
    return createPricingCollector({ access, config, endpointIds, watch });
  },
  balance: ({ account, access, adminKey }, config) =>
    createBalanceCollector({ access, account, config, adminKey }),
  lock: ({ account, access, ports }, config) =>
    createLockCollector({ access, account, config, isLocked: () => ports.isLocked(account) }),
  'billing-events': ({ account, access, adminKey, ports: { books, priceOf } }, config) =>
    createBillingEventsCollector({
      ...{ access, account, config, adminKey, books: books(account), prices: priceOf },
    }),
  usage: ({ account, access, adminKey, ports: { books, usage } }, config) =>
    createUsageCollector({ access, account, config, adminKey, books: books(account), readings: usage }),
  models: ({ endpointIds, access }, config) => createModelsCollector({ access, config, endpointIds }),
  analytics: ({ endpointIds, access }, config) => createAnalyticsCollector({ access, config, endpointIds }),
  'request-history': ({ account, config: { endpoints }, access, ports: { failed } }, config) =>
    createRequestHistoryCollector({ access, config, account, endpoints, failed }),
  'status-page': ({ config: all, access: { clock, fetch } }, config) =>
    // Without the keys: what a public page is not handed it cannot be sent.
    createStatusPageCollector({ access: { clock, fetch }, url: statusPageUrl(all), config }),
  'serverless-metrics': ({ access, ports: { showAppMetrics: show } }, config) =>
    show && createServerlessMetricsCollector({ access, config, show }),
};

/** Those that ask for the configured models, and have nothing to ask without one. */
const MODEL_COLLECTORS: ReadonlySet<CollectorName> = new Set([
  'pricing',
  'models',
  'analytics',
  'request-history',
]);

/** The collectors that are switched on and have something to read, with the keys at hand. */
export function createCollectors(options: CollectorFactoryOptions): Collector[] {
  const { config, access, adminKey } = options;
  const keys: Credentials = { falKey: access.falKey(), falAdminKey: adminKey() };
  const endpointIds = config.endpoints.map(({ id }) => id);
  const parts = { ...options, account: config.account.name, endpointIds };
  return wantedCollectors(config)
    .filter((name) => hasKeyFor(name, keys))
    .flatMap((name) => FACTORIES[name](parts, config.collectors[name]) ?? []);
}

/** The collectors that the configuration wants, whatever keys there are; in the order of their first readings. */
export function wantedCollectors({ collectors, statusPage, endpoints }: Config): CollectorName[] {
  return (Object.keys(FACTORIES) as CollectorName[]).filter((name) => {
    if (!collectors[name].enabled) return false;
    if (name === 'status-page') return statusPage.enabled;
    return !MODEL_COLLECTORS.has(name) || endpoints.length > 0;
  });
}
