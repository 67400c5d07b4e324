import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import type { BrowserContext } from 'playwright-core';
import { hostBundle } from '../../grafana-plugin/harness/bundle/host-bundle.ts';
import type { GrafanaVersion } from '../../grafana-plugin/harness/bundle/host-bundle.ts';
import type {
  AppRequest,
  DashboardRequest,
  DataSourceSettings,
  FieldConfigJson,
  FrameJson,
  HostRequest,
  PanelRequest,
  QueryJson,
  TimeSpan,
  TransformationJson,
} from '../../grafana-plugin/harness/host/request.ts';
import { openHostPage } from './host-page.ts';
import type { HostPage } from './host-page.ts';
import { startHostServer } from './host-server.ts';
import type { HostServer } from './host-server.ts';
import { installedUnder, readPluginFolder } from './plugin-folder.ts';

export type { GrafanaVersion } from '../../grafana-plugin/harness/bundle/host-bundle.ts';
export type { FrameJson, PanelReport, QueryJson } from '../../grafana-plugin/harness/host/request.ts';
export type { HostPage } from './host-page.ts';

/** Where `npm run build` in grafana-plugin puts the plugin. */
export const BUILT_PLUGIN = join(import.meta.dirname, '../../grafana-plugin/dist');

/** What every kind of page can be told. */
export interface CommonOptions {
  /** The oldest that we support unless given. */
  readonly grafana?: GrafanaVersion;
  readonly theme?: 'dark' | 'light';
  /** As in Grafana's time picker; the last 24 hours unless given. */
  readonly from?: string;
  readonly to?: string;
  /** UTC unless given, so that pictures do not depend on the machine. */
  readonly timeZone?: string;
  /** A real Prometheus behind the default data source, base URL. Without one the data source is down. */
  readonly prometheusUrl?: string;
  /** Scrape interval that the data source says; 15s unless given. */
  readonly scrapeInterval?: string;
  /** Instead of the one Prometheus: any data sources, with the server of each. */
  readonly dataSources?: readonly (DataSourceSettings & { readonly url?: string })[];
  /** In CSS pixels. */
  readonly width?: number;
  readonly height?: number;
  /** Folder of the built plugin, grafana-plugin/dist unless given. */
  readonly dist?: string;
  /** Problems of the page that the test brings about on purpose. */
  readonly expected?: readonly RegExp[];
}

export interface PanelOptions extends CommonOptions {
  /** Plugin id. */
  readonly panel: string;
  readonly title?: string;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly fieldConfig?: FieldConfigJson;
  readonly transformations?: readonly TransformationJson[];
  /** Data, or queries to the default data source. */
  readonly frames?: readonly FrameJson[];
  readonly queries?: readonly QueryJson[];
  readonly annotations?: readonly FrameJson[];
  readonly state?: PanelRequest['state'];
  readonly error?: string;
}

export interface DashboardOptions extends CommonOptions {
  /** Classic dashboard, parsed. */
  readonly json: Readonly<Record<string, unknown>>;
  readonly variables?: DashboardRequest['variables'];
  /** Opens the rows that are saved collapsed; true unless given. */
  readonly openRows?: boolean;
}

export interface AppPageOptions extends CommonOptions {
  /** Path below the app's root with its search: `status?account=default`. */
  readonly path: string;
  readonly jsonData?: Readonly<Record<string, unknown>>;
}

/** A real Chromium with host pages in it. */
export interface Browser {
  /** One panel in its frame, with data. */
  openPanel(options: PanelOptions): Promise<HostPage>;
  /** A whole dashboard against a real Prometheus. */
  openDashboard(options: DashboardOptions): Promise<HostPage>;
  /** A page of the app. */
  openAppPage(options: AppPageOptions): Promise<HostPage>;
  /** Closes all open pages. Rejects when one of them had problems that its test did not expect. */
  closePages(): Promise<void>;
  /** Closes the pages as above, and ends the browser in any case. */
  stop(): Promise<void>;
}

const CHROMIUM = '/usr/bin/chromium';

/** Grafana's own version numbers of the two lines: those of the packages. */
const VERSIONS: Readonly<Record<GrafanaVersion, string>> = { '12.4': '12.4.10', '13.2': '13.2.2' };

/** Starts Chromium (Debian package `chromium`) with a profile of its own, which is removed by `stop`. */
export async function startBrowser(): Promise<Browser> {
  if (!existsSync(CHROMIUM)) {
    throw new Error(`starting a browser: expected ${CHROMIUM}; install the Debian package chromium`);
  }
  const profile = mkdtempSync(join(tmpdir(), 'fal-observability-browser-'));
  const server = await startHostServer();
  const context = await chromium
    .launchPersistentContext(profile, {
      executablePath: CHROMIUM,
      headless: true,
      chromiumSandbox: false,
      locale: 'en-US',
      timezoneId: 'UTC',
      args: ['--font-render-hinting=none', '--disable-lcd-text', '--disable-dev-shm-usage'],
    })
    .catch(async (error: unknown) => {
      await server.stop();
      rmSync(profile, { recursive: true, force: true });
      throw new Error(`starting ${CHROMIUM}`, { cause: error });
    });
  return browserIn({ context, server, profile });
}

