import { beforeEach, describe, expect, it } from 'vitest';
import { HOUR, MINUTE, MoneyRig } from './test-money-rig.ts';

let rig: MoneyRig;

beforeEach(() => {
  rig = new MoneyRig();
});

/** Reads the balance every ten minutes, each time lower by `fall`. */
function fallFor(ms: number, { from, fall }: { readonly from: number; readonly fall: number }): number {
  let balance = from;
  rig.balance(balance);
  for (let passed = 0; passed < ms; passed += 10 * MINUTE) {
    rig.clock.advance(10 * MINUTE);
    rig.balance((balance -= fall));
  }
  return balance;
}

/** Reads the bill every ten minutes, each time with another request of `cost`. */
function billFor(ms: number, cost: number): void {
  for (let passed = 0; passed < ms; passed += 10 * MINUTE) {
    rig.bill(cost);
    rig.clock.advance(10 * MINUTE);
    rig.ran('billing-events');
  }
}

describe('top-ups', () => {
  it('are none at the first reading, whatever the balance is', () => {
    rig.balance(5_000);
    expect(rig.last('top_ups_observed')).toMatchObject({ account: 'team', total: 0 });
  });

  it('are what the balance rises by, and falls take nothing away', () => {
    for (const balance of [100, 80, 180, 170, 171]) rig.balance(balance);
    expect(rig.all('top_ups_observed').map(({ total }) => total)).toEqual([0, 0, 100, 100, 101]);
  });

  it('are seen across a restart, once', () => {
    rig.balance(100);
    rig.restart();
    rig.balance(150);
    rig.restart();
    rig.balance(150);
    expect(rig.last('top_ups_observed')?.total).toBe(50);
  });

  it('are told only when they are on disk, and found by the next reading otherwise', () => {
    rig.balance(100);
    rig.journal.isFull = true;
    rig.balance(150);
    rig.balance(150);
    expect(rig.all('top_ups_observed').map(({ total }) => total)).toEqual([0]);
    expect(rig.troubles).toEqual(['booking a balance failed, trying again']);
    rig.journal.isFull = false;
    rig.balance(150);
    expect(rig.last('top_ups_observed')?.total).toBe(50);
  });

  it('of another account are not ours', () => {
    rig.balance(100);
    rig.balance(900, { account: 'someone' });
    rig.balance(100);
    expect(rig.last('top_ups_observed')?.total).toBe(0);
    expect(rig.journal.readings).toHaveLength(2);
  });
});

describe('the burn rate', () => {
  it('is absent until half of its window was watched', () => {
    fallFor(20 * MINUTE, { from: 1_000, fall: 10 });
    expect(rig.last('money_observed')?.burnPerHour ?? {}).toEqual({});
    fallFor(10 * MINUTE, { from: 980, fall: 10 });
    expect(rig.last('money_observed')?.burnPerHour).toEqual({ '1h': 60 });
  });

  it('is known for the day after half a day', () => {
    fallFor(12 * HOUR, { from: 1_000_000, fall: 10 });
    expect(rig.last('money_observed')?.burnPerHour).toEqual({ '1h': 60, '24h': 60 });
  });

  it('is what was billed, where the balance is not read', () => {
    rig.books.cursor = { horizon: rig.clock.now() };
    billFor(HOUR, 10);
    expect(rig.last('money_observed')?.burnPerHour).toEqual({ '1h': 60 });
  });

  it('is divided by the time that billing is known for: it lags, and began when the books were opened', () => {
    rig.books.cursor = { horizon: rig.clock.now() };
    rig.bill(100);
    rig.clock.advance(40 * MINUTE);
    rig.bill(1);
    rig.clock.advance(10 * MINUTE);
    rig.ran('billing-events', { lagMs: 10 * MINUTE });
    expect(rig.last('money_observed')?.burnPerHour).toEqual({ '1h': 150 });
  });

  it('is what usage tells, where billing events cannot be read, and trusts events where they can', () => {
    rig.books.cursor = { horizon: rig.clock.now() };
    rig.bill(100);
    rig.clock.advance(40 * MINUTE);
    rig.bill(20);
    rig.clock.advance(10 * MINUTE);
    rig.ran('usage');
    expect(rig.last('money_observed')?.burnPerHour).toEqual({ '1h': 144 });
    rig.ran('billing-events', { lagMs: 10 * MINUTE });
    rig.clock.advance(15_000);
    expect(rig.last('money_observed')?.burnPerHour).toEqual({ '1h': 150 });
  });

  it('is the larger one: a top-up hides from the balance what was spent beside it', () => {
    rig.books.cursor = { horizon: rig.clock.now() };
    rig.balance(100);
    rig.clock.advance(30 * MINUTE);
    rig.bill(60);
    rig.clock.advance(30 * MINUTE);
    rig.balance(140);
    rig.ran('billing-events');
    rig.clock.advance(15_000);
    expect(rig.last('top_ups_observed')?.total).toBe(40);
    expect(rig.last('money_observed')?.burnPerHour['1h']).toBeCloseTo(60, 0);
  });

  it('is the larger one: the bill does not know what runs on no model', () => {
    rig.books.cursor = { horizon: rig.clock.now() };
    rig.clock.advance(30 * MINUTE);
    rig.balance(100);
    rig.bill(30);
    rig.clock.advance(30 * MINUTE);
    rig.ran('billing-events');
    rig.balance(20);
    rig.clock.advance(15_000);
    expect(rig.last('money_observed')?.burnPerHour).toEqual({ '1h': 160 });
  });

  it('does not move with the wall clock', () => {
    for (const step of [HOUR, -25 * HOUR, 40 * 24 * HOUR]) {
      rig = new MoneyRig();
      fallFor(30 * MINUTE, { from: 1_000, fall: 10 });
      rig.clock.step(step);
      fallFor(20 * MINUTE, { from: 970, fall: 10 });
      expect(rig.last('money_observed')?.burnPerHour).toEqual({ '1h': 60 });
      rig.stop();
    }
  });

  it('goes on after a restart, down time included', () => {
    const balance = fallFor(30 * MINUTE, { from: 1_000, fall: 10 });
    rig.stop();
    rig.clock.advance(20 * MINUTE);
    rig.restart();
    rig.balance(balance - 20);
    expect(rig.last('money_observed')?.burnPerHour).toEqual({ '1h': 60 });
  });

  it('forgets nothing and doubles nothing when the wall clock was set back between two processes', () => {
    const balance = fallFor(30 * MINUTE, { from: 1_000, fall: 10 });
    rig.clock.step(-40 * 24 * HOUR);
    rig.restart();
    fallFor(20 * MINUTE, { from: balance, fall: 10 });
    expect(rig.last('money_observed')?.burnPerHour).toEqual({ '1h': 60 });
  });
});

