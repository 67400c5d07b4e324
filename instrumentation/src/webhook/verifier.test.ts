import { webcrypto } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { WebhookDelivery } from './delivery.ts';
import { OK_BODY, START_MS, newSigner } from './signed-deliveries.ts';
import type { VerifiedWebhook } from './verified-webhook.ts';
import { type WebhookVerifierOptions, createWebhookVerifier } from './verifier.ts';
import type { WebCrypto } from './web-crypto.ts';
import { FalWebhookError } from './webhook-error.ts';

const signer = newSigner();
const keysOf =
  (...keys: object[]) =>
  (): Promise<Response> =>
    Promise.resolve(Response.json({ keys }));

function verifierWith(options: WebhookVerifierOptions = {}): ReturnType<typeof createWebhookVerifier> {
  return createWebhookVerifier({ fetch: keysOf(signer.jwk), now: () => START_MS, ...options });
}

async function refusal(delivery: unknown, options: WebhookVerifierOptions = {}): Promise<FalWebhookError> {
  const outcome: unknown = await verifierWith(options)
    .verify(delivery as WebhookDelivery)
    .catch((error: unknown) => error);
  if (!(outcome instanceof FalWebhookError)) throw new Error('expected a refusal', { cause: outcome });
  return outcome;
}

const accepted = (body: unknown): Promise<VerifiedWebhook> =>
  verifierWith().verify(signer.sign({ body: JSON.stringify(body) }));

describe('a delivery that fal signed', () => {
  test('is told in our words', async () => {
    expect(await verifierWith().verify(signer.sign({}))).toEqual({
      requestId: 'job-1',
      gatewayRequestId: 'job-1',
      retried: false,
      status: 'OK',
      payload: { images: [] },
      userId: 'user-1',
      deliveredAt: new Date(START_MS),
      seenBefore: false,
    });
  });

  test('is a retry of the platform when the gateway had another id for it', async () => {
    expect(
      await accepted({ request_id: 'a', gateway_request_id: 'b', status: 'OK', payload: {} }),
    ).toMatchObject({ requestId: 'a', gatewayRequestId: 'b', retried: true });
    expect(await accepted({ request_id: 'a', status: 'OK', payload: {} })).toMatchObject({ retried: false });
  });

  test('says why the output could not be written as JSON, and is no error then', async () => {
    const webhook = await accepted({
      request_id: 'a',
      status: 'OK',
      payload: null,
      payload_error: 'not JSON',
    });
    expect(webhook).toMatchObject({ status: 'OK', payload: null, payloadError: 'not JSON' });
    expect(webhook.errorType).toBeUndefined();
  });

  test.each([
    [
      'Invalid status code: 422',
      { detail: [{ loc: ['body'], msg: 'm', type: 'image_too_small' }] },
      'image_too_small',
    ],
    ['Invalid status code: 422', { detail: [{ type: 'value_error.missing' }] }, 'validation_error'],
    ['Invalid status code: 504', { detail: 'm', error_type: 'request_timeout' }, 'request_timeout'],
    ['Invalid status code: 503', { detail: 'm' }, '503'],
    ['Invalid status code: 401', null, 'unauthorized'],
    ['Something new: 422', null, '_OTHER'],
    [undefined, { error_type: 'runner_disconnected' }, 'runner_disconnected'],
    [undefined, undefined, '_OTHER'],
  ])('with the error %j and the payload %j is a failure of type %s', async (error, payload, expected) => {
    const webhook = await accepted({ request_id: 'a', status: 'ERROR', error, payload });
    expect(webhook).toMatchObject({ status: 'ERROR', error, errorType: expected });
  });

  test('keeps the id of the headers when the body has none', async () => {
    expect(await accepted({ status: 'OK', payload: {} })).toMatchObject({ requestId: 'job-1' });
  });

  const { headers, body } = signer.sign({ body: OK_BODY.replace('job-1', 'jöb-1') });
  const upper = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value]),
  );
  const bytes = new TextEncoder().encode(body);
  const padded = new Uint8Array([1, 2, ...bytes, 3]);

  test.each([
    ['Headers', new Headers(headers)],
    ['a Map of names in capitals', new Map(Object.entries(upper))],
    ['pairs', Object.entries(headers)],
    ['names in capitals', upper],
    ['lists of values', Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]))],
    ['something with get', { get: (name: string) => headers[name] ?? null }],
  ])('may come with its headers as %s', async (_name, given) => {
    expect(await verifierWith().verify({ headers: given, body })).toMatchObject({ requestId: 'jöb-1' });
  });

  test.each([
    ['a Buffer', Buffer.from(body)],
    ['an ArrayBuffer', bytes.buffer],
    ['a view into a larger buffer', padded.subarray(2, -1)],
    ['a DataView', new DataView(padded.buffer, 2, bytes.byteLength)],
    ['text', body],
  ])('may come with its body as %s', async (_name, given) => {
    expect(await verifierWith().verify({ headers, body: given })).toMatchObject({ status: 'OK' });
  });

  test('is read from the bytes that were verified, whatever happens to the buffer meanwhile', async () => {
    const buffer = Buffer.from(body);
    const pending = verifierWith().verify({ headers, body: buffer });
    buffer.fill(' ');
    expect(await pending).toMatchObject({ requestId: 'jöb-1' });
  });

  test('is known again when it comes twice, until two hours later or until it is forgotten', async () => {
    let now = START_MS;
    const verifier = verifierWith({ now: () => now });
    const again = async (requestId: string): Promise<boolean> => {
      const content = JSON.stringify({ request_id: requestId, status: 'OK', payload: 1 });
      const delivery = signer.sign({ requestId, body: content, timestamp: now / 1000 });
      return (await verifier.verify(delivery)).seenBefore;
    };
    expect([await again('a'), await again('a'), await again('b')]).toEqual([false, true, false]);
    verifier.forget('a');
    expect([await again('a'), await again('a')]).toEqual([false, true]);
    now += 2 * 3_600_000 + 1000;
    expect(await again('a')).toBe(false);
  });

  test('counts once as the first, when it comes twice at the same time', async () => {
    const verifier = verifierWith();
    const both = await Promise.all([verifier.verify(signer.sign({})), verifier.verify(signer.sign({}))]);
    expect(both.map(({ seenBefore }) => seenBefore).sort()).toEqual([false, true]);
  });
});

