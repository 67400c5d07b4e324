import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nanoFromUsd } from '../domain/money.ts';
import { clockTime, percent, roughly, span, unitPrice, usd, withoutOwner } from './words.ts';

describe('numbers in words', () => {
  it.each([
    [0, '0 ms'],
    [0.0846, '85 ms'],
    [0.0999, '0.10 s'],
    [0.349, '0.35 s'],
    [0.999, '1.0 s'],
    [2.44, '2.4 s'],
    [9.96, '10 s'],
    [59.4, '59 s'],
    [59.6, '1 min'],
    [200, '3 min 20 s'],
    [3599.7, '1 h'],
    [7500, '2 h 5 min'],
    [86_399, '1 d'],
    [273_600, '3 d 4 h'],
  ])('%d seconds are %s', (seconds, words) => {
    expect(span(seconds)).toBe(words);
  });

  it.each([
    [0, '$0.00'],
    [1, '$0.000000001'],
    [10_500, '$0.0000105'],
    [28e7, '$0.28'],
    [14e8, '$1.40'],
  ])('a unit price of %d nano-dollars is %s, with all of its digits', (nano, words) => {
    expect(unitPrice(nano)).toBe(words);
  });

  it('a span never shows sixty of a smaller unit', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e7, noNaN: true }), (seconds) => {
        expect(span(seconds)).toMatch(/^\d/);
        expect(span(seconds)).not.toMatch(/\b60 (s|min)\b|\b24 h\b|1000 ms/);
      }),
    );
  });

  it.each([
    [12_400, '12 s'],
    [59_700, '1 min'],
    [720_000, '12 min'],
    [3_590_000, '1 h'],
    [-5, '0 s'],
  ])('%d ms ago is roughly %s', (ms, words) => {
    expect(roughly(ms)).toBe(words);
  });

  it('a time of another day carries its date, and an impossible one is a dash', () => {
    const now = Date.UTC(2026, 10, 21, 14, 15);
    expect(clockTime(now - 720_000, now)).toBe('14:03 UTC');
    expect(clockTime(now - 86_400_000, now)).toBe('2026-11-20 14:15 UTC');
    expect(clockTime(Number.NaN, now)).toBe('–');
  });

  it.each([
    [0, '$0'],
    [0.003, '$0.003'],
    [0.00001, 'under $0.0001'],
    [0.1, '$0.10'],
    [0.95, '$0.95'],
    [47.42, '$47.42'],
    [20, '$20.00'],
    [-0.38, '−$0.38'],
  ])('%d dollars are %s', (dollars, words) => {
    expect(usd(nanoFromUsd(dollars))).toBe(words);
  });

  it('a ratio reads as none or all only when it is', () => {
    expect([0, 0.001, 0.2, 0.999, 1].map(percent)).toEqual(['0 %', '< 1 %', '20 %', 'over 99 %', '100 %']);
  });

  it('the owner of a model is left out, whatever the id looks like', () => {
    expect(withoutOwner('fal-ai/flux/schnell')).toBe('flux/schnell');
    expect(withoutOwner('strange')).toBe('strange');
  });
});
