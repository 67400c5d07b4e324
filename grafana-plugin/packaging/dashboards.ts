import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Revisions } from '../.config/webpack/dashboard-revision.ts';

/** The generated dashboards that the app ships, as text, by file name without its ending. */
export function readDashboards(root: string): Record<string, string> {
  const folder = join(root, '../dashboards/json');
  return Object.fromEntries(
    readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .map((name) => [name.slice(0, -'.json'.length), readFileSync(join(folder, name), 'utf8')]),
  );
}

/** The committed list of what the app has shipped of each. */
export function readRevisions(root: string): Revisions {
  return JSON.parse(readFileSync(revisionsPath(root), 'utf8')) as Revisions;
}

export function revisionsPath(root: string): string {
  return join(root, 'packaging/dashboard-revisions.json');
}
