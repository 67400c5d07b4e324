import { expect, test } from 'vitest';
import { IMAGE_MODEL, falUnderTest, steadyWorld } from '../fal-under-test.ts';
import { defaultWorld } from '../default-world.ts';
import type { World } from '../world.ts';

const QUEUE = 'https://queue.fal.run';
const INPUT = { body: { prompt: 'x' } };

test('submit answers 200 with the envelope and app-only URLs', async () => {
  const { call } = falUnderTest({ world: steadyWorld({ foreignQueue: 4 }) });
  const sent = await call('POST', `${QUEUE}/${IMAGE_MODEL}`, INPUT);
  const requestId = String(sent.body.request_id);
  expect(requestId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(sent.headers.get('x-fal-request-id')).toBe(requestId);
  expect(sent).toMatchObject({
    status: 200,
    body: {
      status: 'IN_QUEUE',
      request_id: requestId,
      response_url: `${QUEUE}/fal-ai/flux/requests/${requestId}`,
      status_url: `${QUEUE}/fal-ai/flux/requests/${requestId}/status`,
      cancel_url: `${QUEUE}/fal-ai/flux/requests/${requestId}/cancel`,
      queue_position: 4,
    },
  });
});

test('status has exactly the fields of its state', async () => {
  const { clock, submit, status } = falUnderTest({
    world: steadyWorld({ foreignQueue: 1, foreignServiceMs: 100 }),
  });
  const requestId = await submit();
  const urls = ['cancel_url', 'response_url', 'status_url'];
  const fields = async (): Promise<string[]> => Object.keys((await status(requestId)).body).sort();
  expect(await fields()).toEqual([...urls, 'queue_position', 'request_id', 'status'].sort());
  await clock.advance(100);
  expect(await fields()).toEqual([...urls, 'logs', 'request_id', 'status'].sort());
  await clock.advance(2000);
  expect(await fields()).toEqual([...urls, 'logs', 'metrics', 'request_id', 'status'].sort());
});

test('logs are null unless asked for, and grow while the job runs', async () => {
  const { clock, call, submit, status } = falUnderTest();
  const requestId = await submit();
  const url = `${QUEUE}/fal-ai/flux/requests/${requestId}/status?logs=1`;
  const messages = async (): Promise<unknown[]> => {
    const { body } = await call('GET', url);
    return (body.logs as { message: string }[]).map(({ message }) => message);
  };
  expect((await status(requestId)).body.logs).toBeNull();
  expect(await messages()).toEqual(['request received by runner']);
  await clock.advance(1000);
  expect(await messages()).toEqual(['request received by runner', 'step 1/4', 'step 2/4']);
  await clock.advance(1000);
  expect((await messages()).at(-1)).toBe('step 4/4');
  const { body } = await call('GET', url);
  expect((body.logs as unknown[])[0]).toEqual({
    message: 'request received by runner',
    level: 'INFO',
    source: 'USER',
    timestamp: '2026-10-01T12:00:00.000Z',
  });
});

test('a failed job is COMPLETED with error and type, and the result replays the failure', async () => {
  const { simulator, clock, submit, status, result } = falUnderTest();
  simulator.engine.failNext({ errorType: 'content_policy_violation' });
  const requestId = await submit();
  await clock.advance(2000);
  expect((await status(requestId)).body).toMatchObject({
    status: 'COMPLETED',
    error: 'The input was flagged by a content checker',
    error_type: 'content_policy_violation',
  });
  const replay = await result(requestId);
  expect(replay.status).toBe(422);
  expect(replay.body).toMatchObject({
    detail: [{ loc: ['body', 'prompt'], type: 'content_policy_violation' }],
  });
  expect(replay.headers.get('x-fal-billable-units')).toBe('0');
  expect(replay.headers.get('x-fal-needs-retry')).toBe('0');
});

test('a result that is fetched too early is refused', async () => {
  const { submit, result } = falUnderTest();
  expect(await result(await submit())).toMatchObject({
    status: 400,
    body: { detail: 'Request is still in progress' },
  });
});

test('the result has the output and the headers, and the fetch is in the ledger', async () => {
  const { simulator, clock, submit, result } = falUnderTest();
  const requestId = await submit(IMAGE_MODEL, { body: { prompt: 'x', seed: 7 } });
  await clock.advance(3000);
  const seen = await result(requestId);
  expect(seen.body).toMatchObject({
    images: [{ url: `https://v3.fal.media/files/simulated/${requestId}.png`, content_type: 'image/png' }],
    timings: { inference: 2 },
    seed: 7,
  });
  expect(seen.headers.get('x-fal-request-id')).toBe(requestId);
  expect(seen.headers.get('x-fal-served-from')).toBe(simulator.ledger.job(requestId)?.runs[0]?.runnerId);
  expect(simulator.ledger.job(requestId)?.resultFetchedAt).toBe(clock.now());
});

test.each(['', '/', '/response', '/response/'])('the result is found under …/{id}%s', async (suffix) => {
  const { clock, call, submit } = falUnderTest();
  const requestId = await submit();
  await clock.advance(2000);
  for (const path of ['fal-ai/flux', IMAGE_MODEL]) {
    expect((await call('GET', `${QUEUE}/${path}/requests/${requestId}${suffix}`)).status, path).toBe(200);
  }
});

test('an id of another app or nobody is NOT_FOUND, with a key or without any', async () => {
  const { call, submit } = falUnderTest();
  const requestId = await submit();
  const notFound = { status: 404, body: { status: 'NOT_FOUND' } };
  expect(await call('GET', `${QUEUE}/fal-ai/fast-sdxl/requests/${requestId}/status`)).toMatchObject(notFound);
  const nobody = `${QUEUE}/fal-ai/flux/requests/00000000-0000-4000-8000-000000000000`;
  expect(await call('GET', `${nobody}/status`)).toMatchObject(notFound);
  expect(await call('GET', `${nobody}/status`, { key: null })).toMatchObject(notFound);
  expect(await call('PUT', `${nobody}/cancel`)).toMatchObject(notFound);
  expect((await call('GET', `${nobody}/status`, { key: 'no:body' })).status).toBe(401);
  expect((await call('GET', `${QUEUE}/fal-ai/flux/requests/${requestId}`, { key: null })).status).toBe(401);
});

test('another account does not see the job', async () => {
  const world = steadyWorld();
  const account = world.accounts.get('simulated-team');
  if (account === undefined) throw new Error('the default account is missing');
  world.accounts.set('other', { ...account, name: 'other' });
  const key = { id: 'o', secret: 's', account: 'other', scope: 'API', alias: 'o', revoked: false } as const;
  world.keys.set('o:s', { ...key });
  const { call, submit } = falUnderTest({ world });
  const requestId = await submit();
  const url = `${QUEUE}/fal-ai/flux/requests/${requestId}/status`;
  expect((await call('GET', url, { key: 'o:s' })).status).toBe(404);
});

test('namespaces count as a part of the app, and legacy ids are understood', async () => {
  const world: World = defaultWorld();
  const template = world.endpoints.get(IMAGE_MODEL);
  if (template === undefined) throw new Error('the image model is missing');
  for (const id of ['workflows/acme/poster', 'comfy/acme/graph/fast', '110602490/lora']) {
    world.endpoints.set(id, { ...template, id });
  }
  const { call } = falUnderTest({ world });
  const urlOf = async (path: string): Promise<unknown> =>
    (await call('POST', `${QUEUE}/${path}`, INPUT)).body.status_url;
  expect(await urlOf('workflows/acme/poster')).toMatch(/run\/workflows\/acme\/poster\/requests\//);
  expect(await urlOf('comfy/acme/graph/fast')).toMatch(/run\/comfy\/acme\/graph\/requests\//);
  expect(await urlOf('110602490-lora')).toMatch(/run\/110602490\/lora\/requests\//);
});

test('unknown apps and paths are told apart, and unknown paths cost 0 units', async () => {
  const { call } = falUnderTest();
  for (const host of [QUEUE, 'https://fal.run']) {
    expect(await call('POST', `${host}/fal-ai/nothing`, INPUT)).toMatchObject({
      status: 404,
      body: { detail: 'Application "nothing" not found' },
    });
    const noPath = await call('POST', `${host}/fal-ai/flux/x`, INPUT);
    expect(noPath).toMatchObject({ status: 404, body: { detail: 'Path /x not found' } });
    expect(noPath.headers.get('x-fal-billable-units')).toBe('0');
  }
});

test.each([
  ['GET', `${QUEUE}/${IMAGE_MODEL}`, 405],
  ['DELETE', `https://fal.run/${IMAGE_MODEL}`, 405],
  ['POST', `${QUEUE}/fal-ai/flux/requests/some-id/cancel`, 405],
  ['PUT', `${QUEUE}/fal-ai/flux/requests/some-id/status`, 405],
  ['GET', `${QUEUE}/fal-ai/flux/requests/some-id/nothing`, 404],
  ['GET', `${QUEUE}/fal-ai`, 404],
  ['GET', `${QUEUE}/`, 404],
  ['POST', `${QUEUE}/%E0%A4%A/x`, 404],
])('%s %s is %i', async (method, url, status) => {
  const { call } = falUnderTest();
  expect((await call(method, url, method === 'POST' ? INPUT : {})).status).toBe(status);
});

test('a body that is no JSON object is refused before a job comes to be', async () => {
  const { simulator, call } = falUnderTest();
  for (const body of ['{"prompt"', '[1]', '"text"', 'null']) {
    const seen = await call('POST', `${QUEUE}/${IMAGE_MODEL}`, { body });
    expect(seen, body).toMatchObject({ status: 422, body: { detail: [{ type: 'json_invalid' }] } });
  }
  expect(simulator.ledger.jobs).toHaveLength(0);
});

test.each([
  [{}, 'missing'],
  [{ prompt: 7 }, 'string_type'],
])('input %j fails on the runner with 422 %s and 0 units', async (body, type) => {
  const { clock, submit, result } = falUnderTest();
  const requestId = await submit(IMAGE_MODEL, { body });
  await clock.advance(100);
  const seen = await result(requestId);
  expect(seen).toMatchObject({ status: 422, body: { detail: [{ loc: ['body', 'prompt'], type }] } });
  expect(seen.headers.get('x-fal-billable-units')).toBe('0');
});

test('a body above the limit is refused with 413', async () => {
  const { call } = falUnderTest();
  const body = { prompt: 'x'.repeat(11 * 1024 * 1024) };
  expect((await call('POST', `${QUEUE}/${IMAGE_MODEL}`, { body })).status).toBe(413);
});

test('the status stream tells each change once and ends with COMPLETED', async () => {
  const world = steadyWorld({ foreignQueue: 2, foreignServiceMs: 100 });
  const { simulator, clock, submit, call } = falUnderTest({ world });
  simulator.engine.failNext({ errorType: 'runner_disconnected' });
  const requestId = await submit();
  const url = `${QUEUE}/fal-ai/flux/requests/${requestId}/status/stream?logs=1`;
  const pending = call('GET', url);
  await clock.advance(60_000);
  const seen = await pending;
  expect(seen.headers.get('content-type')).toBe('text/event-stream');
  const events = String(seen.body.text)
    .split('\n\n')
    .filter((event) => event !== '')
    .map((event) => JSON.parse(event.replace(/^data: /, '')) as Record<string, unknown>);
  const told = events.map((event) => event.queue_position ?? event.status);
  expect(told).toEqual([2, 1, 'IN_PROGRESS', 0, 'IN_PROGRESS', 'COMPLETED']);
  const messages = events.flatMap((event) => (event.logs as { message: string }[] | undefined) ?? []);
  expect(messages.map(({ message }) => message)).toEqual([
    'request received by runner',
    'step 1/4',
    'attempt failed: runner_disconnected',
    'request received by runner',
    'step 1/4',
    'step 2/4',
    'step 3/4',
    'step 4/4',
  ]);
});
