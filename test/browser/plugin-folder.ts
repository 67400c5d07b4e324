import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { InstalledPlugin, PluginJson } from '../../grafana-plugin/harness/host/request.ts';

/** A built plugin, with the plugins nested in it, by the ids under which Grafana serves their folders. */
export interface PluginFolder {
  readonly plugins: readonly PluginJson[];
  /** Absolute folder of a plugin's files. */
  folderOf(id: string): string | undefined;
}

/**
 * Reads a `dist` folder: each plugin.json in it is a plugin, as it is to Grafana.
 * Throws when the folder holds none, with what to run.
 */
export function readPluginFolder(dist: string): PluginFolder {
  const files = existsSync(dist)
    ? readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((name) =>
        /(^|[/\\])plugin\.json$/.test(name),
      )
    : [];
  if (files.length === 0) {
    throw new Error(
      `reading the built plugin in ${dist}: expected a plugin.json, found none; run npm run build in grafana-plugin`,
    );
  }
  const folders = new Map(
    files.map((file) => {
      const path = join(dist, file);
      const json = JSON.parse(readFileSync(path, 'utf8')) as PluginJson;
      return [json.id, { json, folder: dirname(path) }] as const;
    }),
  );
  return {
    plugins: [...folders.values()].map(({ json }) => json),
    folderOf: (id) => folders.get(id)?.folder,
  };
}

/** The plugins as the front end of a Grafana under a sub path sees them. */
export function installedUnder(subPath: string, { plugins }: PluginFolder): InstalledPlugin[] {
  return plugins.map((json) => ({
    id: json.id,
    type: json.type,
    name: json.name,
    baseUrl: `${subPath}/public/plugins/${json.id}`,
    json,
  }));
}
