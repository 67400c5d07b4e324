import type { FalClient } from '@fal-ai/client';
import type { JobRun, Simulator } from 'fal-simulator';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { useTelemetry } from '../default-telemetry.ts';
import { falWebhooks } from '../reports.ts';
import type { FalTelemetry } from '../telemetry.ts';
import { atWork, pass, passUntil, pause } from './passing-time.ts';
import { Recorder } from './recorded.ts';
import { IMAGE_MODEL, close, instrumented, openBare, watch } from './stage.ts';

const INPUT = { prompt: 'a lighthouse' };
const HOOK = 'https://app.example/hooks/fal';

interface Process {
  readonly fal: FalClient;
  readonly recorder: Recorder;
  readonly telemetry: FalTelemetry;
}

let simulator: Simulator;
let web: Process;
let worker: Process;
/** What the worker's endpoint for webhooks answers. */
let deliver: (request: Request) => Promise<Response> = () =>
  Promise.resolve(new Response(null, { status: 503 }));

beforeEach(() => {
  const fetch = (input: string | URL | Request, init?: RequestInit): Promise<Response> =>
    atWork(deliver(new Request(input, init)));
  ({ simulator } = openBare({ webhooks: { fetch } }));
  [web, worker] = [newProcess(), newProcess()];
});
afterEach(close);

function newProcess(): Process {
  const recorder = new Recorder();
  const telemetry = watch(recorder);
  return { recorder, telemetry, fal: instrumented('createFalClient', telemetry, simulator) };
}

describe('a job that one process submits and another one finishes', () => {
  test('is one request in total, and its duration is nobody’s guess', async () => {
    const requestId = await submitted();
    await finish(pollAndFetch(requestId));
    await pass(70_000);
    const [submitting, fetching] = [await collect(web), await collect(worker)];
    expect(submitting.of('fal.client.requests')).toEqual([]);
    expect(submitting.of('fal.client.active_requests')).toEqual([]);
    expect(fetching.of('fal.client.requests')).toEqual([
      { labels: { endpoint_id: IMAGE_MODEL, operation: 'result', outcome: 'ok' }, value: 1 },
    ]);
    expect(fetching.count('fal.client.request.duration.seconds')).toBe(0);
    expect(fetching.count('fal.client.queue_wait.seconds')).toBe(0);
    expect(fetching.sum('fal.client.inference.seconds')).toBe(runSeconds());
    expect(fetching.sum('fal.client.cost.usd')).toBeCloseTo(
      (simulator.ledger.jobs[0]?.chargedNano ?? NaN) / 1e9,
      12,
    );
    expect(submitting.sum('fal.client.cost.usd')).toBe(0);
    expect(fetching.of('fal.client.active_requests')).toEqual([]);
    expect(worker.recorder.spans.map(({ name }) => name)).toEqual([
      'fal.result_fetch',
      `result ${IMAGE_MODEL}`,
    ]);
  });

  test('that fails is one failure in total', async () => {
    simulator.engine.failNext({ errorType: 'runner_server_error' });
    const requestId = await submitted();
    await finish(pollAndFetch(requestId).catch(() => undefined));
    expect((await collect(worker)).by('fal.client.errors', 'error_type')).toEqual({ runner_server_error: 1 });
    expect((await collect(web)).of('fal.client.errors')).toEqual([]);
  });

  test('and whose webhook comes there has its whole duration, when the app knows when it began', async () => {
    takeWebhooks(worker, { endpointId: IMAGE_MODEL, submittedAt: new Date() });
    await submitted({ webhookUrl: HOOK });
    await pass(60_000);
    const deliveredAt = simulator.ledger.jobs[0]?.webhook?.attempts[0]?.endedAt ?? NaN;
    expect(simulator.ledger.jobs[0]?.webhook?.state).toBe('delivered');
    const reading = await collect(worker);
    expect(reading.of('fal.client.requests')).toEqual([
      { labels: { endpoint_id: IMAGE_MODEL, operation: 'result', outcome: 'ok' }, value: 1 },
    ]);
    const seconds = reading.sum('fal.client.request.duration.seconds');
    expect(seconds).toBeCloseTo((deliveredAt - (simulator.ledger.jobs[0]?.submittedAt ?? NaN)) / 1000, 3);
    expect((await collect(web)).of('fal.client.requests')).toEqual([]);
  });

  test('and whose webhook comes there without a beginning has no duration at all', async () => {
    takeWebhooks(worker, { endpointId: IMAGE_MODEL });
    await submitted({ webhookUrl: HOOK });
    await pass(60_000);
    const reading = await collect(worker);
    expect(reading.sum('fal.client.requests')).toBe(1);
    expect(reading.count('fal.client.request.duration.seconds')).toBe(0);
  });
});

