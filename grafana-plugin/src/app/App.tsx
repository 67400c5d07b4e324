import type { AppRootProps } from '@grafana/data';
import { PluginPage } from '@grafana/runtime';
import type { ReactElement } from 'react';
import { useLocation } from 'react-router';
import { StatusPage } from '../account-status/components/StatusPage.tsx';
import { SetUpPage } from '../set-up/components/SetUpPage.tsx';
import { useSettings } from './use-settings.ts';

/** The pages of the app. An address that names no page of ours leads to the status. */
export function App({ meta }: AppRootProps): ReactElement {
  const { pathname } = useLocation();
  const { settings, save } = useSettings(meta.jsonData);
  return (
    <PluginPage>
      {/\/set-up\/?$/.test(pathname) ? (
        <SetUpPage settings={settings} save={save} pluginVersion={meta.info.version} />
      ) : (
        <StatusPage settings={settings} />
      )}
    </PluginPage>
  );
}
