import { describe, expect, it } from 'vitest';
import type { AccountReading, Lock } from '../account/account-reading.ts';
import { line, NOON, reading } from '../account/test-reading.ts';
import { isContradiction } from './contradiction.ts';
import { outlookOf } from './outlook.ts';

const locked = (reason: string, said?: boolean): Lock => ({
  state: 'locked',
  reasons: [reason],
  isContradiction: said,
});
const contradicts = (known: Partial<AccountReading>, end = NOON): boolean => {
  const account = reading({ balance: line([37]), ...known });
  return isContradiction(account, outlookOf(account, end));
};

describe('a lock with money on the account', () => {
  it('is what the exporter says it is', () => {
    expect(contradicts({ lock: locked('exhausted_balance', true) })).toBe(true);
    expect(contradicts({ lock: locked('exhausted_balance', false) })).toBe(false);
  });

  it('is seen without the exporter saying so', () => {
    expect(contradicts({ lock: locked('top_up') })).toBe(true);
    expect(contradicts({ lock: { state: 'locked', reasons: [], isContradiction: undefined } })).toBe(true);
  });

  it('is none when money is not what fal wants', () => {
    expect(contradicts({ lock: locked('user_budget') })).toBe(false);
  });

  it('is none below the critical mark, without money, with an old balance, and without a lock', () => {
    expect(contradicts({ lock: locked('top_up'), thresholds: { critical: 37 } })).toBe(false);
    expect(contradicts({ lock: locked('top_up', true), balance: line([0]) })).toBe(false);
    expect(contradicts({ lock: locked('top_up', true), balance: line([]) })).toBe(false);
    expect(contradicts({ lock: locked('top_up') }, NOON + 3_600_000)).toBe(false);
    expect(contradicts({})).toBe(false);
  });
});
