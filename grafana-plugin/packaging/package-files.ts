import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';

/** Files of a package by their path in it, with forward slashes. */
export type PackageFiles = ReadonlyMap<string, Uint8Array>;

/** Every file under `folder`, in the order of the paths. */
export function readFiles(folder: string): PackageFiles {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const named = paths.map(
    (path) =>
      [
        path
          .slice(folder.length + 1)
          .split(sep)
          .join('/'),
        path,
      ] as const,
  );
  return new Map(
    named
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, path]) => [name, new Uint8Array(readFileSync(path))]),
  );
}

/** A file as text; undefined where there is none. */
export function textIn(files: PackageFiles, path: string): string | undefined {
  const content = files.get(path);
  return content === undefined ? undefined : new TextDecoder().decode(content);
}

/** A file as a JSON object; undefined where there is none, or where it is something else. */
export function objectIn(files: PackageFiles, path: string): Record<string, unknown> | undefined {
  const text = textIn(files, path);
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
