/** The page itself: reads what it was asked to show, starts Grafana's packages as Grafana does, and shows it. */
import { initializeI18n } from 'file:@grafana/i18n/dist/esm/i18n.mjs';
import { createRoot } from 'react-dom/client';
import { openApp } from './app-page.tsx';
import { Chrome } from './chrome.tsx';
import { addCorePanels } from './core-panels/core-panels.ts';
import { openDashboard } from './dashboard/dashboard-page.tsx';
import { addErrorView } from './error-view.tsx';
import type { OpenedPage } from './opened-page.ts';
import { addPageFrame } from './page-frame.tsx';
import { PanelLibrary } from './plugin-loader.ts';
import { openPanel } from './panel-control.tsx';
import { fillRegistries } from './registries.ts';
import type { HostPage, HostRequest } from './request.ts';
import { provideServices } from './services.tsx';
import { provideSharedModules } from './system-modules.ts';

declare global {
  interface Window {
    falobsRequest: HostRequest;
    falobsHost: HostPage;
  }
}

async function start(request: HostRequest): Promise<HostPage> {
  await initializeI18n({ language: 'en-US', ns: ['grafana'] }, 'en-US');
  fillRegistries(request.version);
  const panels = new PanelLibrary(request.plugins);
  provideServices(request, panels);
  addCorePanels(panels);
  addErrorView();
  addPageFrame(request);
  // Last: plugins get the exports as they are now, and those above replace some.
  provideSharedModules();
  const { element, page } = await opened(request);
  const root = document.getElementById('reactRoot');
  if (root === null) throw new Error('the host page has no element #reactRoot');
  createRoot(root).render(<Chrome>{element}</Chrome>);
  return page;
}

function opened(request: HostRequest): OpenedPage | Promise<OpenedPage> {
  switch (request.kind) {
    case 'panel':
      return openPanel(request);
    case 'dashboard':
      return openDashboard(request);
    case 'app':
      return openApp(request);
  }
}

window.falobsHost = await start(window.falobsRequest);
document.documentElement.dataset.falobsHost = 'started';
