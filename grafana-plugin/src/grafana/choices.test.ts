import { describe, expect, it } from 'vitest';
import { choicesOf, severalOf } from './choices.ts';

describe('the choices of an editor', () => {
  it('are all values by their labels, in the order in which they are written', () => {
    expect(choicesOf<'auto' | '24h' | '7d'>({ auto: 'Auto', '24h': '24 h', '7d': '7 d' }).options).toEqual([
      { value: 'auto', label: 'Auto' },
      { value: '24h', label: '24 h' },
      { value: '7d', label: '7 d' },
    ]);
  });

  it('are the values that a list may have, each by its label', () => {
    expect(severalOf([0.95, 'mean'], (value) => `row ${value}`).options).toEqual([
      { value: 0.95, label: 'row 0.95' },
      { value: 'mean', label: 'row mean' },
    ]);
  });
});
