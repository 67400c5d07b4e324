import {
  FieldColorModeId,
  FieldConfigProperty,
  FieldType,
  PanelPlugin,
  formattedValueToString,
  getFieldDisplayName,
} from '@grafana/data';
import type { DataFrame, DisplayValue, Field, PanelProps, TimeRange } from '@grafana/data';
import { PanelDataErrorView } from '@grafana/runtime';
import { useTheme2 } from '@grafana/ui';
import type { ReactElement } from 'react';
import { customFields } from './custom-fields.ts';

interface Options {
  readonly showValue: 'auto' | 'always' | 'never';
  readonly rowHeight: number;
  readonly mergeValues: boolean;
}

const DEFAULTS: Options = { showValue: 'auto', rowHeight: 0.9, mergeValues: true };
const LOOK = { lineWidth: 0, fillOpacity: 70, spanNulls: false, insertNulls: false, hideFrom: undefined };

/** Grafana's state timeline: neighbouring points of the same value are one bar. */
export function stateTimelinePanel(): PanelPlugin {
  return statePanel((props) => <StatePanel {...props} isMerged={props.options.mergeValues} />);
}

/** Grafana's status history: a cell for each point. */
export function statusHistoryPanel(): PanelPlugin {
  return statePanel((props) => <StatePanel {...props} isMerged={false} />);
}

function statePanel(panel: (props: PanelProps<Options>) => ReactElement): PanelPlugin {
  return new PanelPlugin<Options>(panel)
    .useFieldConfig({
      standardOptions: {
        [FieldConfigProperty.Color]: { defaultValue: { mode: FieldColorModeId.ContinuousGrYlRd } },
      },
      useCustomConfig: customFields(LOOK),
    })
    .setDefaults(DEFAULTS)
    .setDataSupport({ annotations: true, alertStates: false });
}

interface StatePanelProps extends PanelProps<Options> {
  readonly isMerged: boolean;
}

/** Hand-drawn: Grafana's own drawing is part of its core. */
function StatePanel({ data, isMerged, ...props }: StatePanelProps): ReactElement {
  const theme = useTheme2();
  const rows = data.series.flatMap((frame) => rowsOf(frame, { frames: data.series, isMerged }));
  if (rows.length === 0) {
    return (
      <PanelDataErrorView panelId={props.id} data={data} fieldConfig={props.fieldConfig} needsTimeField />
    );
  }
  const labelWidth = Math.min(220, props.width / 3);
  const height = props.height / rows.length;
  return (
    <div
      role="list"
      style={{ overflow: 'hidden', height: props.height, fontSize: theme.typography.bodySmall.fontSize }}
    >
      {rows.map(({ name, cells }) => (
        <div key={name} role="listitem" aria-label={name} style={{ display: 'flex', height }}>
          <span style={{ width: labelWidth, ...ELLIPSIS }}>{name}</span>
          <div
            style={{
              position: 'relative',
              flex: 1,
              margin: `${(height * (1 - props.options.rowHeight)) / 2}px 0`,
            }}
          >
            {cells.map((cell) => (
              <Bar
                key={cell.from}
                cell={cell}
                timeRange={props.timeRange}
                isNamed={props.options.showValue !== 'never'}
              />
            ))}
          </div>
        </div>
      ))}
    </div>
  );
}

const ELLIPSIS = {
  overflow: 'hidden',
  textOverflow: 'ellipsis',
  whiteSpace: 'nowrap',
  alignSelf: 'center',
} as const;

interface BarProps {
  readonly cell: Cell;
  readonly timeRange: TimeRange;
  readonly isNamed: boolean;
}

function Bar({ cell, timeRange, isNamed }: BarProps): ReactElement {
  const theme = useTheme2();
  const from = timeRange.from.valueOf();
  const span = timeRange.to.valueOf() - from;
  const percent = (at: number): number => Math.min(100, Math.max(0, ((at - from) / span) * 100));
  const left = percent(cell.from);
  const width = percent(cell.to) - left;
  const text = formattedValueToString(cell.display);
  const background = cell.display.color ?? theme.colors.secondary.main;
  const place = {
    position: 'absolute',
    left: `${left}%`,
    width: `calc(${width}% - 1px)`,
    top: 0,
    bottom: 0,
  } as const;
  return (
    <div
      title={text}
      style={{ ...place, background, color: theme.colors.getContrastText(background), overflow: 'hidden' }}
    >
      {isNamed ? text : null}
    </div>
  );
}

interface Cell {
  readonly from: number;
  readonly to: number;
  readonly value: unknown;
  readonly display: DisplayValue;
}

interface Row {
  readonly name: string;
  readonly cells: readonly Cell[];
}

function rowsOf(frame: DataFrame, how: { frames: DataFrame[]; isMerged: boolean }): Row[] {
  const time = frame.fields.find(({ type }) => type === FieldType.time);
  if (time === undefined) return [];
  return frame.fields
    .filter((field) => field !== time && field.type !== FieldType.time)
    .map((field) => ({
      name: getFieldDisplayName(field, frame, how.frames),
      cells: cellsOf(time, field, how.isMerged),
    }));
}

/** A bar lasts until the next point, and no longer than a step, so that a gap stays a gap. */
function cellsOf(time: Field, field: Field, isMerged: boolean): Cell[] {
  const step = time.config.interval ?? 60_000;
  const cells: Cell[] = [];
  (time.values as number[]).forEach((at, i) => {
    const value: unknown = field.values[i];
    const display = field.display?.(value);
    if (value === null || value === undefined || display === undefined) return;
    const last = cells.at(-1);
    const isSame = isMerged && last?.value === value && at - last.to < step;
    if (isSame) cells.pop();
    cells.push({ from: isSame ? last.from : at, to: at + step, value, display });
  });
  return cells;
}
