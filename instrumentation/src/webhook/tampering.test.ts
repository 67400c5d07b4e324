import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OK_BODY, START_MS, newSigner } from './signed-deliveries.ts';
import { createWebhookVerifier } from './verifier.ts';
import { FalWebhookError } from './webhook-error.ts';

const signer = newSigner();
const verifier = createWebhookVerifier({
  fetch: () => Promise.resolve(Response.json({ keys: [signer.jwk] })),
  now: () => START_MS,
});

const HEADERS = ['request-id', 'user-id', 'timestamp', 'signature'].map((name) => `x-fal-webhook-${name}`);

interface Given {
  readonly headers: Record<string, string>;
  readonly body: Uint8Array;
}

async function isAccepted(given: Given): Promise<boolean> {
  try {
    await verifier.verify(given);
    return true;
  } catch (error) {
    if (error instanceof FalWebhookError) return false;
    throw error;
  }
}

const token = fc.stringMatching(/^[\w|:.-]{1,60}$/);
const delivery = fc
  .record({
    requestId: token,
    userId: token,
    timestamp: fc.integer({ min: START_MS / 1000 - 300, max: START_MS / 1000 + 300 }),
    content: fc.record({
      request_id: fc.option(token, { nil: undefined }),
      status: fc.constantFrom('OK', 'ERROR'),
      payload: fc.jsonValue(),
      error: fc.option(fc.string({ unit: 'grapheme' }), { nil: null }),
    }),
    indent: fc.constantFrom(undefined, 1),
  })
  .map(({ content, indent, ...rest }): Given => {
    const { headers, body } = signer.sign({ ...rest, body: JSON.stringify(content, null, indent) });
    return { headers, body: Buffer.from(body) };
  });

/** Changes one place of a list: another item, one more, or one less. */
function changed<T>(items: readonly T[], at: number, how: 'change' | 'insert' | 'remove', item: T): T[] {
  const place = at % Math.max(1, items.length);
  const copy = [...items];
  copy.splice(place, how === 'insert' ? 0 : 1, ...(how === 'remove' ? [] : [item]));
  return copy;
}

const change = fc.record({
  where: fc.constantFrom('body', ...HEADERS),
  at: fc.nat(100_000),
  how: fc.constantFrom('change', 'insert', 'remove'),
  byte: fc.nat(255),
});

function tampered(
  { headers, body }: Given,
  { where, at, how, byte }: typeof change extends fc.Arbitrary<infer C> ? C : never,
): Given {
  if (where === 'body') return { headers, body: Uint8Array.from(changed([...body], at, how, byte)) };
  const text = changed([...(headers[where] ?? '')], at, how, String.fromCharCode(byte)).join('');
  return { headers: { ...headers, [where]: text }, body };
}

function isSame(one: Given, other: Given): boolean {
  // The same 64 bytes in other letters are the same signature.
  const canonical = ({ headers }: Given): string[] =>
    HEADERS.map((name) => (name.endsWith('signature') ? headers[name]?.toLowerCase() : headers[name]) ?? '');
  return Buffer.from(one.body).equals(other.body) && canonical(one).join() === canonical(other).join();
}

test('every genuine delivery is accepted', async () => {
  await fc.assert(
    fc.asyncProperty(delivery, async (given) => {
      expect(await isAccepted(given)).toBe(true);
    }),
    { numRuns: 300 },
  );
});

test('a delivery with anything changed, added or left out is refused', async () => {
  await fc.assert(
    fc.asyncProperty(delivery, change, async (given, how) => {
      const other = tampered(given, how);
      fc.pre(!isSame(given, other));
      expect(await isAccepted(other)).toBe(false);
    }),
    { numRuns: 1000 },
  );
});

test('a delivery with the headers of another one is refused', async () => {
  await fc.assert(
    fc.asyncProperty(delivery, delivery, fc.constantFrom('body', ...HEADERS), async (one, other, part) => {
      const mixed =
        part === 'body'
          ? { headers: one.headers, body: other.body }
          : { headers: { ...one.headers, [part]: other.headers[part] ?? '' }, body: one.body };
      fc.pre(!isSame(one, mixed));
      expect(await isAccepted(mixed)).toBe(false);
    }),
    { numRuns: 300 },
  );
});

test('each bit of the body and of the signature counts', async () => {
  const { headers, body } = signer.sign({ body: OK_BODY });
  const bytes = Buffer.from(body);
  const signature = Buffer.from(headers['x-fal-webhook-signature'] ?? '', 'hex');
  expect(await isAccepted({ headers, body: bytes })).toBe(true);
  const flipped = (buffer: Buffer, bit: number): Buffer => {
    const copy = Buffer.from(buffer);
    copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    return copy;
  };
  for (let bit = 0; bit < bytes.byteLength * 8; bit += 1) {
    expect(await isAccepted({ headers, body: flipped(bytes, bit) })).toBe(false);
  }
  for (let bit = 0; bit < signature.byteLength * 8; bit += 1) {
    const forged = flipped(signature, bit).toString('hex');
    expect(
      await isAccepted({ headers: { ...headers, 'x-fal-webhook-signature': forged }, body: bytes }),
    ).toBe(false);
  }
});
