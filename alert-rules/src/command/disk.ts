import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Files } from './io.ts';

/** Files of this machine. `unique` is part of the names of files that are being written. */
export function disk(unique: string): Files {
  return {
    read: (path) => {
      try {
        return readFileSync(path, 'utf8');
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw error;
      }
    },
    write: (path, text) => {
      mkdirSync(dirname(path), { recursive: true });
      // A Prometheus that reloads at this moment must not read half a file.
      const temporary = `${path}.${unique}.tmp`;
      try {
        writeFileSync(temporary, text);
        renameSync(temporary, path);
      } catch (error) {
        rmSync(temporary, { force: true });
        throw error;
      }
    },
    remove: (path) => rmSync(path),
  };
}
