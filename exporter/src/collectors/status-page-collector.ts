import type { CollectorConfig } from '../config/config.ts';
import { STATUS_PAGE_COLLECTOR } from '../domain/status-page.ts';
import type { Collector } from './collector.ts';
import type { PageAccess } from './status-page/document.ts';
import { readStatusPage } from './status-page/read-status-page.ts';

export interface StatusPageCollectorOptions {
  readonly access: PageAccess;
  readonly url: string;
  readonly config: CollectorConfig;
}

/**
 * What fal says about itself on its public status page. It is written by hand and lags behind by minutes, so it
 * confirms what probes see and never replaces them.
 */
export function createStatusPageCollector({
  access,
  url,
  config: { intervalMs, callsPerHour },
}: StatusPageCollectorOptions): Collector {
  return {
    ...{ name: STATUS_PAGE_COLLECTOR, intervalMs, callsPerHour },
    async collect({ signal, emit, spendCall }): Promise<void> {
      const reading = await readStatusPage({ access, url, signal, spendCall });
      emit({ kind: 'status_page_observed', at: access.clock.now(), ...reading });
    },
  };
}
