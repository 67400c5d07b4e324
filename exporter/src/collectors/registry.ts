import type { Config } from '../config/config.ts';
import type { FalAccess } from '../fal/client.ts';
import { createBalanceCollector } from './balance-collector.ts';
import type { Collector } from './collector.ts';
import { createPricingCollector } from './pricing-collector.ts';

export interface CollectorFactoryOptions {
  readonly config: Config;
  readonly access: FalAccess;
  readonly adminKey: () => string | undefined;
}

/** The list of collectors that have something to read with the keys at hand. */
export function createCollectors({ config, access, adminKey }: CollectorFactoryOptions): Collector[] {
  const { intervalMs } = config.collectors;
  const collectors: Collector[] = [];
  const endpointIds = config.endpoints.map(({ id }) => id);
  if (endpointIds.length > 0) collectors.push(createPricingCollector(endpointIds, intervalMs, access));
  if (adminKey() !== undefined) {
    collectors.push(createBalanceCollector({ access, account: config.account.name, intervalMs, adminKey }));
  }
  return collectors;
}
