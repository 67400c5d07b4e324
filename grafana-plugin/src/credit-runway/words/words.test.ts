import { describe, expect, it } from 'vitest';
import { LOCK_WORDS } from '../../../../exporter/src/domain/words.ts';
import type { AccountReading } from '../account/account-reading.ts';
import { HOUR, line, MINUTE, NOON, reading } from '../account/test-reading.ts';
import { levelsOf } from '../forecast/levels.ts';
import { outlookOf } from '../forecast/outlook.ts';
import { dollars } from './dollars.ts';
import { grantFacts, levelFacts, spendFacts, topUpFacts } from './fact-words.ts';
import { lockWords } from './lock-words.ts';
import { outlookWords } from './outlook-words.ts';
import { spanWords, windowWords, type Speech } from './speech.ts';
import { stopWords } from './stop-words.ts';

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const speech: Speech = {
  money: (value) => dollars(value),
  tick: (value) => dollars(value, 0),
  date: (time, pattern) => {
    const date = new Date(time);
    const clock = date.toISOString().slice(11, 16);
    if (pattern === 'ddd HH:mm') return `${DAYS[date.getUTCDay()]} ${clock}`;
    return `${date.toISOString().slice(0, 10)}${pattern.includes('HH') ? ` ${clock}` : ''}`;
  },
  end: NOON,
};
const burns = [
  { window: '1h', perHour: 2 },
  { window: '24h', perHour: 1 },
];
const says = (known: Partial<AccountReading>): string => {
  const account = reading({ balance: line([30]), burns, ...known });
  const { headline, detail } = outlookWords(outlookOf(account, NOON), account.burns, speech);
  return `${headline} ${detail}`;
};

describe('dollars', () => {
  it.each([
    [37.2, '$37.20'],
    [1234.5, '$1,234.50'],
    [0.25, '$0.25'],
    [0.034, '$0.034'],
    [0.0041, '$0.0041'],
    [0.00001, '<$0.0001'],
    [0, '$0'],
    [-0.18, '−$0.18'],
    [0.999, '$1.00'],
  ])('%d is %s', (value, text) => {
    expect(dollars(value)).toBe(text);
  });

  it('have as many digits as were asked for', () => {
    expect(dollars(1.234, 1)).toBe('$1.2');
    expect(dollars(1.5, 0)).toBe('$2');
    expect(dollars(2, -3)).toBe('$2');
  });
});

describe('spans', () => {
  it.each([
    [20_000, 'under a minute'],
    [30 * MINUTE, '30 min'],
    [6 * HOUR + 30 * MINUTE, '6 h 30 min'],
    [9 * HOUR, '9 h'],
    [31.4 * HOUR, '31 h'],
    [80 * HOUR, '3 d 8 h'],
    [72 * HOUR, '3 d'],
    [500 * HOUR, '21 d'],
  ])('%d ms are %s', (ms, text) => {
    expect(spanWords(ms)).toBe(text);
  });

  it('are windows with a space', () => {
    expect(windowWords('24h')).toBe('24 h');
    expect(windowWords('since Monday')).toBe('since Monday');
  });
});

describe('the outlook in words', () => {
  it('says when the money ends, and between which moments', () => {
    expect(says({})).toBe('Empty in 15 h to 30 h, between Sun 03:00 and Sun 18:00');
  });

  it('says that it rests on a single window', () => {
    expect(says({ burns: burns.slice(0, 1) })).toBe(
      'Empty in about 15 h, around Sun 03:00, by the burn of the last 1 h alone',
    );
  });

  it('says about when when the windows agree', () => {
    const alike = burns.map(({ window }) => ({ window, perHour: 2 }));
    expect(says({ burns: alike })).toBe('Empty in about 15 h, around Sun 03:00');
  });

  it('says which window shows no spending', () => {
    const idle = [
      { window: '1h', perHour: 0 },
      { window: '24h', perHour: 1 },
    ];
    expect(says({ burns: idle })).toBe(
      'Empty in 30 h at the earliest, Sun 18:00 at the rate of the last 24 h; in the last 1 h nothing was spent',
    );
  });

  it('gives no date beyond a year', () => {
    expect(says({ burns: [{ window: '1h', perHour: 0.0001 }] })).toContain('Lasts longer than a year,');
    expect(
      says({
        burns: [
          { window: '1h', perHour: 0.001 },
          { window: '24h', perHour: 1 },
        ],
      }),
    ).toContain('not within a year at that of the last 1 h');
  });

  it('gives dates for what is weeks away', () => {
    expect(says({ balance: line([1000]) })).toBe('Empty in 21 d to 42 d, between 2026-12-12 and 2027-01-02');
  });

  it('says that the moment has come when the last sample is older than the money lasts', () => {
    const balance = line([1], NOON - 10 * MINUTE);
    const rates = (fast: number, slow: number): Partial<AccountReading> => ({
      balance,
      burns: [
        { window: '1h', perHour: fast },
        { window: '24h', perHour: slow },
      ],
    });
    expect(says(rates(20, 10))).toContain('Should be empty by now');
    expect(says(rates(20, 1))).toBe('Empty within 50 min, by Sat 12:50');
    expect(says(rates(20, 0))).toContain('May be empty by now');
  });

  it.each<[string, Partial<AccountReading>]>([
    ['Balance unknown: the exporter needs FAL_ADMIN_KEY', { balance: line([]), burns: [] }],
    ['Balance unknown: no reading in this range', { balance: line([]) }],
    ['Balance from the future', { balance: line([3], NOON + HOUR) }],
    ['Used up. fal refuses', { balance: line([0]) }],
    ['Used up, and $0.18 in debt.', { balance: line([-0.18]) }],
    ['No forecast while locked', { lock: { state: 'locked', reasons: [], isContradiction: undefined } }],
    ['No forecast: the balance is old, read 2 h ago, Sat 10:00.', { balance: line([30], NOON - 2 * HOUR) }],
    ['No forecast: burn unknown', { burns: [] }],
    ['No forecast: burn is negative', { burns: [{ window: '1h', perHour: -2 }] }],
    [
      'Nothing is spent: no burn in the last 24 h',
      { burns: burns.map(({ window }) => ({ window, perHour: 0 })) },
    ],
  ])('says why not: %s', (text, known) => {
    expect(says(known)).toContain(text);
  });
});

