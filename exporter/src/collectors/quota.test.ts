import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CallQuota, QuotaError } from './quota.ts';

const HOUR_MS = 3_600_000;

interface Rig {
  readonly quota: CallQuota;
  readonly time: { now: number };
}

function rig(): Rig {
  const time = { now: 5_000 };
  return { time, quota: new CallQuota({ collector: 'balance', clock: { monotonic: () => time.now } }) };
}

/** The error of a call that is refused; undefined when it was made. */
function refusal({ quota }: Rig, limit: number): QuotaError | undefined {
  try {
    quota.spend(limit);
    return undefined;
  } catch (error) {
    if (error instanceof QuotaError) return error;
    throw error;
  }
}

describe('the quota of a collector', () => {
  it('never allows more calls than its limit in any 3600 seconds, whatever the pace and the limits', () => {
    const step = fc.record({
      pauseMs: fc.oneof(fc.nat(1000), fc.nat(HOUR_MS), fc.constantFrom(0, HOUR_MS - 1, HOUR_MS, HOUR_MS + 1)),
      burst: fc.nat(12),
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 }), fc.array(step, { maxLength: 60 }), (limit, steps) => {
        const own = rig();
        const made: number[] = [];
        for (const { pauseMs, burst } of steps) {
          own.time.now += pauseMs;
          for (let call = 0; call < burst; call++) {
            if (refusal(own, limit) === undefined) made.push(own.time.now);
          }
        }
        for (const start of made) {
          const inWindow = made.filter((at) => at >= start && at < start + HOUR_MS);
          expect(inWindow.length).toBeLessThanOrEqual(limit);
        }
        expect(own.quota.spent).toBe(made.length);
      }),
    );
  });

  it('says when the next call is possible, and then it is, and not before', () => {
    const pauses = fc.array(fc.nat(HOUR_MS / 4), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 1, max: 8 }),
        pauses,
        (before, now, all) => {
          const own = rig();
          for (const pauseMs of all) {
            own.time.now += pauseMs;
            refusal(own, before);
          }
          const error = refusal(own, now);
          if (error === undefined) return;
          const waitMs = error.retryAfterSeconds * 1000;
          own.time.now += waitMs - 1;
          expect(refusal(own, now)).toBeInstanceOf(QuotaError);
          own.time.now += 1;
          expect(refusal(own, now)).toBeUndefined();
        },
      ),
    );
  });

  it('takes up the whole limit at once, and again an hour later', () => {
    const own = rig();
    for (let round = 1; round <= 3; round++) {
      for (let call = 0; call < 5; call++) expect(refusal(own, 5)).toBeUndefined();
      expect(refusal(own, 5)).toBeInstanceOf(QuotaError);
      own.time.now += HOUR_MS;
    }
    expect(own.quota.spent).toBe(15);
  });

  it('obeys a limit that was raised or lowered in between, and forgets no call', () => {
    const own = rig();
    for (let call = 0; call < 4; call++) {
      own.quota.spend(4);
      own.time.now += 60_000;
    }
    own.quota.spend(6);
    expect(refusal(own, 2)?.retryAfterSeconds).toBe(3600 - 60);
    expect(refusal(own, 6)).toBeUndefined();
    expect(refusal(own, 6)).toBeInstanceOf(QuotaError);
  });

  it('tells collector, limit, time and remedy in words', () => {
    const own = rig();
    for (let call = 0; call < 120; call++) own.quota.spend(120);
    own.time.now += 200_000;
    expect(refusal(own, 120)?.message).toBe(
      'balance: all 120 calls of this hour are made, the next is possible in 56 min 40 s; more are allowed by ' +
        'calls_per_hour',
    );
    expect(refusal(own, 1)?.message).toContain('the only call of this hour is made, the next');
  });
});
