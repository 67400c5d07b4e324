import { AsyncLocalStorage } from 'node:async_hooks';
import { FAKE_API_KEY, type Simulator, VirtualClock, createSimulator, defaultWorld } from 'fal-simulator';
import { describe, expect, it, vi } from 'vitest';
import { type PriceFetcher, type PriceFetcherOptions, createPriceFetcher } from './price-fetcher.ts';

const PAINT = 'fal-ai/flux/dev';
const FILM = 'fal-ai/kling-video/v2/standard/text-to-video';
const SECOND = 1000;
const HOUR = 3600 * SECOND;

interface Bench {
  readonly clock: VirtualClock;
  readonly simulator: Simulator;
  readonly fetcher: PriceFetcher;
  /** The endpoint ids of each call, in their order. */
  readonly calls: string[][];
  readonly warnings: string[];
}

/** A fetcher on the simulator's own clock; no chance, so that an hour is an hour. */
function bench(options: PriceFetcherOptions = {}, scenario?: string): Bench {
  const clock = new VirtualClock();
  const simulator = createSimulator({ clock, world: defaultWorld(), scenario });
  const calls: string[][] = [];
  const warnings: string[] = [];
  const inner = options.fetch ?? simulator.fetch;
  const fetcher = createPriceFetcher({
    key: () => FAKE_API_KEY,
    timers: clock,
    random: () => 0.5,
    log: { warn: (text) => warnings.push(text) },
    ...options,
    fetch: (input, init) => {
      const url = urlOf(input);
      expect(`${url.origin}${url.pathname}`).toBe('https://api.fal.ai/v1/models/pricing');
      calls.push(url.searchParams.getAll('endpoint_id'));
      return inner(input, init);
    },
  });
  return { clock, simulator, fetcher, calls, warnings };
}

/** A fetch that answers every call with this. */
function answering(make: (url: URL) => Response): typeof fetch {
  return (input) => Promise.resolve(make(urlOf(input)));
}

function urlOf(input: string | URL | Request): URL {
  return new URL(input instanceof Request ? input.url : input);
}

const listOf = (rows: unknown[], more: object = {}): Response => Response.json({ prices: rows, ...more });
const row = (id: string, unitPrice: unknown = 0.01): object => ({
  endpoint_id: id,
  unit_price: unitPrice,
  unit: 'images',
  currency: 'USD',
});

