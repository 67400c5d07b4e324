import { Alert, Button, LoadingPlaceholder, TextLink } from '@grafana/ui';
import { type ReactElement, useCallback, useMemo } from 'react';
import { SET_UP_PAGE } from '../../app/addresses.ts';
import { useLoaded } from '../../app/use-loaded.ts';
import { askDataSource, askGrafanaRules } from '../../grafana/ask-grafana.ts';
import { type DataSource, dataSourceBy } from '../../grafana/data-sources.ts';
import type { AppSettings } from '../../grafana/settings.ts';
import { t } from '../../language/translate.ts';
import { failureWords } from '../../prometheus/failure-words.ts';
import { obstacleOf } from '../choice.ts';
import { gatherEvidence } from '../gather.ts';
import { StatusBoard } from './StatusBoard.tsx';

/** As often as an exporter's probe is likely to bring something new. */
const REFRESH_MS = 60_000;

/** How every account stands; or what is in the way of telling. */
export function StatusPage({ settings }: { readonly settings: AppSettings }): ReactElement {
  const uid = settings.dataSourceUid;
  const source = useMemo(() => (uid === undefined ? undefined : dataSourceBy(uid)), [uid]);
  const obstacle = obstacleOf(uid, source);
  if (obstacle !== undefined || source === undefined) {
    return (
      <Alert severity="info" title={obstacle?.title ?? ''}>
        {obstacle?.advice} <SetUpLink />
      </Alert>
    );
  }
  return <StatusOf source={source} />;
}

function StatusOf({ source }: { readonly source: DataSource }): ReactElement {
  const { uid, name } = source;
  const load = useCallback(() => gatherEvidence(askDataSource(uid), askGrafanaRules, Date.now), [uid]);
  const { value: answer, isLoading, again } = useLoaded(load, REFRESH_MS);
  if (answer === undefined) {
    return <LoadingPlaceholder text={t('status.loading', 'Asking {{name}}…', { name })} />;
  }
  if (answer.kind === 'failed') {
    return (
      <Alert severity="error" title={t('status.failed', '{{name}} does not answer', { name })}>
        <p>
          {failureWords(answer.failure)} <br />
          <SetUpLink />
        </p>
        <div>
          <Button variant="secondary" size="sm" icon="sync" onClick={again} disabled={isLoading}>
            {t('status.again', 'Try again')}
          </Button>
        </div>
      </Alert>
    );
  }
  return <StatusBoard evidence={answer.value} source={source} isLoading={isLoading} again={again} />;
}

function SetUpLink(): ReactElement {
  return <TextLink href={SET_UP_PAGE}>{t('status.to-set-up', 'To the set-up page')}</TextLink>;
}