describe('the runway', () => {
  it('is the balance at the burn rate of the hour', () => {
    fallFor(HOUR, { from: 1_060, fall: 10 });
    expect(rig.last('money_observed')?.runwaySeconds).toBeCloseTo((1_000 / 60) * 3600);
  });

  it('takes the burn rate of the day where that of the hour is not known', () => {
    rig.balance(2_000, { intervalMs: 13 * HOUR });
    rig.clock.advance(13 * HOUR);
    rig.balance(1_000, { intervalMs: 13 * HOUR });
    expect(rig.last('money_observed')).toMatchObject({ burnPerHour: { '24h': Math.round(1_000 / 13) } });
    expect(rig.last('money_observed')?.runwaySeconds).toBeCloseTo((1_000 / 77) * 3600);
  });

  it('is 0 when the balance is used up, before any burn rate is known', () => {
    rig.balance(0);
    expect(rig.last('money_observed')).toMatchObject({ burnPerHour: {}, runwaySeconds: 0 });
    rig.clock.advance(MINUTE);
    rig.balance(-180);
    expect(rig.last('money_observed')?.runwaySeconds).toBe(0);
  });

  it('is absent while nothing is spent', () => {
    fallFor(HOUR, { from: 1_000, fall: 0 });
    expect(rig.last('money_observed')).toMatchObject({ burnPerHour: { '1h': 0 } });
    expect(rig.last('money_observed')?.runwaySeconds).toBeUndefined();
  });

  it('is absent where no balance is read, and after a restart until it was read again', () => {
    rig.books.cursor = { horizon: rig.clock.now() };
    billFor(HOUR, 10);
    expect(rig.last('money_observed')?.runwaySeconds).toBeUndefined();
    rig.balance(500);
    rig.clock.advance(15_000);
    expect(rig.last('money_observed')?.runwaySeconds).toBeGreaterThan(0);
    rig.restart();
    rig.ran('billing-events');
    expect(rig.last('money_observed')?.burnPerHour['1h']).toBeGreaterThan(0);
    expect(rig.last('money_observed')?.runwaySeconds).toBeUndefined();
  });

  it('goes when the balance is too old, without any event, and comes back with the next reading', () => {
    const balance = fallFor(HOUR, { from: 1_000, fall: 10 });
    rig.told.length = 0;
    rig.clock.advance(15 * MINUTE);
    expect(rig.all('money_observed')).toEqual([]);
    rig.clock.advance(MINUTE);
    expect(rig.all('money_observed')).toHaveLength(1);
    expect(rig.last('money_observed')).toMatchObject({ burnPerHour: {}, runwaySeconds: undefined });
    rig.ran('balance', { ok: false });
    rig.clock.advance(HOUR);
    expect(rig.all('money_observed')).toHaveLength(1);
    rig.balance(balance);
    rig.clock.advance(MINUTE);
    rig.balance(0);
    expect(rig.last('money_observed')?.runwaySeconds).toBe(0);
  });

  it('bears three slow readings, and no wall clock makes one old', () => {
    rig.balance(0, { intervalMs: 10 * MINUTE });
    rig.clock.step(40 * 24 * HOUR);
    rig.clock.advance(30 * MINUTE);
    expect(rig.last('money_observed')?.runwaySeconds).toBe(0);
    rig.clock.advance(MINUTE);
    expect(rig.last('money_observed')?.runwaySeconds).toBeUndefined();
  });
});

