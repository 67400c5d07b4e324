import { FAKE_API_KEY, VirtualClock, createSimulator } from 'fal-simulator';
import { expect, it } from 'vitest';
import type { Collector } from '../collectors/collector.ts';
import { ONCE, readOnce, readPrices } from './read-once.ts';

const { signal } = new AbortController();

function question(scenario: string, ...endpointIds: readonly string[]): Parameters<typeof readPrices>[0] {
  const clock = new VirtualClock();
  const simulator = createSimulator({ clock, scenario });
  const access = { clock, falKey: () => FAKE_API_KEY, fetch: simulator.fetch.bind(simulator) };
  return { access, account: 'default', endpointIds, signal };
}

it('gives what a collector tells in one reading, in its order, whatever calls it needs', async () => {
  const event = (balance: number) => ({ kind: 'balance_observed', at: 0, account: 'a', balance }) as const;
  const collector: Collector = {
    ...{ name: 'balance', intervalMs: ONCE.intervalMs, callsPerHour: ONCE.callsPerHour },
    collect: async ({ emit, spendCall }) => {
      for (let call = 0; call < 10_000; call += 1) spendCall();
      emit(event(1));
      await Promise.resolve();
      emit(event(2));
    },
  };
  expect(await readOnce(collector, signal)).toEqual([event(1), event(2)]);
});

it('reads list prices, and knows none for a model that fal does not list', async () => {
  const prices = await readPrices(question('healthy', 'fal-ai/flux/dev', 'acme/unknown/model'));
  expect(prices.priceOf('fal-ai/flux/dev')).toMatchObject({ price: 20_000_000, unit: 'megapixels' });
  expect(prices.priceOf('acme/unknown/model')).toBeUndefined();
});

it('rejects when fal tells no prices', async () => {
  await expect(readPrices(question('platform-rate-limited', 'fal-ai/flux/dev'))).rejects.toThrow(
    /pricing.*rate_limited/,
  );
});
