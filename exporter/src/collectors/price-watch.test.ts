import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { UnitPrice } from '../domain/unit-price.ts';
import type { PriceMemory } from './price-memory.ts';
import { PriceWatch } from './price-watch.ts';

const [A, B] = ['acme/a', 'acme/b'] as const;
const NOON = Date.UTC(2026, 9, 1, 12);
const DAY_MS = 86_400_000;
const image = (price: number): UnitPrice => ({ unit: 'images', price });

type Usage = { readonly unit: string; readonly units: number } | undefined;

interface Rig {
  readonly memory: PriceMemory;
  readonly stored: Map<string, string>;
  /** A watch as a process sees it that has just started. */
  readonly start: (endpointIds?: readonly string[], account?: string) => PriceWatch;
  usage: Usage;
}

function rig(): Rig {
  const stored = new Map<string, string>();
  const memory = {
    get: (key: string) => stored.get(key),
    set: (key: string, value: string) => void stored.set(key, value),
  };
  const made: Rig = {
    ...{ memory, stored, usage: undefined },
    start: (endpointIds = [A, B], account = 'default') =>
      new PriceWatch({ memory, account, endpointIds, weeklyUnits: () => made.usage }),
  };
  return made;
}

function watchWith(memory: PriceMemory): PriceWatch {
  return new PriceWatch({ memory, account: 'default', endpointIds: [A], weeklyUnits: () => undefined });
}

/** fal answers about A alone: with this price, or with none. */
function observe(watch: PriceWatch, price: UnitPrice | undefined, at = NOON): void {
  watch.observe([A], { prices: price === undefined ? [] : [{ endpointId: A, price }], isWhole: true }, at);
}

describe('the price watch', () => {
  it('takes the first price for no change, and the same price again neither', () => {
    const watch = rig().start();
    observe(watch, image(5));
    observe(watch, image(5));
    expect(watch.changes(NOON)).toEqual([]);
  });

  it.each([
    ['raised', image(8)],
    ['lowered', image(3)],
    ['unit', { unit: 'megapixels', price: 5 }],
  ] as const)('sees that a price was %s', (move, to) => {
    const watch = rig().start();
    observe(watch, image(5));
    observe(watch, to, NOON + 1000);
    expect(watch.changes(NOON + 2000)).toEqual([
      { endpointId: A, move, from: image(5), to, seenAt: NOON + 1000, weeklyEffect: undefined },
    ]);
  });

  it('calls a price withdrawn after two proper answers in a row without it, once', () => {
    const watch = rig().start();
    observe(watch, image(5));
    observe(watch, undefined);
    expect(watch.changes(NOON)).toEqual([]);
    observe(watch, undefined, NOON + 1);
    observe(watch, undefined, NOON + 2);
    expect(watch.changes(NOON + 2)).toMatchObject([
      { endpointId: A, move: 'withdrawn', from: image(5), seenAt: NOON + 1 },
    ]);
    expect(watch.changes(NOON + 2)[0]?.to).toBeUndefined();
  });

  it('forgives a single answer without the price, an answer that was cut, and one that cannot be read', () => {
    const watch = rig().start();
    observe(watch, image(5));
    for (let time = 0; time < 5; time += 1) {
      observe(watch, undefined);
      observe(watch, image(5));
      watch.observe([A], { prices: [], isWhole: false }, NOON);
      watch.observe([A], { prices: [], isWhole: false }, NOON);
      watch.observe([A], { prices: [{ endpointId: A, price: undefined }], isWhole: true }, NOON);
    }
    expect(watch.changes(NOON)).toEqual([]);
  });

  it('says nothing of an endpoint with several prices at once', () => {
    const watch = rig().start();
    observe(watch, image(5));
    const prices = [image(9), image(5)].map((price) => ({ endpointId: A, price }));
    watch.observe([A], { prices, isWhole: true }, NOON);
    expect(watch.changes(NOON)).toEqual([]);
  });

  it('compares a price that comes back with what it was before it went', () => {
    const watch = rig().start();
    observe(watch, image(5));
    observe(watch, undefined);
    observe(watch, undefined);
    observe(watch, image(5));
    expect(watch.changes(NOON).map(({ move }) => move)).toEqual(['withdrawn']);
    observe(watch, image(6));
    expect(watch.changes(NOON)).toMatchObject([{ move: 'withdrawn' }, { move: 'raised', from: image(5) }]);
  });

  it('sees what changed while the exporter was down, and counts absences over a restart', () => {
    const { start } = rig();
    observe(start(), image(5));
    const second = start();
    observe(second, image(6));
    observe(second, undefined);
    const third = start();
    observe(third, undefined);
    expect(third.changes(NOON).map(({ move }) => move)).toEqual(['raised', 'withdrawn']);
    expect(start().changes(NOON)).toEqual(third.changes(NOON));
  });

  it('tells a change for seven days and then no more', () => {
    const { start } = rig();
    const watch = start();
    observe(watch, image(5));
    observe(watch, image(6), NOON);
    expect(watch.changes(NOON + 7 * DAY_MS - 1)).toHaveLength(1);
    expect(watch.changes(NOON + 7 * DAY_MS)).toEqual([]);
    expect(start().changes(NOON + 7 * DAY_MS)).toEqual([]);
  });

  it('keeps the prices of two accounts apart, and forgets an endpoint that is not configured', () => {
    const { start } = rig();
    observe(start(), image(5));
    const other = start([A], 'other');
    observe(other, image(6));
    expect(other.changes(NOON)).toEqual([]);
    const watch = start();
    observe(watch, image(6));
    expect(start([B]).changes(NOON)).toEqual([]);
  });

  it.each(['', 'null', '{"known":5}', '{"known":[],"changes":[{"move":"doubled"}]}', '[1,2'])(
    'starts anew from a memory that reads %j',
    (text) => {
      const { start, stored } = rig();
      observe(start(), image(5));
      for (const key of stored.keys()) stored.set(key, text);
      const watch = start();
      observe(watch, image(6));
      expect(watch.changes(NOON)).toEqual([]);
    },
  );

  it('writes what the memory refused as soon as it takes it', () => {
    const { stored, start, memory } = rig();
    let isFull = true;
    const set = (key: string, value: string): void => {
      if (isFull) throw new Error('disk full');
      memory.set(key, value);
    };
    const watch = watchWith({ get: (key) => memory.get(key), set });
    expect(() => observe(watch, image(5))).toThrow('disk full');
    expect(stored.size).toBe(0);
    isFull = false;
    observe(watch, image(5));
    const next = start();
    observe(next, image(6));
    expect(next.changes(NOON)).toHaveLength(1);
  });

  it('writes only when something is new', () => {
    const { memory } = rig();
    let writes = 0;
    const set = (): void => void (writes += 1);
    const watch = watchWith({ get: (key) => memory.get(key), set });
    for (const price of [5, 5, 5, 6, 6]) observe(watch, image(price));
    expect(writes).toBe(2);
  });
});

