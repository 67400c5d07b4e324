import { expect, test } from 'vitest';
import { IMAGE_MODEL, VIDEO_MODEL, falUnderTest, steadyWorld } from '../fal-under-test.ts';
import { trueInferenceMs, trueQueueWaitMs } from '../ledger.ts';

const RUN = `https://fal.run/${IMAGE_MODEL}`;
const SUBMIT = `https://queue.fal.run/${IMAGE_MODEL}`;
const INPUT = { body: { prompt: 'x' } };

test('a warm runner takes the job at once and ends it after the inference time', async () => {
  const { simulator, clock, submit, status, result } = falUnderTest();
  const requestId = await submit();
  await clock.advance(1999);
  expect((await status(requestId)).body.status).toBe('IN_PROGRESS');
  await clock.advance(1);
  const completed = await status(requestId);
  expect(completed).toMatchObject({
    status: 200,
    body: { status: 'COMPLETED', metrics: { inference_time: 2 } },
  });
  expect((await result(requestId)).headers.get('x-fal-billable-units')).toBe('1');
  const job = simulator.ledger.job(requestId);
  expect(job).toMatchObject({ outcome: 'ok', httpStatus: 200, chargedNano: 20_000_000 });
  expect(job?.runs).toMatchObject([{ coldStartMs: 0, ended: 'ok' }]);
});

test('a cold start is queue wait at position 0 and leaves inference alone', async () => {
  const { simulator, clock, submit, status } = falUnderTest({ world: steadyWorld({ warmRunners: 0 }) });
  const requestId = await submit();
  await clock.advance(9999);
  expect(await status(requestId)).toMatchObject({
    status: 202,
    body: { status: 'IN_QUEUE', queue_position: 0 },
  });
  await clock.advance(1);
  expect((await status(requestId)).body.status).toBe('IN_PROGRESS');
  await clock.advance(2000);
  const job = simulator.ledger.job(requestId);
  expect(job?.runs[0]?.coldStartMs).toBe(10_000);
  expect(job && trueQueueWaitMs(job)).toBe(10_000);
  expect(job && trueInferenceMs(job)).toBe(2000);
});

test('a runner that idled too long is stopped, and the next job meets a cold start', async () => {
  const { simulator, clock, submit } = falUnderTest({ world: steadyWorld({ idleTimeoutMs: 60_000 }) });
  await submit();
  await clock.advance(61_999);
  expect(simulator.engine.load(IMAGE_MODEL).idleRunners).toBe(1);
  await clock.advance(1);
  expect(simulator.engine.load(IMAGE_MODEL).idleRunners).toBe(0);
  const second = await submit();
  await clock.advance(10_000);
  expect(simulator.ledger.job(second)?.runs[0]?.coldStartMs).toBe(10_000);
});

test('requests of other customers are worked off one by one before ours starts', async () => {
  const world = steadyWorld({ foreignQueue: 3, foreignServiceMs: 500 });
  const { clock, submit, status } = falUnderTest({ world });
  const requestId = await submit();
  const positions: unknown[] = [];
  for (let step = 0; step < 4; step += 1) {
    const { body } = await status(requestId);
    positions.push(body.queue_position ?? body.status);
    await clock.advance(500);
  }
  expect(positions).toEqual([3, 2, 1, 'IN_PROGRESS']);
});

test('our own requests ahead count as places too', async () => {
  const world = steadyWorld({ foreignQueue: 2, foreignServiceMs: 500 });
  const { clock, submit, status } = falUnderTest({ world });
  const ids = [await submit(), await submit(), await submit()];
  const positions = (): Promise<unknown[]> =>
    Promise.all(ids.map(async (id) => (await status(id)).body.queue_position));
  expect(await positions()).toEqual([2, 3, 4]);
  await clock.advance(500);
  expect(await positions()).toEqual([1, 2, 3]);
});

test('a start just within the startup timeout is not cut short by it', async () => {
  const world = steadyWorld({ warmRunners: 0, startupTimeoutMs: 11_000 });
  const { clock, submit, status } = falUnderTest({ world });
  const requestId = await submit();
  await clock.advance(11_500);
  expect((await status(requestId)).body.status).toBe('IN_PROGRESS');
  await clock.advance(500);
  expect((await status(requestId)).body).toMatchObject({
    status: 'COMPLETED',
    metrics: { inference_time: 2 },
  });
});

