import { connect } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { MAX_BODY_BYTES } from './event.ts';
import { startPagerDuty, type PagerDuty } from './pagerduty.ts';

const KEY = '0123456789abcdef0123456789abcdef';
const event = (change: object = {}): object => ({
  routing_key: KEY,
  event_action: 'trigger',
  dedup_key: 'one',
  payload: { summary: 'it broke', source: 'fal', severity: 'critical' },
  ...change,
});

let pagerDuty: PagerDuty;
beforeEach(async () => {
  pagerDuty = await startPagerDuty();
});
afterEach(() => pagerDuty.stop());

const post = (body: string, headers = { 'content-type': 'application/json' }): Promise<Response> =>
  fetch(pagerDuty.enqueueUrl, { method: 'POST', headers, body });
const trigger = (change?: object): Promise<Response> => post(JSON.stringify(event(change)));
const controlled = async (method: string, path: string, body?: object): Promise<unknown> => {
  const sent = body && { body: JSON.stringify(body) };
  const response = await fetch(`${pagerDuty.url}/control/${path}`, { method, ...sent });
  return { status: response.status, body: await response.json() };
};

test('an event over HTTP opens an incident', async () => {
  const response = await trigger();
  expect(response.status).toBe(202);
  await expect(response.json()).resolves.toMatchObject({ status: 'success', dedup_key: 'one' });
  expect(pagerDuty.incidents()).toMatchObject([{ state: 'open', urgency: 'high' }]);
});

test('a body of just 512 KB is read, one of a byte more is answered and not kept', async () => {
  const bare = JSON.stringify(event({ client: '' })).length;
  const filled = (bytes: number): Promise<Response> => trigger({ client: 'x'.repeat(bytes - bare) });
  expect((await filled(MAX_BODY_BYTES)).status).toBe(202);
  expect((await filled(MAX_BODY_BYTES + 1)).status).toBe(400);
  expect(pagerDuty.requests()[1]?.event).toBeUndefined();
});

test('a call that hangs gets no answer, the next one does', async () => {
  pagerDuty.setMode('hang', 1);
  const signal = AbortSignal.timeout(200);
  await expect(fetch(pagerDuty.enqueueUrl, { method: 'POST', body: '{}', signal })).rejects.toThrow(
    'timeout',
  );
  expect((await trigger()).status).toBe(202);
});

test('stopping ends calls that hang', async () => {
  pagerDuty.setMode('hang');
  const cut = expect(trigger()).rejects.toThrow();
  while (pagerDuty.requests().length === 0) await new Promise(setImmediate);
  await pagerDuty.stop();
  await cut;
});

test('a connection is really reset', async () => {
  pagerDuty.setMode('reset', 1);
  const { port } = new URL(pagerDuty.url);
  const body = JSON.stringify(event());
  const error = await new Promise<NodeJS.ErrnoException>((resolve) => {
    const socket = connect(Number(port), '127.0.0.1');
    socket.on('error', resolve);
    socket.write(`POST /v2/enqueue HTTP/1.1\r\nhost: x\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
  });
  expect(error.code).toBe('ECONNRESET');
  expect((await trigger()).status).toBe(202);
});

test('a drill in another process switches the mode, reads what came of it and forgets it', async () => {
  await expect(controlled('PUT', 'mode', { mode: 'rate-limited', times: 2 })).resolves.toEqual({
    status: 200,
    body: { mode: 'rate-limited', left: 2 },
  });
  expect((await trigger()).status).toBe(429);
  await expect(controlled('GET', 'mode')).resolves.toMatchObject({ body: { left: 1 } });
  await controlled('PUT', 'mode', { mode: 'ok' });
  await trigger();
  await expect(controlled('GET', 'requests')).resolves.toMatchObject({
    body: [{ status: 429 }, { status: 202 }],
  });
  await expect(controlled('GET', 'incidents')).resolves.toMatchObject({ body: [{ state: 'open' }] });
  await controlled('DELETE', 'requests');
  await expect(controlled('GET', 'incidents')).resolves.toMatchObject({ body: [] });
});

test.each([
  ['an unknown mode', { mode: 'broken' }, 'mode must be one of ok, bad-request'],
  ['a number of requests that is none', { mode: 'hang', times: -1 }, 'times must be a whole number'],
])('%s is refused with a reason', async (_, body, reason) => {
  await expect(controlled('PUT', 'mode', body)).resolves.toEqual({
    status: 400,
    body: { error: expect.stringContaining(reason) as string },
  });
});

test('other paths are told apart from the API, and the page may run nothing', async () => {
  expect((await fetch(`${pagerDuty.url}/v1/enqueue`, { method: 'POST', body: '{}' })).status).toBe(404);
  expect((await fetch(pagerDuty.enqueueUrl)).status).toBe(404);
  expect(await controlled('GET', 'nothing')).toMatchObject({ status: 404 });
  const page = await fetch(pagerDuty.url);
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  await expect(page.text()).resolves.toContain('No incident yet');
});

test('a port that is taken is refused', async () => {
  await expect(startPagerDuty({ port: Number(new URL(pagerDuty.url).port) })).rejects.toThrow('EADDRINUSE');
});
