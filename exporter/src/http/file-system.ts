import { readFileSync, statSync } from 'node:fs';

/** The two things that the web configuration asks of a disk; handed in, so that tests need none. */
export interface FileSystem {
  /** Changes whenever the file does; throws when the file cannot be looked at. */
  fingerprint(path: string): string;
  /** Throws when the file cannot be read. */
  read(path: string): string;
}

/**
 * The machine's own. Synchronous on purpose: a TLS handshake cannot wait for a promise, and one look at a
 * local file takes microseconds.
 */
export const machineFiles: FileSystem = {
  fingerprint(path) {
    const { ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
    return [ino, size, mtimeNs, ctimeNs].join(':');
  },
  read: (path) => readFileSync(path, 'utf8'),
};
