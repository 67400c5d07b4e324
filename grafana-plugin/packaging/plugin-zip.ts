import { unzipSync, zipSync, type Zippable } from 'fflate';
import type { PackageFiles } from './package-files.ts';

/** rw-r--r--, in the upper half of the external attributes, as Unix programs write it. */
const READABLE = 0o100_644 << 16;
const UNIX = 3;

/**
 * The zip of a plugin: one root folder, files in order, all with the day of the release (YYYY-MM-DD) as their time, so
 * that the same files give the same bytes on every machine, in every time zone.
 */
export function zipOf(files: PackageFiles, root: string, day: string): Uint8Array {
  const [year = 1980, month = 1, date = 1] = day.split('-').map(Number);
  // A zip knows no time zone, and fflate writes the local parts of a time: hence the local constructor.
  const mtime = new Date(year, month - 1, date, 12);
  const entries: Zippable = {};
  for (const [path, content] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    entries[`${root}/${path}`] = [content, { level: 9, mtime, os: UNIX, attrs: READABLE }];
  }
  return zipSync(entries);
}

/** The files of a zip with one root folder, without it, and the name of that folder; throws where there are several. */
export function filesInZip(zip: Uint8Array): { readonly root: string; readonly files: PackageFiles } {
  const entries = Object.entries(unzipSync(zip));
  const roots = new Set(entries.map(([path]) => path.split('/', 1)[0] ?? ''));
  const [root] = roots;
  if (root === undefined || roots.size !== 1) {
    throw new Error(`a plugin's zip has one root folder, this one has: ${[...roots].join(', ') || 'none'}`);
  }
  return { root, files: new Map(entries.map(([path, content]) => [path.slice(root.length + 1), content])) };
}
