import { useStyles2 } from '@grafana/ui';
import { type ReactElement, memo, useCallback, useMemo } from 'react';
import type { BarSize } from '../layout/bars.ts';
import type { ColumnId, Layout } from '../layout/columns.ts';
import type { Row } from '../rows/row.ts';
import { bucketsOf } from '../timeline/buckets.ts';
import type { Period } from '../timeline/segments.ts';
import type { Time } from '../words/row-words.ts';
import type { PatternIds } from './BarPatterns.tsx';
import { ErrorCell, IncidentCell, LatencyCell, StateCell, UptimeCell } from './RowCells.tsx';
import { RowName } from './RowName.tsx';
import { UptimeBars } from './UptimeBars.tsx';
import type { RowLink } from './row-links.ts';
import { rowStyles } from './row-styles.ts';

/** What all rows of a table share. */
export interface RowSetting {
  readonly layout: Layout;
  readonly template: string;
  readonly time: Time;
  readonly range: Period;
  readonly bucketCount: number;
  readonly bars: BarSize;
  readonly barsLabel: string;
  /** Pixels. */
  readonly height: number;
  readonly patterns: PatternIds;
  readonly hasAccount: boolean;
  readonly linksOf: (row: Row) => readonly RowLink[];
}

interface Props {
  readonly row: Row;
  readonly setting: RowSetting;
  readonly activeBucket: number | undefined;
  readonly isTabStop: boolean;
  readonly onPoint: (key: string, bucket: number | undefined) => void;
  readonly onLeave: () => void;
}

/** One model: its name, its state, its bars and its numbers. */
export const ModelRow = memo(function ModelRow(props: Props): ReactElement {
  const { row, setting, activeBucket, isTabStop, onPoint, onLeave } = props;
  const styles = useStyles2(rowStyles);
  const links = useMemo(() => setting.linksOf(row), [setting, row]);
  const point = useCallback((bucket: number | undefined) => onPoint(row.key, bucket), [onPoint, row.key]);
  const { layout, height, template } = setting;
  const pointRow = layout.isCut ? (): void => onPoint(row.key, undefined) : undefined;
  return (
    <div
      className={styles.row}
      role="row"
      style={{ gridTemplateColumns: template, height, containIntrinsicHeight: height }}
      tabIndex={isTabStop ? 0 : -1}
      data-row={row.key}
      onPointerEnter={pointRow}
      onPointerLeave={onLeave}
    >
      <RowName row={row} links={links} hasAccount={setting.hasAccount} />
      <StateCell row={row} form={layout.stateForm} time={setting.time} />
      {layout.columns.map((id) => (
        <ColumnCell
          key={id}
          id={id}
          row={row}
          setting={setting}
          activeBucket={activeBucket}
          onPoint={point}
        />
      ))}
    </div>
  );
});

interface CellProps extends Pick<Props, 'row' | 'setting' | 'activeBucket'> {
  readonly id: ColumnId;
  readonly onPoint: (bucket: number | undefined) => void;
}

function ColumnCell({ id, row, setting, activeBucket, onPoint }: CellProps): ReactElement {
  switch (id) {
    case 'bars':
      return <BarsCell row={row} setting={setting} activeBucket={activeBucket} onPoint={onPoint} />;
    case 'uptime':
      return <UptimeCell uptime={row.uptime} isRoomy={setting.height > 30} />;
    case 'p95':
      return <LatencyCell latency={row.latency} />;
    case 'errors':
      return <ErrorCell errors={row.errors} />;
    case 'incident':
      return <IncidentCell row={row} time={setting.time} />;
  }
}

function BarsCell({ row, setting, activeBucket, onPoint }: Omit<CellProps, 'id'>): ReactElement {
  const { range, bucketCount, bars, patterns, barsLabel } = setting;
  const buckets = useMemo(
    () => bucketsOf(row.segments, range, bucketCount),
    [row.segments, range, bucketCount],
  );
  return (
    <div role="gridcell" aria-label={barsLabel}>
      <UptimeBars buckets={buckets} size={bars} patterns={patterns} active={activeBucket} onPoint={onPoint} />
    </div>
  );
}
