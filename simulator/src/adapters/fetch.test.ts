import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type FalUnderTest, IMAGE_MODEL, falUnderTest, readerOf } from '../fal-under-test.ts';
import { FAKE_API_KEY } from '../default-world.ts';
import type { WireFault } from '../wire/wire-rule.ts';

const RUN = `https://fal.run/${IMAGE_MODEL}`;
const META = 'https://api.fal.ai/v1/meta';

let fal: FalUnderTest;
beforeEach(() => {
  fal = falUnderTest();
});
afterEach(() => fal.simulator.close());

async function runWith(fault: WireFault): Promise<Response> {
  fal.simulator.engine.breakWire({ fault });
  const pending = fal.simulator.fetch(RUN, {
    method: 'POST',
    headers: { authorization: `Key ${FAKE_API_KEY}` },
    body: '{"prompt":"x"}',
  });
  pending.catch(() => undefined);
  await fal.clock.advance(2000);
  return pending;
}

test.each(['reset', 'reset-after'] as const)('%s rejects like a broken socket', async (fault) => {
  await expect(runWith(fault)).rejects.toMatchObject({
    name: 'TypeError',
    message: 'fetch failed',
    cause: { code: 'ECONNRESET' },
  });
  expect(fal.simulator.ledger.jobs).toHaveLength(fault === 'reset' ? 0 : 1);
  expect(fal.simulator.ledger.exchanges).toMatchObject([{ host: 'fal.run', answer: 'reset' }]);
});

test('a hang pends until the caller gives up, with the caller’s own reason', async () => {
  fal.simulator.engine.breakWire({ fault: 'hang' });
  const controller = new AbortController();
  const settled = vi.fn();
  const pending = fal.simulator.fetch(META, { signal: controller.signal });
  pending.then(settled, settled);
  await fal.clock.advance(3_600_000);
  expect(settled).not.toHaveBeenCalled();
  const reason = new DOMException('too slow', 'TimeoutError');
  controller.abort(reason);
  await expect(pending).rejects.toBe(reason);
  expect(fal.simulator.ledger.exchanges).toMatchObject([{ answer: 'hang' }]);
});

test('a hang after the headers gives a response whose body never comes', async () => {
  fal.simulator.engine.breakWire({ fault: 'hang-after-headers' });
  const controller = new AbortController();
  const response = await fal.simulator.fetch(META, { signal: controller.signal });
  expect(response.status).toBe(200);
  const body = response.text();
  controller.abort();
  await expect(body).rejects.toMatchObject({ name: 'AbortError' });
});

test('a truncated body rejects in the middle', async () => {
  const response = await runWith('truncated-body');
  const reader = readerOf(response);
  const first = await reader.read();
  expect(new TextDecoder().decode(first.value)).toMatch(/^\{"images"/);
  await expect(reader.read()).rejects.toMatchObject({
    message: 'terminated',
    cause: { code: 'UND_ERR_SOCKET' },
  });
});

test('a slow loris drips one byte per second', async () => {
  const response = await runWith('slow-loris');
  const reader = readerOf(response);
  const bytes: number[] = [];
  const reading = (async () => {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      bytes.push(next.value.length);
    }
  })();
  await fal.clock.advance(5000);
  expect(bytes).toEqual([1, 1, 1, 1, 1]);
  await reader.cancel();
  await reading;
});

test.each([
  ['malformed-json', 'application/json', /^\{"detail": unexpected$/],
  ['null-body', 'application/json', /^null$/],
  ['empty-body', 'application/json', /^$/],
  ['wrong-content-type', 'text/plain', /^\{"images"/],
] as const)('%s spoils the answer of a run that took place', async (fault, type, body) => {
  const response = await runWith(fault);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe(type);
  expect(await response.text()).toMatch(body);
  expect(fal.simulator.ledger.jobs).toMatchObject([{ outcome: 'ok' }]);
});

test.each([502, 503, 504] as const)('ingress %i is HTML of nginx without any fal header', async (status) => {
  const response = await runWith(`ingress-html-${status}`);
  expect(response.status).toBe(status);
  expect(response.headers.get('x-fal-request-id')).toBeNull();
  expect(response.headers.get('content-type')).toBe('text/html');
  expect(await response.text()).toContain('nginx');
});

test('a huge body is valid JSON of several megabytes', async () => {
  const response = await runWith('huge-body');
  const text = await response.text();
  expect(text.length).toBeGreaterThan(4_000_000);
  expect(JSON.parse(text)).toMatchObject({ images: [{ width: 1024 }] });
});

test('an unknown host does not resolve, and backup names reach the same host', async () => {
  await expect(fal.simulator.fetch('https://example.com/')).rejects.toMatchObject({
    cause: { code: 'ENOTFOUND' },
  });
  const init = { method: 'POST', body: '{}' };
  expect((await fal.simulator.fetch(`https://queue.falrun.com/${IMAGE_MODEL}`, init)).status).toBe(401);
  expect((await fal.simulator.fetch('https://rest.alpha.fal.ai/tokens/', init)).status).toBe(401);
});

test('the proxy header names the true target', async () => {
  const response = await fal.simulator.fetch('https://app.example/api/fal/proxy', {
    headers: { 'x-fal-target-url': META },
  });
  expect(response.status).toBe(200);
});

test('a Request object works like a URL with init, and an aborted one never starts', async () => {
  const response = await fal.simulator.fetch(
    new Request(`https://queue.fal.run/${IMAGE_MODEL}`, {
      method: 'POST',
      headers: { authorization: `Key ${FAKE_API_KEY}` },
      body: '{"prompt":"x"}',
    }),
  );
  expect(response.status).toBe(200);
  const aborted = fal.simulator.fetch(META, { signal: AbortSignal.abort() });
  await expect(aborted).rejects.toMatchObject({ name: 'AbortError' });
  expect(fal.simulator.ledger.exchanges).toHaveLength(1);
});

test('closing breaks what hangs, and everything that comes later', async () => {
  fal.simulator.engine.breakWire({ fault: 'hang' });
  const pending = fal.simulator.fetch(META);
  await fal.clock.advance(10);
  fal.simulator.close();
  await expect(pending).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
  await expect(fal.simulator.fetch(META)).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
});

test('closing leaves no timer behind', async () => {
  await fal.submit();
  fal.simulator.applyScenario('demo');
  expect(fal.clock.pending).toBeGreaterThan(0);
  fal.simulator.close();
  expect(fal.clock.pending).toBe(0);
});
