import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type CostLine, splitBy, sumOf } from './cost-line.ts';
import { billAsTable } from './cost-table.ts';
import { type Bill, billAsCsv, billAsJson } from './cost-text.ts';

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
    'fal-ai/kling     1.4000   93.3 %         1       1.4000',
    'fal-ai/flux/dev  0.1000    6.7 %         5       0.0200',
    'TOTAL            1.5000  100.0 %         6       0.2500',
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

it('where nothing was billed there is no table, and no number is made up', () => {
  const text = billAsTable(bill({ rows: [], total: sumOf([]), notes: ['DEMO'] }));
  expect(text.split('\n').slice(1)).toEqual(['', 'Nothing was billed.', '', 'DEMO', '']);
});

it.each([
  ['1.4 and 1 dollar', [1_400_000_000, 1e9], ['1.40', '1.00', '2.40']],
  ['cents', [1e9, 10_000_000], ['1.0000', '0.0100', '1.0100']],
  ['parts of a cent', [1e9, 1_500_000, 0], ['1.0000', '0.0015', '0.0000', '1.0015']],
  ['still less', [1e9, 12_345], ['1.000000', '0.000012', '1.000012']],
  ['nano-dollars', [200_000_000, 1], ['0.200000000', '0.000000001', '0.200000001']],
  ['a nano-dollar beside a dollar', [1e9, 1], ['1.000000', '<0.000001', '1.000000']],
  ['cents beside hundreds', [100e9, 1_500_000, 99_999], ['100.0000', '0.0015', '<0.0001', '100.0016']],
  ['cents beside thousands', [10_000e9, 1_500_000, 0], ['10000.00', '<0.01', '0.00', '10000.00']],
  ['nothing', [0, 0], ['0.00', '0.00', '0.00']],
  ['millions', [9_007_199_254_740_991], ['9007199.25', '9007199.25']],
])('amounts with %s have the digits of the smallest, one point below the other', (_name, amounts, shown) => {
  const lines = amounts.map((amount, index) => line(`2026-11-20 a/b${index}`, amount, 1));
  const text = billAsTable(bill({ rows: splitBy(lines, ['endpoint']), total: sumOf(lines) }));
  const told = text.split('\n').filter((row) => /^(a\/b\d|TOTAL)/.test(row));
  expect(told.map((row) => row.split(/ +/)[1])).toEqual(shown);
  expect(new Set(told.map((row) => row.indexOf('.'))).size).toBe(1);
});

it('a share of next to nothing is not called nothing', () => {
  const lines = [
    line('2026-11-20 a/b', 1e9, 1),
    line('2026-11-20 c/d', 1000, 1),
    line('2026-11-20 e/f', 0, 1),
  ];
  const text = billAsTable(bill({ rows: splitBy(lines, ['endpoint']), total: sumOf(lines) }));
  expect(text).toMatch(/^c\/d .* <0\.1 % /m);
  expect(text).toMatch(/^e\/f .* 0\.0 % /m);
});

it('long names are cut in the middle, so that a table fits a terminal, and it says so', () => {
  const by = ['day', 'endpoint', 'source', 'key'] as const;
  const lines = [
    line(`2026-11-20 fal-ai/kling-video/v2.5-turbo/standard/text-to-video ${'a'.repeat(60)}`, 1e9, 1000),
    line(`2026-11-20 fal-ai/kling-video/v2.5-turbo/standard/image-to-video ci`, 2e9, 20),
  ];
  const text = billAsTable(bill({ rows: splitBy(lines, by), total: sumOf(lines), dimensions: by }));
  expect(Math.max(...text.split('\n').map((row) => [...row].length))).toBeLessThanOrEqual(100);
  expect(text).toMatch(/^2026-11-20 {2}fal-ai\S*…\S*image-to-video +unknown +ci +2\.00 /m);
  expect(text).toContain('Names with … are cut to fit; --json and --csv have them whole.');
  expect(billAsCsv(bill({ rows: splitBy(lines, by), dimensions: by }))).toContain('a'.repeat(60));
  expect(billAsTable(bill())).not.toContain('…');
});

it('CSV has every nano-dollar, and a text that a spreadsheet would run is only a text', () => {
  const rows = splitBy([line('2026-11-20 a/b =HYPERLINK("x"),1', 3_150_000, 1)], ['key', 'day']);
  expect(billAsCsv(bill({ rows, dimensions: ['key', 'day'] }))).toBe(
    'key,day,billed_usd,listed_usd,requests\r\n' +
      '"\'=HYPERLINK(""x""),1",2026-11-20,0.003150000,0.006300000,1\r\n',
  );
});

it('any text comes out of the CSV as it went in (RFC 4180), but for the mark before a formula', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 5 }), (keys) => {
      const lines = keys.map((key) => ({ ...line('2026-11-20 a/b', 5, 1), key }));
      const rows = splitBy(lines, ['key']);
      const [head, ...records] = parseCsv(billAsCsv(bill({ rows, dimensions: ['key'] })));
      expect(head).toEqual(['key', 'billed_usd', 'listed_usd', 'requests']);
      expect(records.map(([key]) => key)).toEqual(
        rows.map(({ values: [key = ''] }) => (/^[=+\-@\t\r]/.test(key) ? `'${key}` : key)),
      );
    }),
  );
});

/** Reads records as RFC 4180 defines them. */
function parseCsv(text: string): string[][] {
  const records: string[][] = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    records.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain ?? '');
    if (end !== ',') records.push([]);
  }
  records.pop();
  return records;
}

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