describe('a delivery is refused', () => {
  test.each(['request-id', 'user-id', 'timestamp', 'signature'])('without the header %s', async (name) => {
    const { headers, body } = signer.sign({});
    const error = await refusal({ headers: { ...headers, [`x-fal-webhook-${name}`]: undefined }, body });
    expect(error).toMatchObject({ code: 'missing_header', httpStatus: 400 });
    expect(error.message).toContain(`x-fal-webhook-${name}`);
  });

  test.each([undefined, null, 'text', 7])('with %j for headers', async (headers) => {
    expect((await refusal({ headers, body: OK_BODY })).code).toBe('missing_header');
  });

  test.each(['soon', '-5', '1e9', '1759320000.5', ' 1759320000', '0x10'])(
    'with the time %j, although it is signed',
    async (timestamp) => {
      const delivery = signer.sign({ timestamp });
      expect(await refusal(delivery)).toMatchObject({ code: 'bad_timestamp', httpStatus: 400 });
    },
  );

  test.each([
    [300, undefined],
    [301, 'stale'],
    [-300, undefined],
    [-301, 'stale'],
  ])('when it was signed %d s ago: %s', async (age, code) => {
    const delivery = signer.sign({ timestamp: START_MS / 1000 - age });
    if (code === undefined) expect(await verifierWith().verify(delivery)).toMatchObject({ status: 'OK' });
    else expect(await refusal(delivery)).toMatchObject({ code, httpStatus: 401 });
  });

  test('when the app is stricter about time than fal', async () => {
    const delivery = signer.sign({ timestamp: START_MS / 1000 - 11 });
    const error = await refusal(delivery, { toleranceSeconds: 10 });
    expect(error.message).toContain('within 10 s of now, got 11 s ago');
  });

  test('when somebody else signed it', async () => {
    expect(await refusal(newSigner().sign({}))).toMatchObject({ code: 'bad_signature', httpStatus: 401 });
  });

  test.each(['', 'ab', 'zz'.repeat(64), 'ab'.repeat(65)])('with %j for a signature', async (signature) => {
    const { headers, body } = signer.sign({});
    const error = await refusal({ headers: { ...headers, 'x-fal-webhook-signature': signature }, body });
    expect(['missing_header', 'bad_signature']).toContain(error.code);
  });

  test.each([[{ request_id: 'a' }], [[1]], [undefined], [null], [7]])(
    'with the parsed body %j, and told what to hand in',
    async (body) => {
      const error = await refusal({ headers: signer.sign({}).headers, body });
      expect(error.code).toBe('bad_body');
      expect(error.message).toContain('Give the raw body');
    },
  );

  test('when a parser wrote its JSON anew', async () => {
    const { headers, body } = signer.sign({});
    expect((await refusal({ headers, body: JSON.stringify(JSON.parse(body)) })).code).toBe('bad_signature');
  });

  test.each([
    'not JSON: secret prompt',
    '[1]',
    'null',
    '"text"',
    '{"status":"COMPLETED","payload":"secret prompt"}',
    '',
  ])('when fal signed %j, and nothing of it is in the message', async (body) => {
    const error = await refusal(signer.sign({ body }));
    expect([error.code, error.cause]).toEqual(['bad_body', undefined]);
    expect(error.message).not.toMatch(/secret|prompt|COMPLETED/);
  });

  test('when its bytes are no UTF-8', async () => {
    const { headers } = signer.sign({});
    expect((await refusal({ headers, body: Uint8Array.of(0xff, 0xfe) })).code).toBe('bad_signature');
  });
});

