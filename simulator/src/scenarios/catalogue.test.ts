import { expect, test } from 'vitest';
import { FAKE_ADMIN_KEY } from '../default-world.ts';
import { healthySwitches } from '../engine.ts';
import { IMAGE_MODEL, VIDEO_MODEL, falUnderTest, steadyWorld } from '../fal-under-test.ts';
import type { World } from '../world.ts';
import { SCENARIOS, SCENARIO_NAMES } from './catalogue.ts';

const INPUT = { body: { prompt: 'x' } };
const SUBMIT = `https://queue.fal.run/${IMAGE_MODEL}`;
const RUN = `https://fal.run/${IMAGE_MODEL}`;

function frozen(world: World): unknown {
  const { accounts, keys, endpoints } = world;
  return structuredClone({ accounts: [...accounts], keys: [...keys], endpoints: [...endpoints] });
}

test('every scenario has a name of its own and one line of description', () => {
  expect(new Set(SCENARIO_NAMES).size).toBe(SCENARIO_NAMES.length);
  for (const { name, description } of SCENARIOS) {
    expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(description, name).toMatch(/^\S.{15,118}\.$/);
  }
});

test.each(SCENARIO_NAMES)('healthy undoes whatever %s did to the world and the switches', async (name) => {
  const { simulator, clock, call } = falUnderTest();
  const before = frozen(simulator.world);
  simulator.applyScenario(name);
  expect(simulator.scenario).toBe(name);
  await clock.advance(40_000);
  simulator.applyScenario('healthy');
  expect(frozen(simulator.world)).toEqual(before);
  expect(simulator.engine.switches).toEqual(healthySwitches());
  const pending = call('POST', RUN, INPUT);
  await clock.advance(15_000);
  expect((await pending).status).toBe(200);
});

test.each(SCENARIO_NAMES)('%s can be switched on in the middle of traffic', async (name) => {
  const { simulator, clock, call } = falUnderTest();
  for (let count = 0; count < 3; count += 1) await call('POST', SUBMIT, INPUT);
  await clock.advance(1000);
  simulator.applyScenario(name, { endpointId: VIDEO_MODEL });
  simulator.applyScenario(name);
  await clock.advance(5000);
  simulator.applyScenario('healthy');
  await clock.advance(600_000);
  expect(simulator.ledger.jobs.filter(({ outcome }) => outcome === 'pending')).toEqual([]);
});

test('one scenario replaces the other', async () => {
  const { simulator, call } = falUnderTest();
  simulator.applyScenario('locked-admin');
  simulator.applyScenario('key-revoked');
  expect((await call('POST', SUBMIT, INPUT)).status).toBe(401);
  simulator.applyScenario('locked-top-up');
  expect((await call('POST', SUBMIT, INPUT)).body.detail).toBe('User is locked. Reason: TOP_UP.');
});

test('a scenario takes back the faults that were ordered by hand', async () => {
  const { simulator, call } = falUnderTest();
  simulator.engine.failRate({ errorType: 'bad_request', rate: 1 });
  simulator.engine.breakWire({ fault: 'reset', hosts: ['fal.run'] });
  simulator.applyScenario('healthy');
  expect((await call('POST', SUBMIT, INPUT)).status).toBe(200);
});

test('an unknown scenario or endpoint changes nothing', () => {
  const { simulator } = falUnderTest({ scenario: 'outage' });
  expect(() => simulator.applyScenario('outrage')).toThrow(/no such scenario: outrage; known are healthy, /);
  expect(() => simulator.applyScenario('healthy', { endpointId: 'a/b' })).toThrow(/no such endpoint/);
  expect(simulator.scenario).toBe('outage');
});

test('a scenario for one endpoint leaves the others alone', async () => {
  const { simulator, clock, submit } = falUnderTest();
  simulator.applyScenario('content-policy', { endpointId: IMAGE_MODEL });
  const image = await submit(IMAGE_MODEL);
  const other = await submit('fal-ai/fast-sdxl');
  await clock.advance(3000);
  expect(simulator.ledger.job(image)?.errorType).toBe('content_policy_violation');
  expect(simulator.ledger.job(other)?.outcome).toBe('ok');
});

test('one-model-outage concerns the first model unless told otherwise', async () => {
  const { simulator, clock, submit } = falUnderTest({ scenario: 'one-model-outage' });
  const first = await submit(IMAGE_MODEL);
  const other = await submit('fal-ai/fast-sdxl');
  await clock.advance(3000);
  expect(simulator.ledger.job(first)?.errorType).toBe('runner_server_error');
  expect(simulator.ledger.job(other)?.outcome).toBe('ok');
});

