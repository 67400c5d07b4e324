import { describe, expect, test } from 'vitest';
import type { RecordingRule } from '../pack.ts';
import { inlineRecordings } from './inline-recordings.ts';

function recordings(exprs: Readonly<Record<string, string>>): ReadonlyMap<string, RecordingRule> {
  return new Map(
    Object.entries(exprs).map(([record, expr]) => [record, { kind: 'recording', record, expr }]),
  );
}

const SOME = recordings({
  'a:b:c': 'sum(x)',
  'a:b:c5m': 'sum(y)',
  'a:ratio:d': 'a:b:c\n/\n(a:b:c5m > 0)',
});

describe('a recorded series', () => {
  test.each([
    ['a:b:c > 5', '(sum(x)) > 5'],
    ['a:b:c5m > a:b:c', '(sum(y)) > (sum(x))'],
    ['max(a:b:c)', 'max((sum(x)))'],
    ['0 * a:b:c', '0 * (sum(x))'],
    ['a:ratio:d > 5', '(\n  (sum(x))\n  /\n  ((sum(y)) > 0)\n) > 5'],
    ['(\n  a:ratio:d > 5\n)', '(\n  (\n    (sum(x))\n    /\n    ((sum(y)) > 0)\n  ) > 5\n)'],
  ])('in %j is written out as %j', (expr, inlined) => {
    expect(inlineRecordings(expr, SOME)).toBe(inlined);
  });

  test.each([
    ['avg_over_time(a:b:c[1d] offset 10m)', 'avg_over_time((sum(x))[1d:5m] offset 10m)'],
    ['avg_over_time(a:b:c[30m])', 'avg_over_time((sum(x))[30m:1m])'],
    ['avg_over_time(a:b:c[1h:30s])', 'avg_over_time((sum(x))[1h:30s])'],
    ['a:b:c > a:b:c offset 1h30m', '(sum(x)) > last_over_time((sum(x))[1m:1m] offset 1h30m)'],
    ['a:b:c offset -5m', 'last_over_time((sum(x))[1m:1m] offset -5m)'],
  ])('with a range or an offset, as in %j, becomes a subquery', (expr, inlined) => {
    expect(inlineRecordings(expr, SOME)).toBe(inlined);
  });

  test('is left alone within texts and comments', () => {
    const expr = `x{a="a:b:c", b='a:b:c', c="\\"a:b:c"} # a:b:c\n> 5`;
    expect(inlineRecordings(expr, SOME)).toBe(expr);
  });

  test('that nobody records, that reads itself, or that is used with matchers is refused by name', () => {
    expect(() => inlineRecordings('a:b:unknown > 5', SOME)).toThrow(
      'a:b:unknown in a:b:unknown > 5: no rule records it',
    );
    expect(() => inlineRecordings('a:b:c{x="y"}', SOME)).toThrow('a:b:c: it is used with matchers');
    const circle = recordings({ 'a:b:c': 'a:b:d', 'a:b:d': 'a:b:c' });
    expect(() => inlineRecordings('a:b:c', circle)).toThrow('a:b:c: it is recorded from itself');
  });

  test('does not change what has none', () => {
    const expr =
      'sum without (instance) (rate(fal_x_total{job=~"a|b"}[5m])) > 1e3 and up{job="c"} offset 5m == 1';
    expect(inlineRecordings(expr, SOME)).toBe(expr);
  });
});
