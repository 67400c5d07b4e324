import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** One plugin of the package: the app, or a panel nested in it. */
export interface PluginFolder {
  readonly id: string;
  readonly type: string;
  /** Folder of plugin.json relative to the sources, with forward slashes; empty for the app. */
  readonly folder: string;
  /** Absolute path of its module.ts or module.tsx. */
  readonly module: string;
}

/**
 * Every folder under `source` that has a plugin.json: the app first, then the nested plugins by name.
 * Throws where a plugin.json has no module beside it or cannot be read.
 */
export function pluginFolders(source: string): PluginFolder[] {
  return readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((path) => path === 'plugin.json' || path.endsWith(`${sep}plugin.json`))
    .map((path) => pluginFolder(source, join(source, path, '..')))
    .sort((a, b) => (a.folder < b.folder ? -1 : 1));
}

function pluginFolder(source: string, folder: string): PluginFolder {
  const { id, type } = JSON.parse(readFileSync(join(folder, 'plugin.json'), 'utf8')) as Record<
    string,
    unknown
  >;
  if (typeof id !== 'string' || typeof type !== 'string') {
    throw new Error(`${join(folder, 'plugin.json')}: expected the strings "id" and "type"`);
  }
  const module = ['module.tsx', 'module.ts']
    .map((name) => join(folder, name))
    .find((path) => existsSync(path));
  if (module === undefined) {
    throw new Error(
      `${folder} has a plugin.json but neither module.ts nor module.tsx: Grafana could not load ${id}`,
    );
  }
  return { id, type, folder: relative(source, folder).split(sep).join('/'), module };
}