describe('the cryptography', () => {
  const noEd25519: WebCrypto = {
    subtle: {
      digest: (algorithm, data) => webcrypto.subtle.digest(algorithm, data),
      importKey: () => Promise.reject(new DOMException('Unrecognized algorithm name', 'NotSupportedError')),
      verify: () => Promise.reject(new Error('never reached')),
    },
  };

  test('is that of Node where Web Crypto has no Ed25519', async () => {
    const verifier = verifierWith({ crypto: noEd25519 });
    expect(await verifier.verify(signer.sign({}))).toMatchObject({ status: 'OK' });
    expect((await refusal(newSigner().sign({}), { crypto: noEd25519 })).code).toBe('bad_signature');
  });

  test('agrees with the test vector of RFC 8032, 7.1 TEST 2', async () => {
    const { Ed25519, bytesOfBase64Url } = await import('./ed25519.ts');
    const bytes = (hex: string): Uint8Array<ArrayBuffer> => Uint8Array.from(Buffer.from(hex, 'hex'));
    const publicKey = bytes('3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c');
    const signature = bytes(
      '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da' +
        '085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
    );
    expect(bytesOfBase64Url(Buffer.from(publicKey).toString('base64url'))).toEqual(publicKey);
    for (const crypto of [globalThis.crypto, noEd25519, undefined]) {
      const key = await new Ed25519(crypto).publicKey(publicKey);
      expect(await key?.(signature, bytes('72'))).toBe(true);
      expect(await key?.(signature, bytes('73'))).toBe(false);
    }
  });

  test('that nobody has is said so', async () => {
    const { Ed25519 } = await import('./ed25519.ts');
    const none = new Ed25519(undefined, () => undefined);
    expect(await none.publicKey(new Uint8Array(32))).toBeUndefined();
    await expect(none.sha256Hex(new Uint8Array(1))).rejects.toMatchObject({ code: 'no_keys' });
  });
});

test('settings that cannot work are refused at once', () => {
  expect(() => createWebhookVerifier({ toleranceSeconds: Number.NaN })).toThrow(RangeError);
  expect(() => createWebhookVerifier({ toleranceSeconds: -1 })).toThrow(RangeError);
  expect(() => createWebhookVerifier({ jwksUrl: 'rest.fal.ai' })).toThrow(TypeError);
});