test('queued jobs above the concurrency limit wait, over all endpoints, and start in order', async () => {
  const world = steadyWorld({}, { concurrencyLimit: 1 });
  const { simulator, clock, submit, status } = falUnderTest({ world });
  const first = await submit(IMAGE_MODEL);
  const second = await submit('fal-ai/fast-sdxl');
  const third = await submit(IMAGE_MODEL);
  expect((await status(second, 'fal-ai/fast-sdxl')).body.status).toBe('IN_QUEUE');
  await clock.advance(6000);
  const starts = [first, second, third].map((id) => simulator.ledger.job(id)?.runs[0]?.startedAt ?? 0);
  expect(starts.map((at) => at - (starts[0] ?? 0))).toEqual([0, 2000, 4000]);
});

test('a direct call above the concurrency limit gets 429 with retry advice and no job', async () => {
  const world = steadyWorld({}, { concurrencyLimit: 1 });
  const { simulator, call, submit } = falUnderTest({ world });
  await submit();
  const refused = await call('POST', RUN, INPUT);
  expect(refused.status).toBe(429);
  expect(refused.headers.get('x-fal-needs-retry')).toBe('1');
  expect(refused.headers.get('x-fal-error-type')).toBe('concurrent_requests_limit');
  expect(simulator.ledger.jobs).toHaveLength(1);
});

test('normal priority goes before low priority', async () => {
  const world = steadyWorld({}, { concurrencyLimit: 1 });
  const { clock, simulator, submit } = falUnderTest({ world });
  await submit();
  const low = await submit(IMAGE_MODEL, { ...INPUT, headers: { 'x-fal-queue-priority': 'low' } });
  const normal = await submit(IMAGE_MODEL, { ...INPUT, headers: { 'x-fal-queue-priority': 'normal' } });
  await clock.advance(2000);
  expect(simulator.ledger.job(normal)?.runs).toHaveLength(1);
  expect(simulator.ledger.job(low)?.runs).toHaveLength(0);
});

test('a lost runner sends the job back into the queue under the same id, and it ends well', async () => {
  const { simulator, clock, submit, status } = falUnderTest();
  simulator.engine.failNext({ endpointId: IMAGE_MODEL, errorType: 'runner_disconnected', times: 2 });
  const requestId = await submit();
  await clock.advance(800);
  expect((await status(requestId)).body).toMatchObject({ status: 'IN_QUEUE', queue_position: 0 });
  await clock.advance(60_000);
  expect((await status(requestId)).body).toMatchObject({
    status: 'COMPLETED',
    metrics: { inference_time: 2 },
  });
  const job = simulator.ledger.job(requestId);
  expect(job?.runs.map(({ ended }) => ended)).toEqual(['requeued', 'requeued', 'ok']);
  expect(new Set(job?.runs.map(({ runnerId }) => runnerId)).size).toBe(3);
});

test('the platform gives up after ten attempts', async () => {
  const { simulator, clock, submit, status, result } = falUnderTest();
  simulator.engine.failRate({ errorType: 'runner_connection_error', rate: 1 });
  const requestId = await submit();
  await clock.advance(300_000);
  expect(simulator.ledger.job(requestId)).toMatchObject({
    outcome: 'error',
    httpStatus: 503,
    chargedNano: 0,
  });
  expect(simulator.ledger.job(requestId)?.runs).toHaveLength(10);
  expect((await status(requestId)).body).toMatchObject({
    status: 'COMPLETED',
    error_type: 'runner_connection_error',
  });
  expect((await result(requestId)).status).toBe(503);
});

test.each(['1', 'true', 'yes'])('X-Fal-No-Retry: %s makes the first failure the last', async (value) => {
  const { simulator, clock, submit } = falUnderTest();
  simulator.engine.failRate({ errorType: 'runner_disconnected', rate: 1 });
  const requestId = await submit(IMAGE_MODEL, { ...INPUT, headers: { 'x-fal-no-retry': value } });
  await clock.advance(60_000);
  expect(simulator.ledger.job(requestId)?.runs).toHaveLength(1);
});

test('a job that does not start within the caller’s deadline ends as 504 with timeout type user', async () => {
  const { clock, submit, status, result } = falUnderTest({ world: steadyWorld({ warmRunners: 0 }) });
  const headers = { 'x-fal-request-timeout': '3' };
  const requestId = await submit(IMAGE_MODEL, { ...INPUT, headers });
  await clock.advance(2999);
  expect((await status(requestId)).body.status).toBe('IN_QUEUE');
  await clock.advance(1);
  expect((await status(requestId)).body).toMatchObject({
    status: 'COMPLETED',
    error_type: 'startup_timeout',
    metrics: {},
  });
  const replay = await result(requestId);
  expect(replay.status).toBe(504);
  expect(replay.headers.get('x-fal-request-timeout-type')).toBe('user');
});

