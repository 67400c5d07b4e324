import { type NanoUsd, usdFromNano } from '../domain/money.ts';
import { type CostRow, type Dimension } from './cost-line.ts';

/** A bill that is ready to be told. */
export interface Bill {
  readonly account: string;
  /** Ms since the epoch; `until` is exclusive. */
  readonly since: number;
  readonly until: number;
  readonly dimensions: readonly Dimension[];
  readonly rows: readonly CostRow[];
  readonly total: Omit<CostRow, 'values'>;
  /** Which of fal's sources it was read from. */
  readonly readFrom: 'usage' | 'billing-events';
  /** What a reader should know before trusting it, one sentence each. */
  readonly notes: readonly string[];
}

const TITLES: Readonly<Record<Dimension, string>> = {
  day: 'DAY',
  endpoint: 'ENDPOINT',
  source: 'SOURCE',
  key: 'KEY',
};

/** For people: aligned columns, the sum below, and what to know about it. */
export function billAsTable(bill: Bill): string {
  const { dimensions, rows, total } = bill;
  const hasRequests = total.requests !== undefined;
  const head = [...dimensions.map((dimension) => TITLES[dimension]), 'USD', 'SHARE'];
  if (hasRequests) head.push('REQUESTS', 'USD/REQUEST');
  const body = rows.map((row) => [...row.values, ...figures(row, total.billed, hasRequests)]);
  const sum = [...dimensions.map((_, index) => (index === 0 ? 'TOTAL' : ''))];
  const table = aligned(
    [head, ...body, [...sum, ...figures(total, total.billed, hasRequests)]],
    dimensions.length,
  );
  const title = `Billed to ${bill.account} from ${day(bill.since)} to ${day(bill.until - 1)}, UTC (fal’s ${bill.readFrom})`;
  const discount = total.listed - total.billed;
  const notes = discount > 0 ? [`Discounts of ${money(discount)} USD are taken off already.`] : [];
  return [title, '', ...table, '', ...notes, ...bill.notes].join('\n').trimEnd() + '\n';
}

/** For a program: whole nano-dollars beside dollars, so that nobody has to add up floats. */
export function billAsJson(bill: Bill): string {
  const { account, since, until, dimensions, rows, total, readFrom, notes } = bill;
  const json = {
    ...{ account, since: iso(since), until: iso(until), read_from: readFrom, currency: 'USD' },
    rows: rows.map((row) => ({
      ...Object.fromEntries(dimensions.map((dimension, index) => [dimension, row.values[index]])),
      ...sums(row),
    })),
    ...{ total: sums(total), notes },
  };
  return `${JSON.stringify(json, null, 2)}\n`;
}

/** For a spreadsheet (RFC 4180): a heading, a line per row, no sum. */
export function billAsCsv({ dimensions, rows }: Bill): string {
  const head = [...dimensions, 'billed_usd', 'listed_usd', 'requests'];
  const lines = rows.map((row) => [
    ...row.values.map(plainText),
    ...[decimal(row.billed), decimal(row.listed), row.requests ?? ''],
  ]);
  return [head, ...lines].map((line) => `${line.map(field).join(',')}\r\n`).join('');
}

function sums({ billed, listed, requests }: Omit<CostRow, 'values'>): object {
  return {
    billed_usd: usdFromNano(billed),
    billed_nano_usd: billed,
    listed_nano_usd: listed,
    ...(requests === undefined ? {} : { requests }),
  };
}

function figures(
  { billed, requests }: Omit<CostRow, 'values'>,
  whole: NanoUsd,
  hasRequests: boolean,
): string[] {
  const share = whole > 0 ? `${((billed / whole) * 100).toFixed(1)} %` : '–';
  if (!hasRequests) return [money(billed), share];
  const each = requests === undefined || requests === 0 ? '–' : money(Math.round(billed / requests));
  return [money(billed), share, String(requests ?? '–'), each];
}

/** Cents for amounts that have some, more digits for what is smaller than a cent. */
function money(nano: NanoUsd): string {
  const usd = usdFromNano(nano);
  if (nano === 0) return '0.00';
  return usd.toFixed(Math.abs(usd) >= 1 ? 2 : Math.abs(usd) >= 0.01 ? 4 : 6);
}

/** Every nano-dollar: 3150000 is 0.003150000. */
function decimal(nano: NanoUsd): string {
  const digits = String(Math.abs(nano)).padStart(10, '0');
  return `${nano < 0 ? '-' : ''}${digits.slice(0, -9)}.${digits.slice(-9)}`;
}

/** Texts to the left, numbers to the right. */
function aligned(lines: readonly (readonly string[])[], texts: number): string[] {
  const widths = (lines[0] ?? []).map((_, column) =>
    Math.max(...lines.map((line) => (line[column] ?? '').length)),
  );
  return lines.map((line) =>
    line
      .map((cell, column) =>
        column < texts ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
}

/** A spreadsheet takes a text that begins so for a formula. */
function plainText(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}

function field(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function day(at: number): string {
  return iso(at).slice(0, 10);
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
