import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_ROWS, arrange } from './order.ts';
import type { Row } from './row.ts';
import { row } from './row.example.ts';

const WORST = { sort: 'worst', byAccount: true } as const;

function names({ groups }: ReturnType<typeof arrange>): string[] {
  return groups.flatMap(({ rows }) => rows.map(({ endpointId }) => endpointId));
}

describe('the order of the rows', () => {
  it('puts the worst first, then the higher error ratio, then the name without its owner', () => {
    const rows = [
      row({ endpointId: 'a/ok', verdict: 'ok' }),
      row({ endpointId: 'z/lost', verdict: undefined }),
      row({ endpointId: 'a/model', verdict: 'model', ratio: 0.1 }),
      row({ endpointId: 'b/model', verdict: 'model', ratio: 0.9 }),
      row({ endpointId: 'z/a-platform', verdict: 'platform' }),
      row({ endpointId: 'a/b-platform', verdict: 'platform' }),
      row({ endpointId: 'a/unclear', verdict: 'unknown' }),
    ];

    expect(names(arrange(rows, WORST))).toEqual([
      'z/a-platform',
      'a/b-platform',
      'b/model',
      'a/model',
      'a/unclear',
      'z/lost',
      'a/ok',
    ]);
  });

  it('puts requests that fail without a verdict after every verdict and before what is unclear', () => {
    const rows = [
      row({ endpointId: 'a/unclear', verdict: 'unknown' }),
      row({ endpointId: 'a/app', verdict: 'app' }),
      row({ endpointId: 'a/unseen', verdict: 'ok', ratio: 0.4, isFailingUnseen: true }),
      row({ endpointId: 'a/ok', verdict: 'ok' }),
    ];

    expect(names(arrange(rows, WORST))).toEqual(['a/app', 'a/unseen', 'a/unclear', 'a/ok']);
  });

  it('is by name where that is asked for', () => {
    const rows = [row({ endpointId: 'a/z', verdict: 'platform' }), row({ endpointId: 'b/a', verdict: 'ok' })];

    expect(names(arrange(rows, { sort: 'name', byAccount: true }))).toEqual(['b/a', 'a/z']);
  });

  it('keeps the rows of an account together, the account with the worst row first', () => {
    const rows = [
      row({ endpointId: 'a/a', account: 'prod', verdict: 'ok' }),
      row({ endpointId: 'a/b', account: 'test', verdict: 'model' }),
      row({ endpointId: 'a/c', account: 'test', verdict: 'ok' }),
    ];

    expect(arrange(rows, WORST).groups.map(({ account }) => account)).toEqual(['test', 'prod']);
    expect(arrange(rows, { sort: 'name', byAccount: true }).groups.map(({ account }) => account)).toEqual([
      'prod',
      'test',
    ]);
    expect(arrange(rows, { ...WORST, byAccount: false }).groups).toHaveLength(1);
    expect(arrange(rows.slice(1), WORST).groups).toHaveLength(1);
  });

  it('shows the worst of too many, also when they are sorted by name', () => {
    const fine = Array.from({ length: MAX_ROWS + 50 }, (_, index) =>
      row({ endpointId: `a/${index}`, verdict: 'ok' }),
    );
    const arranged = arrange([...fine, row({ endpointId: 'z/sick', verdict: 'model' })], {
      sort: 'name',
      byAccount: false,
    });

    expect(arranged).toMatchObject({ total: MAX_ROWS + 51, shown: MAX_ROWS });
    expect(names(arranged)).toContain('z/sick');
  });

  it('does not depend on the order that the rows come in', () => {
    const ids = fc.tuple(fc.constantFrom('a/x', 'b/x', 'a/y'), fc.constantFrom(undefined, 'prod', 'test'));
    const rows = fc.uniqueArray(
      fc
        .tuple(ids, fc.constantFrom('ok', 'model', 'unknown', undefined), fc.constantFrom(undefined, 0, 0.5))
        .map(([[endpointId, account], verdict, ratio]) => row({ endpointId, account, verdict, ratio })),
      { selector: ({ key }) => key },
    );
    const shuffled = rows.chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
    );
    fc.assert(
      fc.property(shuffled, ([one, other]: [Row[], Row[]]) => {
        expect(arrange(other, WORST)).toEqual(arrange(one, WORST));
      }),
    );
  });
});
