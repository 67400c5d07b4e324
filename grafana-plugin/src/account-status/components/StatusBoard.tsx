import { css } from '@emotion/css';
import { dateTimeFormat, type GrafanaTheme2 } from '@grafana/data';
import { Alert, Button, TextLink, useStyles2 } from '@grafana/ui';
import { type ReactElement, useMemo } from 'react';
import { SET_UP_PAGE } from '../../app/addresses.ts';
import type { DataSource } from '../../grafana/data-sources.ts';
import { t } from '../../language/translate.ts';
import { failureWords } from '../../prometheus/failure-words.ts';
import type { Account } from '../account.ts';
import { accountsOf, commonAlerts } from '../accounts.ts';
import type { Evidence } from '../gather.ts';
import { AccountCard } from './AccountCard.tsx';
import { AlertList } from './AlertList.tsx';
import { DashboardLinks } from './DashboardLinks.tsx';

interface Props {
  readonly evidence: Evidence;
  readonly source: DataSource;
  readonly isLoading: boolean;
  readonly again: () => void;
}

/** More accounts than this on one page help nobody; the rest is counted. */
const MOST_ACCOUNTS = 30;

/** All accounts, the alerts that are about none of them, and the ways on. */
export function StatusBoard({ evidence, source, isLoading, again }: Props): ReactElement {
  const styles = useStyles2(stylesOf);
  const accounts = useMemo(() => accountsOf(evidence), [evidence]);
  const others = useMemo(() => commonAlerts(evidence), [evidence]);
  const shown = accounts.slice(0, MOST_ACCOUNTS);
  return (
    <div className={styles.page} aria-busy={isLoading}>
      <div className={styles.row}>
        <span className={styles.words}>
          {t('status.as-of', 'As of {{time}}, from {{name}}', {
            time: dateTimeFormat(evidence.at),
            name: source.name,
          })}
        </span>
        <Button variant="secondary" size="sm" icon="sync" onClick={again} disabled={isLoading}>
          {t('status.refresh', 'Refresh')}
        </Button>
        <TextLink href={SET_UP_PAGE}>{t('status.set-up', 'Set-up')}</TextLink>
      </div>
      <Warnings evidence={evidence} accounts={accounts} />
      {shown.map((account) => (
        <AccountCard key={account.name} account={account} at={evidence.at} dataSourceUid={source.uid} />
      ))}
      {accounts.length > shown.length && (
        <p className={styles.words}>
          {t('status.more-accounts', '{{shown}} of {{all}} accounts are shown.', {
            ...{ shown: shown.length, all: accounts.length },
          })}
        </p>
      )}
      {others.length > 0 && (
        <section aria-labelledby="fal-status-others">
          <h2 id="fal-status-others" className={styles.heading}>
            {t('status.others', 'Other alerts')}
          </h2>
          <AlertList alerts={others} at={evidence.at} dataSourceUid={source.uid} />
        </section>
      )}
      <DashboardLinks dataSourceUid={source.uid} />
    </div>
  );
}

/** What a reader has to know before the numbers: that they are simulated, incomplete, or none. */
function Warnings({
  evidence,
  accounts,
}: {
  readonly evidence: Evidence;
  readonly accounts: readonly Account[];
}): ReactElement {
  const [failed] = evidence.failed;
  const isDemo = evidence.samples.demo.some(({ value }) => value === 1);
  const hasExporter = evidence.samples.exporters.length > 0;
  return (
    <>
      {isDemo && (
        <Alert severity="warning" title={t('status.demo', 'DEMO: simulated data')}>
          {t(
            'status.demo-words',
            'An exporter has no key of fal: its numbers come from a simulation, not from your account.',
          )}
        </Alert>
      )}
      {failed !== undefined && (
        <Alert
          severity="warning"
          title={t('status.incomplete', 'Some questions found no answer: a part is missing below')}
        >
          {failureWords(failed.failure)}
        </Alert>
      )}
      {accounts.length === 0 && (
        <Alert severity="info" title={t('status.nothing', 'There are no metrics of fal in this data source')}>
          {t('status.nothing-advice', 'The set-up page tells what is missing.')}{' '}
          <TextLink href={SET_UP_PAGE}>{t('status.to-set-up', 'To the set-up page')}</TextLink>
        </Alert>
      )}
      {accounts.length > 0 && !hasExporter && (
        <Alert severity="info" title={t('status.no-exporter', 'No exporter is seen now')}>
          {t(
            'status.no-exporter-advice',
            'Verdicts, balance and locks come from it. What is below is from your apps.',
          )}
        </Alert>
      )}
    </>
  );
}

function stylesOf(theme: GrafanaTheme2): Record<'page' | 'row' | 'words' | 'heading', string> {
  return {
    page: css({ display: 'flex', flexDirection: 'column', gap: theme.spacing(2) }),
    row: css({ display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: theme.spacing(1, 2) }),
    words: css({ margin: 0, color: theme.colors.text.secondary }),
    heading: css({ ...theme.typography.h4, margin: theme.spacing(0, 0, 1) }),
  };
}
