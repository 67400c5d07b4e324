import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Portal, VizTooltipContainer, useStyles2 } from '@grafana/ui';
import { type ReactElement, useMemo } from 'react';
import type { Row } from '../rows/row.ts';
import { type Bucket, bucketsOf } from '../timeline/buckets.ts';
import type { Pointed } from '../walk/use-pointed.ts';
import { bucketLines, bucketSentence, bucketTime } from '../words/row-words.ts';
import { rowDetails } from '../words/row-details.ts';
import { t } from '../../language/translate.ts';
import { Swatch } from './Legend.tsx';
import type { RowSetting } from './ModelRow.tsx';
import { tableStyles } from './table-styles.ts';

interface Props {
  readonly pointed: Pointed | undefined;
  readonly rows: readonly Row[];
  readonly setting: RowSetting;
}

/** What is pointed at, in full: to see beside it, and to hear for those who walk by keyboard. */
export function PointedDetails({ pointed, rows, setting }: Props): ReactElement {
  const table = useStyles2(tableStyles);
  const row = useMemo(() => rows.find(({ key }) => key === pointed?.key), [rows, pointed?.key]);
  const bucket = useMemo(() => bucketIn(row, pointed?.bucket, setting), [row, pointed?.bucket, setting]);
  const isSpoken = pointed?.isByKeyboard === true && row !== undefined && bucket !== undefined;
  // A whole row is shown only where the panel is too narrow for all of it.
  const isShown = row !== undefined && (bucket !== undefined || setting.layout.isCut);
  return (
    <>
      <div className={table.unseen} aria-live="polite" aria-atomic="true">
        {isSpoken ? bucketSentence(row, bucket, setting.time) : ''}
      </div>
      {pointed !== undefined && isShown && (
        <Portal>
          <VizTooltipContainer position={pointed} offset={OFFSET} aria-live="off" aria-hidden="true">
            {bucket === undefined ? (
              <RowDetails row={row} setting={setting} />
            ) : (
              <BucketDetails row={row} bucket={bucket} setting={setting} />
            )}
          </VizTooltipContainer>
        </Portal>
      )}
    </>
  );
}

/** Pixels between what is pointed at and what is told of it. */
const OFFSET = { x: 8, y: 6 };

function BucketDetails({
  row,
  bucket,
  setting,
}: {
  row: Row;
  bucket: Bucket;
  setting: RowSetting;
}): ReactElement {
  const styles = useStyles2(stylesOf);
  const lines = bucketLines(bucket);
  return (
    <div className={styles.box}>
      <div className={styles.title}>{row.endpointId}</div>
      <div className={styles.time}>{bucketTime(bucket, setting.time)}</div>
      {lines.map(({ verdict, text }) => (
        <div key={verdict ?? ''} className={styles.line}>
          <Swatch verdict={verdict} patterns={setting.patterns} />
          {text}
        </div>
      ))}
      {lines.length === 0 && <div>{t('model-status.bucket.future', 'has not come yet')}</div>}
    </div>
  );
}

function RowDetails({ row, setting }: { row: Row; setting: RowSetting }): ReactElement {
  const styles = useStyles2(stylesOf);
  return (
    <div className={styles.box}>
      <div className={styles.title}>{row.endpointId}</div>
      {rowDetails(row, setting.time).map((line) => (
        <div key={line}>{line}</div>
      ))}
    </div>
  );
}

function bucketIn(row: Row | undefined, index: number | undefined, setting: RowSetting): Bucket | undefined {
  if (row === undefined || index === undefined) return undefined;
  return bucketsOf(row.segments, setting.range, setting.bucketCount)[index];
}

function stylesOf(theme: GrafanaTheme2): Record<'box' | 'title' | 'time' | 'line', string> {
  return {
    box: css({
      maxWidth: theme.spacing(45),
      fontSize: theme.typography.bodySmall.fontSize,
      overflowWrap: 'anywhere',
    }),
    title: css({ fontWeight: theme.typography.fontWeightBold }),
    time: css({ color: theme.colors.text.secondary, fontVariantNumeric: 'tabular-nums' }),
    line: css({ display: 'flex', alignItems: 'center', gap: theme.spacing(0.75) }),
  };
}