describe('the month and the drift', () => {
  it('tell what usage says of the month, while it says something', () => {
    rig.month = { amount: 700 };
    rig.ran('usage');
    expect(rig.last('money_observed')?.monthSpend).toBe(700);
    rig.month = undefined;
    rig.clock.advance(15_000);
    expect(rig.last('money_observed')).toMatchObject({ monthSpend: undefined });
  });

  it('compare what was billed in a day with list prices, where there are some', () => {
    rig.bill(1_000_000, { estimate: 1_000_000 });
    rig.clock.advance(24 * HOUR);
    rig.bill(80, { estimate: 100 });
    rig.bill(500);
    rig.clock.advance(MINUTE);
    rig.ran('billing-events');
    expect(rig.last('money_observed')?.costDrift).toBe(0.8);
  });

  it('compare nothing without list prices, and nothing that is no longer read', () => {
    rig.bill(500);
    rig.clock.advance(MINUTE);
    rig.ran('billing-events');
    expect(rig.last('money_observed')?.costDrift).toBeUndefined();
    rig.bill(80, { estimate: 100 });
    rig.clock.advance(MINUTE);
    rig.ran('billing-events');
    expect(rig.last('money_observed')?.costDrift).toBe(0.8);
    rig.clock.advance(16 * MINUTE);
    expect(rig.last('money_observed')?.costDrift).toBeUndefined();
  });
});

describe('waste', () => {
  beforeEach(() => {
    rig.probeIds.push('probe', 'failed-probe');
    rig.failedIds.push('failed', 'failed-probe');
    rig.bill(1, { requestId: 'probe' });
    rig.bill(2, { requestId: 'failed-probe' });
    rig.bill(4, { requestId: 'failed' });
    rig.bill(8, { requestId: 'good' });
    rig.clock.advance(MINUTE);
  });

  it('counts a probe that failed as a probe, so that the reasons add up', () => {
    rig.ran('request-history');
    rig.ran('billing-events');
    rig.clock.advance(MINUTE);
    expect(rig.last('waste_observed')).toMatchObject({ account: 'team', perDay: { probe: 3, failed: 4 } });
  });

  it('does not know failures of which nobody reads', () => {
    rig.ran('billing-events');
    expect(rig.last('waste_observed')?.perDay).toEqual({ probe: 3 });
  });

  it('is not known from usage, which has no request ids', () => {
    rig.ran('usage');
    rig.ran('request-history');
    rig.clock.advance(5 * MINUTE);
    expect(rig.all('waste_observed')).toEqual([]);
  });

  it('leaves with its source and with its day', () => {
    rig.ran('billing-events');
    rig.clock.advance(16 * MINUTE);
    expect(rig.last('waste_observed')?.perDay).toEqual({});
    rig.clock.advance(24 * HOUR);
    rig.ran('billing-events');
    rig.clock.advance(MINUTE);
    expect(rig.last('waste_observed')?.perDay).toEqual({ probe: 0 });
  });
});

describe('telling', () => {
  it('says nothing while nothing is known', () => {
    rig.ran('pricing');
    rig.clock.advance(HOUR);
    expect(rig.told).toEqual([]);
  });

  it('comes at most every 15 seconds, however much happens', () => {
    rig.books.cursor = { horizon: rig.clock.now() - HOUR };
    for (let second = 0; second < 60; second++) {
      rig.bill(10);
      rig.ran('billing-events');
      rig.ran('usage');
      rig.clock.advance(1_000);
    }
    const times = rig.all('money_observed').map(({ at }) => at);
    expect(times.length).toBeGreaterThanOrEqual(4);
    for (const [index, at] of times.slice(1).entries())
      expect(at - (times[index] ?? 0)).toBeGreaterThanOrEqual(15_000);
  });

  it('does not repeat what has not changed', () => {
    rig.balance(0);
    rig.clock.advance(10 * MINUTE);
    expect(rig.all('money_observed')).toHaveLength(1);
  });

  it('leaves out what broken books would know, says so once, and keeps the rest', () => {
    rig.books.cursor = { horizon: rig.clock.now() };
    rig.bill(10, { estimate: 10 });
    fallFor(HOUR, { from: 1_000, fall: 10 });
    rig.ran('billing-events');
    rig.clock.advance(15_000);
    expect(rig.last('money_observed')?.costDrift).toBe(1);
    rig.books.isBroken = true;
    rig.clock.advance(5 * MINUTE);
    expect(rig.last('money_observed')).toMatchObject({ burnPerHour: { '1h': 60 }, costDrift: undefined });
    expect(rig.troubles.toSorted()).toEqual([
      'adding up what was billed failed, trying again',
      'comparing what was billed with list prices failed, trying again',
    ]);
  });

  it('ends with its signal', () => {
    rig.balance(0);
    rig.stop();
    rig.told.length = 0;
    rig.balance(10);
    rig.clock.advance(HOUR);
    expect(rig.told).toEqual([]);
    expect(rig.journal.readings).toHaveLength(1);
  });
});