describe('a job whose webhook comes to the process that submitted it', () => {
  test.each([
    ['healthy', { ok: 1 }],
    ['webhook-duplicate', { ok: 1 }],
    ['webhook-late', { ok: 1 }],
    ['webhook-out-of-order', { ok: 1 }],
    ['webhook-payload-error', { ok: 1 }],
    ['platform-retries', { ok: 1 }],
    ['content-policy', { error: 1 }],
    ['runner-disconnected', { error: 1 }],
    ['generation-timeout', { timeout: 1 }],
    ['webhook-bad-signature', {}],
    ['webhook-old-timestamp', {}],
    ['webhook-lost', {}],
  ])('is counted once, with its true duration: %s', async (scenario, outcomes) => {
    simulator.applyScenario(scenario);
    takeWebhooks(web);
    await submitted({ webhookUrl: HOOK });
    await pass(20 * 60_000);
    const reading = await collect(web);
    expect(reading.by('fal.client.requests', 'outcome')).toEqual(outcomes);
    expect(reading.of('fal.client.active_requests')).toEqual([]);
    const [job] = simulator.ledger.jobs;
    const failure = job?.errorType;
    expect(Object.keys(reading.by('fal.client.errors', 'error_type'))).toEqual(
      failure === undefined ? [] : [failure],
    );
    const retries = job?.runs.filter(({ ended }: JobRun) => ended === 'requeued').length ?? 0;
    expect(reading.sum('fal.client.platform_retries')).toBe(Math.min(1, retries));
    if (Object.keys(outcomes).length === 0) return;
    const deliveredAt = job?.webhook?.attempts[0]?.endedAt ?? NaN;
    const seconds = reading.sum('fal.client.request.duration.seconds');
    expect(seconds).toBeCloseTo((deliveredAt - (job?.submittedAt ?? NaN)) / 1000, 3);
  });

  test('is counted once although the app polls and fetches as well', async () => {
    takeWebhooks(web);
    const requestId = await submitted({ webhookUrl: HOOK });
    await finish(pollAndFetch(requestId, web));
    await pass(60_000);
    const reading = await collect(web);
    expect(reading.by('fal.client.requests', 'outcome')).toEqual({ ok: 1 });
    expect(reading.sum('fal.client.cost.usd')).toBeCloseTo(0.02, 12);
  });
});

async function submitted(options: { readonly webhookUrl?: string } = {}): Promise<string> {
  const call = web.fal.queue.submit(IMAGE_MODEL, { input: INPUT, ...options });
  await passUntil(call, 10_000);
  return (await call).request_id;
}

async function pollAndFetch(requestId: string, process = worker): Promise<unknown> {
  const { queue } = process.fal;
  for (;;) {
    const { status } = await queue.status(IMAGE_MODEL, { requestId });
    if (status === 'COMPLETED') return queue.result(IMAGE_MODEL, { requestId });
    await pause(500);
  }
}

async function finish(call: Promise<unknown>): Promise<void> {
  expect(await passUntil(call, 60_000)).toBe(true);
  await call;
}

/** From now on this process has the route that fal's webhooks come to. */
function takeWebhooks(process: Process, context: Parameters<WebhookReceive>[1] = {}): void {
  useTelemetry(process.telemetry);
  const webhooks = falWebhooks({ fetch: simulator.fetch });
  deliver = async (request) => {
    try {
      await webhooks.receive(request, context);
      return new Response(null, { status: 200 });
    } catch (error) {
      return new Response(null, { status: (error as { httpStatus: number }).httpStatus });
    }
  };
}

type WebhookReceive = ReturnType<typeof falWebhooks>['receive'];

function collect(process: Process): ReturnType<Recorder['collect']> {
  return process.recorder.collect();
}

function runSeconds(): number {
  const run = simulator.ledger.jobs[0]?.runs[0];
  return ((run?.endedAt ?? NaN) - (run?.startedAt ?? NaN)) / 1000;
}
