import { PanelBuilder } from '@grafana/grafana-foundation-sdk/table';
import { TableCellHeight, TableSortByFieldStateBuilder } from './common.ts';
import type { Override } from './look.ts';
import { placed, type PanelSpec, type Placed } from './panel.ts';

export interface TableSpec extends PanelSpec {
  /** Name of the column that sorts, after renaming; `desc` puts the largest first. */
  readonly sortBy?: { readonly column: string; readonly isDescending: boolean } | undefined;
  readonly rowHeight?: 'small' | 'medium' | undefined;
}

/** `noData` speaks for the whole table: an empty cell is a dash, and words have no unit. */
const CELLS: readonly Override[] = [
  { match: { regexp: '/.*/' }, set: { noValue: '–', 'custom.minWidth': 70 } },
  { match: { type: 'string' }, set: { unit: 'string' } },
  { match: { name: 'Model' }, set: { 'custom.minWidth': 200 } },
];

/** Rows and columns. Columns are named and ordered by the transformation `organize`. */
export function table(spec: TableSpec): Placed {
  const builder = new PanelBuilder()
    .showHeader(true)
    .cellHeight(spec.rowHeight === 'medium' ? TableCellHeight.Md : TableCellHeight.Sm);
  if (spec.sortBy !== undefined) {
    const { column, isDescending } = spec.sortBy;
    builder.sortBy([new TableSortByFieldStateBuilder().displayName(column).desc(isDescending)]);
  }
  return placed(builder, {
    ...spec,
    color: spec.color ?? 'thresholds',
    overrides: [...CELLS, ...(spec.overrides ?? [])],
  });
}
