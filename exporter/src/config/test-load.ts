import { type LoadConfigOptions, type LoadedConfig, loadConfig } from './load.ts';
import type { ReadFile } from './files.ts';
import type { Problem } from './problem.ts';

/** An error as the file system throws it. */
export function fileError(code: string): Error {
  return Object.assign(new Error(`${code}: no matter what`), { code });
}

/** A file system of a few files; an Error as content is thrown. */
export function filesOf(files: Readonly<Record<string, string | Uint8Array | Error>>): ReadFile {
  return (path, maxBytes) => {
    const content = Object.hasOwn(files, path) ? files[path] : undefined;
    if (content === undefined) return Promise.reject(fileError('ENOENT'));
    if (content instanceof Error) return Promise.reject(content);
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    return Promise.resolve(bytes.subarray(0, maxBytes + 1));
  };
}

/** Loads a configuration from a text, in the folder /etc/fal, without environment. */
export function loadText(
  text: string | Uint8Array,
  options: Partial<LoadConfigOptions> = {},
): Promise<LoadedConfig> {
  const readFile = filesOf({ '/etc/fal/fal-exporter.yml': text });
  return loadConfig({ env: {}, cwd: '/etc/fal', readFile, ...options });
}

export async function problemsOf(text: string | Uint8Array): Promise<readonly Problem[]> {
  const loaded = await loadText(text);
  return loaded.ok ? [] : loaded.problems;
}
