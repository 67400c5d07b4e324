import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { TextLink, useStyles2 } from '@grafana/ui';
import { type ReactElement, useMemo, useState } from 'react';
import { STATUS_PAGE } from '../../app/addresses.ts';
import { dataSourceBy, prometheusSources } from '../../grafana/data-sources.ts';
import type { AppSettings } from '../../grafana/settings.ts';
import { t } from '../../language/translate.ts';
import { Checks } from './Checks.tsx';
import { DataSourceChoice } from './DataSourceChoice.tsx';

interface Props {
  readonly settings: AppSettings;
  readonly save: (settings: AppSettings) => Promise<void>;
  readonly pluginVersion: string;
}

/** Choose where the metrics are, and see what is there, what is missing and how to mend it. */
export function SetUpPage({ settings, save, pluginVersion }: Props): ReactElement {
  const styles = useStyles2(stylesOf);
  const sources = useMemo(() => prometheusSources(), []);
  const [draft, setDraft] = useState<string>();
  const uid = draft ?? settings.dataSourceUid ?? sources[0]?.uid;
  const source = useMemo(() => (uid === undefined ? undefined : dataSourceBy(uid)), [uid]);
  return (
    <div className={styles.page}>
      <p className={styles.intro}>
        {t(
          'set-up.intro',
          'This page looks for everything that fal observability is made of: the exporter, its probes, the metrics of your apps, the alert rules and the way to your pager. What is missing comes with the lines that mend it.',
        )}{' '}
        <TextLink href={STATUS_PAGE}>{t('set-up.to-status', 'To the status of your accounts')}</TextLink>
      </p>
      <DataSourceChoice
        {...{ sources, settings, save, uid }}
        isKnown={source !== undefined}
        onChoose={setDraft}
      />
      {source !== undefined && <Checks source={source} pluginVersion={pluginVersion} />}
    </div>
  );
}

function stylesOf(theme: GrafanaTheme2): Record<'page' | 'intro', string> {
  return {
    page: css({
      display: 'flex',
      flexDirection: 'column',
      gap: theme.spacing(3),
      maxWidth: theme.spacing(120),
    }),
    intro: css({ margin: 0, color: theme.colors.text.secondary }),
  };
}
