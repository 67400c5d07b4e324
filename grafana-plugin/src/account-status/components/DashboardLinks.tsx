import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { TextLink, useStyles2 } from '@grafana/ui';
import type { ReactElement } from 'react';
import { dashboardPath } from '../../app/addresses.ts';
import { t } from '../../language/translate.ts';
import { dashboardEntries } from '../dashboards.ts';

/** The dashboards, by the question that each of them answers. */
export function DashboardLinks({ dataSourceUid }: { readonly dataSourceUid: string }): ReactElement {
  const styles = useStyles2(stylesOf);
  return (
    <nav aria-labelledby="fal-status-dashboards">
      <h2 id="fal-status-dashboards" className={styles.heading}>
        {t('status.dashboards', 'Dashboards')}
      </h2>
      <ul className={styles.list}>
        {dashboardEntries().map(({ uid, name, question }) => (
          <li key={uid}>
            <TextLink href={dashboardPath(uid, { dataSourceUid })}>{name}</TextLink>
            <div className={styles.question}>{question}</div>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function stylesOf(theme: GrafanaTheme2): Record<'heading' | 'list' | 'question', string> {
  return {
    heading: css({ ...theme.typography.h4, margin: theme.spacing(0, 0, 1) }),
    list: css({
      listStyle: 'none',
      margin: 0,
      padding: 0,
      display: 'grid',
      gap: theme.spacing(1, 3),
      gridTemplateColumns: 'repeat(auto-fill, minmax(min(100%, 18em), 1fr))',
    }),
    question: css({ color: theme.colors.text.secondary }),
  };
}
