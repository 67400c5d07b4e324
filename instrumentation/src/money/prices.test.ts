import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { nanoPriceOf } from './nano-usd.ts';
import { createPriceList } from './prices.ts';

describe('a price in whole nano-dollars', () => {
  it.each([
    [0.003, 3_000_000],
    [0, 0],
    [-0, 0],
    [1.5e-7, 150],
    [1e-9, 1],
    [1.009e-9, 1],
    [2.5, 2_500_000_000],
    [9_007_199, 9_007_199_000_000_000],
  ])('%d USD is %d', (usd, nano) => {
    expect(nanoPriceOf(usd)).toBe(nano);
  });

  it.each([[-1], [NaN], [Infinity], [-Infinity], ['0.003'], [null], [undefined], [1e7], [{}], [1n]])(
    '%s is no price',
    (usd) => {
      expect(nanoPriceOf(usd)).toBeUndefined();
    },
  );

  it('is unknown rather than free or far off where nano-dollars are too coarse', () => {
    for (const usd of [1e-10, 4e-10, 1.5e-9, 2.4e-9]) expect(nanoPriceOf(usd)).toBeUndefined();
  });

  it('is never off by more than a hundredth', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 10_000, noNaN: true }), (usd) => {
        const nano = nanoPriceOf(usd);
        if (nano === undefined) expect(usd).toBeLessThan(5.1e-8);
        else expect(Math.abs(nano / 1e9 - usd)).toBeLessThanOrEqual(usd * 0.0101);
      }),
    );
  });
});

describe('the price list', () => {
  it('takes a number of dollars, or an object that names the unit', () => {
    const log = { warn: vi.fn() };
    const prices = { 'acme/paint': 0.02, 'acme/film': { unitPriceUsd: 0.05, unit: ' seconds ' } };
    const list = createPriceList({ prices, log });
    expect(list.priceOf('acme/paint')).toEqual({ unitPriceNano: 20_000_000 });
    expect(list.priceOf('acme/film')).toEqual({ unitPriceNano: 50_000_000, unit: 'seconds' });
    expect(list.priceOf('acme/song')).toBeUndefined();
    expect(list.priceOf('constructor')).toBeUndefined();
    expect(log.warn).not.toHaveBeenCalled();
  });

  it('prefers what the app says to what was fetched, and takes the name of the unit from there', () => {
    const fetched = (id: string): { unitPriceNano: number; unit: string } | undefined =>
      id === 'acme/none' ? undefined : { unitPriceNano: 7, unit: 'images' };
    const prices = {
      'acme/paint': 0.02,
      'acme/film': { unitPriceUsd: 0.05, unit: 'seconds' },
      'acme/none': 1,
    };
    const list = createPriceList({ prices, fetched });
    expect(list.priceOf('acme/paint')).toEqual({ unitPriceNano: 20_000_000, unit: 'images' });
    expect(list.priceOf('acme/film')).toEqual({ unitPriceNano: 50_000_000, unit: 'seconds' });
    expect(list.priceOf('acme/none')).toEqual({ unitPriceNano: 1_000_000_000 });
    expect(list.priceOf('acme/song')).toEqual({ unitPriceNano: 7, unit: 'images' });
  });

  it('refuses what is no price with one warning that names all of it, and keeps the rest', () => {
    const log = { warn: vi.fn<(text: string) => void>() };
    const prices = {
      'a/negative': -1,
      'a/nan': NaN,
      'a/infinite': { unitPriceUsd: Infinity },
      'a/text': '0.02',
      'a/empty': {},
      'a/null': null,
      'a/tiny': 1e-12,
      'a/good': 0.02,
    } as unknown as Record<string, number>;
    const list = createPriceList({ prices, log });
    expect(log.warn).toHaveBeenCalledTimes(1);
    const [text] = log.warn.mock.calls[0] ?? [''];
    const bad = Object.keys(prices).filter((id) => id !== 'a/good');
    for (const id of bad) {
      expect(text).toContain(id);
      expect(list.priceOf(id)).toBeUndefined();
    }
    expect(text).toMatch(/-1.*NaN.*Infinity.*a string.*expected a number of dollars per unit/s);
    expect(text).not.toContain('a/good');
    expect(list.priceOf('a/good')).toEqual({ unitPriceNano: 20_000_000 });
  });

  it('survives an option that is no map, and a unit that is no name', () => {
    const given = null as unknown as Record<string, number>;
    expect(createPriceList({ prices: given }).priceOf('a/b')).toBeUndefined();
    const odd = { 'a/b': { unitPriceUsd: 1, unit: 7 } } as unknown as Record<string, number>;
    expect(createPriceList({ prices: odd }).priceOf('a/b')).toEqual({ unitPriceNano: 1_000_000_000 });
  });
});
