import { css } from '@emotion/css';
import { type GrafanaTheme2, type IconName } from '@grafana/data';
import { Icon, TextLink, useStyles2 } from '@grafana/ui';
import { type ReactElement, useId } from 'react';
import { dashboardPath } from '../../app/addresses.ts';
import { lockWords } from '../../language/known-words.ts';
import { t } from '../../language/translate.ts';
import type { Account } from '../account.ts';
import { moneyFacts, type NamedFact } from '../amounts.ts';
import { type Headline, headlineOf } from '../headline.ts';
import { sinceWords } from '../since-words.ts';
import { AlertList } from './AlertList.tsx';
import { ModelTable } from './ModelTable.tsx';

interface Props {
  readonly account: Account;
  /** Unix milliseconds of the evidence. */
  readonly at: number;
  readonly dataSourceUid: string;
}

const ICONS: Readonly<Record<Headline['level'], IconName>> = {
  broken: 'times-circle',
  warning: 'exclamation-triangle',
  good: 'check-circle',
  unknown: 'question-circle',
};

/** One account: the headline, lock and money, models, alerts. */
export function AccountCard({ account, at, dataSourceUid }: Props): ReactElement {
  const styles = useStyles2(stylesOf);
  const id = useId();
  const headline = headlineOf(account);
  const { level, text, since, next } = headline;
  return (
    <section className={styles.card} aria-labelledby={id} data-level={level}>
      <div className={styles.name}>
        {t('status.account.name', 'Account {{name}}', { name: account.name })}
      </div>
      <h2 id={id} className={styles.headline}>
        <span className={styles[level]}>
          <Icon name={ICONS[level]} size="lg" aria-hidden />
        </span>{' '}
        {text}
      </h2>
      {since !== undefined && <p className={styles.words}>{sinceWords(since * 1000, at)}</p>}
      {next !== undefined && <p className={styles.next}>{next}</p>}
      <dl className={styles.facts}>
        {[lockFact(account), ...moneyFacts(account.money)].map((fact) => (
          <div key={fact.id}>
            <dt className={styles.words}>{fact.name}</dt>
            <dd className={styles.fact}>{fact.words}</dd>
          </div>
        ))}
      </dl>
      <TextLink href={dashboardPath('fal-credits', { dataSourceUid, account: account.name })}>
        {t('status.account.credits', 'Credits and cost of this account')}
      </TextLink>
      {account.models.length > 0 && <ModelTable account={account} dataSourceUid={dataSourceUid} />}
      {account.alerts.length > 0 && (
        <>
          <h3 className={styles.heading}>{t('status.alerts', 'Firing alerts')}</h3>
          <AlertList alerts={account.alerts} at={at} dataSourceUid={dataSourceUid} />
        </>
      )}
    </section>
  );
}

function lockFact({ lock }: Account): NamedFact {
  const name = t('status.lock.name', 'Lock');
  if (lock === undefined)
    return { id: 'lock', name, words: t('status.lock.unknown', 'not known: no probe has looked') };
  if (!lock.isLocked) return { id: 'lock', name, words: t('status.lock.open', 'not locked') };
  return {
    ...{ id: 'lock', name },
    words: t('status.lock.locked', 'locked: {{reason}}', { reason: lockWords(lock.reason ?? 'unknown') }),
  };
}

type Part = 'card' | 'name' | 'headline' | 'words' | 'next' | 'facts' | 'fact' | 'heading';

function stylesOf(theme: GrafanaTheme2): Record<Part | Headline['level'], string> {
  return {
    broken: css({ color: theme.colors.error.text }),
    warning: css({ color: theme.colors.warning.text }),
    good: css({ color: theme.colors.success.text }),
    unknown: css({ color: theme.colors.text.secondary }),
    card: css({
      padding: theme.spacing(2),
      background: theme.colors.background.secondary,
      border: `1px solid ${theme.colors.border.weak}`,
      borderRadius: theme.shape.radius.default,
      minWidth: 0,
    }),
    name: css({ color: theme.colors.text.secondary, overflowWrap: 'anywhere' }),
    headline: css({ ...theme.typography.h3, margin: 0, overflowWrap: 'anywhere' }),
    words: css({
      margin: 0,
      color: theme.colors.text.secondary,
      fontWeight: theme.typography.fontWeightRegular,
    }),
    next: css({ margin: theme.spacing(0.5, 0, 0) }),
    facts: css({
      display: 'flex',
      flexWrap: 'wrap',
      gap: theme.spacing(1, 4),
      margin: theme.spacing(1.5, 0),
    }),
    fact: css({ margin: 0 }),
    heading: css({ ...theme.typography.h5, margin: theme.spacing(2, 0, 1) }),
  };
}
