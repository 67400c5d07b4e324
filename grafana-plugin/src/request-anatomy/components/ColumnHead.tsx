import { css, cx } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import type { ReactElement } from 'react';
import { t } from '../../language/translate.ts';
import { SEGMENTS } from '../anatomy/part.ts';
import type { Axis } from '../bars/axis.ts';
import { partLabel, partMeaning } from '../words/part-words.ts';
import { AxisTicks } from './AxisTicks.tsx';
import { Swatch } from './Numbers.tsx';
import type { View } from './view.ts';

interface Props {
  readonly view: View;
  /** Where all models have one, it stands here and stays in sight. */
  readonly axis?: Axis | undefined;
}

/** The heads of the columns, which are the legend as well; without columns they are for screen readers. */
export function ColumnHead({ view, axis }: Props): ReactElement {
  const styles = useStyles2(stylesOf);
  const isWide = view.layout === 'wide';
  const hasAxis = axis !== undefined && view.layout !== 'narrow';
  return (
    <div role="rowgroup" className={cx(isWide || hasAxis ? styles.sticky : 'sr-only')}>
      <div role="row" className={styles.row} style={{ gridTemplateColumns: view.columns }}>
        <div role="columnheader">
          <span className="sr-only">{t('anatomy.column.statistic', 'Statistic')}</span>
        </div>
        {hasAxis ? <AxisTicks axis={axis} writing={view.writing} /> : <span aria-hidden />}
        <div role="columnheader" className={cx(isWide && styles.right)}>
          {t('anatomy.column.total', 'Total')}
        </div>
        <div role="presentation" className={isWide ? styles.columns : 'sr-only'}>
          {SEGMENTS.map((name) => (
            <div key={name} role="columnheader" className={styles.right} title={partMeaning(name)}>
              <Swatch name={name} /> {partLabel(name)}
            </div>
          ))}
        </div>
      </div>
    </div>
  );
}

function stylesOf(theme: GrafanaTheme2): Record<'sticky' | 'row' | 'right' | 'columns', string> {
  return {
    sticky: css({
      position: 'sticky',
      top: 0,
      zIndex: 1,
      padding: theme.spacing(0.5, 0),
      background: theme.colors.background.primary,
      borderBottom: `1px solid ${theme.colors.border.weak}`,
    }),
    row: css({
      display: 'grid',
      columnGap: theme.spacing(1),
      alignItems: 'end',
      fontSize: theme.typography.bodySmall.fontSize,
      color: theme.colors.text.secondary,
    }),
    right: css({ textAlign: 'right' }),
    columns: css({ display: 'contents' }),
  };
}
