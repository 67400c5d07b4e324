import { FAKE_ADMIN_KEY, FAKE_API_KEY, type Simulator, VirtualClock, createSimulator } from 'fal-simulator';
import { describe, expect, it } from 'vitest';
import { testConfig } from '../config/test-config.ts';
import type { DomainEvent } from '../domain/events.ts';
import { CollectorRunner } from './collector-runner.ts';
import type { Collector } from './collector.ts';
import { createCollectors } from './registry.ts';
import { testPorts } from './test-ports.ts';

const ENDPOINT = 'fal-ai/flux/dev';
const never = new AbortController().signal;

interface Rig {
  readonly simulator: Simulator;
  readonly clock: VirtualClock;
  readonly collectors: Collector[];
  readonly events: DomainEvent[];
  readonly run: (name: string) => Promise<void>;
}

function rig(scenario = 'healthy', adminKey = FAKE_ADMIN_KEY): Rig {
  const clock = new VirtualClock();
  const simulator = createSimulator({ clock, seed: 3, scenario });
  const access = { clock, fetch: simulator.fetch.bind(simulator), falKey: () => FAKE_API_KEY };
  const ids = [ENDPOINT, 'acme/unknown/model'];
  const config = testConfig({ endpoints: ids.map((id) => ({ id, latencyLimitSeconds: 60 })) });
  const collectors = createCollectors({
    ...{ config, access, adminKey: () => adminKey, ports: testPorts(clock) },
  });
  const events: DomainEvent[] = [];
  const runner = new CollectorRunner({ clock, random: () => 0.5, emit: (event) => events.push(event) });
  const run = async (name: string): Promise<void> => {
    const collector = collectors.find((c) => c.name === name);
    if (collector === undefined) throw new Error(`no collector ${name}`);
    const running = runner.run(collector, never);
    await clock.advance(31_000);
    await running;
  };
  return { simulator, clock, collectors, events, run };
}

const ranOf = (events: readonly DomainEvent[]): (DomainEvent & { kind: 'collector_ran' })[] =>
  events.filter((event) => event.kind === 'collector_ran');

describe('collectors', () => {
  it('read the list price of an endpoint, and know none for one that fal does not list', async () => {
    const { run, events, simulator } = rig();
    await run('pricing');
    const endpoint = simulator.world.endpoints.get(ENDPOINT);
    const prices = events.filter((event) => event.kind === 'unit_price_observed');
    expect(prices).toMatchObject([
      { endpointId: ENDPOINT, price: endpoint?.unitPriceNano, unit: endpoint?.unit },
    ]);
    expect(ranOf(events)).toMatchObject([{ collector: 'pricing', ok: true }]);
  });

  it('read the balance with an ADMIN key', async () => {
    const { run, events } = rig();
    await run('balance');
    expect(events).toContainEqual(expect.objectContaining({ kind: 'balance_observed', balance: 100e9 }));
  });

  it('say what is missing when the key has too little scope, and invent nothing', async () => {
    const { run, events } = rig('healthy', FAKE_API_KEY);
    await run('balance');
    expect(events.filter((event) => event.kind === 'balance_observed')).toEqual([]);
    expect(ranOf(events)[0]).toMatchObject({
      ok: false,
      problem: expect.stringContaining('lacks the scope') as string,
    });
  });

  it.each([['host-down-platform'], ['platform-hang'], ['key-revoked']])(
    'fail in words under %s and emit no value',
    async (scenario) => {
      const { run, events } = rig(scenario);
      await run('pricing');
      expect(ranOf(events)).toMatchObject([
        { ok: false, problem: expect.stringContaining('pricing') as string },
      ]);
      expect(events).toHaveLength(1);
    },
  );

  it.each<[string, string]>([
    ['null', 'null'],
    ['a page', '<html>nginx</html>'],
    ['half an answer', '{"prices":[{"endpoint_id":'],
    ['another type', '{"prices":{"fal-ai/flux/dev":1}}'],
    [
      'a negative price',
      `{"prices":[{"endpoint_id":"${ENDPOINT}","unit_price":-1,"unit":"x","currency":"USD"}]}`,
    ],
    ['no number', `{"prices":[{"endpoint_id":"${ENDPOINT}","unit_price":"1","unit":"x","currency":"USD"}]}`],
  ])('take no price from %s', async (_name, body) => {
    const clock = new VirtualClock();
    const fetch = (): Promise<Response> =>
      Promise.resolve(new Response(body, { headers: { 'content-type': 'application/json' } }));
    const config = testConfig({ endpoints: [{ id: ENDPOINT, latencyLimitSeconds: 60 }] });
    const access = { clock, fetch, falKey: () => FAKE_API_KEY };
    const [pricing] = createCollectors({
      ...{ config, access, adminKey: () => undefined, ports: testPorts(clock) },
    });
    const events: DomainEvent[] = [];
    if (pricing === undefined) throw new Error('no collector');
    await new CollectorRunner({ clock, random: () => 0.5, emit: (event) => events.push(event) }).run(
      pricing,
      never,
    );
    expect(events).toMatchObject([{ kind: 'collector_ran', ok: false }]);
  });

  it('stay quiet for as long as fal asks when it limits the rate', async () => {
    const { run, events, simulator } = rig('platform-rate-limited');
    await run('pricing');
    expect(ranOf(events)).toMatchObject([
      { ok: false, problem: expect.stringContaining('rate_limited') as string },
    ]);
    const asked = simulator.ledger.exchanges.length;
    expect(asked).toBe(1);
  });
});