describe('the weekly effect of a price change', () => {
  function effect(from: UnitPrice, to: UnitPrice | undefined, usage: Usage): number | undefined {
    const one = rig();
    one.usage = usage;
    const watch = one.start();
    observe(watch, from);
    observe(watch, to);
    if (to === undefined) observe(watch, to);
    return watch.changes(NOON)[0]?.weeklyEffect;
  }

  it('is the difference times the units of the last seven days, below zero when it gets cheaper', () => {
    expect(effect(image(3_000_000), image(4_000_000), { unit: 'images', units: 1250 })).toBe(1.25e9);
    expect(effect(image(4_000_000), image(3_000_000), { unit: 'images', units: 1250 })).toBe(-1.25e9);
  });

  it('is exact where doubles are not', () => {
    expect(effect(image(0), image(3_000_000), { unit: 'images', units: 1.05 })).toBe(3_150_000);
    expect(effect(image(0), image(100), { unit: 'images', units: 1.005 })).toBe(101);
  });

  it('is zero for what nobody used, and never minus zero', () => {
    expect(effect(image(5), image(3), { unit: 'images', units: 0 })).toBe(0);
  });

  it('is unknown without usage, with usage in another unit, after a new unit, and for a withdrawn price', () => {
    expect(effect(image(5), image(6), undefined)).toBeUndefined();
    expect(effect(image(5), image(6), { unit: 'seconds', units: 10 })).toBeUndefined();
    expect(effect(image(5), { unit: 'seconds', price: 5 }, { unit: 'seconds', units: 10 })).toBeUndefined();
    expect(effect(image(5), undefined, { unit: 'images', units: 10 })).toBeUndefined();
  });

  it('is known as soon as the usage is', () => {
    const one = rig();
    const watch = one.start();
    observe(watch, image(5));
    observe(watch, image(7));
    expect(watch.changes(NOON)[0]?.weeklyEffect).toBeUndefined();
    one.usage = { unit: 'images', units: 10 };
    expect(watch.changes(NOON)[0]?.weeklyEffect).toBe(20);
  });

  it('of a way there and back is nothing, whatever was used', () => {
    const price = fc.integer({ min: 0, max: 1e9 });
    fc.assert(
      fc.property(price, price, fc.double({ min: 0, max: 1e5, noNaN: true }), (from, to, units) => {
        const one = rig();
        one.usage = { unit: 'images', units };
        const watch = one.start();
        for (const each of [from, to, from]) observe(watch, image(each));
        const effects = watch.changes(NOON).map(({ weeklyEffect }) => weeklyEffect ?? NaN);
        expect(effects.reduce((sum, each) => sum + each, 0)).toBe(0);
      }),
    );
  });
});
