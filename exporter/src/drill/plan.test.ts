import { describe, expect, it } from 'vitest';
import { allArriveWithin, allEndWithin, planAlerts, shippedTimes } from './plan.ts';

const expectation = { alert: 'FalErrorRateCritical', holdsAfterSeconds: 30, clearsAfterSeconds: 105 };

describe('the times of an expected alert', () => {
  it('add up to the window, `for`, a scrape, an evaluation, group_wait and the delivery, rounded up', () => {
    // 30 + 120 + 15 + 15 = 180; + 10 + 5 = 195; 105 + 300 + 15 + 15 = 435.
    expect(planAlerts([expectation])).toEqual([
      {
        ...{ alert: 'FalErrorRateCritical', severity: 'critical', heldBackBy: [] },
        ...{ firesWithinSeconds: 180, arrivesWithinSeconds: 195, endsWithinSeconds: 435 },
      },
    ]);
  });

  it('follow the rules that are in force where they differ from those shipped', () => {
    const times = {
      severity: 'warning',
      forSeconds: 600,
      keepFiringForSeconds: 0,
      evaluationSeconds: 60,
    } as const;
    expect(planAlerts([expectation], new Map([['FalErrorRateCritical', times]]))).toMatchObject([
      { severity: 'warning', firesWithinSeconds: 705, arrivesWithinSeconds: 750, endsWithinSeconds: 180 },
    ]);
  });

  it('come from the shipped pack for an alert that is not loaded', () => {
    expect(planAlerts([expectation], new Map())).toEqual(planAlerts([expectation]));
  });

  it('do not exist for an alert that nobody knows', () => {
    expect(() => planAlerts([{ ...expectation, alert: 'FalNonsense' }])).toThrow(/FalNonsense/);
  });

  it('of all together are those of the slowest', () => {
    const slow = { ...expectation, alert: 'FalLockBalanceMismatch' };
    expect(allArriveWithin(planAlerts([expectation, slow]))).toBe(705);
    expect(allEndWithin(planAlerts([expectation, slow]))).toBe(435);
    expect([allArriveWithin([]), allEndWithin([])]).toEqual([0, 0]);
  });

  it('are known for every alert that is switched on', () => {
    expect(shippedTimes().get('FalAccountLocked')).toEqual({
      ...{ severity: 'critical', forSeconds: 60, keepFiringForSeconds: 600, evaluationSeconds: 15 },
    });
  });
});
