import { COLUMN_IDS, type ColumnId } from './layout/columns.ts';
import type { Sort } from './rows/order.ts';

/** `auto`: roomy when all rows fit that way, otherwise compact. */
export type Density = 'auto' | 'compact' | 'roomy';

export interface ModelStatusOptions {
  readonly sort: Sort;
  readonly columns: readonly ColumnId[];
  readonly density: Density;
  /** Rows of one account together, where there are several. */
  readonly byAccount: boolean;
  /** uid of the dashboard that a row opens when the field config has no link; empty for none. */
  readonly dashboard: string;
  readonly inNewTab: boolean;
}

export const DEFAULTS: ModelStatusOptions = {
  sort: 'worst',
  columns: COLUMN_IDS,
  density: 'auto',
  byAccount: true,
  dashboard: 'fal-endpoint',
  inNewTab: false,
};

/** Pixels. */
const ROW_HEIGHTS: Readonly<Record<Exclude<Density, 'auto'>, number>> = { compact: 24, roomy: 36 };

/** Height of a row, given how many there are and what the panel has for them. */
export function rowHeight(density: Density, rows: number, available: number): number {
  if (density !== 'auto') return ROW_HEIGHTS[density];
  return rows * ROW_HEIGHTS.roomy <= available ? ROW_HEIGHTS.roomy : ROW_HEIGHTS.compact;
}
