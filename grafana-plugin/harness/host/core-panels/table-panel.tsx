import { FieldColorModeId, FieldConfigProperty, PanelPlugin } from '@grafana/data';
import type { PanelProps } from '@grafana/data';
import { PanelDataErrorView } from '@grafana/runtime';
import { TableCellHeight } from '@grafana/schema';
import { Table } from '@grafana/ui';
import type { TableSortByFieldState } from '@grafana/ui';
import type { ReactElement } from 'react';
import { customFields } from './custom-fields.ts';

interface Options {
  readonly frameIndex: number;
  readonly showHeader: boolean;
  readonly cellHeight: TableCellHeight;
  readonly sortBy: TableSortByFieldState[];
}

const DEFAULTS: Options = { frameIndex: 0, showHeader: true, cellHeight: TableCellHeight.Sm, sortBy: [] };

const CELLS = {
  align: 'auto',
  inspect: false,
  width: undefined,
  minWidth: undefined,
  filterable: undefined,
  cellOptions: { type: 'auto' },
  hideFrom: { viz: false },
  hidden: undefined,
};

/** Grafana's table panel by the table of `@grafana/ui`. */
export function tablePanel(): PanelPlugin {
  return new PanelPlugin<Options>(TablePanel)
    .useFieldConfig({
      standardOptions: {
        [FieldConfigProperty.Color]: { defaultValue: { mode: FieldColorModeId.Thresholds } },
      },
      useCustomConfig: customFields(CELLS),
    })
    .setDefaults(DEFAULTS);
}

function TablePanel({ data, options, width, height, id, fieldConfig }: PanelProps<Options>): ReactElement {
  const frame = data.series[options.frameIndex] ?? data.series[0];
  if (frame === undefined || frame.length === 0 || frame.fields.length === 0) {
    return <PanelDataErrorView panelId={id} data={data} fieldConfig={fieldConfig} />;
  }
  return (
    <Table
      ariaLabel="table"
      data={frame}
      width={width}
      height={height}
      noHeader={!options.showHeader}
      cellHeight={options.cellHeight}
      initialSortBy={options.sortBy}
      fieldConfig={fieldConfig}
    />
  );
}
