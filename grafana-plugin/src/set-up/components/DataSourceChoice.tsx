import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Alert, Button, Combobox, Field, TextLink, useStyles2 } from '@grafana/ui';
import { type ReactElement, useState } from 'react';
import type { DataSource } from '../../grafana/data-sources.ts';
import type { AppSettings } from '../../grafana/settings.ts';
import { maySaveSettings } from '../../grafana/user.ts';
import { t } from '../../language/translate.ts';
import { failureOf } from '../../prometheus/failure.ts';
import { failureWords } from '../../prometheus/failure-words.ts';

interface Props {
  readonly sources: readonly DataSource[];
  readonly settings: AppSettings;
  readonly save: (settings: AppSettings) => Promise<void>;
  /** The one that the page looks at: chosen, or proposed. */
  readonly uid: string | undefined;
  /** Whether there is a data source with this uid that the user may see. */
  readonly isKnown: boolean;
  readonly onChoose: (uid: string) => void;
}

type Saving = 'idle' | 'saving' | 'saved' | { readonly problem: string };

const INPUT_ID = 'fal-data-source';

/** Which Prometheus has the metrics. Administrators choose for everybody; others see what was chosen. */
export function DataSourceChoice(props: Props): ReactElement {
  const { sources, settings, uid, isKnown } = props;
  const styles = useStyles2(stylesOf);
  return (
    <section className={styles.section} aria-labelledby="fal-set-up-source">
      <h2 id="fal-set-up-source" className={styles.heading}>
        {t('set-up.source.heading', 'Prometheus data source')}
      </h2>
      {sources.length === 0 && (
        <Alert
          severity="warning"
          title={t('set-up.source.none', 'There is no Prometheus data source that you may use')}
        >
          {t('set-up.source.add', 'Add the Prometheus that scrapes fal-exporter and your apps:')}{' '}
          <TextLink href="/connections/datasources/new">{t('set-up.source.new', 'new data source')}</TextLink>
        </Alert>
      )}
      {uid !== undefined && !isKnown && (
        <Alert
          severity="warning"
          title={t('set-up.source.gone', 'The chosen data source is gone, or you may not see it')}
        >
          {t('set-up.source.gone-advice', 'Its uid was {{uid}}. Choose another one.', { uid })}
        </Alert>
      )}
      {maySaveSettings() ? (
        <Choice {...props} />
      ) : (
        <p className={styles.words}>
          {settings.dataSourceUid === undefined
            ? t('set-up.source.ask', 'None is chosen yet. An administrator of Grafana has to choose one.')
            : t('set-up.source.chosen', 'Chosen: {{name}}. Only administrators of Grafana may change it.', {
                name: nameOf(sources, settings.dataSourceUid),
              })}
        </p>
      )}
    </section>
  );
}

function Choice({ sources, settings, save, uid, onChoose }: Props): ReactElement {
  const styles = useStyles2(stylesOf);
  const [saving, setSaving] = useState<Saving>('idle');
  const isSaved = uid !== undefined && uid === settings.dataSourceUid;
  const submit = (): void => {
    setSaving('saving');
    save(uid === undefined ? {} : { dataSourceUid: uid }).then(
      () => setSaving('saved'),
      (error: unknown) => setSaving({ problem: failureWords(failureOf(error, false)) }),
    );
  };
  return (
    <>
      <div className={styles.row}>
        <Field
          className={styles.field}
          htmlFor={INPUT_ID}
          label={t('set-up.source.label', 'Where the metrics of fal are')}
        >
          <Combobox
            id={INPUT_ID}
            value={sources.some((source) => source.uid === uid) ? (uid ?? null) : null}
            placeholder={t('set-up.source.placeholder', 'Choose a data source')}
            options={sources.map((source) => ({
              value: source.uid,
              label: source.name,
              description: source.type,
            }))}
            onChange={({ value }) => {
              setSaving('idle');
              onChoose(value);
            }}
          />
        </Field>
        <Button onClick={submit} disabled={uid === undefined || isSaved || saving === 'saving'}>
          {t('set-up.source.save', 'Save')}
        </Button>
      </div>
      <p role="status" className={styles.words}>
        {savingWords(saving, isSaved, uid !== undefined)}
      </p>
      {typeof saving === 'object' && (
        <Alert severity="error" title={t('set-up.source.failed', 'Not saved')}>
          {saving.problem}
        </Alert>
      )}
    </>
  );
}

function savingWords(saving: Saving, isSaved: boolean, isChosen: boolean): string {
  if (saving === 'saving') return t('set-up.source.saving', 'Saving…');
  if (isSaved) return saving === 'saved' ? t('set-up.source.saved', 'Saved.') : '';
  return isChosen ? t('set-up.source.unsaved', 'Not saved yet: the status page takes it once you save.') : '';
}

function nameOf(sources: readonly DataSource[], uid: string): string {
  return sources.find((source) => source.uid === uid)?.name ?? uid;
}

function stylesOf(theme: GrafanaTheme2): Record<'section' | 'heading' | 'row' | 'field' | 'words', string> {
  return {
    section: css({ display: 'flex', flexDirection: 'column', gap: theme.spacing(1) }),
    heading: css({ ...theme.typography.h4, margin: 0 }),
    row: css({ display: 'flex', flexWrap: 'wrap', alignItems: 'flex-end', gap: theme.spacing(1) }),
    field: css({ flex: `0 1 ${theme.spacing(50)}`, minWidth: 0, marginBottom: 0 }),
    words: css({ margin: 0, color: theme.colors.text.secondary }),
  };
}
