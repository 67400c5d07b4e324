import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { START_MS, type Signer, newSigner, promptCrypto } from './signed-deliveries.ts';
import { type WebhookVerifier, createWebhookVerifier } from './verifier.ts';
import { FalWebhookError } from './webhook-error.ts';

const SECOND = 1000;
const HOUR = 3600 * SECOND;

/** fal's key host: what it answers, and how often it was asked. */
interface KeyHost {
  answer: (signal: AbortSignal) => Promise<Response>;
  asked: number;
}

let host: KeyHost;
let verifier: WebhookVerifier;
const [oldSigner, newerSigner] = [newSigner(), newSigner()];

beforeEach(() => {
  vi.useFakeTimers({ now: START_MS, toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  host = { answer: publishing(oldSigner), asked: 0 };
  verifier = createWebhookVerifier({
    crypto: promptCrypto,
    fetch: (_input, init) => {
      host.asked += 1;
      return host.answer(init?.signal ?? AbortSignal.abort());
    },
  });
});
afterEach(() => {
  vi.useRealTimers();
});

function publishing(...signers: Signer[]): KeyHost['answer'] {
  return () => Promise.resolve(Response.json({ keys: signers.map(({ jwk }) => jwk) }));
}

/** The key host answers when it is opened. */
function slowly(answer: KeyHost['answer']): { open: () => void } {
  const gate = Promise.withResolvers<void>();
  host.answer = (signal) => gate.promise.then(() => answer(signal));
  return { open: gate.resolve };
}

/** All who can go on have gone on: with cryptography that answers at once, nothing takes real time. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** `ok`, or the code of the refusal. */
async function outcome(signer: Signer): Promise<string> {
  try {
    await verifier.verify(signer.sign({ timestamp: Math.floor(Date.now() / SECOND) }));
    return 'ok';
  } catch (error) {
    if (error instanceof FalWebhookError) return error.code;
    throw error;
  }
}

const later = (ms: number): void => void vi.setSystemTime(Date.now() + ms);

test('the keys are fetched with the first delivery, and once for all of the next hours', async () => {
  expect(host.asked).toBe(0);
  expect(await outcome(oldSigner)).toBe('ok');
  later(11 * HOUR);
  expect(await outcome(oldSigner)).toBe('ok');
  expect(host.asked).toBe(1);
  expect(vi.getTimerCount()).toBe(0);
});

test('deliveries that come together share one fetch', async () => {
  const slow = slowly(publishing(oldSigner));
  const outcomes = Promise.all(Array.from({ length: 20 }, () => outcome(oldSigner)));
  await settled();
  slow.open();
  expect(await outcomes).toEqual(Array.from({ length: 20 }, () => 'ok'));
  expect(host.asked).toBe(1);
});

test('any of several published keys may be the one that signed', async () => {
  host.answer = publishing(newSigner(), oldSigner, newerSigner);
  expect([await outcome(oldSigner), await outcome(newerSigner)]).toEqual(['ok', 'ok']);
});

test('a key that fal has changed is found by asking again', async () => {
  await outcome(oldSigner);
  host.answer = publishing(newerSigner);
  later(61 * SECOND);
  expect(await outcome(newerSigner)).toBe('ok');
  expect(await outcome(oldSigner)).toBe('bad_signature');
  expect(host.asked).toBe(2);
});

test('deliveries with a changed key that come together share one fetch, too', async () => {
  await outcome(oldSigner);
  const slow = slowly(publishing(newerSigner));
  later(61 * SECOND);
  const outcomes = Promise.all(Array.from({ length: 10 }, () => outcome(newerSigner)));
  await settled();
  slow.open();
  expect(new Set(await outcomes)).toEqual(new Set(['ok']));
  expect(host.asked).toBe(2);
});

test('forged deliveries cost fal one request a minute', async () => {
  const forger = newSigner();
  for (let second = 0; second < 300; second += 1) {
    expect(await outcome(forger)).toBe('bad_signature');
    later(SECOND);
  }
  expect(host.asked).toBe(5);
});

test('a key host that is down harms nobody whose keys are younger than a day', async () => {
  await outcome(oldSigner);
  host.answer = () => Promise.reject(new TypeError('fetch failed'));
  later(13 * HOUR);
  expect(await outcome(oldSigner)).toBe('ok');
  expect(await outcome(newerSigner)).toBe('bad_signature');
  later(11 * HOUR - SECOND);
  expect(await outcome(oldSigner)).toBe('ok');
  later(SECOND);
  expect(await outcome(oldSigner)).toBe('no_keys');
});

test('keys are renewed after half a day, long before they are too old', async () => {
  await outcome(oldSigner);
  later(12 * HOUR);
  expect(await outcome(oldSigner)).toBe('ok');
  host.answer = () => Promise.reject(new TypeError('fetch failed'));
  later(13 * HOUR);
  expect(await outcome(oldSigner)).toBe('ok');
});

test('without any key deliveries are refused, and fal is asked again every five seconds', async () => {
  host.answer = () => Promise.resolve(new Response('<html>nginx</html>', { status: 503 }));
  for (let second = 0; second < 10; second += 1) {
    expect(await outcome(oldSigner)).toBe('no_keys');
    later(SECOND);
  }
  expect(host.asked).toBe(2);
  host.answer = publishing(oldSigner);
  expect(await outcome(oldSigner)).toBe('ok');
});

test('a clock that was set back does not keep keys for longer', async () => {
  await outcome(oldSigner);
  later(-HOUR);
  expect(await outcome(oldSigner)).toBe('ok');
  expect(host.asked).toBe(2);
});

test.each([
  ['an HTTP error', () => Promise.resolve(new Response('x', { status: 500 })), 'HTTP 500'],
  ['no JSON', () => Promise.resolve(new Response('<html>')), 'an answer without any Ed25519 key'],
  ['null', () => Promise.resolve(Response.json(null)), 'an answer without any Ed25519 key'],
  ['no keys', () => Promise.resolve(Response.json({ keys: [] })), 'an answer without any Ed25519 key'],
  [
    'keys of other kinds',
    () =>
      Promise.resolve(
        Response.json({ keys: [null, 7, { kty: 'RSA', n: 'x' }, { x: 'AAAA' }, { x: '*' }, { x: 5 }] }),
      ),
    'an answer without any Ed25519 key',
  ],
  [
    'a reset connection',
    () => Promise.reject(Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNRESET' } })),
    'network error ECONNRESET',
  ],
])('a key host that answers with %s is named in the refusal', async (_name, answer, got) => {
  host.answer = answer;
  const refusal = verifier.verify(oldSigner.sign({}));
  await expect(refusal).rejects.toMatchObject({ code: 'no_keys', httpStatus: 503 });
  await expect(refusal).rejects.toThrow(`from https://rest.fal.ai/.well-known/jwks.json, got ${got}.`);
});

test.each(['the headers', 'the body'])(
  'a key host that never sends %s is given up after 10 s',
  async (part) => {
    let signal: AbortSignal | undefined;
    const silent = new Promise<never>(() => undefined);
    host.answer = (given) => {
      signal = given;
      return part === 'the body' ? Promise.resolve(new Response(new ReadableStream())) : silent;
    };
    const pending = outcome(oldSigner);
    await settled();
    await vi.advanceTimersByTimeAsync(9999);
    expect(signal?.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(await pending).toBe('no_keys');
    expect(signal?.aborted).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  },
);

test('a fetch that a runtime killed silently does not block the deliveries after its deadline', async () => {
  host.answer = () => new Promise(() => undefined);
  const lost = outcome(oldSigner);
  await settled();
  // The runtime froze: its clock went on, its timers did not.
  later(11 * SECOND);
  host.answer = publishing(oldSigner);
  expect(await outcome(oldSigner)).toBe('ok');
  await vi.advanceTimersByTimeAsync(10 * SECOND);
  expect(await lost).toBe('no_keys');
  expect(await outcome(oldSigner)).toBe('ok');
});

test('the address of the keys can be another one, and its query is never shown', async () => {
  const urls: string[] = [];
  const own = createWebhookVerifier({
    jwksUrl: 'http://127.0.0.1:1/rest.fal.ai/.well-known/jwks.json?token=secret',
    fetch: (input) => {
      urls.push(input instanceof Request ? input.url : String(input));
      return Promise.resolve(new Response('', { status: 404 }));
    },
  });
  const refusal = await own.verify(oldSigner.sign({})).catch((error: unknown) => error);
  expect(urls).toEqual(['http://127.0.0.1:1/rest.fal.ai/.well-known/jwks.json?token=secret']);
  expect(String(refusal)).not.toContain('secret');
});
