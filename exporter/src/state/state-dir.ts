import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes the directory and those above it, for us alone (mode 0700); existing ones keep their mode. One level
 * at a time: `mkdirSync` with `recursive` never returns where an existing parent answers ENOENT, as /proc and
 * some mounts do (seen in Node 24.21).
 *
 * Throws the error of the file system: ENOTDIR when a file is in the way.
 */
export function makeStateDir(dir: string): void {
  if (statSync(dir, { throwIfNoEntry: false })?.isDirectory() === true) return;
  const parent = dirname(dir);
  if (parent !== dir) makeStateDir(parent);
  try {
    mkdirSync(dir, { mode: 0o700 });
  } catch (error) {
    // Somebody else made it at the same moment.
    if (statSync(dir, { throwIfNoEntry: false })?.isDirectory() !== true) throw error;
  }
}