interface Running {
  readonly context: BrowserContext;
  readonly server: HostServer;
  readonly profile: string;
}

function browserIn({ context, server, profile }: Running): Browser {
  const pages = new Set<HostPage>();
  const open = async (opening: SiteOpening): Promise<HostPage> => {
    const page = await openSite({ context, server }, opening);
    pages.add(page);
    return page;
  };
  const closePages = async (): Promise<void> => {
    const closing = [...pages].map((page) => page.close());
    pages.clear();
    const failed = (await Promise.allSettled(closing)).filter((each) => each.status === 'rejected');
    if (failed.length > 0) throw new Error(failed.map(({ reason }) => (reason as Error).message).join('\n'));
  };
  return {
    openPanel: (options) => open(panelOpening(options)),
    openDashboard: (options) => open(dashboardOpening(options)),
    openAppPage: (options) => open(appOpening(options)),
    closePages,
    stop: async () => {
      try {
        await closePages();
      } finally {
        await context.close();
        await server.stop();
        rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
      }
    },
  };
}

/** What distinguishes the kinds of pages. */
interface SiteOpening {
  readonly options: CommonOptions;
  readonly request: PanelRequest | DashboardRequest | AppRequest;
  /** Path below the sub path. */
  readonly path: string;
  readonly selector: string;
  readonly what: string;
  readonly viewport: { readonly width: number; readonly height: number };
  readonly jsonData?: Readonly<Record<string, unknown>>;
}

function panelOpening(options: PanelOptions): SiteOpening {
  const { panel, title = 'Panel', width = 900, height = 400, state = 'Done' } = options;
  const { fieldConfig = {}, transformations = [], frames, queries, annotations, error } = options;
  return {
    options,
    request: {
      kind: 'panel',
      ...{ panel, title, fieldConfig, transformations, state, width, height },
      options: options.options ?? {},
      ...(queries === undefined ? { frames: frames ?? [] } : { queries }),
      ...(annotations && { annotations }),
      ...(error !== undefined && { error }),
    },
    path: 'd-solo',
    selector: '[data-testid="panel"]',
    what: `the panel ${panel}`,
    viewport: { width: Math.max(width, 320), height: Math.max(height, 240) },
  };
}

function dashboardOpening(options: DashboardOptions): SiteOpening {
  const { json, variables = {}, openRows = true, width = 1600, height = 1000 } = options;
  const { uid = 'new', title = 'dashboard' } = json as { uid?: string; title?: string };
  return {
    options,
    request: { kind: 'dashboard', dashboard: json, variables, openRows },
    path: `d/${uid}`,
    selector: '[data-testid="dashboard"]',
    what: `the dashboard ${title}`,
    viewport: { width, height },
  };
}

function appOpening(options: AppPageOptions): SiteOpening {
  const { dist = BUILT_PLUGIN, path, width = 1200, height = 900, jsonData } = options;
  const app = readPluginFolder(dist).plugins.find(({ type }) => type === 'app')?.id;
  if (app === undefined) throw new Error(`opening ${path}: expected an app in ${dist}, found none`);
  return {
    options,
    request: { kind: 'app', app },
    path: `a/${app}/${path}`,
    selector: '[data-testid="app"]',
    what: `the page ${path} of ${app}`,
    viewport: { width, height },
    ...(jsonData && { jsonData }),
  };
}

async function openSite(
  { context, server }: Pick<Running, 'context' | 'server'>,
  { options, request, path, selector, what, viewport, jsonData = {} }: SiteOpening,
): Promise<HostPage> {
  const { grafana = '12.4', theme = 'dark', dist = BUILT_PLUGIN, timeZone = 'utc', expected = [] } = options;
  const bundle = await hostBundle(grafana);
  const plugins = readPluginFolder(dist);
  const subPath = server.nextSubPath();
  const sources = dataSourcesOf(options);
  const whole: HostRequest = {
    ...request,
    ...{ theme, timeZone, subPath },
    version: VERSIONS[grafana],
    time: timeOf(options),
    plugins: installedUnder(subPath, plugins),
    dataSources: sources.map(({ url: _, ...settings }) => settings),
  };
  server.add({
    bundle,
    request: whole,
    plugins,
    state: {
      upstreams: new Map(sources.map(({ uid, url }) => [uid, url])),
      appSettings: { enabled: true, pinned: true, jsonData },
    },
  });
  const page = await context.newPage();
  await page.setViewportSize(viewport);
  return openHostPage({
    page,
    url: `${server.url}${subPath}/${path}`,
    what: `${what} on Grafana ${grafana}, ${theme}`,
    selector,
    expected,
  });
}

function timeOf({ from = 'now-24h', to = 'now' }: CommonOptions): TimeSpan {
  return { from, to };
}

type Source = DataSourceSettings & { readonly url?: string };

function dataSourcesOf({
  dataSources,
  prometheusUrl,
  scrapeInterval = '15s',
}: CommonOptions): readonly Source[] {
  if (dataSources !== undefined) return dataSources;
  return [
    {
      uid: 'prometheus',
      name: 'Prometheus',
      type: 'prometheus',
      isDefault: true,
      jsonData: { httpMethod: 'POST', timeInterval: scrapeInterval },
      ...(prometheusUrl !== undefined && { url: prometheusUrl }),
    },
  ];
}
