import { DataFrameType, FieldType, PanelPlugin, formattedValueToString, getValueFormat } from '@grafana/data';
import type { DataFrame, PanelProps } from '@grafana/data';
import { PanelDataErrorView } from '@grafana/runtime';
import { useTheme2 } from '@grafana/ui';
import type { ReactElement } from 'react';
import { customFields } from './custom-fields.ts';

interface Options {
  readonly yAxis?: { readonly unit?: string };
  readonly color?: { readonly exponent?: number };
  readonly filterValues?: { readonly le?: number };
}

/** Grafana's heatmap of rows that are buckets already; hand-drawn, because its own drawing is part of its core. */
export function heatmapPanel(): PanelPlugin {
  return new PanelPlugin<Options>(HeatmapPanel)
    .useFieldConfig({ useCustomConfig: customFields({ hideFrom: undefined, scaleDistribution: undefined }) })
    .setDefaults({})
    .setDataSupport({ annotations: true, alertStates: false });
}

const LABEL_WIDTH = 60;

function HeatmapPanel({ data, options, width, height, ...props }: PanelProps<Options>): ReactElement {
  const theme = useTheme2();
  const frame = data.series.find(
    ({ meta, length }) => meta?.type === DataFrameType.HeatmapRows && length > 0,
  );
  if (frame === undefined) {
    return (
      <PanelDataErrorView panelId={props.id} data={data} fieldConfig={props.fieldConfig} needsNumberField />
    );
  }
  const rows = frame.fields.filter(({ type }) => type === FieldType.number);
  const rowHeight = height / rows.length;
  const from = props.timeRange.from.valueOf();
  const cells = cellsOf(frame, options);
  const span = props.timeRange.to.valueOf() - from;
  const x = (at: number): number => LABEL_WIDTH + ((at - from) / span) * (width - LABEL_WIDTH);
  const color = theme.visualization.getColorByName('orange');
  return (
    <svg width={width} height={height} role="img" aria-label={`heatmap of ${rows.length} buckets`}>
      {rows.map((row, i) => (
        <text
          key={row.name}
          x={0}
          y={height - i * rowHeight - 2}
          fill={theme.colors.text.secondary}
          fontSize={10}
        >
          {boundText(row.name, options)}
        </text>
      ))}
      {cells.map(({ at, step, row, strength }) => (
        <rect
          key={`${row}/${at}`}
          x={x(at)}
          y={height - (row + 1) * rowHeight}
          width={Math.max(1, x(at + step) - x(at) - 1)}
          height={Math.max(1, rowHeight - 1)}
          fill={color}
          fillOpacity={strength}
        />
      ))}
    </svg>
  );
}

function boundText(bound: string, { yAxis }: Options): string {
  const value = Number(bound);
  if (!Number.isFinite(value)) return bound;
  return formattedValueToString(getValueFormat(yAxis?.unit ?? 'short')(value));
}

interface Cell {
  readonly at: number;
  readonly step: number;
  readonly row: number;
  /** From 0 to 1. */
  readonly strength: number;
}

function cellsOf({ fields }: DataFrame, { color, filterValues }: Options): Cell[] {
  const times = (fields.find(({ type }) => type === FieldType.time)?.values ?? []) as number[];
  const rows = fields.filter(({ type }) => type === FieldType.number).map(({ values }) => values as number[]);
  const most = rows.flat().reduce((max, value) => Math.max(max, value), 0);
  const step = (times[1] ?? 0) - (times[0] ?? 0);
  const least = filterValues?.le ?? 0;
  return rows.flatMap((values, row) =>
    values.flatMap((value, i) =>
      value > least
        ? [{ at: times[i] ?? 0, step, row, strength: (value / most) ** (color?.exponent ?? 0.5) }]
        : [],
    ),
  );
}
