import { request as httpRequest } from 'node:http';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FAKE_API_KEY } from '../default-world.ts';
import { type FalUnderTest, IMAGE_MODEL, falUnderTest, readerOf } from '../fal-under-test.ts';
import type { SimulatorServer } from '../simulator.ts';

const AUTH = { authorization: `Key ${FAKE_API_KEY}` };
const SUBMIT = `queue.fal.run/${IMAGE_MODEL}`;

let fal: FalUnderTest;
let server: SimulatorServer;
beforeEach(async () => {
  fal = falUnderTest();
  server = await fal.simulator.listen();
});
afterEach(async () => {
  fal.simulator.close();
  await server.close();
});

function post(path: string, body: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${server.url}/${path}`, { method: 'POST', headers: { ...AUTH, ...headers }, body });
}

test('the root page tells what this is, the hosts and the scenarios', async () => {
  fal.simulator.applyScenario('queue-stall');
  const response = await fetch(`${server.url}/`);
  expect(response.headers.get('content-type')).toMatch(/^text\/plain/);
  const text = await response.text();
  expect(text).toContain('/queue.fal.run/');
  expect(text).toMatch(/^\* queue-stall +The queue stands still/m);
  expect((await fetch(`${server.url}/nothing`)).status).toBe(404);
});

test('by path prefix every URL in the answer leads back to the server', async () => {
  const sent = (await (await post(SUBMIT, '{"prompt":"x"}')).json()) as Record<string, string>;
  expect(sent.status_url).toMatch(new RegExp(`^${server.url}/queue.fal.run/fal-ai/flux/requests/`));
  const status = await fetch(sent.status_url ?? '', { headers: AUTH });
  expect(status.status).toBe(202);
  await fal.clock.advance(2000);
  const result = (await (await fetch(sent.response_url ?? '', { headers: AUTH })).json()) as {
    images: { url: string }[];
  };
  const media = result.images[0]?.url ?? '';
  expect(media.startsWith(`${server.url}/v3.fal.media/`)).toBe(true);
  expect((await fetch(media)).status).toBe(200);
});

test('the proxy header and the Host header name the host too', async () => {
  const proxied = await fetch(`${server.url}/api/fal/proxy`, {
    headers: { 'x-fal-target-url': 'https://api.fal.ai/v1/meta' },
  });
  expect(proxied.status).toBe(200);
  const unknown = await fetch(server.url, { headers: { 'x-fal-target-url': 'https://example.com/' } });
  expect(unknown.status).toBe(404);
  const { port } = new URL(server.url);
  const status = await new Promise<number | undefined>((resolve, reject) => {
    const call = httpRequest(
      { port, host: '127.0.0.1', path: '/v1/meta', headers: { host: 'api.fal.ai' } },
      (response) => {
        response.resume();
        resolve(response.statusCode);
      },
    );
    call.on('error', reject).end();
  });
  expect(status).toBe(200);
});

test('a reset breaks the connection', async () => {
  fal.simulator.engine.breakWire({ fault: 'reset' });
  await expect(post(SUBMIT, '{}')).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
});

test('a hang sends nothing until the caller gives up, and the simulator notices', async () => {
  fal.simulator.engine.breakWire({ fault: 'hang' });
  const controller = new AbortController();
  const pending = fetch(`${server.url}/api.fal.ai/v1/meta`, { signal: controller.signal });
  await until(() => fal.simulator.ledger.exchanges.length === 1);
  controller.abort();
  await expect(pending).rejects.toMatchObject({ name: 'AbortError' });
  expect(fal.simulator.ledger.exchanges).toMatchObject([{ answer: 'hang' }]);
});

test('a hang after the headers sends the headers and then nothing', async () => {
  fal.simulator.engine.breakWire({ fault: 'hang-after-headers' });
  const controller = new AbortController();
  const response = await fetch(`${server.url}/api.fal.ai/v1/meta`, { signal: controller.signal });
  expect(response.status).toBe(200);
  const body = response.text();
  controller.abort();
  await expect(body).rejects.toMatchObject({ name: 'AbortError' });
});

test('a truncated body announces more than it sends', async () => {
  fal.simulator.engine.breakWire({ fault: 'truncated-body' });
  const response = await post(SUBMIT, '{"prompt":"x"}');
  expect(Number(response.headers.get('content-length'))).toBeGreaterThan(100);
  await expect(response.text()).rejects.toMatchObject({ message: 'terminated' });
});

test('a caller that hangs up on a direct call stops its run', async () => {
  const controller = new AbortController();
  const pending = fetch(`${server.url}/fal.run/${IMAGE_MODEL}`, {
    method: 'POST',
    headers: AUTH,
    body: '{"prompt":"x"}',
    signal: controller.signal,
  });
  await until(() => fal.simulator.ledger.jobs.length === 1);
  controller.abort();
  await expect(pending).rejects.toMatchObject({ name: 'AbortError' });
  await until(() => fal.simulator.ledger.jobs[0]?.outcome === 'cancelled');
});

test('a status stream arrives event by event and can be cut', async () => {
  const sent = (await (await post(SUBMIT, '{"prompt":"x"}')).json()) as { status_url: string };
  fal.simulator.applyScenario('stream-cut');
  const response = await fetch(`${sent.status_url}/stream`, { headers: AUTH });
  const reader = readerOf(response);
  expect(new TextDecoder().decode((await reader.read()).value)).toContain('IN_PROGRESS');
  await expect(reader.read()).rejects.toMatchObject({ message: 'terminated' });
});

test('an oversized body is refused with 413 and not kept', async () => {
  const response = await post(SUBMIT, `{"prompt":"${'x'.repeat(12 * 1024 * 1024)}"}`);
  expect(response.status).toBe(413);
});

test('closing the simulator ends open connections at once', async () => {
  fal.simulator.engine.breakWire({ fault: 'hang' });
  const pending = fetch(`${server.url}/api.fal.ai/v1/meta`);
  const outcome = pending.catch((error: unknown) => error);
  await until(() => fal.simulator.ledger.exchanges.length === 1);
  fal.simulator.close();
  expect(await outcome).toBeInstanceOf(TypeError);
  await expect(fetch(server.url)).rejects.toMatchObject({ message: 'fetch failed' });
});

test('a port that is taken is an error that says so', async () => {
  const port = Number(new URL(server.url).port);
  await expect(fal.simulator.listen({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
});

/** Lets the event loop turn until something has arrived over the socket; no clock is involved. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
