/** How much a panel of some width has room for. */
export type Layout = 'narrow' | 'medium' | 'wide';

/** Below this bars tell nothing any more, numbers still do. */
const BARS_FROM = 320;

/** From here each part has a column. */
const COLUMNS_FROM = 820;

const ROOMY_FROM = 1250;

export function layoutFor(width: number): Layout {
  if (width < BARS_FROM) return 'narrow';
  return width < COLUMNS_FROM ? 'medium' : 'wide';
}

/** Columns of a wide panel: statistic, bar, total, the five parts. */
export function wideColumns(width: number): string {
  const number = width < ROOMY_FROM ? 88 : 138;
  return `48px minmax(120px, 1fr) repeat(6, ${number}px)`;
}

/** Columns of the line above the parts: statistic, bar, total. */
export function mediumColumns(width: number): string {
  return width < 480 ? '40px 1fr 84px' : '48px 1fr 150px';
}
