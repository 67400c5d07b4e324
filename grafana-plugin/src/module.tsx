import { AppPlugin, type AppRootProps } from '@grafana/data';
import { initPluginTranslations } from '@grafana/i18n';
import { LoadingPlaceholder } from '@grafana/ui';
import { lazy, type ReactElement, Suspense } from 'react';
import { t } from './language/translate.ts';
import { APP_ID } from './plugin-id.ts';

// Not awaited: until it is done, and where a text has no translation, the English text of the call is shown.
void initPluginTranslations(APP_ID);

const App = lazy(async () => ({ default: (await import('./app/App.tsx')).App }));

function Root(props: AppRootProps): ReactElement {
  return (
    <Suspense fallback={<LoadingPlaceholder text={t('app.loading', 'Loading…')} />}>
      <App {...props} />
    </Suspense>
  );
}

export const plugin = new AppPlugin().setRootPage(Root);
