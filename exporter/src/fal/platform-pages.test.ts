import { VirtualClock } from 'fal-simulator';
import type { Fetch } from 'opentelemetry-instrumentation-fal/core';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type ListSlice, PageLimitError, type PagesQuery, platformPages } from './platform-pages.ts';
import { PlatformError } from './platform.ts';

interface Asked {
  readonly url: URL;
  readonly headers: Headers;
  readonly signal: AbortSignal | undefined;
}

interface Reading {
  readonly clock: VirtualClock;
  readonly asked: Asked[];
  readonly slices: ListSlice<number>[];
  readonly ended: Promise<void>;
}

/** Reads a list of numbers from answers that come one after the other. */
function reading(
  answers: readonly (() => Response | Promise<Response>)[],
  parts: Partial<PagesQuery<number>> = {},
): Reading {
  const clock = new VirtualClock();
  const asked: Asked[] = [];
  const fetch: Fetch = async (input, init) => {
    const signal = init?.signal ?? undefined;
    asked.push({
      url: new URL(input instanceof Request ? input.url : input),
      headers: new Headers(init?.headers),
      signal,
    });
    const answer = answers[asked.length - 1];
    if (answer === undefined) throw new RangeError('asked too often');
    return answer();
  };
  const slices: ListSlice<number>[] = [];
  const call: PagesQuery<number> = {
    ...{
      path: '/numbers',
      query: { expand: ['a', 'b'] },
      list: 'numbers',
      item: z.number(),
      key: 'id:secret',
    },
    ...{ signal: new AbortController().signal, spendCall: () => undefined, mostPages: 5 },
    ...parts,
  };
  const read = async (): Promise<void> => {
    for await (const slice of platformPages({ clock, fetch, falKey: () => undefined }, call))
      slices.push(slice);
  };
  const ended = read();
  ended.catch(() => undefined);
  return { clock, asked, slices, ended };
}

const page = (body: unknown, init?: ResponseInit) => (): Response =>
  new Response(typeof body === 'string' ? body : JSON.stringify(body), init);
const never = (): Promise<never> => new Promise(() => undefined);
const numbers = (slices: readonly ListSlice<number>[]): number[] => slices.flatMap(({ items }) => [...items]);

/** A body that comes in these pieces and then goes on as `ending` says. */
function pieces(
  texts: readonly string[],
  ending: () => Promise<unknown> = () => Promise.resolve(),
): () => Response {
  const source = (async function* (): AsyncGenerator<Uint8Array> {
    for (const text of texts) yield new TextEncoder().encode(text);
    await ending();
  })();
  return () => new Response(ReadableStream.from(source));
}

describe('reading a list page by page', () => {
  it('follows the cursor, wherever it stands in the answer, with the same question and key', async () => {
    const { asked, slices, ended } = reading([
      page({ next_cursor: 'one', has_more: true, numbers: [1, 2] }),
      page({ numbers: [3], next_cursor: 'two' }),
      page({ numbers: [], has_more: false, next_cursor: null }),
    ]);
    await ended;
    expect(numbers(slices)).toEqual([1, 2, 3]);
    expect(asked.map(({ url }) => url.href)).toEqual([
      'https://api.fal.ai/v1/numbers?expand=a&expand=b',
      'https://api.fal.ai/v1/numbers?expand=a&expand=b&cursor=one',
      'https://api.fal.ai/v1/numbers?expand=a&expand=b&cursor=two',
    ]);
    expect(asked.every(({ headers }) => headers.get('authorization') === 'Key id:secret')).toBe(true);
  });

  it('ends where fal says so, with or without a cursor', async () => {
    for (const end of [{}, { next_cursor: '' }, { has_more: false, next_cursor: 'x' }, { has_more: null }]) {
      const { slices, ended } = reading([page({ numbers: [1], ...end })]);
      await ended;
      expect(numbers(slices)).toEqual([1]);
    }
  });

  it('leaves out and counts what is not what it should be', async () => {
    const { slices, ended } = reading([page({ numbers: [1, '2', null, 3] })]);
    await ended;
    expect(slices).toEqual([{ items: [1, 3], unreadable: 2 }]);
  });

  it('asks before each exchange whether it may', async () => {
    let calls = 1;
    const spendCall = (): void => {
      if (calls-- === 0) throw new RangeError('no more calls');
    };
    const more = { next_cursor: 'one', numbers: [1] };
    const { asked, slices, ended } = reading([page(more), page(more)], { spendCall });
    await expect(ended).rejects.toThrow('no more calls');
    expect([numbers(slices), asked.length]).toEqual([[1], 1]);
  });

  it('hands on what it has before the rest of the page is there', async () => {
    const breathe = (): Promise<void> => Promise.resolve();
    const { clock, slices } = reading([pieces([`{"numbers":[${'1,'.repeat(400)}`], never)], { breathe });
    await clock.advance(10);
    expect(numbers(slices).length).toBeGreaterThanOrEqual(250);
  });

  it.each<[string, readonly (() => Response | Promise<Response>)[], string]>([
    [
      'a repeated cursor',
      [page({ numbers: [], next_cursor: 'a' }), page({ numbers: [], next_cursor: 'a' })],
      'again',
    ],
    ['more without a cursor', [page({ numbers: [], has_more: true })], 'no cursor to it'],
    ['a cursor that is none', [page({ numbers: [], next_cursor: 7 })], 'next_cursor or has_more'],
    [
      'a cursor without an end',
      [page({ numbers: [], next_cursor: 'x'.repeat(5000) })],
      'next_cursor or has_more',
    ],
    ['no list', [page({ other: [] })], 'no list "numbers"'],
    ['a page that is no JSON', [page('<html>')], 'ends too early'],
    ['half a page', [page('{"numbers":[1,2')], 'ends too early'],
    ['nothing', [page('')], 'ends too early'],
    ['an entry without an end', [page(`{"numbers":["${'x'.repeat(1_000_000)}"]}`)], 'larger than'],
    [
      'a page without an end',
      [pieces(Array<string>(20).fill(`{"a":1${' '.repeat(1_000_000)}`))],
      'larger than',
    ],
  ])('rejects with a PlatformError in words for %s', async (_name, answers, words) => {
    const { ended } = reading(answers);
    await expect(ended).rejects.toThrow(words);
    await expect(ended).rejects.toMatchObject({
      ...{ name: 'PlatformError', classification: { errorType: 'invalid_json' } },
      message: expect.stringMatching(/^GET \/numbers: invalid_json: /) as string,
    });
  });

  it('refuses a page of more than 16 MB, however small its entries', async () => {
    const entries = `${' '.repeat(1000)}1,`.repeat(500);
    const { ended } = reading([pieces(['{"numbers":[', ...Array<string>(40).fill(entries), '1]}'])]);
    await expect(ended).rejects.toThrow('the answer is larger than 16777216 bytes');
  });

  it('ends after the most pages that it may read', async () => {
    let at = 0;
    const more = (): Response =>
      new Response(JSON.stringify({ numbers: [at], next_cursor: `c${(at += 1)}` }));
    const { asked, slices, ended } = reading(Array<() => Response>(9).fill(more), { mostPages: 3 });
    await expect(ended).rejects.toBeInstanceOf(PageLimitError);
    expect([numbers(slices), asked.length]).toEqual([[0, 1, 2], 3]);
  });
});