test('the start deadline counts across platform retries but never stops a running job', async () => {
  const { simulator, clock, submit } = falUnderTest();
  const headers = { 'x-fal-request-timeout': '1' };
  const running = await submit(IMAGE_MODEL, { ...INPUT, headers });
  await clock.advance(2000);
  expect(simulator.ledger.job(running)?.outcome).toBe('ok');
  simulator.engine.failNext({ errorType: 'runner_disconnected' });
  const requeued = await submit(IMAGE_MODEL, { ...INPUT, headers });
  await clock.advance(1000);
  expect(simulator.ledger.job(requeued)).toMatchObject({ outcome: 'error', errorType: 'startup_timeout' });
});

test.each(['abc', '0', '-1', ''])('a start deadline of "%s" is a bad request', async (value) => {
  const { call } = falUnderTest();
  const seen = await call('POST', SUBMIT, { ...INPUT, headers: { 'x-fal-request-timeout': value } });
  expect(seen).toMatchObject({ status: 400, body: { error_type: 'bad_request' } });
});

test('a direct call that finds no runner in time gets 504 startup_timeout', async () => {
  const world = steadyWorld({ warmRunners: 0, startupTimeoutMs: 4000 });
  const { clock, call } = falUnderTest({ world });
  const pending = call('POST', RUN, INPUT);
  await clock.advance(4000);
  const seen = await pending;
  expect(seen).toMatchObject({ status: 504, body: { error_type: 'startup_timeout' } });
  expect(seen.headers.get('x-fal-request-timeout-type')).toBeNull();
});

test('a direct call keeps to the caller’s start deadline too', async () => {
  const { clock, call } = falUnderTest({ world: steadyWorld({ warmRunners: 0 }) });
  const pending = call('POST', RUN, { ...INPUT, headers: { 'x-fal-request-timeout': '2' } });
  await clock.advance(2000);
  const seen = await pending;
  expect(seen.status).toBe(504);
  expect(seen.headers.get('x-fal-request-timeout-type')).toBe('user');
});

test('a run beyond the processing limit ends there as request_timeout and loses its runner', async () => {
  const { simulator, clock, call } = falUnderTest({ world: steadyWorld({ processingLimitMs: 1500 }) });
  const pending = call('POST', RUN, INPUT);
  await clock.advance(1500);
  expect(await pending).toMatchObject({ status: 504, body: { error_type: 'request_timeout' } });
  expect(simulator.engine.load(IMAGE_MODEL)).toMatchObject({ idleRunners: 1, running: 0 });
});

test('cancelling a queued job removes it; it reads as client_cancelled and costs nothing', async () => {
  const world = steadyWorld({}, { concurrencyLimit: 1 });
  const { simulator, clock, submit, cancel, status, result } = falUnderTest({ world });
  await submit();
  const waiting = await submit();
  expect(await cancel(waiting)).toMatchObject({ status: 202, body: { status: 'CANCELLATION_REQUESTED' } });
  await clock.advance(10_000);
  expect(simulator.ledger.job(waiting)).toMatchObject({ outcome: 'cancelled', chargedNano: 0, runs: [] });
  expect((await status(waiting)).body).toMatchObject({ status: 'COMPLETED', error_type: 'client_cancelled' });
  expect((await result(waiting)).status).toBe(499);
  expect(await cancel(waiting)).toMatchObject({ status: 400, body: { status: 'ALREADY_COMPLETED' } });
});

test('cancelling a running job stops it, unless its app works on', async () => {
  const { simulator, clock, submit, cancel } = falUnderTest();
  const image = await submit(IMAGE_MODEL);
  const video = await submit(VIDEO_MODEL);
  await clock.advance(1000);
  expect((await cancel(image)).status).toBe(202);
  expect((await cancel(video, VIDEO_MODEL)).status).toBe(202);
  await clock.advance(60_000);
  expect(simulator.ledger.job(image)).toMatchObject({ outcome: 'cancelled', chargedNano: 0 });
  expect(simulator.ledger.job(image)?.runs).toMatchObject([{ ended: 'cancelled' }]);
  expect(simulator.ledger.job(video)).toMatchObject({ outcome: 'ok', chargedNano: 250_000_000 });
});

