import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Loads packages as they are seen from one place; throws when a package is not there. */
export interface PackageLoader {
  (name: string): unknown;
  resolve(name: string): string;
}

/** The packages that are not installed, of those. */
export function missingOf(load: PackageLoader, names: readonly string[]): readonly string[] {
  return names.filter((name) => !isThere(load, name));
}

function isThere(load: PackageLoader, name: string): boolean {
  try {
    load.resolve(name);
    return true;
  } catch {
    return false;
  }
}

/**
 * Loads what a package itself depends on, in the very copy that it uses. A reader of another version's SDK would
 * fit only by luck, and the app need not list these packages.
 */
export function loaderOf(load: PackageLoader, name: string): PackageLoader {
  return createRequire(load.resolve(name));
}

/**
 * The command that installs packages, in the release of OpenTelemetry that is here already: these packages have the
 * same version when they belong together, and the newest one may belong to another line.
 */
export function installCommand(
  load: PackageLoader,
  names: readonly string[],
  readFile: (path: string) => string,
): string {
  const version = versionOf(load, readFile);
  const wanted = names.map((name) => (version === undefined || name === API ? name : `${name}@${version}`));
  return `npm install ${wanted.join(' ')}`;
}

const API = '@opentelemetry/api';

function versionOf(load: PackageLoader, readFile: (path: string) => string): string | undefined {
  try {
    const folder = dirname(load.resolve('@opentelemetry/instrumentation/hook.mjs'));
    const { version } = JSON.parse(readFile(join(folder, 'package.json'))) as { readonly version?: unknown };
    return typeof version === 'string' ? version : undefined;
  } catch {
    return undefined;
  }
}
