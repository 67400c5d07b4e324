import { t } from '../../language/translate.ts';
import { valueOf } from '../../prometheus/ask.ts';
import { labelValues, largest } from '../../prometheus/sample.ts';
import { cannotTell, type Check, failureAmong, someNames } from '../check.ts';
import type { Facts } from '../facts.ts';
import { instrumentationSnippet, scrapeAppSnippet } from '../snippets.ts';

/** Whether the requests of real apps are measured, and by which version of the instrumentation. */
export function appsCheck({ answers }: Facts): Check {
  const { apps, appModels, appsSeen } = answers;
  const base = { id: 'apps', title: t('set-up.apps.title', 'Requests of your apps') };
  const failure = failureAmong(apps, appModels, appsSeen);
  if (failure !== undefined) return cannotTell(base.id, base.title, failure);
  const jobs = labelValues(valueOf(apps) ?? [], 'job');
  if (jobs.length === 0)
    return { ...base, state: 'missing', ...absentApps(labelValues(valueOf(appsSeen) ?? [], 'job')) };
  const versions = labelValues(valueOf(apps) ?? [], 'otel_scope_version').join(', ');
  const models = largest(valueOf(appModels) ?? []) ?? 0;
  const names = someNames(jobs);
  const words =
    versions === ''
      ? t('set-up.apps.ok', 'Measured: {{names}} (models: {{models}}).', { names, models })
      : t(
          'set-up.apps.ok-version',
          'Measured: {{names}} (models: {{models}}; instrumentation {{versions}}).',
          {
            ...{ names, models, versions },
          },
        );
  return { ...base, state: 'ok', words };
}

function absentApps(seen: readonly string[]): Pick<Check, 'words' | 'mend'> {
  return {
    words:
      seen.length > 0
        ? t('set-up.apps.gone', 'There were metrics of {{names}} in the last day, and there are none now.', {
            names: someNames(seen),
          })
        : t(
            'set-up.apps.missing',
            'No app is measured: what your users feel is not seen, only what probes see.',
          ),
    mend: {
      words: t('set-up.apps.mend', 'Add the instrumentation to your app, and let Prometheus scrape it.'),
      snippets: [instrumentationSnippet(), scrapeAppSnippet()],
    },
  };
}
