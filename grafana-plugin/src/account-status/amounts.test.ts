import { describe, expect, it } from 'vitest';
import { account, model } from './evidence.builder.ts';
import { dollars, moneyFacts } from './amounts.ts';
import { modelWords } from './model-words.ts';

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

describe('modelWords', () => {
  it('shows a dash for what is not known, and says that no request finished', () => {
    const words = modelWords(
      model('m', { errorRatio: undefined, p95: undefined, source: undefined, verdict: undefined }),
    );
    expect(words).toEqual({
      ...{ verdict: 'Not probed', errorRatio: '–', p95: '–', isSlow: false, source: 'no completed requests' },
    });
  });

  it.each([
    [0, '0 %'],
    [0.004, '< 1 %'],
    [0.051, '5 %'],
    [0.996, '> 99 %'],
    [1, '100 %'],
  ])('never rounds %d to none or all', (errorRatio, words) => {
    expect(modelWords(model('m', { errorRatio })).errorRatio).toBe(words);
  });

  it('says when the P95 is over the limit of the model', () => {
    expect(modelWords(model('m', { p95: 60 })).isSlow).toBe(false);
    expect(modelWords(model('m', { p95: 61 }))).toMatchObject({ isSlow: true, p95: '1 min 1 s' });
    expect(modelWords(model('m', { p95: 61, limit: undefined })).isSlow).toBe(false);
  });
});
