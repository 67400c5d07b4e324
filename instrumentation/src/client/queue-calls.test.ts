import { describe, expect, it } from 'vitest';
import { type Observed, type Script, ENDPOINT, endings, inFlight, json } from './test-client.ts';
import { observed, observedClient, scriptedFal, wellBehaved } from './test-client.ts';

type Client = ReturnType<typeof observedClient>;

const OPTIONS = { input: { prompt: 'x' } };
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

interface Opened extends Observed {
  readonly client: Client;
  /** What the queue says of every job. */
  readonly job: { status: string; error_type?: string };
}

/** A fal whose jobs stand where the test says; results are there all the same. */
function open(around: Parameters<typeof observed>[1] = {}): Opened {
  const job: Opened['job'] = { status: 'IN_QUEUE' };
  const made = observed({}, around);
  const answer = wellBehaved();
  const script: Script = (sent) => (sent.url.pathname.endsWith('/status') ? json(job) : answer(sent));
  return { ...made, job, client: observedClient(made.telemetry, scriptedFal(script)) };
}

describe('a job in the queue, by hand', () => {
  it('is one request from its submit to its result, however often it is asked about', async () => {
    const { client, job, recorder } = open();
    const { request_id: requestId } = await client.queue.submit(ENDPOINT, OPTIONS);
    for (const status of ['IN_QUEUE', 'IN_PROGRESS', 'COMPLETED']) {
      job.status = status;
      await client.queue.status(ENDPOINT, { requestId });
    }
    expect(await inFlight(recorder)).toBe(1);
    await client.queue.result(ENDPOINT, { requestId });
    await client.queue.result(ENDPOINT, { requestId });
    expect(await endings(recorder)).toEqual({ 'submit ok': 1 });
    const reading = await recorder.collect();
    expect(reading.by('fal.client.attempts', 'operation')).toEqual({ submit: 6 });
    expect(reading.sum('fal.client.billable_units')).toBe(1.5);
    expect(reading.sum('fal.client.active_requests')).toBe(0);
  });

  it('is a request of its own when another process submitted it, without a duration', async () => {
    const { client, recorder } = open();
    await client.queue.result(ENDPOINT, { requestId: 'theirs' });
    expect(await endings(recorder)).toEqual({ 'result ok': 1 });
    expect((await recorder.collect()).count('fal.client.request.duration.seconds')).toBe(0);
  });

  it('is over when its cancel is accepted, and paid for when its result is fetched all the same', async () => {
    const { client, recorder } = open();
    const { request_id: requestId } = await client.queue.submit(ENDPOINT, OPTIONS);
    await client.queue.cancel(ENDPOINT, { requestId });
    await client.queue.result(ENDPOINT, { requestId });
    expect(await endings(recorder)).toEqual({ 'submit cancelled': 1 });
    expect((await recorder.collect()).sum('fal.client.billable_units')).toBe(1.5);
  });

  it('fails by the answer to its own fetch, whatever another call about it was told meanwhile', async () => {
    const { telemetry, recorder } = observed();
    let answerCancel = (): void => undefined;
    const cancelled = new Promise<void>((resolve) => (answerCancel = resolve));
    const script: Script = async ({ url }) => {
      if (url.pathname.endsWith('/cancel')) {
        await cancelled;
        return json({ status: 'ALREADY_COMPLETED' }, { status: 400 });
      }
      // Its body is read after the other call was answered.
      const refusal = JSON.stringify({ detail: [{ type: 'no_media_generated', msg: 'nothing' }] });
      const body = new ReadableStream({
        async pull(controller) {
          answerCancel();
          await turn();
          controller.enqueue(new TextEncoder().encode(refusal));
          controller.close();
        },
      });
      return new Response(body, { status: 422, headers: { 'content-type': 'application/json' } });
    };
    const client = observedClient(telemetry, scriptedFal(script));
    const about = { requestId: 'theirs' };
    const calls = [client.queue.cancel(ENDPOINT, about), client.queue.result(ENDPOINT, about)];
    await Promise.allSettled(calls);
    expect(await endings(recorder)).toEqual({ 'result error': 1 });
  });

  it('fails by the status that says so', async () => {
    const { client, job, recorder } = open();
    const { request_id: requestId } = await client.queue.submit(ENDPOINT, OPTIONS);
    Object.assign(job, { status: 'COMPLETED', error_type: 'runner_disconnected' });
    await client.queue.status(ENDPOINT, { requestId });
    expect((await recorder.collect()).by('fal.client.errors', 'error_type')).toEqual({
      runner_disconnected: 1,
    });
  });

  it('has timed out when the app waits no longer', async () => {
    const { client, recorder } = open();
    const { request_id: requestId } = await client.queue.submit(ENDPOINT, OPTIONS);
    const waiting = client.queue.subscribeToStatus(ENDPOINT, { requestId, timeout: 5 });
    await expect(waiting).rejects.toThrow('Client timed out waiting');
    await turn();
    expect(await endings(recorder)).toEqual({ 'submit timeout': 1 });
  });
});