describe('fetched prices', () => {
  it('come a second after the first request, for all endpoints that were used meanwhile in one call', async () => {
    const { clock, fetcher, calls, warnings } = bench();
    fetcher.want(PAINT);
    await clock.advance(600);
    fetcher.want(FILM);
    fetcher.want(PAINT);
    expect(calls).toEqual([]);
    await clock.advance(400);
    expect(calls).toEqual([[PAINT, FILM]]);
    expect(fetcher.priceOf(PAINT)).toEqual({ unitPriceNano: 20_000_000, unit: 'megapixels' });
    expect(fetcher.priceOf(FILM)).toEqual({ unitPriceNano: 50_000_000, unit: 'seconds' });
    expect(warnings).toEqual([]);
  });

  it('are asked for again every hour, and follow a change', async () => {
    const { clock, simulator, fetcher, calls } = bench();
    fetcher.want(PAINT);
    await clock.advance(SECOND);
    Object.assign(simulator.world.endpoints.get(PAINT) ?? {}, { unitPriceNano: 25_000_000 });
    await clock.advance(HOUR - 1);
    expect(calls).toHaveLength(1);
    expect(fetcher.priceOf(PAINT)?.unitPriceNano).toBe(20_000_000);
    await clock.advance(1);
    expect(calls).toHaveLength(2);
    expect(fetcher.priceOf(PAINT)?.unitPriceNano).toBe(25_000_000);
    await clock.advance(24 * HOUR);
    expect(calls).toHaveLength(26);
  });

  it('of a new endpoint do not wait for the hour of the others', async () => {
    const { clock, fetcher, calls } = bench();
    fetcher.want(PAINT);
    await clock.advance(HOUR / 2);
    fetcher.want(FILM);
    await clock.advance(SECOND);
    expect(calls).toEqual([[PAINT], [FILM]]);
  });

  it('stay unknown for an endpoint without a price, and are forgotten when fal lists none any more', async () => {
    const { clock, simulator, fetcher } = bench();
    fetcher.want(PAINT);
    fetcher.want('acme/private');
    await clock.advance(SECOND);
    expect(fetcher.priceOf('acme/private')).toBeUndefined();
    expect(fetcher.priceOf('acme/never-used')).toBeUndefined();
    Object.assign(simulator.world.endpoints.get(PAINT) ?? {}, { unitPriceNano: undefined });
    await clock.advance(HOUR);
    expect(fetcher.priceOf(PAINT)).toBeUndefined();
  });

  it('are asked for fifty at a time, and never for more endpoints than agreed', async () => {
    const { clock, fetcher, calls } = bench({ maxEndpoints: 120 });
    for (let n = 0; n < 1000; n += 1) fetcher.want(`acme/model-${n}`);
    await clock.advance(10 * SECOND);
    expect(calls.map((ids) => ids.length)).toEqual([50, 50, 20]);
    expect(new Set(calls.flat()).size).toBe(120);
  });

  it('are not asked for what is no endpoint id', async () => {
    const { clock, fetcher, calls } = bench();
    for (const id of ['', 'storage', '_OTHER', 'a/b,c/d', 'https://x/y?z', 'a/b c', `a/${'b'.repeat(300)}`])
      fetcher.want(id);
    await clock.advance(HOUR);
    expect(calls).toEqual([]);
    expect(clock.pending).toBe(0);
  });

  it('are read from every page', async () => {
    const fetch = answering((url) =>
      url.searchParams.get('cursor') === null
        ? listOf([row('a/one')], { has_more: true, next_cursor: 'two' })
        : listOf([row('a/two')], { has_more: false, next_cursor: null }),
    );
    const { clock, fetcher, calls } = bench({ fetch });
    fetcher.want('a/one');
    fetcher.want('a/two');
    await clock.advance(SECOND);
    expect(calls).toHaveLength(2);
    expect(fetcher.priceOf('a/one')).toEqual(fetcher.priceOf('a/two'));
    expect(fetcher.priceOf('a/two')?.unitPriceNano).toBe(10_000_000);
  });

  it('are only what was asked for, in dollars, and a price', async () => {
    const rows = [
      row('a/good'),
      row('a/unasked'),
      row('a/negative', -1),
      row('a/text', '0.01'),
      { ...row('a/euro'), currency: 'EUR' },
      null,
      'a/good',
    ];
    const { clock, fetcher } = bench({ fetch: answering(() => listOf(rows)) });
    const ids = ['a/good', 'a/negative', 'a/text', 'a/euro'];
    for (const id of ids) fetcher.want(id);
    await clock.advance(SECOND);
    expect(ids.filter((id) => fetcher.priceOf(id) !== undefined)).toEqual(['a/good']);
    expect(fetcher.priceOf('a/unasked')).toBeUndefined();
  });
});

