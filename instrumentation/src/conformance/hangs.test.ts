import type { WireFault } from 'fal-simulator';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { comeToRest, elapsedMs, pass, passUntil } from './passing-time.ts';
import type { Reading } from './recorded.ts';
import { IMAGE_MODEL, type ObservedStage, VIDEO_MODEL, close, openObserved } from './stage.ts';

const INPUT = { prompt: 'a lighthouse' };
const HANGS_MS = 30_000;
/** What nobody asks about any more is let go of. */
const FORGOTTEN_MS = 70_000;

let stage: ObservedStage;
beforeEach(async () => {
  stage = await openObserved('createFalClient');
});
afterEach(() => {
  expect(stage.logged).toEqual([]);
  close();
});

interface Hanging {
  readonly state: string;
  readonly fault: WireFault;
  readonly call: (signal: AbortSignal) => Promise<unknown>;
}

/** Calls that an app can give up, by where they hang. */
const CALLS: Readonly<Record<string, Hanging>> = {
  'run before its headers': {
    state: 'submitting',
    fault: 'hang',
    call: (abortSignal) => stage.fal.run(IMAGE_MODEL, { input: INPUT, abortSignal }),
  },
  'run after its headers': {
    state: 'submitting',
    fault: 'hang-after-headers',
    call: (abortSignal) => stage.fal.run(IMAGE_MODEL, { input: INPUT, abortSignal }),
  },
  'subscribe at its submit': {
    state: 'submitting',
    fault: 'hang',
    call: (abortSignal) => stage.fal.subscribe(IMAGE_MODEL, { input: INPUT, abortSignal }),
  },
  'queue.submit': {
    state: 'submitting',
    fault: 'hang',
    call: (abortSignal) => stage.fal.queue.submit(IMAGE_MODEL, { input: INPUT, abortSignal }),
  },
  'stream before its headers': {
    state: 'submitting',
    fault: 'hang',
    call: (signal) => streamed(signal),
  },
  'stream after its first event': {
    state: 'submitting',
    fault: 'silence',
    call: (signal) => streamed(signal),
  },
};

async function streamed(signal: AbortSignal): Promise<unknown> {
  const stream = await stage.fal.stream(IMAGE_MODEL, { input: INPUT, signal });
  return stream.done();
}

describe('a call that hangs', () => {
  test.each(Object.entries(CALLS))(
    'shows while it does, and counts as cancelled when given up: %s',
    async (_, each) => {
      const controller = new AbortController();
      const { settled } = await hung(each, controller);
      const before = await stage.recorder.collect();
      expect(inFlight(before)).toEqual({ [each.state]: 1 });
      expect(before.of('fal.client.oldest_request_age.seconds')).toMatchObject([
        { labels: { state: each.state }, value: HANGS_MS / 1000 },
      ]);
      expect(before.of('fal.client.requests')).toEqual([]);
      controller.abort();
      await passUntil(settled, 5000);
      const after = await stage.recorder.collect();
      expect(inFlight(after)).toEqual({});
      expect(after.sum('fal.client.oldest_request_age.seconds')).toBe(0);
      expect(after.by('fal.client.requests', 'outcome')).toEqual({ cancelled: 1 });
      expect(after.of('fal.client.errors')).toEqual([]);
      expect(after.sum('fal.client.request.duration.seconds')).toBeCloseTo(HANGS_MS / 1000, 3);
      expect(stage.recorder.openSpans).toBe(0);
      expect(stage.recorder.spans.filter(({ isError }) => isError)).toEqual([]);
    },
  );

  test.each(Object.entries(CALLS))(
    'counts as a time-out when its deadline gives it up: %s',
    async (_, each) => {
      const controller = new AbortController();
      const { settled } = await hung(each, controller);
      controller.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError'));
      await passUntil(settled, 5000);
      const after = await stage.recorder.collect();
      expect(after.by('fal.client.requests', 'outcome')).toEqual({ timeout: 1 });
      expect(after.by('fal.client.errors', 'error_type')).toEqual({ client_timeout: 1 });
      expect(inFlight(after)).toEqual({});
      expect(stage.recorder.spans).toMatchObject([
        { isError: true, attributes: { 'error.type': 'client_timeout' } },
      ]);
    },
  );

  test('at a poll is given up by subscribe, which cancels nothing', async () => {
    stage.simulator.engine.breakWire({ fault: 'hang', steps: ['status'] });
    const controller = new AbortController();
    const { signal: abortSignal } = controller;
    const settled = settle(stage.fal.subscribe(IMAGE_MODEL, { input: INPUT, abortSignal }));
    await pass(HANGS_MS);
    expect(inFlight(await stage.recorder.collect())).toEqual({ queued: 1 });
    controller.abort();
    await passUntil(settled, 5000);
    const after = await stage.recorder.collect();
    expect(inFlight(after)).toEqual({});
    expect(after.by('fal.client.requests', 'outcome')).toEqual({ cancelled: 1 });
    expect(stage.simulator.ledger.jobs).toMatchObject([{ outcome: 'ok' }]);
  });

  test.each(['status', 'result'] as const)('at queue.%s is over when nobody asks again', async (step) => {
    const { request_id: requestId } = await elapsed(stage.fal.queue.submit(IMAGE_MODEL, { input: INPUT }));
    stage.simulator.engine.breakWire({ fault: 'hang', steps: [step] });
    const controller = new AbortController();
    const { signal: abortSignal } = controller;
    const settled = settle(stage.fal.queue[step](IMAGE_MODEL, { requestId, abortSignal }));
    await pass(HANGS_MS);
    const state = step === 'status' ? 'queued' : 'fetching';
    expect(inFlight(await stage.recorder.collect())).toEqual({ [state]: 1 });
    controller.abort();
    await passUntil(settled, 5000);
    expect((await stage.recorder.collect()).of('fal.client.requests')).toEqual([]);
    await pass(FORGOTTEN_MS);
    const after = await stage.recorder.collect();
    expect(inFlight(after)).toEqual({});
    expect(after.by('fal.client.requests', 'outcome')).toEqual({ cancelled: 1 });
    expect(stage.recorder.openSpans).toBe(0);
  });
});

