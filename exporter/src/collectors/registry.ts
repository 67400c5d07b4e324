import type { Config } from '../config/config.ts';
import { statusPageUrl } from '../config/status-page.ts';
import type { FalAccess } from '../fal/client.ts';
import { createBalanceCollector } from './balance-collector.ts';
import type { Collector } from './collector.ts';
import { createPricingCollector } from './pricing-collector.ts';
import { createStatusPageCollector } from './status-page-collector.ts';

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
  if (config.statusPage.enabled) {
    // Without the keys: what a public page is not handed it cannot be sent.
    const { clock, fetch } = access;
    const url = statusPageUrl(config);
    collectors.push(createStatusPageCollector({ access: { clock, fetch }, url, intervalMs }));
  }
  return collectors;
}
