import type { DomainEvent } from './events.ts';
import type { UnitPrice } from './unit-price.ts';

/** The newest list price of each endpoint, as fal told it. Nothing in this code knows a price by itself. */
export class PriceBook {
  readonly #prices = new Map<string, UnitPrice>();

  observe(event: DomainEvent): void {
    if (event.kind !== 'unit_price_observed') return;
    this.#prices.set(event.endpointId, { unit: event.unit, price: event.price });
  }

  priceOf(endpointId: string | undefined): UnitPrice | undefined {
    return endpointId === undefined ? undefined : this.#prices.get(endpointId);
  }
}
