import { PluginContextProvider, PluginType } from '@grafana/data';
import type { AppPlugin, AppPluginMeta, KeyValue } from '@grafana/data';
import { getBackendSrv } from '@grafana/runtime';
import { LoadingPlaceholder } from '@grafana/ui';
import { Route, Routes } from 'of:@grafana/ui/react-router-dom-v5-compat';
import { Suspense } from 'react';
import type { ReactElement } from 'react';
import { calm } from './calm.ts';
import type { OpenedPage } from './opened-page.ts';
import { loadApp, pluginMeta } from './plugin-loader.ts';
import type { AppRequest, HostSettings } from './request.ts';
import { pageHistory, visitedPaths } from './location.ts';

/** A page of an app: the plugin's root, below the route that Grafana gives it. */
export async function openApp(request: HostSettings & AppRequest): Promise<OpenedPage> {
  const meta = await appMeta(request);
  const plugin = await loadApp(request.plugins, meta);
  const content = (): Element | null => document.querySelector('[data-testid="app"]');
  return {
    element: <AppRoot plugin={plugin} meta={meta} />,
    page: {
      ready: calm(content),
      settled: () => calm(content),
      reports: () => [],
      showFrames: () => {
        throw new Error('a page of an app shows no frames');
      },
      measurePaint: () => Promise.reject(new Error('a page of an app shows no frames')),
      visited: visitedPaths(),
    },
  };
}

/** What Grafana tells the app about itself: its plugin.json and the settings that are stored for it. */
async function appMeta({ app, plugins }: HostSettings & AppRequest): Promise<AppPluginMeta> {
  const installed = plugins.find(({ id }) => id === app);
  const settings = await getBackendSrv().get<{ enabled: boolean; jsonData: KeyValue }>(
    `/api/plugins/${app}/settings`,
  );
  return {
    ...pluginMeta({
      id: app,
      name: installed?.name ?? app,
      baseUrl: installed?.baseUrl ?? '',
      version: installed?.json.info?.version ?? '',
    }),
    ...settings,
    type: PluginType.app,
  };
}

function AppRoot({ plugin, meta }: { plugin: AppPlugin; meta: AppPluginMeta }): ReactElement {
  const { root: Root } = plugin;
  if (Root === undefined) throw new Error(`the app ${meta.id} has no root page: setRootPage was not called`);
  const basename = `/a/${meta.id}`;
  const { pathname, search } = pageHistory().location;
  const page = (
    <Root
      meta={meta}
      basename={basename}
      path={pathname}
      query={Object.fromEntries(new URLSearchParams(search))}
      onNavChanged={() => undefined}
    />
  );
  return (
    <div data-testid="app">
      <PluginContextProvider meta={meta}>
        <Suspense fallback={<LoadingPlaceholder text="Loading…" />}>
          <Routes>
            <Route path={`${basename}/*`} element={page} />
          </Routes>
        </Suspense>
      </PluginContextProvider>
    </div>
  );
}
