import type { Collector } from '../collectors/collector.ts';
import { PriceWatch } from '../collectors/price-watch.ts';
import { createPricingCollector } from '../collectors/pricing-collector.ts';
import type { CollectorConfig } from '../config/config.ts';
import type { DomainEvent } from '../domain/events.ts';
import { PriceBook } from '../domain/price-book.ts';
import type { FalAccess } from '../fal/client.ts';

/** For a collector that a command runs a single time: nothing is repeated, and one reading needs no quota. */
export const ONCE: CollectorConfig = { enabled: true, intervalMs: 0, callsPerHour: Infinity };

/** One reading of a collector, and what it told. Rejects as the collector does. */
export async function readOnce(collector: Collector, signal: AbortSignal): Promise<DomainEvent[]> {
  const events: DomainEvent[] = [];
  const emit = (event: DomainEvent): void => void events.push(event);
  await collector.collect({ signal, emit, spendCall: () => undefined });
  return events;
}

export interface PricesQuestion {
  readonly access: FalAccess;
  readonly account: string;
  readonly endpointIds: readonly string[];
  readonly signal: AbortSignal;
}

/** The list prices of some models, as fal tells them now. Rejects with a PlatformError when it tells none. */
export async function readPrices(question: PricesQuestion): Promise<PriceBook> {
  const { access, account, endpointIds, signal } = question;
  // Changes are for whoever remembers the last reading; a command does not.
  const memory = { get: () => undefined, set: () => undefined };
  const watch = new PriceWatch({ memory, account, endpointIds, weeklyUnits: () => undefined });
  const prices = new PriceBook();
  const collector = createPricingCollector({ access, config: ONCE, endpointIds, watch });
  for (const event of await readOnce(collector, signal)) prices.observe(event);
  return prices;
}
