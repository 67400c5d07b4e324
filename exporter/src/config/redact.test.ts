import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRedactor } from './redact.ts';

const ID = '7d5c1f60-93aa-4b5e-8d2f-1f0e9b7c6a54';
const SECRET = '0f1e2d3c4b5a69788796a5b4c3d2e1f0';
const KEY = `${ID}:${SECRET}`;

const redact = createRedactor([KEY]);

describe('a redactor', () => {
  test('takes out the whole key, its id and its secret', () => {
    expect(redact(`Authorization: Key ${KEY}`)).toBe('Authorization: Key [redacted]');
    expect(redact(`secret=${SECRET}&id=${ID}`)).toBe('secret=[redacted]&id=[redacted]');
  });

  test('takes out every occurrence', () => {
    expect(redact(`${KEY} ${KEY}\n${SECRET}`)).toBe('[redacted] [redacted]\n[redacted]');
  });

  test('takes out URL-encoded forms in both cases', () => {
    expect(redact(encodeURIComponent(KEY))).toBe('[redacted]');
    expect(redact(encodeURIComponent(KEY).replace('%3A', '%3a'))).toBe('[redacted]');
    const odd = 'key id/with+odd:secret/with+odd=signs';
    expect(createRedactor([odd])(`?key=${encodeURIComponent(odd)}`)).toBe('?key=[redacted]');
  });

  test('takes a key with quotes and backslashes out of JSON', () => {
    const odd = 'key-id-0123456789:sec"ret\\end';
    expect(createRedactor([odd])(JSON.stringify({ key: odd }))).toBe('{"key":"[redacted]"}');
  });

  test('takes out what has the form of a fal key and was never named', () => {
    expect(createRedactor([])(`got ${KEY}.`)).toBe('got [redacted].');
    expect(createRedactor([])(`got ${KEY.toUpperCase()}.`)).toBe('got [redacted].');
  });

  test('leaves a text without keys as it is', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        fc.pre(!text.includes(ID) && !text.includes(SECRET));
        expect(redact(text)).toBe(text);
      }),
    );
  });

  test('ignores what is absent, empty or too short to be a secret', () => {
    const careful = createRedactor([undefined, '', '   ', 'a']);
    expect(careful('a banana')).toBe('a banana');
    expect(createRedactor(['exporter:supersecret'])('fal-exporter: supersecret')).toBe(
      'fal-exporter: [redacted]',
    );
  });

  test('leaves no key in any text, wherever it stands and in whichever encoding', () => {
    const part = fc.stringMatching(/^[A-Za-z0-9_+/=.~-]{16,40}$/);
    const around = fc.string({ maxLength: 20 });
    fc.assert(
      fc.property(part, part, around, around, (id, secret, before, after) => {
        const key = `${id}:${secret}`;
        const text = `${before}${key}${after}`;
        const clean = createRedactor([key]);
        for (const encoding of ['utf8', 'base64', 'base64url'] as const) {
          const encoded = Buffer.from(text).toString(encoding);
          const shown = clean(encoded);
          // Base64 mixes the last bytes with their neighbours; what is left of the key must be a mere edge of it.
          const left =
            encoding === 'utf8' ? shown : Buffer.from(shown.split('[redacted]').join(''), encoding);
          expect(left.includes(secret)).toBe(false);
          expect(left.includes(id)).toBe(false);
          expect(shown).toContain('[redacted]');
        }
        expect(clean(encodeURIComponent(key))).toBe('[redacted]');
      }),
    );
  });
});
