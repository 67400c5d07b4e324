import { css, cx } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import type { ReactElement } from 'react';
import { t } from '../../language/translate.ts';
import type { Row, Segment } from '../anatomy/anatomy.ts';
import { SEGMENTS } from '../anatomy/part.ts';
import type { Axis } from '../bars/axis.ts';
import { statisticLabel } from '../words/part-words.ts';
import { Bar } from './Bar.tsx';
import { EstimateText, PartText } from './Numbers.tsx';
import { ThresholdMark } from './ThresholdMark.tsx';
import type { Layout } from './layout.ts';
import type { View } from './view.ts';

interface Props {
  readonly row: Row;
  readonly axis: Axis;
  readonly limit: number | undefined;
  readonly view: View;
}

/** One quantile of one model: bar and numbers. */
export function StatisticRow({ row, axis, limit, view }: Props): ReactElement {
  const styles = useStyles2(stylesOf);
  const { layout, writing } = view;
  const label = statisticLabel(row.statistic);
  return (
    <div
      role="row"
      data-row
      tabIndex={-1}
      className={cx(styles.row, styles[layout])}
      style={{ gridTemplateColumns: view.columns }}
    >
      <div role="rowheader" className={styles.label}>
        {label}
      </div>
      {layout !== 'narrow' && (
        <div aria-hidden>
          <Bar row={row} axis={axis} limit={limit} />
        </div>
      )}
      <div role="cell" className={cx(styles.number, layout === 'wide' && styles.right)}>
        <ThresholdMark value={row.total.value} view={view} />
        <EstimateText estimate={row.total} writing={writing} isStrong />
      </div>
      <Parts row={row} view={view} />
    </div>
  );
}

/** In columns of their own, or flowing below the bar. A part that the row does not have leaves its column empty. */
function Parts({ row, view: { layout, writing } }: { readonly row: Row; readonly view: View }): ReactElement {
  const styles = useStyles2(stylesOf);
  const isWide = layout === 'wide';
  return (
    <div role="presentation" className={styles[PARTS_AS[layout]]}>
      {SEGMENTS.map((name) => {
        const segment = row.segments.find((each) => each.name === name);
        return (
          <div
            key={name}
            role="cell"
            className={cx(isWide && styles.right, !isWide && isNothing(segment) && 'sr-only')}
          >
            {segment === undefined ? (
              t('anatomy.number.unknown', 'unknown')
            ) : (
              <PartText segment={segment} writing={writing} layout={layout} />
            )}
          </div>
        );
      })}
    </div>
  );
}

function isNothing(segment: Segment | undefined): boolean {
  return segment === undefined || segment.estimate.high === 0;
}

const PARTS_AS = { narrow: 'list', medium: 'flow', wide: 'columns' } as const;

type Name = 'row' | Layout | 'label' | 'number' | 'right' | 'columns' | 'flow' | 'list';

function stylesOf(theme: GrafanaTheme2): Record<Name, string> {
  return {
    row: css({
      display: 'grid',
      alignItems: 'center',
      columnGap: theme.spacing(1),
      margin: theme.spacing(0, -0.5),
      padding: theme.spacing(0, 0.5),
      borderRadius: theme.shape.radius.default,
      '&:hover': { background: theme.colors.action.hover },
      '&:focus-visible': { outline: `2px solid ${theme.colors.primary.border}`, outlineOffset: -2 },
    }),
    narrow: css({ alignItems: 'baseline', paddingBottom: theme.spacing(0.75) }),
    medium: css({ alignItems: 'start', lineHeight: theme.spacing(2.75), paddingBottom: theme.spacing(0.5) }),
    wide: css({ minHeight: theme.spacing(3.5) }),
    label: css({ color: theme.colors.text.secondary, fontVariantNumeric: 'tabular-nums' }),
    number: css({ minWidth: 0, lineHeight: 1.35 }),
    right: css({ textAlign: 'right', lineHeight: 1.25, minWidth: 0 }),
    columns: css({ display: 'contents' }),
    flow: css({
      gridColumn: '2 / -1',
      display: 'flex',
      flexWrap: 'wrap',
      columnGap: theme.spacing(1.5),
      whiteSpace: 'nowrap',
      lineHeight: 1.35,
    }),
    list: css({ gridColumn: '1 / -1', minWidth: 0, lineHeight: 1.35, paddingLeft: theme.spacing(1) }),
  };
}
