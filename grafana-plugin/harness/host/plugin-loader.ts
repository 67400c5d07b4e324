import { AppPlugin, PanelPlugin, PluginType } from '@grafana/data';
import type { AppPluginMeta, PanelPluginMeta, PluginMeta } from '@grafana/data';
import type { InstalledPlugin } from './request.ts';

interface PluginModule {
  readonly plugin?: unknown;
}

/** Gives panels by their type: the stand-ins for Grafana's own, and those of the plugin under test. */
export class PanelLibrary {
  private readonly loading = new Map<string, Promise<PanelPlugin>>();
  private readonly loaded = new Map<string, PanelPlugin>();
  private readonly installed: readonly InstalledPlugin[];

  constructor(installed: readonly InstalledPlugin[]) {
    this.installed = installed;
  }

  /** A panel that is part of the host: named as Grafana's own panel of that type. */
  add(id: string, plugin: PanelPlugin): void {
    plugin.meta = panelMeta({ id, name: id, baseUrl: '' });
    this.loaded.set(id, plugin);
  }

  find(id: string): PanelPlugin | undefined {
    return this.loaded.get(id);
  }

  /** Rejects when no such panel is installed, or when its module exports no PanelPlugin. */
  load(id: string): Promise<PanelPlugin> {
    const known = this.loaded.get(id);
    if (known !== undefined) return Promise.resolve(known);
    const loading = this.loading.get(id) ?? this.import(id);
    this.loading.set(id, loading);
    return loading;
  }

  private async import(id: string): Promise<PanelPlugin> {
    const installed = installedPlugin(this.installed, { id, type: 'panel' });
    const plugin: unknown = await exportedPlugin(installed);
    if (!isPanelPlugin(plugin)) throw wrongExport(installed, 'a PanelPlugin', plugin);
    plugin.meta = panelMeta({
      id,
      name: installed.name,
      baseUrl: installed.baseUrl,
      skipDataQuery: installed.json.skipDataQuery ?? false,
      version: installed.json.info?.version ?? '',
    });
    this.loaded.set(id, plugin);
    return plugin;
  }
}

/** Loads the app's module.js and starts it as Grafana does: `meta` set, `init` called. */
export async function loadApp(plugins: readonly InstalledPlugin[], meta: AppPluginMeta): Promise<AppPlugin> {
  const installed = installedPlugin(plugins, { id: meta.id, type: 'app' });
  const plugin: unknown = await exportedPlugin(installed);
  if (!(plugin instanceof AppPlugin)) throw wrongExport(installed, 'an AppPlugin', plugin);
  plugin.meta = meta;
  plugin.init(meta);
  return plugin;
}

function installedPlugin(
  plugins: readonly InstalledPlugin[],
  { id, type }: { id: string; type: InstalledPlugin['type'] },
): InstalledPlugin {
  const installed = plugins.find((plugin) => plugin.id === id && plugin.type === type);
  if (installed !== undefined) return installed;
  const names = plugins.map((plugin) => plugin.id).join(', ') || 'none';
  throw new Error(`loading the ${type} ${id}: expected it among the installed plugins, which are: ${names}`);
}

async function exportedPlugin({ id, baseUrl }: InstalledPlugin): Promise<unknown> {
  const module: PluginModule = await System.import<PluginModule>(`${baseUrl}/module.js`);
  if (module.plugin === undefined) {
    throw new Error(
      `loading ${id}: expected module.js to export "plugin", got ${Object.keys(module).join(', ') || 'no exports'}`,
    );
  }
  return module.plugin;
}

function wrongExport({ id }: InstalledPlugin, expected: string, got: unknown): Error {
  return new Error(
    `loading ${id}: expected "plugin" to be ${expected} of the host's own @grafana/data, got ${typeof got}; is @grafana/data an external?`,
  );
}

function isPanelPlugin(plugin: unknown): plugin is PanelPlugin {
  return plugin instanceof PanelPlugin;
}

interface PanelNaming {
  readonly id: string;
  readonly name: string;
  readonly baseUrl: string;
  readonly skipDataQuery?: boolean;
  readonly version?: string;
}

function panelMeta({ skipDataQuery = false, version = '', ...naming }: PanelNaming): PanelPluginMeta {
  return { ...pluginMeta({ ...naming, version }), type: PluginType.panel, sort: 1, skipDataQuery };
}

/** What Grafana's API says about a plugin, as far as its front end looks at it. */
export function pluginMeta(plugin: {
  readonly id: string;
  readonly name: string;
  readonly baseUrl: string;
  readonly version: string;
}): Omit<PluginMeta, 'type'> {
  const { version, ...rest } = plugin;
  return {
    ...rest,
    module: `${rest.baseUrl}/module.js`,
    enabled: true,
    info: {
      author: { name: '' },
      description: '',
      links: [],
      logos: { large: '', small: '' },
      screenshots: [],
      updated: '',
      version,
    },
  };
}
