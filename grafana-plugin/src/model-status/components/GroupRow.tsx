import { useStyles2 } from '@grafana/ui';
import type { ReactElement } from 'react';
import { t } from '../../language/translate.ts';
import type { Row } from '../rows/row.ts';
import { summaryOf } from '../rows/summary.ts';
import { tableStyles } from './table-styles.ts';

/** The account that the rows below belong to. */
export function GroupRow({
  account,
  rows,
}: {
  account: string | undefined;
  rows: readonly Row[];
}): ReactElement {
  const styles = useStyles2(tableStyles);
  const { failing, total } = summaryOf(rows);
  return (
    <div role="row">
      <div role="rowheader" className={styles.group} style={{ height: 24 }}>
        <span className={styles.groupName}>
          {account === undefined
            ? t('model-status.group.none', 'No account named')
            : t('model-status.group.account', 'Account {{account}}', { account })}
        </span>
        <span>{t('model-status.group.failing', '{{failing}} of {{total}} failing', { failing, total })}</span>
      </div>
    </div>
  );
}
