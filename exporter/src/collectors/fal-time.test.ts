import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { falTime, moment } from './fal-time.ts';

describe('a moment of the Platform API', () => {
  it.each([
    ['2026-10-02T09:14:27Z', '2026-10-02T09:14:27.000Z'],
    ['2026-10-02T09:14:27.123456+00:00', '2026-10-02T09:14:27.123Z'],
    ['2026-10-02T11:14:27+02:00', '2026-10-02T09:14:27.000Z'],
    ['2026-10-02T09:14Z', '2026-10-02T09:14:00.000Z'],
  ])('reads %s', (text, expected) => {
    expect(new Date(falTime(text) ?? NaN).toISOString()).toBe(expected);
  });

  it('is UTC without an offset, wherever this machine stands', () => {
    expect(falTime('2026-10-02T09:14:27')).toBe(Date.UTC(2026, 9, 2, 9, 14, 27));
    expect(falTime('2026-10-02 09:14:27.5')).toBe(Date.UTC(2026, 9, 2, 9, 14, 27, 500));
  });

  it.each([
    '',
    'yesterday',
    '2026-10-02',
    '1759396467',
    '2026-13-45T99:99:99Z',
    'T09:14:27Z',
    '+012026-10-02T09:14Z',
  ])('is not %j', (text) => {
    expect(falTime(text)).toBeUndefined();
    expect(moment.safeParse(text).success).toBe(false);
  });

  it('comes back from what JavaScript writes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: Date.UTC(2100, 0) }), (at) => {
        expect(falTime(new Date(at).toISOString())).toBe(at);
      }),
    );
  });
});
