import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type CostLine, splitBy, sumOf } from './cost-line.ts';
import { type Bill, billAsCsv, billAsJson, billAsTable } from './cost-text.ts';

const LINES: readonly CostLine[] = [
  line('2026-11-20 fal-ai/flux/dev ci', 25_000_000, 2),
  line('2026-11-21 fal-ai/flux/dev shop', 75_000_001, 3),
  line('2026-11-21 fal-ai/kling shop', 1_400_000_000, 1),
];

function line(place: string, billed: number, requests: number): CostLine {
  const [day = '', endpoint = '', key] = place.split(' ');
  return { day, endpoint, key, billed, listed: billed * 2, requests };
}

function bill(changes: Partial<Bill> = {}): Bill {
  const dimensions = changes.dimensions ?? ['endpoint'];
  return {
    ...{ account: 'shop', since: Date.UTC(2026, 10, 20), until: Date.UTC(2026, 10, 22), dimensions },
    ...{ rows: splitBy(LINES, dimensions), total: sumOf(LINES), readFrom: 'usage', notes: [] },
    ...changes,
  };
}

it('a table has the dearest first, a sum, shares, and says what it is of', () => {
  expect(billAsTable(bill({ notes: ['Today is not over.'] })).split('\n')).toEqual([
    'Billed to shop from 2026-11-20 to 2026-11-21, UTC (fal’s usage)',
    '',
    'ENDPOINT            USD    SHARE  REQUESTS  USD/REQUEST',
    'fal-ai/kling       1.40   93.3 %         1         1.40',
    'fal-ai/flux/dev  0.1000    6.7 %         5       0.0200',
    'TOTAL              1.50  100.0 %         6       0.2500',
    '',
    'Discounts of 1.50 USD are taken off already.',
    'Today is not over.',
    '',
  ]);
});

it('days stand in their order, and what fal does not tell is called unknown', () => {
  const rows = splitBy([...LINES, { ...line('2026-11-19 x/y k', 1, 1), key: undefined }], ['day', 'key']);
  expect(rows.map(({ values }) => values)).toEqual([
    ['2026-11-19', 'unknown'],
    ['2026-11-20', 'ci'],
    ['2026-11-21', 'shop'],
  ]);
});

it('a count of requests that one line does not have is no count', () => {
  const rows = splitBy([...LINES, { ...line('2026-11-20 x/y k', 1, 1), requests: undefined }], ['day']);
  expect(rows.map(({ requests }) => requests)).toEqual([undefined, 4]);
  expect(
    billAsTable(bill({ rows, total: { ...sumOf(LINES), requests: undefined }, dimensions: ['day'] })),
  ).not.toContain('undefined');
});

it('an empty bill is a sum of nothing, and no number is made up', () => {
  const text = billAsTable(bill({ rows: [], total: sumOf([]) }));
  expect(text).toContain('TOTAL     0.00      –');
  expect(text).not.toMatch(/NaN|Infinity/);
});

it('CSV has every nano-dollar, and a text that a spreadsheet would run is only a text', () => {
  const rows = splitBy([line('2026-11-20 a/b =HYPERLINK("x"),1', 3_150_000, 1)], ['key', 'day']);
  expect(billAsCsv(bill({ rows, dimensions: ['key', 'day'] }))).toBe(
    'key,day,billed_usd,listed_usd,requests\r\n' +
      '"\'=HYPERLINK(""x""),1",2026-11-20,0.003150000,0.006300000,1\r\n',
  );
});

it('JSON carries whole nano-dollars', () => {
  const json = JSON.parse(billAsJson(bill())) as { rows: unknown[]; total: unknown };
  expect(json.rows[1]).toEqual({
    ...{ endpoint: 'fal-ai/flux/dev', billed_usd: 0.100000001, billed_nano_usd: 100_000_001 },
    ...{ listed_nano_usd: 200_000_002, requests: 5 },
  });
});

it('no way of splitting gains or loses a nano-dollar', () => {
  const day = fc.constantFrom('2026-11-20', '2026-11-21');
  const name = fc.constantFrom('a/b', 'c/d', 'e/f');
  const lines = fc.array(
    fc.record({
      day,
      endpoint: name,
      key: fc.option(name, { nil: undefined }),
      billed: fc.nat(),
      listed: fc.nat(),
    }),
  );
  const dimensions = fc.subarray(['day', 'endpoint', 'source', 'key'] as const, { minLength: 1 });
  fc.assert(
    fc.property(lines, dimensions, (some, by) => {
      const rows = splitBy(some, by);
      expect(sumOf(rows.map((row) => ({ ...row, day: '', endpoint: '' })))).toMatchObject({
        billed: some.reduce((sum, { billed }) => sum + billed, 0),
        listed: some.reduce((sum, { listed }) => sum + listed, 0),
      });
      expect(new Set(rows.map(({ values }) => values.join('\n'))).size).toBe(rows.length);
    }),
  );
});
