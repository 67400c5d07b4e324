import { usdFromNano } from '../domain/money.ts';
import { decimal } from './amount.ts';
import type { CostRow, Dimension } from './cost-line.ts';

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

/** A spreadsheet takes a text that begins so for a formula. */
function plainText(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}

function field(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** `YYYY-MM-DD`, UTC. */
export function dayOf(at: number): string {
  return iso(at).slice(0, 10);
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