test('a wire scenario for one endpoint follows its jobs to their polls', async () => {
  const { simulator, submit, status } = falUnderTest();
  const image = await submit(IMAGE_MODEL);
  const other = await submit('fal-ai/fast-sdxl');
  simulator.applyScenario('ingress-html-502', { endpointId: IMAGE_MODEL });
  expect((await status(image)).status).toBe(502);
  expect((await status(other, 'fal-ai/fast-sdxl')).status).toBe(202);
});

test('outage answers 503 on every model call, poll and upload, and the Platform API still works', async () => {
  const { simulator, call, submit, status } = falUnderTest();
  const requestId = await submit();
  simulator.applyScenario('outage');
  expect((await call('POST', SUBMIT, INPUT)).status).toBe(503);
  expect((await call('POST', RUN, INPUT)).status).toBe(503);
  expect((await status(requestId)).status).toBe(503);
  const upload = 'https://rest.fal.ai/storage/upload/initiate?storage_type=fal-cdn-v3';
  expect((await call('POST', upload, { body: {} })).status).toBe(503);
  expect((await call('GET', 'https://api.fal.ai/v1/meta')).status).toBe(200);
});

test('a stalled queue keeps its position, and moves on when it is over', async () => {
  const { simulator, clock, submit, status } = falUnderTest({ scenario: 'queue-stall' });
  const requestId = await submit();
  for (let minute = 0; minute < 10; minute += 1) {
    await clock.advance(60_000);
    expect((await status(requestId)).body.queue_position).toBe(25);
  }
  simulator.applyScenario('healthy');
  await clock.advance(60_000);
  expect((await status(requestId)).body.status).toBe('COMPLETED');
});

test('slow-cold-start lets every request wait for a boot, even right after another', async () => {
  const { simulator, clock, submit, status } = falUnderTest({ scenario: 'slow-cold-start' });
  for (let count = 0; count < 2; count += 1) {
    const requestId = await submit();
    await clock.advance(20_000);
    expect((await status(requestId)).body).toMatchObject({ status: 'IN_QUEUE', queue_position: 0 });
    await clock.advance(100_000);
    const job = simulator.ledger.job(requestId);
    expect(job?.outcome).toBe('ok');
    expect(job?.runs[0]?.coldStartMs).toBeGreaterThan(25_000);
  }
});

test('platform-retries shows IN_PROGRESS going back to IN_QUEUE before it ends well', async () => {
  const { clock, submit, status } = falUnderTest({ scenario: 'platform-retries' });
  const requestId = await submit();
  const states: unknown[] = [];
  for (let tenth = 0; tenth < 300; tenth += 1) {
    const state = (await status(requestId)).body.status;
    if (states.at(-1) !== state) states.push(state);
    await clock.advance(100);
  }
  expect(states.join(' ')).toBe('IN_PROGRESS IN_QUEUE IN_PROGRESS IN_QUEUE IN_PROGRESS COMPLETED');
});

test('a rate-limit storm refuses most calls and lets some pass', async () => {
  const { call } = falUnderTest({ scenario: 'rate-limit-storm' });
  const statuses: number[] = [];
  for (let count = 0; count < 100; count += 1) statuses.push((await call('POST', SUBMIT, INPUT)).status);
  const refused = statuses.filter((status) => status === 429).length;
  expect(refused).toBeGreaterThan(75);
  expect(refused).toBeLessThan(100);
});

test('insufficient-scope refuses the ADMIN key what an API key may not do', async () => {
  const { call } = falUnderTest({ scenario: 'insufficient-scope' });
  const url = 'https://api.fal.ai/v1/account/billing?expand=credits';
  expect((await call('GET', url, { key: FAKE_ADMIN_KEY })).status).toBe(403);
  expect((await call('POST', SUBMIT, { ...INPUT, key: FAKE_ADMIN_KEY })).status).toBe(200);
});

test('a lock that holds the queue keeps waiting jobs, and lets them go with the lock', async () => {
  const world = steadyWorld({ foreignQueue: 1, foreignServiceMs: 100 });
  const { simulator, clock, submit } = falUnderTest({ world });
  const requestId = await submit();
  simulator.applyScenario('locked-queue-held');
  await clock.advance(60_000);
  expect(simulator.ledger.job(requestId)?.runs).toEqual([]);
  simulator.applyScenario('healthy');
  await clock.advance(2000);
  expect(simulator.ledger.job(requestId)?.outcome).toBe('ok');
});
