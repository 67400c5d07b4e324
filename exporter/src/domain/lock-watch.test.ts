import fc from 'fast-check';
import type { LockReason } from 'opentelemetry-instrumentation-fal/core';
import { beforeEach, describe, expect, it } from 'vitest';
import type { AccountLockObserved, LockWitness } from './events.ts';
import { type LockWatch, createLockWatch } from './lock-watch.ts';

const WEAK: readonly LockWitness[] = ['read', 'upload'];
const MINUTE = 60_000;

let time: number;
let watch: LockWatch;

beforeEach(() => {
  time = 1_000_000;
  watch = createLockWatch({ monotonic: () => time });
});

function refused(witness?: LockWitness, reason: LockReason = 'top_up'): AccountLockObserved | undefined {
  return watch.observe({ kind: 'account_lock_observed', at: 0, account: 'a', locked: true, reason, witness });
}

function accepted(witness?: LockWitness, askedMsAgo = 0): AccountLockObserved | undefined {
  const event = { kind: 'account_lock_observed', at: 0, account: 'a', locked: false } as const;
  return watch.observe({ ...event, witness, askedMsAgo });
}

describe('the watch over a lock', () => {
  it('knows nothing before anybody was refused, or let in with a billable call', () => {
    expect(watch.isLocked('a')).toBeUndefined();
    for (const witness of WEAK) expect(accepted(witness)).toBeUndefined();
    expect(watch.isLocked('a')).toBeUndefined();
    expect(accepted('call')).toMatchObject({ locked: false });
    expect(watch.isLocked('a')).toBe(false);
  });

  it.each(['call', ...WEAK] as const)('tells a refused %s, and its end by the same witness', (witness) => {
    expect(refused(witness)).toMatchObject({ locked: true, reason: 'top_up' });
    expect(watch.isLocked('a')).toBe(true);
    time += MINUTE;
    expect(accepted(witness)).toMatchObject({ locked: false });
    expect(watch.isLocked('a')).toBe(false);
  });

  it.each(WEAK)('lets an accepted %s end no lock that it has not seen', (witness) => {
    refused('call');
    time += MINUTE;
    expect(accepted(witness)).toBeUndefined();
    expect(watch.isLocked('a')).toBe(true);
  });

  it.each(WEAK)('lets an accepted %s end the lock of a call that it was refused by, too', (witness) => {
    refused('call');
    refused(witness);
    time += MINUTE;
    expect(accepted(witness)).toMatchObject({ locked: false });
  });

  it('takes a sighting by the next lock for none: the old one is over', () => {
    refused('upload');
    time += MINUTE;
    accepted('upload');
    refused('call');
    time += MINUTE;
    expect(accepted('upload')).toBeUndefined();
    expect(watch.isLocked('a')).toBe(true);
  });

  it('lets an accepted call end every lock', () => {
    for (const witness of ['call', ...WEAK] as const) refused(witness);
    time += MINUTE;
    expect(accepted()).toMatchObject({ locked: false });
  });

  it.each(['call', ...WEAK] as const)('lets a %s that was asked before the lock end nothing', (witness) => {
    refused('call');
    refused(witness);
    time += MINUTE;
    expect(accepted(witness, MINUTE + 1)).toBeUndefined();
    expect(watch.isLocked('a')).toBe(true);
    expect(accepted(witness, MINUTE - 1)).toMatchObject({ locked: false });
  });

  it('keeps the reason that one witness was told when another is told none', () => {
    expect(refused('call', 'admin_lock')).toMatchObject({ reason: 'admin_lock' });
    time += 1;
    expect(refused('upload', 'unknown')).toMatchObject({ reason: 'admin_lock' });
    time += 1;
    expect(refused('upload', 'archived')).toMatchObject({ reason: 'archived' });
  });

  it('forgets the reasons of a lock that is over', () => {
    refused('call', 'admin_lock');
    time += 1;
    accepted('call');
    expect(refused('call', 'unknown')).toMatchObject({ reason: 'unknown' });
  });

  it('takes one account for one account', () => {
    refused('call');
    expect(watch.isLocked('b')).toBeUndefined();
    time += 1;
    watch.observe({ kind: 'account_lock_observed', at: 0, account: 'b', locked: false });
    expect(watch.isLocked('a')).toBe(true);
    expect(watch.isLocked('b')).toBe(false);
  });
});

interface Step {
  readonly locked: boolean;
  readonly witness: LockWitness;
  readonly askedMsAgo: number;
  readonly pause: number;
}

const steps = fc.array(
  fc.record({
    locked: fc.boolean(),
    witness: fc.constantFrom<LockWitness>('call', 'read', 'upload'),
    askedMsAgo: fc.nat(3 * MINUTE),
    pause: fc.integer({ min: 1, max: MINUTE }),
  }),
  { maxLength: 30 },
);

/** The rules once more, told over the whole past instead of a memory. */
function isLockedAfter(past: readonly (Step & { readonly at: number })[]): boolean | undefined {
  let state: boolean | undefined;
  let began = 0;
  for (const [index, { locked, witness, askedMsAgo, at }] of past.entries()) {
    const refusals = past.slice(began, index).filter((step) => step.locked);
    const isLater = refusals.every((refusal) => refusal.at <= at - askedMsAgo);
    const hasSeenIt = refusals.some((refusal) => refusal.witness === witness);
    if (locked) state = true;
    else if (witness === 'call' ? isLater : refusals.length > 0 && isLater && hasSeenIt) {
      state = false;
      began = index;
    }
  }
  return state;
}

describe('for any witnesses in any order', () => {
  it('the account is locked exactly while the rules say so, and every change is told', () => {
    fc.assert(
      fc.property(steps, (plan) => {
        time = 1_000_000;
        watch = createLockWatch({ monotonic: () => time });
        const past: (Step & { at: number })[] = [];
        let told: boolean | undefined;
        for (const step of plan) {
          time += step.pause;
          past.push({ ...step, at: time });
          const { locked, witness, askedMsAgo } = step;
          const event = { kind: 'account_lock_observed', at: 0, account: 'a' } as const;
          told = watch.observe({ ...event, locked, witness, askedMsAgo })?.locked ?? told;
          expect(watch.isLocked('a')).toBe(isLockedAfter(past));
          expect(told).toBe(isLockedAfter(past));
        }
      }),
    );
  });
});