describe('a client that has timed out', () => {
  /** Slow answers, so that a poll is under way when the time is up. */
  const SLOW = { latency: { medianMs: 400, sigma: 0 } };
  const TIMEOUT_MS = 4000;

  async function timedOut(): Promise<string> {
    const { simulator, fal, caller } = stage;
    simulator.engine.setSwitches(SLOW);
    const settled = settle(
      caller.watch('subscribe', () =>
        fal.subscribe(VIDEO_MODEL, {
          input: INPUT,
          timeout: TIMEOUT_MS,
          onQueueUpdate: () => caller.note('update'),
        }),
      ),
    );
    expect(await passUntil(settled, 60_000)).toBe(true);
    return simulator.ledger.jobs[0]?.requestId ?? '';
  }

  test('counts once as a time-out, although it goes on polling', async () => {
    await timedOut();
    const { caller, recorder } = stage;
    const rejectedAt = caller.at('subscribe rejects') ?? NaN;
    const message = expect.stringMatching(/timed out waiting/) as string;
    expect(caller.seen).toContainEqual(
      expect.objectContaining({ value: expect.objectContaining({ message }) as object }),
    );
    await pass(60_000);
    expect(caller.seen.filter(({ what, at }) => what === 'update' && at > rejectedAt).length).toBeGreaterThan(
      3,
    );
    const after = await recorder.collect();
    expect(after.by('fal.client.requests', 'outcome')).toEqual({ timeout: 1 });
    expect(after.by('fal.client.errors', 'error_type')).toEqual({ client_timeout: 1 });
    expect(after.by('fal.client.errors', 'fault')).toEqual({ unknown: 1 });
    expect(after.sum('fal.client.request.duration.seconds')).toBeCloseTo(rejectedAt / 1000, 6);
    expect(inFlight(after)).toEqual({});
    expect(after.sum('fal.client.cost.usd')).toBe(0);
    expect(recorder.spans.filter(({ parentId }) => parentId === undefined)).toHaveLength(1);
  });

  test('counts no second request when the app fetches the result after all, but what it cost', async () => {
    const requestId = await timedOut();
    await pass(30_000);
    const result = await elapsed(stage.fal.queue.result(VIDEO_MODEL, { requestId }));
    expect(result).toMatchObject({ data: { video: {} } });
    const [job] = stage.simulator.ledger.jobs;
    const after = await stage.recorder.collect();
    expect(after.by('fal.client.requests', 'outcome')).toEqual({ timeout: 1 });
    expect(Math.round(after.sum('fal.client.cost.usd') * 1e9)).toBe(job?.chargedNano);
    expect(after.of('fal.client.wasted_cost.usd')).toEqual([]);
    expect(inFlight(after)).toEqual({});
    expect(stage.recorder.openSpans).toBe(0);
  });

  test('that fetches a billed failure after all has wasted its cost', async () => {
    stage.simulator.engine.failNext({ errorType: 'no_media_generated' });
    const requestId = await timedOut();
    await pass(30_000);
    await settle(elapsed(stage.fal.queue.result(VIDEO_MODEL, { requestId })));
    const [job] = stage.simulator.ledger.jobs;
    expect(job).toMatchObject({ errorType: 'no_media_generated' });
    const after = await stage.recorder.collect();
    expect(Math.round(after.sum('fal.client.wasted_cost.usd') * 1e9)).toBe(job?.chargedNano);
    expect(after.by('fal.client.wasted_cost.usd', 'reason')).toHaveProperty('timeout');
  });
});

/** Makes the call and lets it hang. The promise comes in an object, because an async function would wait for it. */
async function hung(
  { fault, call }: Hanging,
  { signal }: AbortController,
): Promise<{ readonly settled: Promise<unknown> }> {
  stage.simulator.engine.breakWire({ fault });
  const settled = settle(call(signal));
  await pass(HANGS_MS);
  expect(elapsedMs()).toBe(HANGS_MS);
  return { settled };
}

/** The end of a call, whatever it is. */
function settle(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    (value) => value,
    (error: unknown) => error,
  );
}

/** Lets time pass until the call is over. */
async function elapsed<T>(call: Promise<T>): Promise<T> {
  await passUntil(call, 60_000);
  await comeToRest();
  return call;
}

function inFlight(reading: Reading): Record<string, number> {
  return reading.by('fal.client.active_requests', 'state');
}
