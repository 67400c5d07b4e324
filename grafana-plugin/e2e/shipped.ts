import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

/** A dashboard that the app ships: where it is, and the titles of the panels in it. */
export interface ShippedDashboard {
  readonly uid: string;
  readonly titles: readonly string[];
}

interface PluginJson {
  readonly id: string;
  readonly includes: readonly { readonly type: string; readonly uid?: string }[];
}

interface DashboardJson {
  readonly panels: readonly { readonly type: string; readonly title?: string }[];
}

const { id, includes } = read('grafana-plugin/src/plugin.json') as PluginJson;

/** Id of the app. */
export const APP_ID = id;

/** All dashboards that plugin.json lists. */
export function shippedDashboards(): ShippedDashboard[] {
  return includes
    .flatMap(({ type, uid }) => (type === 'dashboard' && uid !== undefined ? [uid] : []))
    .map((uid) => {
      const { panels } = read(`dashboards/json/${uid}.json`) as DashboardJson;
      return { uid, titles: panels.flatMap(({ type, title }) => (type === 'row' ? [] : [title ?? ''])) };
    });
}

function read(path: string): unknown {
  return JSON.parse(readFileSync(join(ROOT, path), 'utf8'));
}
