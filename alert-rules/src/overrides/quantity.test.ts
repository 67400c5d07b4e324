import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { count, factor, type Parameter, ratio, seconds, usd, usdPerHour } from '../parameter.ts';
import { expectedQuantity, readQuantity, secondsOf, writtenQuantity } from './quantity.ts';

const PARAMETERS: Readonly<Record<string, Parameter>> = {
  ratio: ratio(0.05, ''),
  count: count(1, ''),
  seconds: seconds(60, ''),
  usd: usd(5, ''),
  usdPerHour: usdPerHour(5, ''),
  factor: factor(2, ''),
};

const parameterOf = (unit: string): Parameter => PARAMETERS[unit] ?? ratio(0.5, '');

describe('a quantity', () => {
  test.each([
    ['ratio', 0.03, 0.03],
    ['ratio', '3%', 0.03],
    ['ratio', '7 %', 0.07],
    ['ratio', '0.7%', 0.007],
    ['ratio', '99.99%', 0.9999],
    ['count', 20, 20],
    ['seconds', '90s', 90],
    ['seconds', '1h30m', 5400],
    ['seconds', ' 5m ', 300],
    ['seconds', '1d', 86_400],
    ['usd', 25, 25],
    ['usd', '$25.50', 25.5],
    ['usdPerHour', '$5/h', 5],
    ['usdPerHour', '$ 5 / h', 5],
    ['factor', 1.5, 1.5],
  ])('of unit %s written %j is %d', (unit, written, value) => {
    expect(readQuantity(written, parameterOf(unit))).toEqual({ value });
  });

  test('at the ends of its range is taken, just outside refused', () => {
    for (const parameter of [count(5, ''), usd(5, ''), factor(5, ''), ratio(0.5, '')]) {
      expect(readQuantity(parameter.min, parameter)).toEqual({ value: parameter.min });
      expect(readQuantity(parameter.max, parameter)).toEqual({ value: parameter.max });
      expect(readQuantity(parameter.min - 1e-9, parameter)).toHaveProperty('problem.found');
      expect(readQuantity(parameter.max * 1.001, parameter)).toHaveProperty('problem.expected');
    }
  });

  test('reads back as it is written for people', () => {
    const digits = fc.integer({ min: 1, max: 9999 });
    fc.assert(
      fc.property(digits, (number) => {
        for (const [unit, value] of Object.entries({
          ratio: number / 1e4,
          count: number,
          seconds: number,
          usd: number / 100,
          usdPerHour: number / 100,
          factor: 1 + number / 1000,
        })) {
          const parameter = parameterOf(unit);
          const written = writtenQuantity(parameter.unit, value);
          // YAML reads bare digits as a number.
          const scalar = /^[\d.]+$/.test(written) ? Number(written) : written;
          expect(readQuantity(scalar, parameter)).toEqual({ value });
        }
      }),
    );
  });

  test('of any kind that is refused says what is expected', () => {
    fc.assert(
      fc.property(fc.anything(), fc.constantFrom(...Object.values(PARAMETERS)), (written, parameter) => {
        fc.pre(typeof written !== 'bigint' && typeof written !== 'symbol' && typeof written !== 'object');
        const reading = readQuantity(written, parameter);
        if ('problem' in reading) expect(reading.problem.expected).toBe(expectedQuantity(parameter));
        else expect(reading.value).toBeGreaterThanOrEqual(parameter.min);
      }),
    );
  });
});

test('a duration of other units, of none, or in another order is none', () => {
  for (const written of [
    '',
    '5',
    5,
    'm',
    '5 m',
    '5ms',
    '1w',
    '1.5h',
    '30s1m',
    '-1s',
    '1m1m',
    null,
    true,
    '9'.repeat(30),
  ]) {
    expect(secondsOf(written)).toBeUndefined();
  }
});
