import { ApiError, ValidationError, createFalClient } from '@fal-ai/client';
import type { FalClient } from '@fal-ai/client';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { realClock } from './clock.ts';
import { createSimulator } from './create-simulator.ts';
import { FAKE_API_KEY } from './default-world.ts';
import { ERROR_TABLE } from './errors/error-table.ts';
import { IMAGE_MODEL, VIDEO_MODEL, steadyWorld } from './fal-under-test.ts';
import type { Simulator } from './simulator.ts';

const INPUT = { input: { prompt: 'a lighthouse' } };

let simulator: Simulator;
let fal: FalClient;
beforeEach(() => {
  // The client's own back-off, the simulator and `performance` all follow the same fake clock.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'Date', 'performance'] });
  simulator = createSimulator({
    clock: realClock,
    world: steadyWorld({ foreignQueue: 1, startupTimeoutMs: 20_000 }),
  });
  fal = createFalClient({ credentials: FAKE_API_KEY, fetch: simulator.fetch });
});
afterEach(() => {
  simulator.close();
  vi.useRealTimers();
});

/** Lets time pass until the promise settles; two hours are more than any retry takes. */
async function settled<T>(promise: Promise<T>): Promise<T> {
  let isDone = false;
  const done = (): void => void (isDone = true);
  promise.then(done, done);
  for (let step = 0; step < 720 && !isDone; step += 1) await vi.advanceTimersByTimeAsync(10_000);
  return promise;
}

async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return settled(
    promise.then(
      () => undefined,
      (error: unknown) => error,
    ),
  );
}

describe('the real client on a healthy fal', () => {
  test('run gives the output and the request id', async () => {
    const { data, requestId } = await settled(fal.run(IMAGE_MODEL, INPUT));
    expect(data).toMatchObject({ images: [{ width: 1024 }], timings: { inference: 2 } });
    expect(simulator.ledger.job(requestId)).toMatchObject({ mode: 'run', outcome: 'ok' });
  });

  test.each(['polling', 'streaming'] as const)('subscribe by %s sees every state', async (mode) => {
    const states: string[] = [];
    const enqueued: string[] = [];
    const result = await settled(
      fal.subscribe(IMAGE_MODEL, {
        ...INPUT,
        mode,
        logs: true,
        onEnqueue: (requestId) => void enqueued.push(requestId),
        onQueueUpdate: ({ status }) => void (states.at(-1) === status || states.push(status)),
      }),
    );
    expect(states).toEqual(['IN_QUEUE', 'IN_PROGRESS', 'COMPLETED']);
    expect(enqueued).toEqual([result.requestId]);
    expect(result.data).toMatchObject({ images: [{ content_type: 'image/png' }] });
    expect(simulator.ledger.job(result.requestId)).toMatchObject({ mode: 'queue', outcome: 'ok' });
  });

  test('the queue methods work one by one, with the full endpoint id', async () => {
    const { request_id: requestId } = await fal.queue.submit(VIDEO_MODEL, INPUT);
    await vi.advanceTimersByTimeAsync(5000);
    expect(await fal.queue.status(VIDEO_MODEL, { requestId, logs: true })).toMatchObject({
      status: 'IN_PROGRESS',
      logs: [{ level: 'INFO' }],
    });
    await settled(fal.queue.subscribeToStatus(VIDEO_MODEL, { requestId }));
    const result = await settled(fal.queue.result(VIDEO_MODEL, { requestId }));
    expect(result.data).toMatchObject({ video: { content_type: 'video/mp4' } });
    expect(await failureOf(fal.queue.cancel(VIDEO_MODEL, { requestId }))).toMatchObject({
      status: 400,
      body: { status: 'ALREADY_COMPLETED' },
    });
  });

  test('stream gives each event and the last one as the result', async () => {
    const events: unknown[] = [];
    const stream = await fal.stream(IMAGE_MODEL, INPUT);
    stream.on('data', (event) => events.push(event));
    expect(await settled(stream.done())).toMatchObject({ images: [{ width: 1024 }] });
    expect(events).toHaveLength(3);
  });

  test('a blob in the input is uploaded and replaced by its URL', async () => {
    const image = new Blob(['not really a picture'], { type: 'image/png' });
    const input = { prompt: 'x', image_url: image as unknown as string };
    await settled(fal.run(IMAGE_MODEL, { input }));
    const hosts = simulator.ledger.exchanges.map(({ method, host }) => `${method} ${host}`);
    expect(hosts).toEqual(['POST rest.fal.ai', 'PUT v3.fal.media', 'POST fal.run']);
  });
});

