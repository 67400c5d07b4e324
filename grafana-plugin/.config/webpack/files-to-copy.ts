import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Pattern } from 'copy-webpack-plugin';
import { type Revisions, stampRevision } from './dashboard-revision.ts';
import type { PluginFolder } from './plugin-folders.ts';
import { fillPlaceholders, readRelease } from './release.ts';

/** Everything of the package that is not code: declarations, pictures, words, dashboards, the three texts. */
export function filesToCopy(root: string, plugins: readonly PluginFolder[]): Pattern[] {
  const source = join(root, 'src');
  return [
    ...['README.md', 'CHANGELOG.md', 'LICENSE'].map((name) => ({ from: join(root, name), to: '.' })),
    ...plugins.map(({ folder, id }) => ({
      from: join(source, folder, 'plugin.json'),
      to: join(folder, 'plugin.json'),
      // Read at each build and not once: with --watch the changelog may gain a version.
      transform: (content: Buffer) => fillPlaceholders(content.toString('utf8'), readRelease(root), id),
    })),
    ...['**/img/**', '**/locales/**/*.json'].map((from) => ({
      from,
      context: source,
      noErrorOnMissing: true,
    })),
    {
      from: '*.json',
      context: join(root, '../dashboards/json'),
      to: 'dashboards/[name][ext]',
      noErrorOnMissing: true,
      transform: (content: Buffer, path: string) =>
        stampRevision(content.toString('utf8'), basename(path, '.json'), readRevisions(root)),
    },
  ];
}

function readRevisions(root: string): Revisions {
  return JSON.parse(readFileSync(join(root, 'packaging/dashboard-revisions.json'), 'utf8')) as Revisions;
}
