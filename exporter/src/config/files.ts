import { open, stat } from 'node:fs/promises';

/**
 * Reads at most `maxBytes + 1` bytes from the start of a file, so that one byte too many shows that it is too
 * large. Rejects as the file system does (`code`: ENOENT, EACCES, EISDIR, …).
 */
export type ReadFile = (path: string, maxBytes: number) => Promise<Uint8Array>;

/** What tells whether a file changed or was replaced, and who may read it. Follows links. */
export interface FileStat {
  readonly mtimeMs: number;
  readonly size: number;
  readonly inode: number;
  /** Permission bits, such as 0o600; undefined where the platform has none. */
  readonly mode?: number | undefined;
}

/** Rejects as the file system does. */
export type StatFile = (path: string) => Promise<FileStat>;

export const readFileBounded: ReadFile = async (path, maxBytes) => {
  const file = await open(path, 'r');
  try {
    const buffer = Buffer.alloc(maxBytes + 1);
    let filled = 0;
    while (filled < buffer.length) {
      const { bytesRead } = await file.read(buffer, filled, buffer.length - filled, null);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return buffer.subarray(0, filled);
  } finally {
    await file.close();
  }
};

export const statFile: StatFile = async (path) => {
  const { mtimeMs, size, ino, mode } = await stat(path);
  return {
    ...{ mtimeMs, size, inode: ino },
    mode: process.platform === 'win32' ? undefined : mode & 0o777,
  };
};

export type FileContent =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'unusable'; readonly found: string; readonly hint?: string };

interface TextFileOptions {
  readonly readFile: ReadFile;
  readonly path: string;
  readonly maxBytes: number;
}

/** Reads a text file in UTF-8, or says in words why not. A byte order mark is dropped. */
export async function readTextFile({ readFile, path, maxBytes }: TextFileOptions): Promise<FileContent> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path, maxBytes);
  } catch (error) {
    return whyUnreadable(error);
  }
  if (bytes.length > maxBytes)
    return { kind: 'unusable', found: `the file is larger than ${Math.round(maxBytes / 1000)} kB` };
  const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  if (isUtf16) return { kind: 'unusable', found: 'the file is in UTF-16', hint: 'save it in UTF-8' };
  if (bytes.includes(0)) return { kind: 'unusable', found: 'the file is binary (it has NUL bytes)' };
  try {
    return { kind: 'text', text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { kind: 'unusable', found: 'the file is not text in UTF-8', hint: 'save it in UTF-8' };
  }
}

const REASONS: Readonly<Record<string, { readonly found: string; readonly hint?: string }>> = {
  EACCES: { found: 'the file may not be read', hint: 'allow the user that runs the exporter to read it' },
  EPERM: { found: 'the file may not be read', hint: 'allow the user that runs the exporter to read it' },
  EISDIR: { found: 'it is a folder', hint: 'name the file in it' },
  ELOOP: { found: 'its links lead in a circle' },
  ENAMETOOLONG: { found: 'the path is too long' },
};

function whyUnreadable(error: unknown): FileContent {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'missing' };
  const reason = Object.hasOwn(REASONS, code) ? REASONS[code] : undefined;
  const named = code === '' ? '' : ` (${code})`;
  return { kind: 'unusable', ...(reason ?? { found: `the file cannot be read${named}` }) };
}
