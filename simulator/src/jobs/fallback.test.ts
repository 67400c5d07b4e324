import { createFalClient } from '@fal-ai/client';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DEFAULT_ACCOUNT, FAKE_API_KEY } from '../default-world.ts';
import { type FalUnderTest, IMAGE_MODEL, falUnderTest } from '../fal-under-test.ts';

const INPUT = { input: { prompt: 'a lighthouse' } };
const OTHER_MODEL = 'fal-ai/flux/schnell';
/** Six attempts, the pauses between them, and the boots of the runners that are lost: about 75 s. */
const UNTIL_FALLBACK_MS = 120_000;

let fal: FalUnderTest;
beforeEach(() => {
  fal = falUnderTest({ scenario: 'fallback-served' });
});
afterEach(() => fal.simulator.close());

test('after five retries another model serves the job; only the runner in a header tells', async () => {
  const servedFrom: (string | null)[] = [];
  const client = createFalClient({
    credentials: FAKE_API_KEY,
    fetch: async (input: string | URL | Request, init?: RequestInit) => {
      const response = await fal.simulator.fetch(input, init);
      servedFrom.push(response.headers.get('x-fal-served-from'));
      return response;
    },
  });
  const { request_id: requestId } = await client.queue.submit(IMAGE_MODEL, INPUT);
  await fal.clock.advance(600_000);
  const { data } = await client.queue.result(IMAGE_MODEL, { requestId });
  expect(data).toMatchObject({ images: [{ width: 1024 }] });
  const job = fal.simulator.ledger.job(requestId);
  expect(job).toMatchObject({ endpointId: IMAGE_MODEL, outcome: 'ok' });
  expect(job?.runs.map(({ ended, servedBy }) => [ended, servedBy])).toEqual([
    ...Array.from({ length: 6 }, () => ['requeued', undefined]),
    ['ok', OTHER_MODEL],
  ]);
  expect(servedFrom.at(-1)).toBe(job?.runs.at(-1)?.runnerId);
  expect(job?.runs.slice(0, -1).map(({ runnerId }) => runnerId)).not.toContain(servedFrom.at(-1));
});

test('it is billed as what was ordered', async () => {
  const requestId = await fal.submit();
  await fal.clock.advance(600_000);
  expect(fal.simulator.ledger.job(requestId)?.chargedNano).toBe(20_000_000);
  expect(fal.simulator.world.accounts.get(DEFAULT_ACCOUNT)?.balanceNano).toBe(100e9 - 20_000_000);
});

test.each(['x-app-fal-disable-fallback', 'x-fal-disable-fallbacks'])(
  'a caller who says %s gets the error after ten attempts on the model that was ordered',
  async (header) => {
    const requestId = await fal.submit(IMAGE_MODEL, { body: { prompt: 'x' }, headers: { [header]: '1' } });
    await fal.clock.advance(600_000);
    const job = fal.simulator.ledger.job(requestId);
    expect(job).toMatchObject({ outcome: 'error', errorType: 'runner_disconnected' });
    expect(job?.runs).toHaveLength(10);
    expect(job?.runs.every(({ servedBy }) => servedBy === undefined)).toBe(true);
  },
);

test('jobs that wait for the model that serves instead have their places in its line', async () => {
  for (const endpoint of fal.simulator.world.endpoints.values()) {
    if (endpoint.id === OTHER_MODEL) Object.assign(endpoint, { maxRunners: 0, idleTimeoutMs: 0 });
  }
  const both = [await fal.submit(), await fal.submit()];
  await fal.clock.advance(UNTIL_FALLBACK_MS);
  const places: unknown[] = [];
  for (const requestId of both) places.push((await fal.status(requestId)).body.queue_position);
  expect(places.sort()).toEqual([0, 1]);
});

test('direct calls have neither retries nor a fallback', async () => {
  const pending = fal.call('POST', `https://fal.run/${IMAGE_MODEL}`, { body: { prompt: 'x' } });
  await fal.clock.advance(600_000);
  expect((await pending).status).toBe(503);
});

test('polls find the job in the line of the model that serves it, and a cancel takes it out', async () => {
  for (const endpoint of fal.simulator.world.endpoints.values()) {
    if (endpoint.id === OTHER_MODEL) Object.assign(endpoint, { maxRunners: 0, idleTimeoutMs: 0 });
  }
  const requestId = await fal.submit();
  await fal.clock.advance(UNTIL_FALLBACK_MS);
  const load = (): number => fal.simulator.engine.load(OTHER_MODEL).queued;
  expect((await fal.status(requestId)).body).toMatchObject({ status: 'IN_QUEUE', queue_position: 0 });
  expect(load()).toBe(1);
  expect(fal.simulator.engine.load(IMAGE_MODEL).queued).toBe(0);
  expect((await fal.cancel(requestId)).status).toBe(202);
  expect(load()).toBe(0);
  expect(fal.simulator.ledger.job(requestId)?.outcome).toBe('cancelled');
});

test('a model without an equivalent is retried on its own', async () => {
  fal.simulator.applyScenario('healthy');
  fal.simulator.engine.failRate({ errorType: 'runner_disconnected', rate: 1 });
  const requestId = await fal.submit();
  await fal.clock.advance(600_000);
  expect(fal.simulator.ledger.job(requestId)?.runs).toHaveLength(10);
});