describe('a page that does not come', () => {
  it.each<[string, () => Response | Promise<Response>, string]>([
    ['never begins', never, 'client_timeout'],
    ['stops in the middle', pieces(['{"numbers":[1'], never), 'client_timeout'],
    [
      'is cut off',
      pieces(['{"numbers":[1'], () => Promise.reject(new TypeError('terminated'))),
      'network_error',
    ],
    [
      'cannot be reached',
      () => Promise.reject(new TypeError('fetch failed', { cause: { code: 'ECONNRESET' } })),
      'network_error',
    ],
    ['is an error', page({ error: { type: 'server_error' } }, { status: 500 }), 'platform.server_error'],
    ['is a page of the load balancer', page('<html>', { status: 502 }), 'ingress_error'],
    [
      'is an error without an end',
      () => new Response(pieces(['{'], never)().body, { status: 503 }),
      'ingress_error',
    ],
    ['leads elsewhere', page(null, { status: 302, headers: { location: 'https://example.com' } }), '_OTHER'],
  ])('that %s is told by its cause, and leaves no timer behind', async (_name, answer, errorType) => {
    const { clock, asked, ended } = reading([answer]);
    await clock.advance(30_001);
    await expect(ended).rejects.toBeInstanceOf(PlatformError);
    await expect(ended).rejects.toMatchObject({ classification: { errorType } });
    expect(clock.pending).toBe(0);
    expect(asked[0]?.signal?.aborted).toBe(true);
  });

  it('ends as soon as the caller gives up', async () => {
    const controller = new AbortController();
    const { clock, ended } = reading([pieces(['{"numbers":[1'], never)], { signal: controller.signal });
    await clock.advance(10);
    controller.abort(new DOMException('stopping', 'AbortError'));
    await expect(ended).rejects.toMatchObject({ classification: { errorType: 'aborted' } });
    expect(clock.pending).toBe(0);
  });

  it.each<[string, Record<string, string>, number | undefined]>([
    ['x-ratelimit-reset', { 'x-ratelimit-reset': '17' }, 17],
    ['Retry-After', { 'retry-after': '42' }, 42],
    ['the longer of both', { 'retry-after': '17.5', 'x-ratelimit-reset': '5' }, 17.5],
    ['an hour at most', { 'retry-after': '86400' }, 3600],
    ['nothing where it is a date', { 'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT' }, undefined],
    ['nothing where it is negative', { 'retry-after': '-1', 'x-ratelimit-reset': '' }, undefined],
  ])('passes on how long to wait: %s', async (_name, headers, seconds) => {
    const body = { error: { type: 'rate_limited' } };
    const { ended } = reading([page(body, { status: 429, headers })]);
    await expect(ended).rejects.toMatchObject({
      ...{ retryAfterSeconds: seconds, classification: { errorType: 'platform.rate_limited' } },
    });
  });

  it('lets go of the connection when nobody reads on', async () => {
    const clock = new VirtualClock();
    let isCancelled = false;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new TextEncoder().encode(`{"numbers":[${'1,'.repeat(400)}`)),
      cancel: () => {
        isCancelled = true;
      },
    });
    const access = { clock, fetch: () => Promise.resolve(new Response(body)), falKey: () => undefined };
    const call = { path: '/numbers', query: {}, list: 'numbers', item: z.number(), key: undefined };
    const rest = { signal: new AbortController().signal, spendCall: () => undefined, mostPages: 1 };
    for await (const slice of platformPages(access, { ...call, ...rest })) {
      expect(slice.items.length).toBeGreaterThan(0);
      break;
    }
    expect([isCancelled, clock.pending]).toEqual([true, 0]);
  });
});
