import type { Fetch } from 'opentelemetry-instrumentation-fal/core';
import { VirtualClock } from 'fal-simulator';
import { describe, expect, it } from 'vitest';
import { OversizedBodyError, deadlineFetch } from './deadline-fetch.ts';

function bounded(inner: Fetch): { fetch: Fetch; clock: VirtualClock } {
  const clock = new VirtualClock();
  return { clock, fetch: deadlineFetch(inner, { clock, timeoutMs: 5_000, maxBodyBytes: 100 }) };
}

const never = new Promise<never>(() => undefined);
const trickle = (chunks: readonly string[], ending: Promise<never> | undefined): Response => {
  const source = (async function* (): AsyncGenerator<Uint8Array> {
    for (const chunk of chunks) yield new TextEncoder().encode(chunk);
    await ending;
  })();
  return new Response(ReadableStream.from(source));
};

describe('a fetch with a deadline', () => {
  it('hands on status, headers and body as they came', async () => {
    const answer = new Response('{"a":1}', {
      status: 422,
      headers: { 'x-fal-error-type': 'x', 'content-type': 'application/json' },
    });
    const { fetch } = bounded(() => Promise.resolve(answer));
    const response = await fetch('https://fal.run/a');
    expect([response.status, response.headers.get('x-fal-error-type'), await response.json()]).toEqual([
      422,
      'x',
      { a: 1 },
    ]);
  });

  it.each<[string, Fetch]>([
    ['before the headers', () => never],
    ['in mid-body', () => Promise.resolve(trickle(['{"a"'], never))],
  ])('ends a hang %s', async (_where, inner) => {
    const { fetch, clock } = bounded(inner);
    const result = expect(fetch('https://fal.run/a')).rejects.toMatchObject({
      name: 'TimeoutError',
      message: expect.stringContaining('5 s') as string,
    });
    await clock.advance(5_001);
    await result;
  });

  it('passes the abort of the caller on with its own reason', async () => {
    const { fetch } = bounded(() => never);
    const controller = new AbortController();
    const result = expect(fetch('https://fal.run/a', { signal: controller.signal })).rejects.toThrow(
      'enough',
    );
    controller.abort(new Error('enough'));
    await result;
  });

  it('refuses a body that no answer of fal would have', async () => {
    const { fetch } = bounded(() => Promise.resolve(trickle(['x'.repeat(60), 'x'.repeat(60)], undefined)));
    await expect(fetch('https://fal.run/a')).rejects.toBeInstanceOf(OversizedBodyError);
  });

  it('follows no redirect', async () => {
    const seen: (RequestInit | undefined)[] = [];
    const { fetch } = bounded((_input, init) => {
      seen.push(init);
      return Promise.resolve(new Response(null, { status: 302 }));
    });
    expect((await fetch('https://fal.run/a')).status).toBe(302);
    expect(seen[0]?.redirect).toBe('manual');
  });
});
