import { expect, test } from 'vitest';
import { createSimulator } from '../create-simulator.ts';
import { healthySwitches } from '../engine.ts';
import type { Simulator } from '../simulator.ts';
import { VirtualClock } from '../virtual-clock.ts';
import { createControlApi } from './index.ts';

interface Fixture {
  readonly simulator: Simulator;
  readonly ask: (method: string, path: string, body?: unknown) => Promise<{ status: number; body: unknown }>;
}

function fixture(): Fixture {
  const simulator = createSimulator({ clock: new VirtualClock(), indexingLagMs: 5000 });
  const api = createControlApi(simulator, simulator.engine);
  return {
    simulator,
    ask: async (method, path, body = {}) => {
      const reply = await api({
        method,
        host: '_control',
        path,
        query: new URLSearchParams(),
        headers: new Map(),
        body: new TextEncoder().encode(JSON.stringify(body)),
        signal: new AbortController().signal,
        reachedThrough: 'http://127.0.0.1:1',
      });
      if (reply.kind !== 'http' || typeof reply.body !== 'string') throw new TypeError('expected HTTP');
      return { status: reply.status, body: JSON.parse(reply.body) as unknown };
    },
  };
}

const HEALTHY = {
  billingEvents: {},
  billingEventsFail: false,
  usageFails: false,
  balanceFails: false,
  platformRateLimited: false,
  serverlessMetrics: 'normal',
  indexingLagMs: 5000,
};

test('the Platform API is steered switch by switch, and shown as it is', async () => {
  const { ask, simulator } = fixture();
  expect(await ask('GET', '/platform')).toEqual({ status: 200, body: HEALTHY });
  const wish = {
    billingEvents: { duplicated: 0.1, corrected: 1, correctionDelayMs: 60_000, late: 0.5, lateByMs: 0 },
    billingEventsFail: true,
    usageFails: true,
    balanceFails: true,
    platformRateLimited: true,
    serverlessMetrics: 'garbage',
    indexingLagMs: 60_000,
  };
  expect(await ask('PATCH', '/platform', wish)).toEqual({ status: 200, body: wish });
  expect(simulator.engine.switches).toMatchObject(wish);
  const back = { ...HEALTHY, indexingLagMs: null };
  expect((await ask('PATCH', '/platform', back)).body).toEqual(HEALTHY);
  expect(simulator.engine.switches).toEqual(healthySwitches());
});

test('the faults of billing events take the place of those before, and a scenario puts them back', async () => {
  const { ask, simulator } = fixture();
  await ask('PATCH', '/platform', { billingEvents: { late: 1 } });
  expect((await ask('PATCH', '/platform', { billingEvents: { missing: 0.2 } })).body).toMatchObject({
    billingEvents: { missing: 0.2 },
  });
  expect(simulator.engine.switches.billingEvents).toEqual({ missing: 0.2 });
  simulator.applyScenario('billing-duplicated');
  expect(simulator.engine.switches.billingEvents).toEqual({ duplicated: 0.3 });
  simulator.applyScenario('healthy');
  expect(simulator.engine.switches.billingEvents).toEqual({ missing: 0.2 });
});

test.each([
  [{ billingEvents: null }, 'billingEvents'],
  [{ billingEvents: { late: 2 } }, 'billingEvents.late'],
  [{ billingEvents: { lateByMs: -1 } }, 'billingEvents.lateByMs'],
  [{ billingEvents: { wrong: 0.5 } }, 'wrong'],
  [{ usageFails: 'yes' }, 'usageFails'],
  [{ balanceFails: 1 }, 'balanceFails'],
  [{ serverlessMetrics: 'big' }, 'serverlessMetrics'],
  [{ indexingLagMs: -1 }, 'indexingLagMs'],
  [{ queueStalled: '*' }, 'queueStalled'],
])('%j is a 400 that names %s, and changes nothing', async (wish, field) => {
  const { ask, simulator } = fixture();
  const answer = await ask('PATCH', '/platform', { usageFails: true, ...wish });
  expect(answer).toEqual({
    status: 400,
    body: { field, error: expect.stringContaining(`${field}: expected`) as string },
  });
  expect(simulator.engine.switches).toEqual(healthySwitches());
});