test('a stuck job never ends, keeps its slot and ignores a cancel until fal is well again', async () => {
  const { simulator, clock, submit, status, cancel } = falUnderTest({ scenario: 'stuck-in-progress' });
  const requestId = await submit();
  await clock.advance(3_600_000);
  expect((await cancel(requestId)).status).toBe(202);
  expect((await status(requestId)).body.status).toBe('IN_PROGRESS');
  expect(simulator.engine.load(IMAGE_MODEL).running).toBe(1);
  simulator.applyScenario('healthy');
  expect(simulator.ledger.job(requestId)?.outcome).toBe('ok');
  expect(simulator.engine.load(IMAGE_MODEL).running).toBe(0);
});

test('a caller that hangs up on a direct call stops the runner; the bill is a switch', async () => {
  const { simulator, clock, call } = falUnderTest();
  const controller = new AbortController();
  const pending = call('POST', RUN, { ...INPUT, signal: controller.signal });
  const outcome = pending.catch((error: unknown) => error);
  await clock.advance(500);
  controller.abort();
  expect(await outcome).toMatchObject({ name: 'AbortError' });
  await clock.advance(0);
  expect(simulator.ledger.jobs[0]).toMatchObject({
    outcome: 'cancelled',
    errorType: 'client_disconnected',
    chargedNano: 0,
  });
  expect(simulator.engine.load(IMAGE_MODEL).running).toBe(0);
  simulator.engine.setSwitches({ disconnectsAreBilled: true });
  const second = new AbortController();
  const billed = call('POST', RUN, { ...INPUT, signal: second.signal }).catch(() => undefined);
  await clock.advance(500);
  second.abort();
  await billed;
  await clock.advance(0);
  expect(simulator.ledger.jobs[1]).toMatchObject({ outcome: 'cancelled', chargedNano: 20_000_000 });
});

test('fal_max_queue_length refuses a submit behind a longer queue of all callers', async () => {
  const { call } = falUnderTest({ world: steadyWorld({ foreignQueue: 5 }) });
  expect((await call('POST', `${SUBMIT}?fal_max_queue_length=4`, INPUT)).status).toBe(429);
  expect((await call('POST', `${SUBMIT}?fal_max_queue_length=5`, INPUT)).status).toBe(200);
  expect((await call('POST', `${SUBMIT}?fal_max_queue_length=few`, INPUT)).status).toBe(400);
});

test('more jobs than runners wait for a runner to be free or booted', async () => {
  const world = steadyWorld({ warmRunners: 1, maxRunners: 2 });
  const { simulator, clock, submit } = falUnderTest({ world });
  const ids = [await submit(), await submit(), await submit()];
  expect(simulator.engine.load(IMAGE_MODEL)).toMatchObject({
    queued: 2,
    running: 1,
    idleRunners: 0,
    bootingRunners: 1,
  });
  await clock.advance(30_000);
  const waits = ids.map((id) => (simulator.ledger.job(id)?.runs[0]?.startedAt ?? 0) - (clock.now() - 30_000));
  expect(waits).toEqual([0, 2000, 4000]);
});

test('the discount lowers the charge, a missing price leaves it unknown', async () => {
  const world = steadyWorld({}, { percentDiscount: 25 });
  const sdxl = world.endpoints.get('fal-ai/fast-sdxl');
  if (sdxl !== undefined) sdxl.unitPriceNano = undefined;
  const { simulator, clock, submit } = falUnderTest({ world });
  const discounted = await submit();
  const unpriced = await submit('fal-ai/fast-sdxl');
  await clock.advance(2000);
  expect(simulator.ledger.job(discounted)).toMatchObject({ chargedNano: 15_000_000, percentDiscount: 25 });
  expect(simulator.ledger.job(unpriced)?.billableUnits).toBe(1);
  expect(simulator.ledger.job(unpriced)?.chargedNano).toBeUndefined();
});

test('a result expires; then neither status nor result know the request', async () => {
  const { clock, submit, status, result } = falUnderTest({ resultTtlMs: 60_000 });
  const requestId = await submit();
  await clock.advance(62_000);
  expect((await result(requestId)).status).toBe(200);
  await clock.advance(1);
  expect(await result(requestId)).toMatchObject({ status: 404, body: { status: 'NOT_FOUND' } });
  expect((await status(requestId)).status).toBe(404);
});
