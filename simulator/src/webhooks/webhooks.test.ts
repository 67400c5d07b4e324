import { createHash, createPublicKey, verify } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { createSimulator } from '../create-simulator.ts';
import { FAKE_API_KEY } from '../default-world.ts';
import { type FalUnderTest, IMAGE_MODEL, falUnderTest, steadyWorld } from '../fal-under-test.ts';
import type { JobWebhook } from '../ledger.ts';
import type { SimulatorOptions } from '../simulator.ts';

const TARGET = 'https://app.example/hooks/fal?token=secret';
const SUBMIT = `https://queue.fal.run/${IMAGE_MODEL}?fal_webhook=${encodeURIComponent(TARGET)}`;
const MINUTE = 60_000;

interface Arrival {
  readonly at: number;
  readonly url: string;
  readonly init: RequestInit;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Record<string, unknown>;
}

interface Fixture extends FalUnderTest {
  readonly arrivals: Arrival[];
  /** What the app answers with: a status, nothing at all, or a broken connection. */
  answers: (number | 'silence' | 'reset')[];
  readonly submitWithWebhook: (headers?: Record<string, string>) => Promise<string>;
  readonly webhook: (requestId: string) => JobWebhook | undefined;
}

/** Rejects like a fetch, when the signal aborts. */
function broken(signal: AbortSignal | null | undefined): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal?.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')));
  });
}

/** An app that answers its webhooks with the given answers in turn, and with 200 when they are used up. */
function fixture(options: SimulatorOptions = {}): Fixture {
  const arrivals: Arrival[] = [];
  const app: Pick<Fixture, 'answers'> = { answers: [] };
  const under = falUnderTest({
    ...options,
    webhooks: {
      ...options.webhooks,
      fetch: async (input, init = {}) => {
        const text = init.body as string;
        const body = JSON.parse(text) as Arrival['body'];
        const url = input instanceof Request ? input.url : String(input);
        arrivals.push({ at: under.clock.now(), url, init, headers: new Headers(init.headers), text, body });
        const answer = app.answers.shift() ?? 200;
        if (answer === 'reset') throw new TypeError('fetch failed');
        if (answer === 'silence') await broken(init.signal);
        return new Response(null, { status: Number(answer) });
      },
    },
  });
  return Object.assign(app, {
    ...under,
    arrivals,
    submitWithWebhook: async (headers = {}) => {
      const sent = await under.call('POST', SUBMIT, { body: { prompt: 'a lighthouse' }, headers });
      return String(sent.body.request_id);
    },
    webhook: (requestId: string) => under.simulator.ledger.job(requestId)?.webhook,
  });
}

async function publishedKeys({ call }: FalUnderTest): Promise<Record<string, unknown>[]> {
  const { body } = await call('GET', 'https://rest.fal.ai/.well-known/jwks.json', { key: null });
  return body.keys as Record<string, unknown>[];
}

/** Checks as fal's page tells apps to; which of the published keys fits, or -1. */
async function signedBy(under: FalUnderTest, { headers, text }: Arrival): Promise<number> {
  const header = (name: string): string => headers.get(`x-fal-webhook-${name}`) ?? '';
  const hash = createHash('sha256').update(text).digest('hex');
  const message = `${header('request-id')}\n${header('user-id')}\n${header('timestamp')}\n${hash}`;
  const keys = await publishedKeys(under);
  return keys.findIndex((key) => {
    const publicKey = createPublicKey({ key, format: 'jwk' });
    return verify(null, Buffer.from(message), publicKey, Buffer.from(header('signature'), 'hex'));
  });
}