describe('a lock in words', () => {
  const locked = (...reasons: string[]): AccountReading =>
    reading({ lock: { state: 'locked', reasons, isContradiction: undefined } });

  it.each(Object.entries(LOCK_WORDS))('speaks of %s as the exporter does', (reason, words) => {
    expect(lockWords(locked(reason), undefined, speech)?.headline).toBe(`Locked: ${words}`);
  });

  it('says what to do', () => {
    const advice = (reason: string): string | undefined =>
      lockWords(locked(reason), undefined, speech)?.detail;
    expect(advice('exhausted_balance')).toContain('Top up');
    expect(advice('payment_method')).toContain('payment method');
    expect(advice('user_budget')).toContain('budget');
    expect(advice('admin_lock')).toContain('support@fal.ai');
  });

  it('warns of a top-up that would not help', () => {
    expect(lockWords(locked('top_up'), 37, speech)).toEqual({
      headline: 'Locked with $37.00 on it: a top-up is due',
      detail: 'A top-up may not help: send the support text of the exporter’s status page to fal.',
    });
    expect(lockWords(locked(), 37, speech)?.headline).toBe('Locked with $37.00 on it');
  });

  it('is shown with a reason that is new, and without one', () => {
    expect(lockWords(locked('solar_flare'), undefined, speech)?.headline).toBe('Locked: solar flare');
    expect(lockWords(locked(), undefined, speech)?.headline).toBe('Locked');
    expect(lockWords(reading(), undefined, speech)).toBeUndefined();
  });
});

describe('facts', () => {
  const account = reading({ balance: line([10]), burns });
  const texts = (facts: readonly { text: string }[]): string[] => facts.map(({ text }) => text);

  it('tell of thresholds that are crossed and that will be', () => {
    const facts = levelFacts(levelsOf({ warning: 20, critical: 5 }), outlookOf(account, NOON), speech);
    expect(texts(facts)).toEqual([
      'Below the warning mark of $20.00',
      'Critical at $5.00: between Sat 14:30 and Sat 17:00',
    ]);
  });

  it('tell of the worst threshold alone when the balance is below several', () => {
    const low = outlookOf(reading({ balance: line([4]), burns }), NOON);
    expect(texts(levelFacts(levelsOf({ warning: 20, critical: 5 }), low, speech))).toEqual([
      'Below the critical mark of $5.00',
    ]);
  });

  it('say nothing of thresholds once the account is empty', () => {
    const empty = reading({ balance: line([0]), burns });
    expect(levelFacts(levelsOf({ warning: 20 }), outlookOf(empty, NOON), speech)).toEqual([]);
  });

  it('tell of one top-up with its moment, and of several with their sum', () => {
    const topUp = { time: NOON - HOUR, amount: 50, isAtLeast: false };
    expect(texts(topUpFacts([topUp], speech))).toEqual(['Top-up of $50.00, Sat 11:00']);
    expect(texts(topUpFacts([topUp, { ...topUp, isAtLeast: true }], speech))).toEqual([
      '2 top-ups, at least $100.00 together',
    ]);
    expect(topUpFacts([], speech)).toEqual([]);
  });

  it('tell of grants to come first, and that the past is past', () => {
    const grants = [
      { name: 'promo', expiresAt: NOON - 50 * HOUR },
      { name: 'welcome', expiresAt: NOON + 72 * HOUR },
    ];
    expect(texts(grantFacts(grants, speech))).toEqual([
      'Grant “welcome” expires in 3 d, Tue 12:00',
      'Grant “promo” expired 2 d 2 h ago, Thu 10:00',
    ]);
  });

  it('do not list every grant', () => {
    const grants = Array.from({ length: 50 }, (_, index) => ({
      name: `g${index}`,
      expiresAt: NOON + index * HOUR,
    }));
    expect(texts(grantFacts(grants, speech)).at(-1)).toBe('and 47 more grants');
  });

  it('tell names as they are', () => {
    const [fact] = grantFacts([{ name: '<b>{{name}} $t(x)</b>', expiresAt: NOON + HOUR }], speech);
    expect(fact?.text).toContain('“<b>{{name}} $t(x)</b>”');
  });

  it('tell what was billed when that is known', () => {
    expect(texts(spendFacts(3.5, speech))).toEqual(['Billed in this range: $3.50']);
    expect(spendFacts(undefined, speech)).toEqual([]);
  });
});

describe('a stop in words', () => {
  it('tells of a sample with its top-up, and of the band', () => {
    const sample = { kind: 'sample', time: NOON, value: 60 } as const;
    const topUps = [{ time: NOON, amount: 50, isAtLeast: true }];
    expect(stopWords(sample, topUps, speech)).toEqual(['2026-11-21 12:00', '$60.00', 'top-up ≥ +$50.00']);
    const band = { kind: 'forecast', time: NOON, high: 5, low: 1 } as const;
    expect(stopWords(band, [], speech)[1]).toBe('forecast $1.00 to $5.00');
    expect(stopWords({ ...band, low: 5 }, [], speech)[1]).toBe('forecast $5.00');
  });
});