describe('a job that a subscribe waits for', () => {
  it.each<readonly [string, (client: Client, requestId: string) => Promise<unknown>]>([
    ['its result', (client, requestId) => client.queue.result(ENDPOINT, { requestId })],
    ['its cancel', (client, requestId) => client.queue.cancel(ENDPOINT, { requestId })],
    ['its status', (client, requestId) => client.queue.status(ENDPOINT, { requestId })],
  ])('is not ended by the app that asks for %s beside it', async (_, ask) => {
    const { client, job, recorder } = open();
    let asked: Promise<unknown> | undefined;
    const waiting = client.subscribe(ENDPOINT, {
      ...OPTIONS,
      pollInterval: 5,
      onQueueUpdate: () => void (asked ??= ask(client, 'req-1')),
    });
    for (let i = 0; i < 20 && asked === undefined; i += 1) await turn();
    Object.assign(job, { status: 'COMPLETED', error_type: 'runner_disconnected' });
    await asked;
    await client.queue.status(ENDPOINT, { requestId: 'req-1' });
    expect(await endings(recorder)).toEqual({});
    expect(await inFlight(recorder)).toBe(1);
    await waiting;
    expect(await endings(recorder)).toEqual({ 'subscribe ok': 1 });
    expect(await inFlight(recorder)).toBe(0);
  });
});

describe('a stream of statuses', () => {
  const streamed = async (data: readonly unknown[]): Promise<Observed> => {
    const made = observed();
    const text = data.map((each) => `data: ${JSON.stringify(each)}\n\n`).join('');
    const answer = wellBehaved();
    const headers = { 'content-type': 'text/event-stream' };
    const script: Script = (sent) =>
      sent.url.pathname.endsWith('/status/stream') ? new Response(text, { headers }) : answer(sent);
    const client = observedClient(made.telemetry, scriptedFal(script));
    const { request_id: requestId } = await client.queue.submit(ENDPOINT, OPTIONS);
    const begin = made.telemetry.desk.find(requestId);
    const stream = await client.queue.streamStatus(ENDPOINT, { requestId });
    expect(begin?.watchers).toBe(1);
    await stream.done();
    expect(begin?.watchers).toBe(0);
    return made;
  };

  it('moves the job, and lets go of it when it is over', async () => {
    const { recorder } = await streamed([{ status: 'IN_QUEUE' }, { status: 'IN_PROGRESS' }]);
    expect((await recorder.collect()).by('fal.client.active_requests', 'state')).toEqual({ running: 1 });
  });

  it('ends the job that it reports as failed', async () => {
    const failed = { status: 'COMPLETED', error_type: 'request_timeout' };
    const { recorder } = await streamed([{ status: 'IN_QUEUE' }, failed]);
    expect(await endings(recorder)).toEqual({ 'submit timeout': 1 });
  });
});

describe('a call about no job', () => {
  it.each([undefined, null, {}, { requestId: '' }, { requestId: 7 }])(
    'is left alone: %j',
    async (options) => {
      const { client, recorder } = open();
      await client.queue.status(ENDPOINT, options as never).catch(() => undefined);
      expect([...(await recorder.collect()).all('fal.client.requests')]).toEqual([]);
    },
  );
});
