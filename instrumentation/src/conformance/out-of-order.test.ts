import { afterEach, beforeEach, expect, test } from 'vitest';
import { pass, passUntil } from './passing-time.ts';
import { IMAGE_MODEL, type ObservedStage, VIDEO_MODEL, close, openObserved } from './stage.ts';

const INPUT = { prompt: 'a lighthouse' };

let stage: ObservedStage;
beforeEach(async () => {
  stage = await openObserved('instrumentFal');
});
afterEach(() => {
  expect(stage.logged).toEqual([]);
  close();
});

/** Lets time pass until the call is over, and gives what came of it. */
async function ended<T>(call: Promise<T>): Promise<T | undefined> {
  const settled = call.catch(() => undefined);
  expect(await passUntil(settled, 60_000)).toBe(true);
  return settled;
}

async function submitted(endpointId: string = IMAGE_MODEL): Promise<string> {
  const answer = await ended(stage.fal.queue.submit(endpointId, { input: INPUT }));
  return (answer as { request_id: string }).request_id;
}

test('a result that is asked for too early makes no failure, and no long fetch', async () => {
  stage.simulator.engine.setSwitches({ latency: { medianMs: 40, sigma: 0 } });
  const requestId = await submitted();
  expect(await ended(stage.fal.queue.result(IMAGE_MODEL, { requestId }))).toBeUndefined();
  const meanwhile = await stage.recorder.collect();
  expect(meanwhile.by('fal.client.active_requests', 'state')).toEqual({ queued: 1 });
  await pass(30_000);
  expect(await ended(stage.fal.queue.result(IMAGE_MODEL, { requestId }))).toBeDefined();
  const reading = await stage.recorder.collect();
  expect(reading.by('fal.client.requests', 'outcome')).toEqual({ ok: 1 });
  expect(reading.of('fal.client.errors')).toEqual([]);
  expect(reading.sum('fal.client.result_fetch.seconds')).toBeCloseTo(0.04, 6);
});

test('a result that is asked for too early, and never again, is nobody’s failure', async () => {
  const requestId = await submitted();
  await ended(stage.fal.queue.result(IMAGE_MODEL, { requestId }));
  await pass(120_000);
  const reading = await stage.recorder.collect();
  expect(reading.of('fal.client.requests')).toEqual([]);
  expect(reading.of('fal.client.active_requests')).toEqual([]);
});

test('a job that works on after its cancel, and is fetched, is cancelled once and not wasted', async () => {
  const requestId = await submitted(VIDEO_MODEL);
  await pass(4000);
  await ended(stage.fal.queue.cancel(VIDEO_MODEL, { requestId }));
  await pass(30_000);
  expect(await ended(stage.fal.queue.result(VIDEO_MODEL, { requestId }))).toBeDefined();
  const reading = await stage.recorder.collect();
  expect(reading.by('fal.client.requests', 'outcome')).toEqual({ cancelled: 1 });
  const [job] = stage.simulator.ledger.jobs;
  expect(Math.round(reading.sum('fal.client.cost.usd') * 1e9)).toBe(job?.chargedNano);
  expect(reading.of('fal.client.wasted_cost.usd')).toEqual([]);
});

test('a result that is fetched twice is one request, and paid once', async () => {
  const requestId = await submitted();
  await pass(30_000);
  for (let round = 0; round < 2; round += 1) {
    expect(await ended(stage.fal.queue.result(IMAGE_MODEL, { requestId }))).toBeDefined();
  }
  const reading = await stage.recorder.collect();
  expect(reading.by('fal.client.requests', 'outcome')).toEqual({ ok: 1 });
  expect(Math.round(reading.sum('fal.client.cost.usd') * 1e9)).toBe(20_000_000);
  expect(reading.sum('fal.client.billable_units')).toBe(1);
});

test('polls that fail in between are forgotten when a later one answers', async () => {
  const requestId = await submitted();
  stage.simulator.engine.breakWire({ fault: 'malformed-json', steps: ['status'], times: 1 });
  expect(await ended(stage.fal.queue.status(IMAGE_MODEL, { requestId }))).toBeUndefined();
  await pass(30_000);
  expect(await ended(stage.fal.queue.status(IMAGE_MODEL, { requestId }))).toMatchObject({
    status: 'COMPLETED',
  });
  expect(await ended(stage.fal.queue.result(IMAGE_MODEL, { requestId }))).toBeDefined();
  await pass(120_000);
  const reading = await stage.recorder.collect();
  expect(reading.by('fal.client.requests', 'outcome')).toEqual({ ok: 1 });
  expect(reading.of('fal.client.errors')).toEqual([]);
});

test('many requests at once keep their numbers apart', async () => {
  const { fal, simulator, recorder } = stage;
  simulator.engine.setSwitches({ latency: { medianMs: 25, sigma: 0.8 } });
  simulator.engine.breakWire({ fault: 'reset', rate: 0.2 });
  simulator.engine.failRate({ errorType: 'runner_server_error', rate: 0.2 });
  const calls = Array.from({ length: 40 }, (_, index) => {
    const input = { ...INPUT, seed: index };
    if (index % 4 === 0) return fal.run(IMAGE_MODEL, { input });
    return fal.subscribe(IMAGE_MODEL, { input, mode: index % 4 === 1 ? 'streaming' : 'polling' });
  });
  const results = Promise.allSettled(calls);
  expect(await passUntil(results, 600_000)).toBe(true);
  const fulfilled = (await results).filter(({ status }) => status === 'fulfilled').length;
  const reading = await recorder.collect();
  const { jobs, exchanges } = simulator.ledger;
  expect(reading.by('fal.client.requests', 'outcome')).toEqual({
    ok: fulfilled,
    error: calls.length - fulfilled,
  });
  expect(reading.sum('fal.client.attempts')).toBe(exchanges.length);
  const fetched = jobs.filter(
    ({ resultFetchedAt, chargedNano = 0 }) => resultFetchedAt !== undefined && chargedNano > 0,
  );
  expect(Math.round(reading.sum('fal.client.cost.usd') * 1e9)).toBeGreaterThanOrEqual(fulfilled * 20_000_000);
  expect(Math.round(reading.sum('fal.client.cost.usd') * 1e9)).toBeLessThanOrEqual(
    fetched.length * 20_000_000,
  );
  expect(reading.of('fal.client.active_requests')).toEqual([]);
  expect(recorder.openSpans).toBe(0);
  const roots = recorder.spans.filter(({ parentId }) => parentId === undefined);
  expect(roots).toHaveLength(calls.length);
  expect(roots.filter(({ isError }) => isError)).toHaveLength(calls.length - fulfilled);
  // Each request has the id of its own job.
  const ids = roots.filter(({ isError }) => !isError).map(({ attributes }) => attributes['fal.request_id']);
  expect(new Set(ids).size).toBe(fulfilled);
});
