import { describe, expect, it } from 'vitest';
import { PlatformError } from '../fal/platform.ts';
import type { Collector } from './collector.ts';
import { PriceWatch } from './price-watch.ts';
import { createPricingCollector } from './pricing-collector.ts';
import { EVERY_MINUTE, FLUX, SCHNELL, TestFal, idsOf, notFound, platformAnswer } from './test-fal.ts';

const STRANGER = 'acme/never/heard-of';
const UNITS = { unit: 'megapixels', units: 100 };

/** The collector as a process has it that has just started; `stored` is what outlives it. */
function pricing(
  fal: TestFal,
  endpointIds: readonly string[],
  stored = new Map<string, string>(),
): Collector {
  const memory = {
    get: (key: string) => stored.get(key),
    set: (key: string, value: string) => void stored.set(key, value),
  };
  const watch = new PriceWatch({ memory, account: 'default', endpointIds, weeklyUnits: () => UNITS });
  return createPricingCollector({ access: fal.access, config: EVERY_MINUTE, endpointIds, watch });
}

function page(prices: readonly unknown[], more: Record<string, unknown> = {}): Response {
  return platformAnswer(200, { prices, next_cursor: null, has_more: false, ...more });
}

const row = (id: string, price: number, currency = 'USD'): unknown => ({
  ...{ endpoint_id: id, unit_price: price, unit: 'megapixels', currency },
});

describe('the pricing collector', () => {
  it('tells the list price of each endpoint that has one, and at every reading all changes', async () => {
    const fal = new TestFal();
    const collector = pricing(fal, [FLUX, STRANGER]);
    await fal.collect(collector);
    expect(fal.events).toMatchObject([
      { kind: 'unit_price_observed', endpointId: FLUX, unit: 'megapixels', price: 0.02e9 },
      { kind: 'price_changes_observed', changes: [] },
    ]);
  });

  it.each<[string, string, number | undefined]>([
    ['price-raised', 'raised', 100 * 0.02e9],
    ['unit-changed', 'unit', undefined],
  ])('sees %s, over a restart too', async (scenario, move, weeklyEffect) => {
    const fal = new TestFal();
    const stored = new Map<string, string>();
    await fal.collect(pricing(fal, [FLUX, SCHNELL], stored));
    fal.simulator.applyScenario(scenario, { endpointId: FLUX });
    await fal.clock.advance(60_000);
    await fal.collect(pricing(fal, [FLUX, SCHNELL], stored));
    expect(fal.told('price_changes_observed').at(-1)?.changes).toMatchObject([
      { endpointId: FLUX, move, weeklyEffect, seenAt: fal.clock.now() },
    ]);
  });

  it('calls the price of a removed model withdrawn at the second reading', async () => {
    const fal = new TestFal();
    const collector = pricing(fal, [FLUX, SCHNELL]);
    await fal.collect(collector);
    fal.simulator.applyScenario('model-removed', { endpointId: FLUX });
    await fal.collect(collector);
    expect(fal.told('price_changes_observed').at(-1)?.changes).toEqual([]);
    await fal.collect(collector);
    expect(fal.told('price_changes_observed').at(-1)?.changes).toMatchObject([
      { endpointId: FLUX, move: 'withdrawn' },
    ]);
  });

  it('takes no failure for a withdrawal', async () => {
    const fal = new TestFal();
    const collector = pricing(fal, [FLUX]);
    await fal.collect(collector);
    fal.answer = () => platformAnswer(500, { error: { type: 'server_error', message: 'x' } });
    for (let reading = 0; reading < 3; reading += 1)
      await expect(fal.collect(collector)).rejects.toThrow(PlatformError);
    expect(fal.told('price_changes_observed')).toHaveLength(1);
    fal.answer = () => undefined;
    await fal.collect(collector);
    expect(fal.told('price_changes_observed').at(-1)?.changes).toEqual([]);
  });

  it('reads the others when fal refuses to be asked about one', async () => {
    const fal = new TestFal();
    fal.answer = (url) => (idsOf(url).includes(STRANGER) ? notFound() : undefined);
    await fal.collect(pricing(fal, [FLUX, STRANGER, SCHNELL]));
    expect(fal.told('unit_price_observed').map(({ endpointId }) => endpointId)).toEqual([FLUX, SCHNELL]);
  });

  it('tells no price in another currency and none that was not asked for', async () => {
    const fal = new TestFal();
    fal.answer = () => page([row(FLUX, 1, 'EUR'), row(STRANGER, 2), row(SCHNELL, 3)]);
    await fal.collect(pricing(fal, [FLUX, SCHNELL]));
    expect(fal.told('unit_price_observed')).toMatchObject([{ endpointId: SCHNELL, price: 3e9 }]);
  });

  it('follows further pages', async () => {
    const fal = new TestFal();
    fal.answer = (url) =>
      url.searchParams.get('cursor') === 'two'
        ? page([row(SCHNELL, 2)])
        : page([row(FLUX, 1)], { next_cursor: 'two', has_more: true });
    await fal.collect(pricing(fal, [FLUX, SCHNELL]));
    expect(fal.told('unit_price_observed').map(({ price }) => price)).toEqual([1e9, 2e9]);
  });

  it('tells the prices it read before it ran out of calls, and fails', async () => {
    const fal = new TestFal();
    fal.calls = 1;
    const many = [FLUX, ...Array.from({ length: 50 }, (_, n) => `acme/${n}`)];
    await expect(fal.collect(pricing(fal, many))).rejects.toThrow('no calls left');
    expect(fal.events.map(({ kind }) => kind)).toEqual(['unit_price_observed', 'price_changes_observed']);
  });
});
