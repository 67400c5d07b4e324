import type { LockReason } from 'opentelemetry-instrumentation-fal/core';
import { describe, expect, it } from 'vitest';
import { lockContradiction } from './lock-contradiction.ts';

const MARK = 5e9;

describe('the contradiction of a lock', () => {
  it.each<[LockReason, boolean]>([
    ['exhausted_balance', true],
    ['top_up', true],
    ['unknown', true],
    ['admin_lock', false],
    ['payment_method', false],
    ['user_budget', false],
    ['archived', false],
  ])('of the reason %s with money is %s', (reason, expected) => {
    expect(lockContradiction({ locked: true, reason }, 10e9, MARK)).toBe(expected);
    expect(lockContradiction({ locked: true, reason }, MARK, MARK)).toBe(false);
    expect(lockContradiction({ locked: true, reason }, MARK + 1, MARK)).toBe(expected);
    expect(lockContradiction({ locked: true, reason }, -1e9, MARK)).toBe(false);
    expect(lockContradiction({ locked: true, reason }, undefined, MARK)).toBeUndefined();
  });

  it('takes a lock without a reason for one of an unknown reason', () => {
    expect(lockContradiction({ locked: true }, 10e9, MARK)).toBe(true);
  });

  it('is none while the account is open, and unknown while nothing has shown that', () => {
    expect(lockContradiction({ locked: false }, 10e9, MARK)).toBe(false);
    expect(lockContradiction(undefined, 10e9, MARK)).toBeUndefined();
    expect(lockContradiction(undefined, undefined, MARK)).toBeUndefined();
  });
});
