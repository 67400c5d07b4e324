import { describe, expect, it } from 'vitest';
import type { AccountReading } from '../account/account-reading.ts';
import { HOUR, line, MINUTE, NOON, reading } from '../account/test-reading.ts';
import { endOfKnown, hasFutureSamples, hoursLeft, outlookOf } from './outlook.ts';

const burns = [
  { window: '1h', perHour: 2 },
  { window: '24h', perHour: 1 },
];
const spending = (known: Partial<AccountReading> = {}): AccountReading =>
  reading({ balance: line([32, 31, 30]), burns, ...known });
const why = (known: Partial<AccountReading>): string | undefined => outlookOf(spending(known), NOON).why;

describe('the outlook of an account', () => {
  it('starts at the last sample and spans the rates of the windows', () => {
    const outlook = outlookOf(spending(), NOON + MINUTE);
    expect(outlook.forecast).toEqual({ start: { time: NOON, value: 30 }, slow: 1, fast: 2 });
    expect(outlook.empty).toEqual({ earliest: NOON + 15 * HOUR, latest: NOON + 30 * HOUR });
    expect(outlook.why).toBeUndefined();
  });

  it.each<[string, Partial<AccountReading>]>([
    ['no_balance', { balance: line([]) }],
    ['no_balance', { balance: line([undefined]) }],
    ['used_up', { balance: line([1, 0]) }],
    ['used_up', { balance: line([1, -0.18]) }],
    ['locked', { lock: { state: 'locked', reasons: ['top_up'], isContradiction: false } }],
    ['stale', { balance: line([30], NOON - 16 * MINUTE) }],
    ['burn_unknown', { burns: [] }],
    ['burn_negative', { burns: [{ window: '1h', perHour: -1 }] }],
    [
      'nothing_spent',
      {
        burns: [
          { window: '1h', perHour: 0 },
          { window: '24h', perHour: 0 },
        ],
      },
    ],
    ['from_the_future', { balance: line([30], NOON + HOUR) }],
  ])('foretells nothing: %s', (reason, known) => {
    expect(why(known)).toBe(reason);
    expect(outlookOf(spending(known), NOON).forecast).toBeUndefined();
    expect(outlookOf(spending(known), NOON).empty).toBeUndefined();
  });

  it('is not stale while less than three steps are missing, however long they are', () => {
    const balance = line([33, 32], NOON - 2.9 * HOUR, HOUR);
    expect(outlookOf(spending({ balance }), NOON).isStale).toBe(false);
    expect(outlookOf(spending({ balance }), NOON + 0.2 * HOUR).isStale).toBe(true);
  });

  it('is not stale for a quarter of an hour with short steps', () => {
    expect(outlookOf(spending({ balance: line([30], NOON - 15 * MINUTE) }), NOON).isStale).toBe(false);
  });

  it('takes no rate below zero into the band', () => {
    const outlook = outlookOf(spending({ burns: [{ window: '1h', perHour: -3 }, ...burns.slice(1)] }), NOON);
    expect(outlook.forecast).toMatchObject({ slow: 1, fast: 1 });
  });

  it('has an open end when one window shows no spending', () => {
    const outlook = outlookOf(spending({ burns: [{ window: '1h', perHour: 0 }, ...burns.slice(1)] }), NOON);
    expect(outlook.empty).toEqual({ earliest: NOON + 30 * HOUR, latest: undefined });
  });

  it('starts at the last sample before now when a range ends in the future', () => {
    const balance = line([30, 29, 29, 29], NOON + 2 * MINUTE);
    expect(outlookOf(spending({ balance }), NOON).last).toEqual({ time: NOON, value: 29 });
    expect(hasFutureSamples(spending({ balance }), NOON)).toBe(false);
  });

  it('notices samples that are later than Prometheus could repeat them', () => {
    expect(hasFutureSamples(spending({ balance: line([30, 29], NOON + 7 * MINUTE) }), NOON)).toBe(true);
  });

  it('looks from the end of the range when that is past, else from now', () => {
    expect(endOfKnown(NOON - HOUR, NOON)).toBe(NOON - HOUR);
    expect(endOfKnown(NOON + HOUR, NOON)).toBe(NOON);
  });

  it('counts the hours that are left from the end, not from the last sample', () => {
    const outlook = outlookOf(spending(), NOON + 10 * MINUTE);
    expect(hoursLeft(outlook, NOON + 10 * MINUTE)).toBeCloseTo(15 - 1 / 6, 6);
    expect(hoursLeft(outlook, NOON + 16 * HOUR)).toBe(0);
    expect(hoursLeft(outlookOf(spending({ balance: line([0]) }), NOON), NOON)).toBe(0);
    expect(hoursLeft(outlookOf(spending({ burns: [] }), NOON), NOON)).toBe(Infinity);
  });
});