describe('when fal does not answer with prices', () => {
  it('an old price holds for a day and is unknown after that', async () => {
    const { clock, simulator, fetcher } = bench();
    fetcher.want(PAINT);
    await clock.advance(SECOND);
    simulator.applyScenario('platform-rate-limited');
    await clock.advance(24 * HOUR);
    expect(fetcher.priceOf(PAINT)?.unitPriceNano).toBe(20_000_000);
    await clock.advance(1);
    expect(fetcher.priceOf(PAINT)).toBeUndefined();
    simulator.applyScenario('healthy');
    await clock.advance(HOUR);
    expect(fetcher.priceOf(PAINT)?.unitPriceNano).toBe(20_000_000);
  });

  it('a rate limit is waited out as long as the answer says', async () => {
    const { clock, simulator, fetcher, calls, warnings } = bench({}, 'platform-rate-limited');
    await clock.advance(15 * SECOND);
    fetcher.want(PAINT);
    await clock.advance(SECOND);
    expect(calls).toHaveLength(1);
    simulator.applyScenario('healthy');
    await clock.advance(44 * SECOND - 1);
    expect(calls).toHaveLength(1);
    await clock.advance(1);
    expect(calls).toHaveLength(2);
    expect(fetcher.priceOf(PAINT)).toBeDefined();
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/expected 200 with prices, got HTTP 429.*Asking again in 44 s/s);
  });

  it('a rate limit that claims to be over at once is not asked in a loop', async () => {
    const reply = (): Response => Response.json({}, { status: 429, headers: { 'x-ratelimit-reset': '0' } });
    const { clock, fetcher, calls } = bench({ fetch: answering(reply) });
    fetcher.want(PAINT);
    await clock.advance(HOUR);
    expect(calls.length).toBeLessThan(15);
  });

  it('the pauses grow from half a minute to an hour, and one line is written for the whole outage', async () => {
    const at: number[] = [];
    const clockOf: { clock?: VirtualClock } = {};
    const fetch = answering(() => {
      at.push(clockOf.clock?.monotonic() ?? NaN);
      return new Response('<html>', { status: 502 });
    });
    const { clock, fetcher, warnings } = bench({ fetch });
    clockOf.clock = clock;
    fetcher.want(PAINT);
    await clock.advance(6 * HOUR);
    const pauses = at.slice(1).map((time, index) => (time - (at[index] ?? NaN)) / SECOND);
    expect(pauses.slice(0, 9)).toEqual([30, 60, 120, 240, 480, 960, 1920, 3600, 3600]);
    expect(warnings).toHaveLength(1);
  });

  it('a second outage is told again, and begins with the short pause', async () => {
    const { clock, simulator, fetcher, warnings } = bench();
    simulator.engine.breakWire({ fault: 'reset', hosts: ['api.fal.ai'], times: 3 });
    fetcher.want(PAINT);
    await clock.advance(HOUR / 2);
    expect(fetcher.priceOf(PAINT)).toBeDefined();
    simulator.engine.breakWire({ fault: 'reset', hosts: ['api.fal.ai'], times: 1 });
    await clock.advance(HOUR);
    expect(warnings).toHaveLength(2);
    expect(warnings[1]).toContain('Asking again in 30 s');
  });

  it.each([
    ['hang', 'no complete answer within 10 s'],
    ['hang-after-headers', 'no complete answer within 10 s'],
    ['reset', 'no answer \\(ECONNRESET\\)'],
    ['truncated-body', 'no answer'],
    ['malformed-json', 'an answer that is no price list'],
    ['null-body', 'an answer that is no price list'],
    ['empty-body', 'an answer that is no price list'],
    ['huge-body', 'an answer that is no price list'],
    ['slow-loris', 'no complete answer within 10 s'],
    ['ingress-html-503', 'HTTP 503'],
  ] as const)('%s costs the price and nothing else', async (fault, got) => {
    const { clock, simulator, fetcher, warnings } = bench();
    simulator.engine.breakWire({ fault, hosts: ['api.fal.ai'], times: 1 });
    fetcher.want(PAINT);
    await clock.advance(11 * SECOND);
    expect(fetcher.priceOf(PAINT)).toBeUndefined();
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(new RegExp(`got ${got}`));
    await clock.advance(31 * SECOND);
    expect(fetcher.priceOf(PAINT)?.unitPriceNano).toBe(20_000_000);
  });

  it('a fetch that ignores its signal is given up all the same', async () => {
    const { clock, fetcher, calls } = bench({ fetch: () => new Promise<Response>(() => undefined) });
    fetcher.want(PAINT);
    await clock.advance(HOUR);
    expect(calls.length).toBeGreaterThan(3);
  });

  it('an id that fal refuses spoils the price of no other, and is left alone for a day', async () => {
    const fetch = answering((url) => {
      const ids = url.searchParams.getAll('endpoint_id');
      return ids.includes('a/wrong') ? Response.json({}, { status: 404 }) : listOf(ids.map((id) => row(id)));
    });
    const { clock, fetcher, calls, warnings } = bench({ fetch });
    const good = Array.from({ length: 9 }, (_, n) => `a/model-${n}`);
    for (const id of [...good.slice(0, 4), 'a/wrong', ...good.slice(4)]) fetcher.want(id);
    await clock.advance(SECOND);
    for (const id of good) expect(fetcher.priceOf(id)).toBeDefined();
    expect(fetcher.priceOf('a/wrong')).toBeUndefined();
    const asked = calls.length;
    expect(asked).toBeLessThan(12);
    await clock.advance(23 * HOUR);
    expect(calls.slice(asked).flat()).not.toContain('a/wrong');
    await clock.advance(HOUR);
    expect(calls.slice(asked).flat()).toContain('a/wrong');
    expect(warnings).toEqual([]);
  });

  it('an app whose logger throws hears nothing, and fal is not asked in a loop', async () => {
    const unhandled = vi.fn();
    process.on('unhandledRejection', unhandled);
    const warn = (): never => {
      throw new Error('the logger of the app');
    };
    const fetch = answering(() => new Response(null, { status: 500 }));
    const { clock, fetcher, calls } = bench({ fetch, log: { warn } });
    fetcher.want(PAINT);
    await clock.advance(HOUR);
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
    expect(calls.length).toBeLessThan(5);
  });
});

