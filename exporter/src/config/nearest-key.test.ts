import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { editDistance, nearestKey } from './nearest-key.ts';

const KEYS = ['name', 'tier', 'endpoint_id', 'interval', 'timeout', 'input', 'latency_limit'];

describe('the nearest known key', () => {
  test.each([
    ['intervall', 'interval'],
    ['Interval', 'interval'],
    ['itnerval', 'interval'],
    ['endpointId', 'endpoint_id'],
    ['endpoint-id', 'endpoint_id'],
    ['endpoint', 'endpoint_id'],
    ['latency', 'latency_limit'],
    ['interval_seconds', 'interval'],
    ['lat', undefined],
    ['time_out', 'timeout'],
    ['nam', 'name'],
    ['inputs', 'input'],
    ['schedule', undefined],
    ['', undefined],
    ['__proto__', undefined],
    ['n'.repeat(10_000), undefined],
  ])('for %s is %s', (unknown, known) => {
    expect(nearestKey(unknown, KEYS)).toBe(known);
  });
});

describe('the edit distance', () => {
  const word = fc.string({ maxLength: 12 });

  test('counts insertions, deletions, replacements and swaps of neighbours', () => {
    expect(editDistance('kitten', 'sitting')).toBe(3);
    expect(editDistance('tier', 'teir')).toBe(1);
    expect(editDistance('', 'abc')).toBe(3);
  });

  test('is the same in both directions, nothing for the same word, and never more than the longer word', () => {
    fc.assert(
      fc.property(word, word, (a, b) => {
        const distance = editDistance(a, b);
        expect(editDistance(b, a)).toBe(distance);
        expect(distance === 0).toBe(a === b);
        expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length));
        expect(distance).toBeGreaterThanOrEqual(Math.abs(a.length - b.length));
      }),
    );
  });
});