describe('every error type through the real client', () => {
  test.each(Object.entries(ERROR_TABLE))('run fails with %s', async (errorType, traits) => {
    simulator.engine.failRate({ errorType, rate: 1 });
    const error = await failureOf(fal.run(IMAGE_MODEL, INPUT));
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ status: traits.status });
    expect((error as ApiError<unknown>).requestId).not.toBe('');
    const body = (error as ApiError<{ detail: unknown; error_type?: string }>).body;
    if (traits.shape === 'request') expect(body.error_type).toBe(errorType);
    if (traits.shape === 'model') expect(body.detail).toMatchObject([{ type: errorType }]);
    if (traits.shape === 'plain') expect(body).toEqual({ detail: traits.text });
    if (traits.status === 422) expect(error).toBeInstanceOf(ValidationError);
    expect(simulator.world.accounts.get('simulated-team')?.balanceNano).toBe(
      100e9 - (traits.billed === 'units' ? 20_000_000 : 0),
    );
  });

  test.each(Object.entries(ERROR_TABLE))('subscribe fails with %s', async (errorType, traits) => {
    simulator.engine.failRate({ errorType, rate: 1 });
    const error = await failureOf(fal.subscribe(IMAGE_MODEL, INPUT));
    expect(error).toMatchObject({ status: traits.status });
    const [job] = simulator.ledger.jobs;
    if (traits.moment.at === 'gateway') expect(job).toBeUndefined();
    else {
      expect(job).toMatchObject({ errorType, httpStatus: traits.status });
      const runs = traits.moment.at === 'queue' ? 0 : traits.platformRetries ? 10 : 1;
      expect(job?.runs).toHaveLength(runs);
    }
  });

  test('the caller’s own start deadline is told apart and not retried', async () => {
    for (const endpoint of simulator.world.endpoints.values()) endpoint.foreignQueue = 100;
    const error = await failureOf(fal.subscribe(IMAGE_MODEL, { ...INPUT, startTimeout: 2 }));
    expect(error).toMatchObject({ status: 504, timeoutType: 'user', isUserTimeout: true });
    expect(simulator.ledger.jobs).toHaveLength(1);
  });

  test('a concurrency limit on run is retried by the client and then succeeds', async () => {
    for (const account of simulator.world.accounts.values()) account.concurrencyLimit = 1;
    const both = Promise.all([fal.run(IMAGE_MODEL, INPUT), fal.run(IMAGE_MODEL, INPUT)]);
    await settled(both);
    const answers = simulator.ledger.exchanges.map(({ answer }) => answer);
    expect(answers.filter((answer) => answer === 200)).toHaveLength(2);
    expect(answers).toContain(429);
  });
});

describe('scenarios through the real client', () => {
  test('reset-after-submit makes two jobs of one call, and the ledger knows', async () => {
    simulator.applyScenario('reset-after-submit');
    const { requestId } = await settled(fal.subscribe(IMAGE_MODEL, INPUT));
    const [first, second] = simulator.ledger.jobs;
    expect(simulator.ledger.jobs).toHaveLength(2);
    expect(first?.duplicateOf).toBeUndefined();
    expect(second).toMatchObject({ requestId, duplicateOf: first?.requestId });
  });

  test('skipped-states shows COMPLETED at the first poll', async () => {
    simulator.applyScenario('skipped-states');
    const states: string[] = [];
    const onQueueUpdate = ({ status }: { status: string }): void => void states.push(status);
    await settled(fal.subscribe(IMAGE_MODEL, { ...INPUT, onQueueUpdate }));
    expect(states).toEqual(['COMPLETED']);
  });

  test.each([
    ['malformed-json', { name: 'SyntaxError' }],
    ['truncated-body', { message: 'terminated' }],
    ['empty-body', { name: 'SyntaxError' }],
    ['ingress-html-502', { status: 502, body: undefined, requestId: '' }],
    ['outage', { status: 503 }],
    ['host-down-queue', { message: 'fetch failed', cause: { code: 'ECONNRESET' } }],
    ['locked-admin', { status: 403 }],
    ['key-revoked', { status: 401 }],
  ])('%s surfaces as %j', async (scenario, error) => {
    simulator.applyScenario(scenario);
    expect(await failureOf(fal.subscribe(IMAGE_MODEL, INPUT))).toMatchObject(error);
  });

  test('host-down-run leaves the queue alone', async () => {
    simulator.applyScenario('host-down-run');
    await settled(fal.subscribe(IMAGE_MODEL, INPUT));
    expect(await failureOf(fal.run(IMAGE_MODEL, INPUT))).toMatchObject({ message: 'fetch failed' });
  });

  test('a cut stream surfaces as ApiError 500', async () => {
    simulator.applyScenario('stream-cut');
    const stream = await fal.stream(IMAGE_MODEL, INPUT);
    const error = new Promise((resolve) => stream.on('error', resolve));
    stream.done().catch(() => undefined);
    expect(await settled(error)).toMatchObject({ status: 500, message: 'terminated' });
  });

  test.each([
    ['missing-units', null],
    ['absurd-units', '999999999999999999'],
    ['non-numeric-units', 'many'],
  ])('%s spoils the header and not the bill', async (scenario, header) => {
    simulator.applyScenario(scenario);
    const seen: (string | null)[] = [];
    const watched = createFalClient({
      credentials: FAKE_API_KEY,
      fetch: async (input: string | URL | Request, init?: RequestInit) => {
        const response = await simulator.fetch(input, init);
        seen.push(response.headers.get('x-fal-billable-units'));
        return response;
      },
    });
    await settled(watched.run(IMAGE_MODEL, INPUT));
    expect(seen).toEqual([header]);
    expect(simulator.ledger.jobs).toMatchObject([{ billableUnits: 1, chargedNano: 20_000_000 }]);
  });

  test.each([
    ['missing-metrics', undefined],
    ['null-inference-time', { inference_time: null }],
  ])('%s still completes', async (scenario, metrics) => {
    simulator.applyScenario(scenario);
    let last: unknown;
    const onQueueUpdate = (update: object): void => void (last = update);
    await settled(fal.subscribe(IMAGE_MODEL, { ...INPUT, onQueueUpdate }));
    expect((last as { metrics?: unknown }).metrics).toEqual(metrics);
  });
});
