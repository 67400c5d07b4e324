import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contentOf } from './content.ts';

const shown = (value: unknown): string | undefined => contentOf(() => value);

describe('the text of an input', () => {
  it('is its JSON', () => {
    expect(shown({ prompt: 'a cat', steps: 4, deep: [{ x: null }] })).toBe(
      '{"prompt":"a cat","steps":4,"deep":[{"x":null}]}',
    );
  });

  it.each([
    ['https://v3.fal.media/x.png?X-Amz-Signature=abc&e=1', 'https://v3.fal.media/x.png'],
    ['HTTPS://bucket.s3.amazonaws.com/x?sig=abc', 'HTTPS://bucket.s3.amazonaws.com/x'],
    ['wss://fal.run/a/b/realtime?fal_jwt_token=abc', 'wss://fal.run/a/b/realtime'],
    ['https://x.y/a#access_token=abc', 'https://x.y/a'],
    ['https://user:secret@x.y/a', 'https://x.y/a'],
    ['see https://x.y/a?k=abc and (https://x.y/b?k=abc)', 'see https://x.y/a and (https://x.y/b'],
    ['is it? #yes', 'is it? #yes'],
  ])('loses what signs a URL: %s', (text, expected) => {
    expect(shown({ url: text })).toBe(JSON.stringify({ url: expected }));
  });

  it('shortens data URIs, files and bytes to their size', () => {
    const data = `data:image/png;base64,${'A'.repeat(5000)}`;
    expect(shown({ image: data })).toBe('{"image":"data:image/png;(5022 characters)"}');
    expect(shown({ image: data.toUpperCase() })).not.toContain('AAAA');
    expect(shown({ image: 'data:,x' })).toBe('{"image":"data:;(7 characters)"}');
    expect(shown({ file: new Blob(['12345']) })).toBe('{"file":"(file of 5 bytes)"}');
    expect(shown({ a: new Uint8Array(3), b: new ArrayBuffer(4), c: new Float32Array(2) })).toBe(
      '{"a":"(3 bytes)","b":"(4 bytes)","c":"(8 bytes)"}',
    );
    expect(shown({ buffer: Buffer.from('secret') })).toBe('{"buffer":"(6 bytes)"}');
    expect(shown([new DataView(new ArrayBuffer(9))])).toBe('["(9 bytes)"]');
  });

  it('is cut at 4,096 characters and says so', () => {
    const text = shown({ prompt: 'x'.repeat(5000) }) ?? '';
    expect(text).toHaveLength(4096);
    expect(text.endsWith('x…')).toBe(true);
    expect(shown('x'.repeat(4094))).toHaveLength(4096);
    expect(shown('x'.repeat(4094))?.endsWith('"')).toBe(true);
  });

  it('cannot be shown when it goes in a circle, throws or is a bigint', () => {
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    const throwing = {
      get prompt(): never {
        throw new Error('secret');
      },
    };
    for (const value of [circle, throwing, { big: 1n }]) expect(shown(value)).toBe('(cannot be shown)');
    expect(
      contentOf(() => {
        throw new Error('secret');
      }),
    ).toBe('(cannot be shown)');
  });

  it('is none when there is nothing', () => {
    expect(contentOf(undefined)).toBeUndefined();
    expect(shown(undefined)).toBeUndefined();
    expect(shown(() => 1)).toBeUndefined();
    expect(shown(null)).toBe('null');
  });

  it('never holds the query of a URL, wherever it stands, and never throws', () => {
    const url = fc
      .tuple(fc.constantFrom('https', 'http', 'HTTPS', 's3', 'wss'), fc.stringMatching(/^[a-z0-9./-]{1,20}$/))
      .map(([scheme, path]) => `${scheme}://x${path}?token=SECRET`);
    const text = fc.tuple(fc.string(), url, fc.string()).map(([a, b, c]) => `${a} ${b} ${c}`);
    fc.assert(
      fc.property(fc.object({ values: [text, fc.anything()] }), (value) => {
        expect(shown(value) ?? '').not.toContain('SECRET');
      }),
      { numRuns: 300 },
    );
  });
});
