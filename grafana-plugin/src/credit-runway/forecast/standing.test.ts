import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AccountReading, Lock } from '../account/account-reading.ts';
import { HOUR, line, NOON, reading } from '../account/test-reading.ts';
import { judge } from './judge.ts';
import type { Judged } from './standing.ts';

const LOCKED: Lock = { state: 'locked', reasons: ['top_up'], isContradiction: false };
const bar = { choice: 'both', own: undefined, end: NOON } as const;
const account = (
  name: string,
  balance: number,
  perHour?: number,
  more: Partial<AccountReading> = {},
): AccountReading =>
  reading({
    name,
    balance: line([balance]),
    burns: perHour === undefined ? [] : [{ window: '1h', perHour }],
    thresholds: { warning: 20, critical: 5 },
    ...more,
  });
const names = (accounts: readonly Judged[]): string[] => accounts.map(({ reading: { name } }) => name);
const standing = (known: AccountReading): string | undefined => judge([known], bar)[0]?.standing;

describe('how an account stands', () => {
  it('follows lock, balance, thresholds and runway', () => {
    expect(standing(account('a', 100, 1, { lock: LOCKED }))).toBe('locked');
    expect(standing(account('a', 0, 1))).toBe('used_up');
    expect(standing(account('a', 4.99, 0.001))).toBe('critical');
    expect(standing(account('a', 100, 20))).toBe('critical');
    expect(standing(account('a', 19.99, 0.001))).toBe('warning');
    expect(standing(account('a', 100, 5))).toBe('warning');
    expect(standing(account('a', 100, 1))).toBe('well');
    expect(standing(reading({ name: 'a' }))).toBe('unknown');
  });

  it('is unknown with an old balance, but low when that was low', () => {
    expect(standing(account('a', 100, 1, { balance: line([100], NOON - HOUR) }))).toBe('unknown');
    expect(standing(account('a', 4, 1, { balance: line([4], NOON - HOUR) }))).toBe('critical');
  });

  it('is held against the thresholds that were chosen', () => {
    expect(judge([account('a', 19, 0.01)], { ...bar, choice: 'critical' })[0]?.standing).toBe('well');
    expect(judge([account('a', 19, 0.01)], { ...bar, own: { critical: 30 } })[0]?.standing).toBe('critical');
  });
});

describe('the order of accounts', () => {
  const accounts = [
    account('well for long', 100, 1),
    account('nothing spent', 50, 0),
    account('short', 100, 30),
    account('locked', 100, 1, { lock: LOCKED }),
    account('used up', -1, 1),
    account('low, nothing spent', 4, 0),
    account('old', 60, 1, { balance: line([60], NOON - HOUR) }),
  ];

  it('is worst first', () => {
    expect(names(judge(accounts, bar))).toEqual([
      'locked',
      'used up',
      'short',
      'well for long',
      'low, nothing spent',
      'old',
      'nothing spent',
    ]);
  });

  it('does not depend on the order in which the queries answer', () => {
    const expected = names(judge(accounts, bar));
    fc.assert(
      fc.property(fc.shuffledSubarray(accounts, { minLength: accounts.length }), (shuffled) => {
        expect(names(judge(shuffled, bar))).toEqual(expected);
      }),
    );
  });

  it('puts no account before one whose money ends sooner', () => {
    const some = fc.array(fc.tuple(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 100 })), {
      maxLength: 20,
    });
    fc.assert(
      fc.property(some, (pairs) => {
        const judged = judge(
          pairs.map(([balance, perHour], index) => account(String(index), balance, perHour)),
          bar,
        );
        const ends = judged.map(({ outlook }) => outlook.empty?.earliest ?? Infinity);
        expect(ends).toEqual([...ends].sort((a, b) => a - b));
      }),
    );
  });
});
