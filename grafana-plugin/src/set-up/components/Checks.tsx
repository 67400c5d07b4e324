import { css } from '@emotion/css';
import { dateTimeFormat, type GrafanaTheme2 } from '@grafana/data';
import { Button, LoadingPlaceholder, useStyles2 } from '@grafana/ui';
import { type ReactElement, useCallback } from 'react';
import { useLoaded } from '../../app/use-loaded.ts';
import { askDataSource, askGrafanaRules } from '../../grafana/ask-grafana.ts';
import type { DataSource } from '../../grafana/data-sources.ts';
import { t } from '../../language/translate.ts';
import type { Check } from '../check.ts';
import { type Facts, gatherFacts } from '../facts.ts';
import { judge } from '../judge.ts';
import { CheckItem } from './CheckItem.tsx';
import { Versions } from './Versions.tsx';

interface Props {
  readonly source: DataSource;
  readonly pluginVersion: string;
}

interface Findings {
  readonly facts: Facts;
  readonly checks: readonly Check[];
  /** Unix milliseconds. */
  readonly at: number;
}

/** The list of what has to be there, with what was found. */
export function Checks({ source, pluginVersion }: Props): ReactElement {
  const styles = useStyles2(stylesOf);
  const load = useCallback(async (): Promise<Findings> => {
    const facts = await gatherFacts(source, askDataSource(source.uid), askGrafanaRules);
    return { facts, checks: judge(facts), at: Date.now() };
  }, [source]);
  const { value: findings, isLoading, again } = useLoaded(load);
  return (
    <>
      <section className={styles.section} aria-labelledby="fal-set-up-checks" aria-busy={isLoading}>
        <div className={styles.row}>
          <h2 id="fal-set-up-checks" className={styles.heading}>
            {t('set-up.checks.heading', 'Checks')}
          </h2>
          <Button variant="secondary" size="sm" icon="sync" onClick={again} disabled={isLoading}>
            {t('set-up.checks.again', 'Check again')}
          </Button>
          <span role="status" className={styles.words}>
            {findings === undefined || isLoading ? t('set-up.checks.busy', 'Looking…') : summaryOf(findings)}
          </span>
        </div>
        {findings === undefined ? (
          <LoadingPlaceholder text={t('set-up.checks.busy', 'Looking…')} />
        ) : (
          <ul className={styles.list}>
            {findings.checks.map((check) => (
              <CheckItem key={check.id} check={check} />
            ))}
          </ul>
        )}
      </section>
      {findings !== undefined && <Versions facts={findings.facts} pluginVersion={pluginVersion} />}
    </>
  );
}

function summaryOf({ checks, at }: Findings): string {
  const fine = checks.filter(({ state }) => state === 'ok').length;
  return t('set-up.checks.summary', '{{fine}} of {{all}} in order, as of {{time}}', {
    ...{ fine, all: checks.length, time: dateTimeFormat(at) },
  });
}

function stylesOf(theme: GrafanaTheme2): Record<'section' | 'row' | 'heading' | 'words' | 'list', string> {
  return {
    section: css({ display: 'flex', flexDirection: 'column', gap: theme.spacing(1) }),
    row: css({ display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: theme.spacing(1, 2) }),
    heading: css({ ...theme.typography.h4, margin: 0 }),
    words: css({ color: theme.colors.text.secondary }),
    list: css({
      listStyle: 'none',
      margin: 0,
      padding: 0,
      display: 'flex',
      flexDirection: 'column',
      gap: theme.spacing(1),
    }),
  };
}
