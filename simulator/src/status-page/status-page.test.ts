import { expect, test } from 'vitest';
import { createSimulator } from '../create-simulator.ts';
import type { Simulator } from '../simulator.ts';
import { VirtualClock } from '../virtual-clock.ts';
import { type PageState, pageStateOf } from './page-state.ts';

function started(): { simulator: Simulator; clock: VirtualClock; state: PageState } {
  const clock = new VirtualClock();
  const simulator = createSimulator({ clock });
  return { clock, simulator, state: pageStateOf(simulator.engine) };
}

const page = (simulator: Simulator, path: string): Promise<Response> =>
  simulator.fetch(`https://status.fal.ai${path}`);
const summary = async (simulator: Simulator): Promise<unknown> =>
  (await page(simulator, '/summary.json')).json();

test('a quiet page says UP, and lists no incidents', async () => {
  const { simulator } = started();
  expect(await summary(simulator)).toEqual({
    page: { name: 'fal', url: 'https://status.fal.ai', status: 'UP' },
  });
  const components = (await (await page(simulator, '/v2/components.json')).json()) as {
    components: unknown[];
  };
  expect(components.components).toHaveLength(3);
  expect(components.components[0]).toMatchObject({ name: 'Model API', status: 'OPERATIONAL' });
});

test('a scenario opens an incident, and switching it off resolves it', async () => {
  const { simulator, clock } = started();
  simulator.applyScenario('status-page-incident');
  expect(await summary(simulator)).toMatchObject({
    page: { status: 'HASISSUES' },
    activeIncidents: [
      { status: 'INVESTIGATING', started: '2026-10-01T12:00:00.000Z', impact: 'PARTIALOUTAGE' },
    ],
  });
  const components = await (await page(simulator, '/v2/components.json')).json();
  expect(components).toMatchObject({
    components: [{ status: 'PARTIALOUTAGE' }, { status: 'OPERATIONAL' }, {}],
  });
  await clock.advance(600_000);
  simulator.applyScenario('healthy');
  expect(await summary(simulator)).not.toHaveProperty('activeIncidents');
  const feed = await (await page(simulator, '/feed/')).text();
  expect(feed).toContain('Duration:&lt;/strong&gt; 10 minutes');
  expect(feed.match(/<item>/g)).toHaveLength(1);
  expect(feed).toMatch(/<link>https:\/\/status\.fal\.ai\/incident\/c[0-9a-z]{24}<\/link>/);
});

test('a maintenance is no issue, and an incident beside it is', async () => {
  const { simulator, state } = started();
  const maintenance = {
    name: 'Database',
    impact: 'UNDERMAINTENANCE',
    components: [],
    isMaintenance: true,
  } as const;
  state.open(maintenance);
  expect(await summary(simulator)).toMatchObject({
    page: { status: 'UNDERMAINTENANCE' },
    activeMaintenances: [{ name: 'Database', status: 'INPROGRESS' }],
  });
  state.open({ ...maintenance, name: 'Trouble', impact: 'MAJOROUTAGE', isMaintenance: false });
  expect(await summary(simulator)).toMatchObject({ page: { status: 'HASISSUES' } });
  state.update('incident', 'RESOLVED');
  expect(await summary(simulator)).toMatchObject({ page: { status: 'UNDERMAINTENANCE' } });
});

test('an ill component makes issues without any incident', async () => {
  const { simulator, state } = started();
  state.components.set('Serverless API', 'DEGRADEDPERFORMANCE');
  expect(await summary(simulator)).toMatchObject({ page: { status: 'HASISSUES' } });
});

test('an HTML error page stands in for everything, JSON too', async () => {
  const { simulator } = started();
  simulator.applyScenario('status-page-html');
  for (const path of ['/summary.json', '/v2/components.json', '/feed/', '/']) {
    const response = await page(simulator, path);
    expect([response.status, response.headers.get('content-type')]).toEqual([
      502,
      'text/html; charset=utf-8',
    ]);
  }
});

test('names are escaped wherever they stand, and old incidents are forgotten', async () => {
  const { simulator, state } = started();
  const order = { impact: 'MAJOROUTAGE', components: ['Model API'], isMaintenance: false } as const;
  for (let count = 0; count < 60; count += 1) state.open({ ...order, name: `<b>${count}</b> & more` });
  const feed = await (await page(simulator, '/feed')).text();
  expect(feed.match(/<item>/g)).toHaveLength(50);
  expect(feed).toContain('<title>&lt;b&gt;59&lt;/b&gt; &amp; more</title>');
  expect(await (await page(simulator, '/')).text()).not.toContain('<b>');
});

test('other paths and methods are refused', async () => {
  const { simulator } = started();
  expect((await page(simulator, '/api/v2/summary.json')).status).toBe(404);
  expect((await simulator.fetch('https://status.fal.ai/', { method: 'POST' })).status).toBe(405);
});

test('two simulators have two status pages', () => {
  const [first, second] = [started(), started()];
  expect(first.state).not.toBe(second.state);
  expect(pageStateOf(first.simulator.engine)).toBe(first.state);
});