describe('a webhook', () => {
  test('comes when the job has ended well, signed, with its output', async () => {
    const under = fixture();
    const requestId = await under.submitWithWebhook();
    await under.clock.advance(1999);
    expect(under.arrivals).toEqual([]);
    await under.clock.advance(1);
    const [arrival] = under.arrivals;
    expect(arrival?.url).toBe(TARGET);
    expect(arrival?.init).toMatchObject({ method: 'POST', redirect: 'manual' });
    expect(arrival?.headers.get('content-type')).toBe('application/json');
    expect(arrival?.headers.get('x-fal-webhook-timestamp')).toBe(String(under.clock.now() / 1000));
    expect(arrival?.body).toEqual({
      request_id: requestId,
      gateway_request_id: requestId,
      status: 'OK',
      payload: (await under.result(requestId)).body,
    });
    expect(arrival === undefined ? -1 : await signedBy(under, arrival)).toBe(0);
  });

  test('is written with the spaces of Python, so that JSON written anew has other bytes', async () => {
    const under = fixture();
    await under.submitWithWebhook();
    await under.clock.advance(2000);
    const [arrival] = under.arrivals;
    expect(arrival?.text).toMatch(
      /^\{"request_id": "[^"]+", "gateway_request_id": "[^"]+", "status": "OK", "payload": \{"images": \[\{"url": "/,
    );
    expect(arrival?.text).not.toContain('\n');
    expect(arrival?.text).not.toBe(JSON.stringify(arrival?.body));
  });

  test('of a failed job carries its status in words, and the body of its answer', async () => {
    const under = fixture();
    under.simulator.engine.failNext({ errorType: 'content_policy_violation' });
    const requestId = await under.submitWithWebhook();
    await under.clock.advance(2000);
    expect(under.arrivals[0]?.body).toEqual({
      request_id: requestId,
      gateway_request_id: requestId,
      status: 'ERROR',
      error: 'Invalid status code: 422',
      payload: (await under.result(requestId)).body,
    });
  });

  test('of a job that the platform ran again names the last attempt', async () => {
    const under = fixture({ scenario: 'platform-retries' });
    const requestId = await under.submitWithWebhook();
    await under.clock.advance(MINUTE);
    const { request_id: named, gateway_request_id: last } = under.arrivals[0]?.body ?? {};
    expect(named).toBe(requestId);
    expect(last).toMatch(/^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-/);
    expect(last).not.toBe(requestId);
    expect(under.webhook(requestId)?.gatewayRequestId).toBe(last);
  });

  test('comes for a job that was cancelled in the queue, too', async () => {
    const under = fixture({ scenario: 'queue-stall' });
    const requestId = await under.submitWithWebhook();
    await under.cancel(requestId);
    await under.clock.advance(0);
    expect(under.arrivals[0]?.body).toMatchObject({ status: 'ERROR', error: 'Invalid status code: 499' });
  });

  test('makes submit answer with the id of the gateway, and no other submit does', async () => {
    const { call } = fixture();
    const withWebhook = await call('POST', SUBMIT, { body: { prompt: 'x' } });
    expect(withWebhook.body.gateway_request_id).toBe(withWebhook.body.request_id);
    const without = await call('POST', `https://queue.fal.run/${IMAGE_MODEL}`, { body: { prompt: 'x' } });
    expect(without.body).not.toHaveProperty('gateway_request_id');
  });

  test.each(['', 'app.example', 'ftp://app.example/', 'https://user:word@app.example/'])(
    'that is wanted at %j is refused, and no job comes to be',
    async (url) => {
      const { call, simulator } = fixture();
      const submit = `https://queue.fal.run/${IMAGE_MODEL}?fal_webhook=${encodeURIComponent(url)}`;
      expect((await call('POST', submit, { body: { prompt: 'x' } })).status).toBe(400);
      expect(simulator.ledger.jobs).toEqual([]);
    },
  );

  test('leads to media where the caller can reach them', async () => {
    const texts: string[] = [];
    const arrived = Promise.withResolvers<void>();
    const world = steadyWorld({ inference: { medianMs: 1, sigma: 0 } });
    const simulator = createSimulator({
      world,
      webhooks: {
        fetch: (_input, init) => {
          texts.push(init?.body as string);
          arrived.resolve();
          return Promise.resolve(new Response());
        },
      },
    });
    const server = await simulator.listen();
    try {
      await fetch(SUBMIT.replace('https:/', server.url), {
        method: 'POST',
        headers: { authorization: `Key ${FAKE_API_KEY}` },
        body: '{"prompt":"x"}',
      });
      await arrived.promise;
      expect(texts[0]).toContain(`"url": "${server.url}/v3.fal.media/`);
    } finally {
      simulator.close();
    }
  });

  test('goes by the global fetch to a real server on loopback unless told otherwise', async () => {
    const world = steadyWorld({ inference: { medianMs: 1, sigma: 0 } });
    const arrived = Promise.withResolvers<string>();
    const app = createServer((message, response) => {
      arrived.resolve(`${message.method} ${message.url}`);
      message.resume().once('end', () => response.writeHead(204).end());
    });
    await once(app.listen(0, '127.0.0.1'), 'listening');
    const simulator = createSimulator({ world });
    try {
      const target = encodeURIComponent(`http://127.0.0.1:${(app.address() as AddressInfo).port}/hook`);
      await simulator.fetch(`https://queue.fal.run/${IMAGE_MODEL}?fal_webhook=${target}`, {
        method: 'POST',
        headers: { authorization: `Key ${FAKE_API_KEY}` },
        body: '{"prompt":"x"}',
      });
      expect(await arrived.promise).toBe('POST /hook');
    } finally {
      simulator.close();
      app.close();
      app.closeAllConnections();
    }
  });
});

describe('the ledger', () => {
  test('knows the address without its query, and each attempt', async () => {
    const under = fixture();
    under.answers = [500, 'reset'];
    const requestId = await under.submitWithWebhook();
    const start = under.clock.now();
    expect(under.webhook(requestId)).toEqual({
      url: 'https://app.example/hooks/fal',
      state: 'pending',
      attempts: [],
    });
    await under.clock.advance(MINUTE);
    expect(under.webhook(requestId)).toEqual({
      url: 'https://app.example/hooks/fal',
      state: 'delivered',
      gatewayRequestId: requestId,
      attempts: [
        { at: start + 2000, endedAt: start + 2000, answer: 500 },
        { at: start + 7000, endedAt: start + 7000, answer: 'network-error' },
        { at: start + 17_000, endedAt: start + 17_000, answer: 200 },
      ],
    });
    const { jobs, exchanges } = under.simulator.ledger;
    expect(JSON.stringify({ jobs, exchanges })).not.toContain('secret');
  });

  test('knows nothing of a webhook that nobody asked for', async () => {
    const under = fixture();
    const requestId = await under.submit();
    await under.clock.advance(MINUTE);
    expect(under.simulator.ledger.job(requestId)).not.toHaveProperty('webhook');
    expect(under.arrivals).toEqual([]);
  });
});

describe('an app that does not take its webhook', () => {
  test('gets it ten times more within two hours, signed anew each time', async () => {
    const under = fixture();
    under.answers = Array.from({ length: 20 }, () => 503);
    const requestId = await under.submitWithWebhook();
    await under.clock.advance(180 * MINUTE);
    expect(under.arrivals).toHaveLength(11);
    const [first, last] = [under.arrivals[0], under.arrivals.at(-1)];
    expect((last?.at ?? 0) - (first?.at ?? 0)).toBeLessThan(120 * MINUTE);
    for (const arrival of under.arrivals) {
      expect(Number(arrival.headers.get('x-fal-webhook-timestamp'))).toBe(Math.floor(arrival.at / 1000));
      expect(arrival.text).toBe(first?.text);
      expect(await signedBy(under, arrival)).toBe(0);
    }
    expect(under.webhook(requestId)).toMatchObject({ state: 'given-up' });
  });

  test('loses the attempt after 15 s, and later ones after two minutes', async () => {
    const under = fixture();
    under.answers = Array.from({ length: 11 }, () => 'silence');
    const requestId = await under.submitWithWebhook();
    await under.clock.advance(180 * MINUTE);
    const attempts = under.webhook(requestId)?.attempts ?? [];
    expect(attempts.map(({ answer }) => answer)).toEqual(Array.from({ length: 11 }, () => 'timeout'));
    expect(attempts.map(({ at, endedAt = 0 }) => endedAt - at)).toEqual([
      15_000,
      ...Array.from({ length: 10 }, () => 120_000),
    ]);
    expect((attempts.at(-1)?.at ?? 0) - (attempts[0]?.at ?? 0)).toBeLessThan(120 * MINUTE);
    expect(under.arrivals[0]?.init.signal?.aborted).toBe(true);
  });

  test.each([301, 302, 307, 308])('and answers %d has lost it for good', async (status) => {
    const under = fixture();
    under.answers = [status];
    const requestId = await under.submitWithWebhook();
    await under.clock.advance(180 * MINUTE);
    expect(under.arrivals).toHaveLength(1);
    expect(under.webhook(requestId)?.state).toBe('failed');
  });

  test('keeps to another schedule when there is one', async () => {
    const under = fixture({ webhooks: { firstTimeoutMs: 100, retryDelaysMs: [50] } });
    under.answers = ['silence', 400];
    const requestId = await under.submitWithWebhook();
    const start = under.clock.now() + 2000;
    await under.clock.advance(MINUTE);
    expect(under.webhook(requestId)).toMatchObject({
      state: 'given-up',
      attempts: [
        { at: start, endedAt: start + 100, answer: 'timeout' },
        { at: start + 150, answer: 400 },
      ],
    });
    expect(() => createSimulator({ webhooks: { retryDelaysMs: [-1] } })).toThrow(RangeError);
  });
});

test('nothing is delivered after the simulator was closed, and what was under way is broken off', async () => {
  const under = fixture();
  under.answers = ['silence'];
  const requestId = await under.submitWithWebhook();
  await under.submitWithWebhook({ 'x-fal-queue-priority': 'low' });
  await under.clock.advance(2000);
  const seen = under.arrivals.length;
  under.simulator.close();
  await under.clock.advance(180 * MINUTE);
  expect(under.arrivals).toHaveLength(seen);
  expect(under.arrivals[0]?.init.signal?.aborted).toBe(true);
  expect(under.webhook(requestId)?.attempts).toEqual([{ at: expect.any(Number) as number }]);
  expect(under.clock.pending).toBe(0);
});

describe('the key', () => {
  test('changes on order, and the old one is published on or not', async () => {
    const under = fixture();
    const before = await publishedKeys(under);
    under.simulator.engine.rotateWebhookKey();
    const after = await publishedKeys(under);
    expect(after).toEqual([expect.not.objectContaining({ x: before[0]?.x }), before[0]]);
    await under.submitWithWebhook();
    await under.clock.advance(2000);
    const [arrival] = under.arrivals;
    expect(arrival === undefined ? -1 : await signedBy(under, arrival)).toBe(0);
    under.simulator.engine.rotateWebhookKey({ keepOld: false });
    expect(await publishedKeys(under)).toHaveLength(1);
    expect(arrival === undefined ? -1 : await signedBy(under, arrival)).toBe(-1);
  });

  test('is the same for the same seed, and its secret half is nowhere to be had', async () => {
    const [one, same, other] = [fixture({ seed: 7 }), fixture({ seed: 7 }), fixture({ seed: 8 })];
    const keys = await publishedKeys(one);
    expect(await publishedKeys(same)).toEqual(keys);
    expect(await publishedKeys(other)).not.toEqual(keys);
    expect(Object.keys(keys[0] ?? {}).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x']);
  });
});

describe('faults on order', () => {
  test('duplicate: the same comes again 20 s after it was taken', async () => {
    const under = fixture({ scenario: 'webhook-duplicate' });
    const requestId = await under.submitWithWebhook();
    await under.clock.advance(180 * MINUTE);
    const [first, second] = under.arrivals;
    expect(under.arrivals).toHaveLength(2);
    expect(second?.text).toBe(first?.text);
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBe(20_000);
    expect(second === undefined ? -1 : await signedBy(under, second)).toBe(0);
    expect(under.webhook(requestId)?.state).toBe('delivered');
  });

  test('late: it comes ten minutes after the job', async () => {
    const under = fixture({ scenario: 'webhook-late' });
    const start = under.clock.now();
    await under.submitWithWebhook();
    await under.clock.advance(180 * MINUTE);
    expect(under.arrivals.map(({ at }) => at - start)).toEqual([2000 + 10 * MINUTE]);
    expect(under.arrivals[0]?.headers.get('x-fal-webhook-timestamp')).toBe(String((start + 602_000) / 1000));
  });

  test('out of order: the later job is heard of first, and the last of all after a minute', async () => {
    const under = fixture({ scenario: 'webhook-out-of-order' });
    const ids: string[] = [];
    for (let count = 0; count < 3; count += 1) {
      ids.push(await under.submitWithWebhook());
      await under.clock.advance(5000);
    }
    await under.clock.advance(2 * MINUTE);
    const [a, b, c] = ids;
    expect(under.arrivals.map(({ body }) => body.request_id)).toEqual([b, a, c]);
  });

  test('bad signature: no key fits, until the scenario is over', async () => {
    const under = fixture({ scenario: 'webhook-bad-signature' });
    under.answers = [401];
    await under.submitWithWebhook();
    await under.clock.advance(2000);
    under.simulator.applyScenario('healthy');
    await under.clock.advance(MINUTE);
    const fits = await Promise.all(under.arrivals.map((arrival) => signedBy(under, arrival)));
    expect(fits).toEqual([-1, 0]);
  });

  test('old timestamp: ten minutes old, rightly signed', async () => {
    const under = fixture({ scenario: 'webhook-old-timestamp' });
    await under.submitWithWebhook();
    await under.clock.advance(2000);
    const [arrival] = under.arrivals;
    const seconds = Number(arrival?.headers.get('x-fal-webhook-timestamp'));
    expect((arrival?.at ?? 0) / 1000 - seconds).toBe(600);
    expect(arrival === undefined ? -1 : await signedBy(under, arrival)).toBe(0);
  });

  test('payload error: the job went well, and its output is missing', async () => {
    const under = fixture({ scenario: 'webhook-payload-error' });
    await under.submitWithWebhook();
    await under.clock.advance(2000);
    expect(under.arrivals[0]?.body).toMatchObject({
      status: 'OK',
      payload: null,
      payload_error: expect.any(String) as string,
    });
  });

  test('lost: nothing comes, and a poll tells the outcome', async () => {
    const under = fixture({ scenario: 'webhook-lost' });
    const requestId = await under.submitWithWebhook();
    await under.clock.advance(180 * MINUTE);
    expect(under.arrivals).toEqual([]);
    expect(under.webhook(requestId)).toMatchObject({ state: 'lost', attempts: [] });
    expect(under.simulator.ledger.job(requestId)?.outcome).toBe('ok');
  });
});
