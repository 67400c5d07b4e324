import type { NanoUsd } from '../domain/money.ts';
import type { Dimension } from './cost-line.ts';
import { inOneForm, usdText } from './amount.ts';
import { type Bill, dayOf } from './cost-text.ts';

const TITLES: Readonly<Record<Dimension, string>> = {
  day: 'DAY',
  endpoint: 'ENDPOINT',
  source: 'SOURCE',
  key: 'KEY',
};

/** What most terminals have at least. */
const WIDTH = 100;
const GAP = '  ';

/** For people: aligned columns, the sum below, and what to know about it. Long names are cut in their middle. */
export function billAsTable(bill: Bill): string {
  const { dimensions, rows, total } = bill;
  const numbers = numberColumns(bill);
  const names = dimensions.map((dimension, index): [Dimension, readonly string[]] => [
    dimension,
    [TITLES[dimension], ...rows.map(({ values }) => values[index] ?? ''), index === 0 ? 'TOTAL' : ''],
  ]);
  const left = WIDTH - numbers.reduce((sum, cells) => sum + GAP.length + widthOf(cells), 0);
  const texts = fitted(new Map(names), left);
  const from = bill.readFrom === 'usage' ? 'usage' : 'billing events';
  const title = `Billed to ${bill.account} from ${dayOf(bill.since)} to ${dayOf(bill.until - 1)}, UTC (fal’s ${from})`;
  const table = rows.length === 0 ? ['Nothing was billed.'] : aligned(texts.columns, numbers);
  const discount = total.listed - total.billed;
  const notes = [
    ...(discount > 0 ? [`Discounts of ${usdText(discount)} USD are taken off already.`] : []),
    ...(texts.isCut ? ['Names with … are cut to fit; --json and --csv have them whole.'] : []),
    ...bill.notes,
  ];
  return [title, '', ...table, '', ...notes].join('\n').trimEnd() + '\n';
}

/** Each with its heading first and the sum last; what no source told has no column. */
function numberColumns({ rows, total }: Bill): string[][] {
  const lines = [...rows, total];
  const money = [
    ['USD', ...inOneForm(lines.map(({ billed }) => billed))],
    ['SHARE', ...lines.map(({ billed }) => share(billed, total.billed))],
  ];
  if (total.requests === undefined) return money;
  const each = lines.map(({ billed, requests = 0 }) =>
    requests === 0 ? undefined : Math.round(billed / requests),
  );
  return [
    ...money,
    ['REQUESTS', ...lines.map(({ requests }) => String(requests ?? NOTHING))],
    ['USD/REQUEST', ...inOneForm(each)],
  ];
}

const NOTHING = '–';

function share(part: NanoUsd, whole: NanoUsd): string {
  if (whole <= 0) return NOTHING;
  const percent = (part / whole) * 100;
  return percent > 0 && percent < 0.05 ? '<0.1 %' : `${percent.toFixed(1)} %`;
}

interface Fitted {
  readonly columns: readonly (readonly string[])[];
  readonly isCut: boolean;
}

/** Which columns give way, in this order, and what is left of them. Models are told apart by more than keys are. */
const LEAST_WIDTHS = [
  ['key', 14],
  ['endpoint', 24],
] as const;

function fitted(texts: ReadonlyMap<Dimension, readonly string[]>, width: number): Fitted {
  const columns = new Map(texts);
  let excess =
    [...texts.values()].reduce((sum, cells) => sum + widthOf(cells) + GAP.length, -GAP.length) - width;
  let isCut = false;
  for (const [dimension, least] of LEAST_WIDTHS) {
    const cells = texts.get(dimension) ?? [];
    const cut = Math.min(excess, widthOf(cells) - least);
    if (cut <= 0) continue;
    columns.set(
      dimension,
      cells.map((cell) => shortened(cell, widthOf(cells) - cut)),
    );
    excess -= cut;
    isCut = true;
  }
  return { columns: [...columns.values()], isCut };
}

/** The owner comes first and the variant, which tells more, last. */
function shortened(text: string, width: number): string {
  const letters = [...text];
  if (letters.length <= width) return text;
  const head = Math.floor((width - 1) / 3);
  return [...letters.slice(0, head), '…', ...letters.slice(letters.length - (width - 1 - head))].join('');
}

/** Texts to the left, numbers to the right. */
function aligned(texts: readonly (readonly string[])[], numbers: readonly (readonly string[])[]): string[] {
  const left = texts.map((cells) => cells.map((cell) => cell + padding(cell, widthOf(cells))));
  const right = numbers.map((cells) => cells.map((cell) => padding(cell, widthOf(cells)) + cell));
  const columns = [...left, ...right];
  return (columns[0] ?? []).map((_, line) =>
    columns
      .map((cells) => cells[line] ?? '')
      .join(GAP)
      .trimEnd(),
  );
}

function padding(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - [...text].length));
}

function widthOf(cells: readonly string[]): number {
  return cells.reduce((widest, cell) => Math.max(widest, [...cell].length), 0);
}
