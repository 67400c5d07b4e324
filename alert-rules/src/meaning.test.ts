import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alert } from './alert.ts';
import { ALERTS } from './catalogue.ts';
import { factsOf, inWords, meaningOf } from './meaning.ts';
import { optionalUsd, ratio, seconds } from './parameter.ts';

const example = alert({
  name: 'FalExample',
  scope: 'endpoint',
  severity: 'warning',
  forSeconds: 300,
  keepFiringForSeconds: 900,
  parameters: {
    threshold: ratio(0.05, 'share'),
    max_age: seconds(60, 'age'),
    hourly_budget: optionalUsd('money'),
  },
  meaning: 'More than {threshold} for {for}, older than {max_age}, dearer than {hourly_budget}.',
  rules: () => [],
});

describe('the meaning of an alert', () => {
  it('names the defaults, and says so where there is none', () => {
    expect(meaningOf(example)).toBe(
      'More than 5 % for 5 minutes, older than 60 seconds, dearer than the hourly budget that you set.',
    );
  });

  it('names the values in force instead, and the time for which it must hold', () => {
    expect(meaningOf(example, { threshold: 0.125, for: 120, hourly_budget: 20 })).toBe(
      'More than 12.5 % for 2 minutes, older than 60 seconds, dearer than 20 USD.',
    );
  });

  it('cannot name what is not a parameter of the alert', () => {
    expect(() => meaningOf({ ...example, meaning: 'Above {treshold}.' })).toThrow(
      'the meaning of FalExample names {treshold}, which is no parameter of it: known are for, threshold, max_age, hourly_budget',
    );
  });

  it('leaves no placeholder open in any alert of the pack', () => {
    for (const definition of ALERTS) {
      expect(meaningOf(definition), definition.name).not.toMatch(/[{}]|undefined|NaN/);
    }
  });
});

describe('the facts of an alert', () => {
  it('are its severity, scope and times', () => {
    expect(factsOf(example)).toBe(
      'severity warning · scope endpoint · must hold for 5 minutes · keeps firing for 15 minutes',
    );
    expect(factsOf({ ...example, forSeconds: 0, keepFiringForSeconds: undefined, enabled: false })).toBe(
      'severity warning · scope endpoint · fires at once · off until you switch it on',
    );
  });
});

describe('numbers in words', () => {
  it.each([
    ['ratio', 0.07, '7 %'],
    ['ratio', 0.0001, '0.01 %'],
    ['seconds', 1, '1 second'],
    ['seconds', 60, '60 seconds'],
    ['seconds', 90, '90 seconds'],
    ['seconds', 120, '2 minutes'],
    ['seconds', 3600, '1 hour'],
    ['seconds', 5400, '90 minutes'],
    ['seconds', 86_400, '24 hours'],
    ['seconds', 172_800, '2 days'],
    ['usd', 20, '20 USD'],
    ['usd', 0.1, '0.1 USD'],
    ['usd_per_hour', 5, '5 USD per hour'],
    ['count', 20, '20'],
    ['factor', 2.5, '2.5'],
  ] as const)('%s %d reads %s', (unit, value, words) => {
    expect(inWords(unit, value)).toBe(words);
  });

  it('lose nothing of a duration', () => {
    const lengths: Record<string, number> = { second: 1, minute: 60, hour: 3600, day: 86_400 };
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 * 86_400 }), (length) => {
        const [amount = '', unit = ''] = inWords('seconds', length).split(' ');
        expect(Number(amount) * (lengths[unit.replace(/s$/, '')] ?? Number.NaN)).toBe(length);
      }),
    );
  });
});
