import { cx } from '@emotion/css';
import { useStyles2 } from '@grafana/ui';
import { type ReactElement, useId, useMemo, useRef } from 'react';
import { t } from '../../language/translate.ts';
import { bucketCount } from '../layout/bars.ts';
import { layoutOf, templateOf } from '../layout/columns.ts';
import { type ModelStatusOptions, rowHeight } from '../options.ts';
import type { Notice } from '../rows/notices.ts';
import type { Arranged } from '../rows/order.ts';
import type { Row } from '../rows/row.ts';
import type { ModelRows } from '../rows/rows.ts';
import type { Period } from '../timeline/segments.ts';
import { useWalk } from '../walk/use-walk.ts';
import { needsOf } from '../words/needs.ts';
import { type Time, barsLabel } from '../words/row-words.ts';
import { BarPatterns, patternIds } from './BarPatterns.tsx';
import { GroupRow } from './GroupRow.tsx';
import { Legend } from './Legend.tsx';
import { HeadRow } from './HeadRow.tsx';
import { ModelRow, type RowSetting } from './ModelRow.tsx';
import { PointedDetails } from './PointedDetails.tsx';
import { Summary } from './Summary.tsx';
import type { RowLink } from './row-links.ts';
import { tableStyles } from './table-styles.ts';

/** What was read from the data. */
export interface View extends ModelRows {
  /** Asked for, also what of it is still to come. */
  readonly range: Period;
  readonly time: Time;
}

interface Props {
  readonly view: View;
  readonly arranged: Arranged;
  readonly notices: readonly Notice[];
  readonly options: ModelStatusOptions;
  readonly linksOf: (row: Row) => readonly RowLink[];
  /** Pixels. */
  readonly width: number;
  readonly height: number;
}

/** Pixels from which there is room for a head above the rows. */
const HEAD_FROM = 150;
const HEAD_HEIGHT = 24;
/** Pixels below which the letters are small, so that more than half a name fits. */
const SMALL_BELOW = 430;
const SMALL_SCALE = 12 / 14;

export function StatusTable(props: Props): ReactElement {
  const { view, arranged, notices, width, height } = props;
  const styles = useStyles2(tableStyles);
  const grid = useRef<HTMLDivElement>(null);
  const patterns = patternIds(useId());
  const setting = useSetting(props, patterns);
  const keys = useMemo(() => arranged.groups.flatMap(({ rows }) => rows.map(({ key }) => key)), [arranged]);
  const hasBars = setting.layout.columns.includes('bars');
  const buckets = hasBars ? setting.bucketCount : 0;
  const walk = useWalk(grid, { rows: keys.length, buckets, keys, pitch: setting.bars.pitch });
  const stop = walk.stop !== undefined && keys.includes(walk.stop) ? walk.stop : keys[0];
  return (
    <div className={cx(styles.panel, width < SMALL_BELOW && styles.narrow)} style={{ width, height }}>
      <BarPatterns ids={patterns} />
      <Summary view={view} notices={notices} width={width} isTall={height >= HEAD_FROM} />
      <div
        ref={grid}
        className={styles.grid}
        role="grid"
        aria-readonly="true"
        aria-label={t('model-status.table', 'Status of the models')}
        onKeyDown={walk.onKeyDown}
        onFocus={walk.onFocus}
        onBlur={walk.onBlur}
        onScroll={walk.onLeave}
      >
        {height >= HEAD_FROM && <HeadRow setting={setting} />}
        {arranged.groups.map(({ account, rows }) => (
          <div key={account ?? ''} role="rowgroup">
            {arranged.groups.length > 1 && <GroupRow account={account} rows={rows} />}
            {rows.map((row) => (
              <ModelRow
                key={row.key}
                row={row}
                setting={setting}
                activeBucket={walk.pointed?.key === row.key ? walk.pointed.bucket : undefined}
                isTabStop={row.key === stop}
                onPoint={walk.onPoint}
                onLeave={walk.onLeave}
              />
            ))}
          </div>
        ))}
      </div>
      {hasBars && <Legend rows={view.rows} patterns={patterns} />}
      <PointedDetails pointed={walk.pointed} rows={view.rows} setting={setting} />
    </div>
  );
}

/** Pixels that summary and scroll bar take, as far as the layout has to know. */
const SUMMARY_HEIGHT = 52;
const SCROLL_BAR = 12;

function useSetting(props: Props, patterns: RowSetting['patterns']): RowSetting {
  const { view, arranged, options, linksOf, width, height } = props;
  const { hatch } = patterns;
  return useMemo(() => {
    const groups = arranged.groups.length;
    const room = height - SUMMARY_HEIGHT - HEAD_HEIGHT - (groups > 1 ? groups * HEAD_HEIGHT : 0);
    const each = rowHeight(options.density, arranged.shown, room);
    const isScrolled = arranged.shown * each > room;
    const { range, stepMs, time, rows } = view;
    const needs = needsOf(rows, time, width < SMALL_BELOW ? SMALL_SCALE : 1);
    const layout = layoutOf(isScrolled ? width - SCROLL_BAR : width, options.columns, needs);
    const count = bucketCount(layout.barsWidth, range.to - range.from, stepMs);
    const accounts = new Set(rows.map(({ account }) => account));
    return {
      layout,
      template: templateOf(layout),
      time,
      range,
      bucketCount: count,
      bars: { pitch: Math.floor(layout.barsWidth / count), height: each - 10 },
      barsLabel: barsLabel(range, time),
      height: each,
      patterns,
      hasAccount: groups === 1 && accounts.size > 1,
      linksOf,
    };
    // The ids of the patterns are a new object each time; one of them stands for all.
  }, [view, arranged, options, linksOf, width, height, hatch]);
}
