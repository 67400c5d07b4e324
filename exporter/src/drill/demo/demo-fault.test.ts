import { type Simulator, type SimulatorServer, VirtualClock, createSimulator } from 'fal-simulator';
import type { Fetch } from 'opentelemetry-instrumentation-fal/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { demoFault } from './demo-fault.ts';
import { findDemo, peacefulScenario } from './running-demo.ts';

const EXPORTER = 'http://exporter:10464';
const never = new AbortController().signal;

let simulator: Simulator;
let server: SimulatorServer;

beforeEach(async () => {
  simulator = createSimulator({ scenario: 'demo' });
  server = await simulator.listen({ port: 0 });
});
afterEach(async () => {
  await server.close();
  simulator.close();
});

/** An exporter that says this of itself, in front of the real simulator. */
function fetchWith(health: unknown, status = 200): Fetch {
  return (input, init) => {
    const { url } = new Request(input);
    if (!url.startsWith(EXPORTER)) return fetch(url, init);
    const headers = { 'content-type': 'application/json' };
    return Promise.resolve(new Response(JSON.stringify(health), { status, headers }));
  };
}

const find = (health: unknown, status?: number): ReturnType<typeof findDemo> =>
  findDemo({ exporter: EXPORTER, fetch: fetchWith(health, status) });

describe('the demo to break', () => {
  it('is found by what the exporter says, even while the exporter is unhealthy', async () => {
    const demo = await find({ demo: true, simulator: server.url, account: 'mine' }, 503);
    expect([demo.account, demo.simulatorUrl, await demo.scenario()]).toEqual(['mine', server.url, 'demo']);
  });

  it('is never an exporter with real data, whatever simulator is named', async () => {
    const addresses = { exporter: EXPORTER, simulator: server.url, fetch: fetchWith({ demo: false }) };
    await expect(findDemo(addresses)).rejects.toThrow(/never touches real data/);
    expect(simulator.scenario).toBe('demo');
  });

  it('needs a simulator: said by an older exporter, it must be named', async () => {
    await expect(find({ demo: true })).rejects.toThrow(/--simulator/);
    const named = { exporter: EXPORTER, simulator: `${server.url}/`, fetch: fetchWith({ demo: true }) };
    expect((await findDemo(named)).simulatorUrl).toBe(server.url);
  });

  it.each([[{ up: true }], [[]], ['text']])('is no server that answers %j', async (answer) => {
    await expect(find(answer)).rejects.toThrow(/there is no exporter at http:\/\/exporter:10464/);
  });

  it('is left alone while another fault is on', async () => {
    const demo = await find({ demo: true, simulator: server.url });
    simulator.applyScenario('hang');
    await expect(peacefulScenario(demo)).rejects.toThrow(/the fault hang is on already.*--heal/);
  });

  it('is steered only where there is a simulator', async () => {
    const demo = await find({ demo: true, simulator: 'http://127.0.0.1:9' });
    await expect(demo.scenario()).rejects.toThrow(/cannot be steered/);
  });
});

describe('a fault in the demo', () => {
  it('is switched on, and healing comes back to what was on before', async () => {
    simulator.applyScenario('healthy');
    const demo = await find({ demo: true, simulator: server.url });
    const before = await peacefulScenario(demo);
    const fault = demoFault({ demo, scenario: 'outage', before, clock: new VirtualClock() });
    await fault.start(never);
    expect(simulator.scenario).toBe('outage');
    await fault.heal();
    expect(simulator.scenario).toBe('healthy');
  });

  it('is tried to heal four times, and says how to when all fail', async () => {
    const clock = new VirtualClock();
    let tries = 0;
    const demo = {
      simulatorUrl: '',
      scenario: () => Promise.resolve('outage'),
      switchTo: () => {
        tries += 1;
        return Promise.reject(new Error('no answer'));
      },
    };
    const healing = demoFault({ demo, scenario: 'outage', before: 'demo', clock }).heal();
    healing.catch(() => undefined);
    await clock.advance(10_000);
    await expect(healing).rejects.toThrow(/could not be switched off: no answer.*--heal/);
    expect(tries).toBe(4);
  });

  it('is not begun by a user who has stopped already', async () => {
    const demo = await find({ demo: true, simulator: server.url });
    const fault = demoFault({ demo, scenario: 'outage', before: 'demo', clock: new VirtualClock() });
    await expect(fault.start(AbortSignal.abort())).rejects.toThrow();
    expect(simulator.scenario).toBe('demo');
  });
});
