import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

const ROOT = join(import.meta.dirname, '..');
const PLUGIN_SOURCES = join(ROOT, 'grafana-plugin/src');

interface PluginJson {
  readonly id: string;
  readonly type: string;
}

/** A file of the repository, by its path in there. */
export function readText(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** A YAML file of the repository. */
export function readYaml<T>(path: string): T {
  return parse(readText(path)) as T;
}

/** Every plugin.json of the plugin: the app first, then its panels in the order of their folders. */
export function pluginDeclarations(): PluginJson[] {
  const folders = readdirSync(PLUGIN_SOURCES, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name === 'plugin.json')
    .map(({ parentPath }) => parentPath)
    .sort();
  return folders.map((folder) => JSON.parse(readFileSync(join(folder, 'plugin.json'), 'utf8')) as PluginJson);
}