describe('the key', () => {
  it('is read at each call, so that a rotated one is taken up', async () => {
    const env: Record<string, string> = {};
    const { clock, fetcher, calls, warnings } = bench({ key: undefined, env });
    fetcher.want(PAINT);
    await clock.advance(SECOND);
    expect(calls).toEqual([]);
    expect(warnings[0]).toMatch(/got no key\. Set FAL_KEY/);
    env.FAL_KEY = FAKE_API_KEY;
    await clock.advance(30 * SECOND);
    expect(fetcher.priceOf(PAINT)).toBeDefined();
  });

  it('is put together from its two halves', async () => {
    const [id, secret] = FAKE_API_KEY.split(':');
    const { clock, fetcher } = bench({ key: undefined, env: { FAL_KEY_ID: id, FAL_KEY_SECRET: secret } });
    fetcher.want(PAINT);
    await clock.advance(SECOND);
    expect(fetcher.priceOf(PAINT)).toBeDefined();
  });

  it('is in no log line, whatever goes wrong with it', async () => {
    const keys = ['wrong-id:wrong-secret', 'secret\nwith-a-line', 'sécret-ключ', ''];
    const throwing = (): never => {
      throw new Error('secret');
    };
    for (const key of [...keys.map((text) => () => text), throwing]) {
      const { clock, fetcher, warnings } = bench({ key });
      fetcher.want(PAINT);
      await clock.advance(SECOND);
      expect(warnings).toHaveLength(1);
      expect(warnings[0]).toMatch(/got (HTTP 401|no key)\. Set FAL_KEY/);
      expect(warnings[0]).not.toMatch(/secret|wrong-id/);
    }
  });

  it('is not in a log line when the error of the fetch quotes it', async () => {
    const fetch = (): Promise<Response> => Promise.reject(new TypeError(`bad header "Key ${FAKE_API_KEY}"`));
    const { clock, fetcher, warnings } = bench({ fetch });
    fetcher.want(PAINT);
    await clock.advance(SECOND);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).not.toContain('simulated-key');
  });

  it('does not follow a redirect to another host', async () => {
    const inits: (RequestInit | undefined)[] = [];
    const fetch: typeof globalThis.fetch = (_input, init) => {
      inits.push(init);
      return Promise.resolve(new Response(null, { status: 302, headers: { location: 'https://elsewhere' } }));
    };
    const { clock, fetcher, warnings } = bench({ fetch });
    fetcher.want(PAINT);
    await clock.advance(SECOND);
    expect(inits).toHaveLength(1);
    expect(inits[0]?.redirect).toBe('manual');
    expect(warnings[0]).toContain('HTTP 302');
  });
});

describe('the life of the fetcher', () => {
  it('begins with the first request: before it there is neither a call nor a timer', async () => {
    const { clock, calls } = bench();
    expect(clock.pending).toBe(0);
    await clock.advance(HOUR);
    expect(calls).toEqual([]);
  });

  it('ends with stop: no timer is left, a call in flight is given up, later requests start nothing', async () => {
    const signals: (AbortSignal | null | undefined)[] = [];
    const fetch: typeof globalThis.fetch = (_input, init) => {
      signals.push(init?.signal);
      return new Promise<Response>(() => undefined);
    };
    const { clock, fetcher, calls, warnings } = bench({ fetch });
    fetcher.want(PAINT);
    await clock.advance(SECOND);
    fetcher.stop();
    await clock.advance(0);
    expect(signals[0]?.aborted).toBe(true);
    expect(warnings).toEqual([]);
    fetcher.want(FILM);
    expect(clock.pending).toBe(0);
    await clock.advance(HOUR);
    expect(calls).toHaveLength(1);
  });

  it('keeps what it knew after stop', async () => {
    const { clock, fetcher } = bench();
    fetcher.want(PAINT);
    await clock.advance(SECOND);
    fetcher.stop();
    expect(clock.pending).toBe(0);
    expect(fetcher.priceOf(PAINT)).toBeDefined();
  });

  it('calls outside of the request that happened to start it', async () => {
    const request = new AsyncLocalStorage<string>();
    const seen: unknown[] = [];
    const fetch = answering(() => {
      seen.push(request.getStore());
      return listOf([]);
    });
    // The timers of Node carry the context of whoever set them; those of the virtual clock do not.
    let fire: (() => void) | undefined;
    const timers = {
      monotonic: () => 0,
      after: (_ms: number, callback: () => void) => {
        fire = AsyncLocalStorage.bind(callback);
        return () => undefined;
      },
    };
    const fetcher = createPriceFetcher({ fetch, timers, key: () => FAKE_API_KEY });
    request.run('a request of the app', () => fetcher.want(PAINT));
    fire?.();
    await Promise.resolve();
    expect(seen).toEqual([undefined]);
  });

  it('spreads the hours of many processes by a tenth', async () => {
    const { clock, fetcher, calls } = bench({ random: () => 0 });
    fetcher.want(PAINT);
    await clock.advance(SECOND + 0.95 * HOUR);
    expect(calls).toHaveLength(2);
  });
});
