import { useStyles2 } from '@grafana/ui';
import type { ReactElement } from 'react';
import type { ColumnId } from '../layout/columns.ts';
import { columnHint, columnWords } from '../words/column-words.ts';
import type { RowSetting } from './ModelRow.tsx';
import { headStyles } from './table-styles.ts';

/** The head of the table, which stays while the rows scroll. Over the bars it says which time they cover. */
export function HeadRow({ setting }: { readonly setting: RowSetting }): ReactElement {
  const styles = useStyles2(headStyles);
  const { layout, template } = setting;
  return (
    <div
      role="row"
      className={styles.head}
      style={{ gridTemplateColumns: template, height: 24, flexShrink: 0 }}
    >
      <HeadCell id="name" />
      <HeadCell id="state" />
      {layout.columns.map((id) =>
        id === 'bars' ? <BarsHead key={id} setting={setting} /> : <HeadCell key={id} id={id} />,
      )}
    </div>
  );
}

const NUMBERS: readonly string[] = ['uptime', 'p95', 'errors'];

function HeadCell({ id }: { id: Exclude<ColumnId, 'bars'> | 'name' | 'state' }): ReactElement {
  const styles = useStyles2(headStyles);
  return (
    <div
      role="columnheader"
      className={NUMBERS.includes(id) ? styles.number : styles.cell}
      title={columnHint(id)}
    >
      {columnWords(id)}
    </div>
  );
}

function BarsHead({ setting }: { setting: RowSetting }): ReactElement {
  const styles = useStyles2(headStyles);
  const { bucketCount, bars, range, time, layout } = setting;
  const isWide = layout.barsWidth >= 160;
  return (
    <div role="columnheader" aria-label={columnWords('bars')} title={columnHint('bars')}>
      <div className={styles.bars} style={{ width: bucketCount * bars.pitch }}>
        <span>{time.clock(range.from)}</span>
        {isWide && <span>{time.clock(range.to)}</span>}
      </div>
    </div>
  );
}
