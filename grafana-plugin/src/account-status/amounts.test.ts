import { describe, expect, it } from 'vitest';
import { account } from './evidence.builder.ts';
import { dollars, moneyFacts } from './amounts.ts';

describe('dollars', () => {
  it.each([
    [0, '$0'],
    [1234.5, '$1234.50'],
    [0.25, '$0.25'],
    [0.0123, '$0.0123'],
    [0.00001, '<$0.0001'],
    [-3, '−$3.00'],
  ])('writes %d as %s', (amount, words) => expect(dollars(amount)).toBe(words));
});

describe('moneyFacts', () => {
  const { money } = account();
  const words = (rest: Partial<typeof money>): string[] =>
    moneyFacts({ ...money, ...rest }).map((fact) => fact.words);

  it('says what unknown money needs', () => {
    expect(new Set(words({}))).toEqual(new Set(['not known: needs a key with ADMIN scope']));
  });

  it('says how old an old balance is', () => {
    expect(words({ balance: 3, age: 7200 })[0]).toBe('$3.00, read 2 h ago');
    expect(words({ balance: 3, age: undefined })[0]).toBe('$3.00, nobody knows how old');
    expect(words({ balance: 3, age: 5, isFresh: true })[0]).toBe('$3.00');
  });

  it('says of every window how much per hour', () => {
    const burns = [
      { window: '1h', perHour: 1.5 },
      { window: '24h', perHour: 0.5 },
    ];
    expect(words({ burns, runway: 86_400 }).slice(1)).toEqual([
      '$1.50 per hour (last 1h), $0.50 per hour (last 24h)',
      '1 d at the present rate',
    ]);
    expect(words({ burns })[2]).toBe('nothing is spent');
    expect(words({ burns, runway: 0 })[2]).toBe('used up');
  });
});
