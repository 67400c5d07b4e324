import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseMoment, suggestMoment } from './moment.ts';

describe('a moment', () => {
  test.each([
    ['2027-01-31', '2027-01-31T23:59:59.000Z'],
    ['2028-02-29', '2028-02-29T23:59:59.000Z'],
    ['2027-01-31T18:00:00Z', '2027-01-31T18:00:00.000Z'],
    ['2027-01-31T18:00Z', '2027-01-31T18:00:00.000Z'],
    ['2027-01-31 18:00:30.5Z', '2027-01-31T18:00:30.500Z'],
    ['2027-01-31t18:00:00z', '2027-01-31T18:00:00.000Z'],
    ['2027-01-31T23:30:00-02:00', '2027-02-01T01:30:00.000Z'],
    ['2027-01-31T00:30:00+05:30', '2027-01-30T19:00:00.000Z'],
  ])('written as %s is %s', (text, iso) => {
    expect(new Date(parseMoment(text) ?? NaN).toISOString()).toBe(iso);
  });

  test.each([
    ...['', '2027', '2027-1-31', '2027-02-29', '2027-13-01', '2027-00-10', '2027-01-32', '31-01-2027'],
    ...['2027-01-31T18:00:00', '2027-01-31T24:00:00Z', '2027-01-31T18:60:00Z', '2027-01-31T18:00:60Z'],
    ...['2027-01-31T18:00:00+15:00', '2027-01-31Z', ' 2027-01-31', '2027-01-31\n', '+002027-01-31'],
  ])('is not %j', (text) => {
    expect(parseMoment(text)).toBeUndefined();
  });

  test('of any day is a day later for the next day, and still that day in UTC', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40_000 }), (day) => {
        const date = new Date(day * 86_400_000).toISOString().slice(0, 10);
        const next = new Date((day + 1) * 86_400_000).toISOString().slice(0, 10);
        const at = parseMoment(date) ?? NaN;
        expect(new Date(at).toISOString().slice(0, 10)).toBe(date);
        expect((parseMoment(next) ?? NaN) - at).toBe(86_400_000);
      }),
    );
  });

  test.each<[unknown, string | undefined]>([
    ['2027/1/31', '2027-01-31'],
    ['2027.1.31', '2027-01-31'],
    ['2027-1-31', '2027-01-31'],
    ['31.1.2027', '2027-01-31'],
    [' 2027-01-31 ', '2027-01-31'],
    ['2027-01-31T18:00', '2027-01-31T18:00Z'],
    ['2027-02-31T18:00', undefined],
    ['31.2.2027', undefined],
    // Day or month first: nobody knows.
    ['01/02/2027', undefined],
    ['tomorrow', undefined],
    [2027, undefined],
    [null, undefined],
    [`2027-1-${'9'.repeat(100)}`, undefined],
  ])('probably meant by %j is %j', (written, suggestion) => {
    expect(suggestMoment(written)).toBe(suggestion);
  });

  test('is suggested only in a form that is read', () => {
    const part = fc.constantFrom('1', '02', '31', '2027', '-', '.', '/', 'T', ' ', '18:00', ':30', 'Z');
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        const suggestion = suggestMoment(parts.join(''));
        if (suggestion !== undefined) expect(parseMoment(suggestion)).toBeTypeOf('number');
      }),
    );
  });
});
