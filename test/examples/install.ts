import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY, npm } from '../package/npm.ts';

export const EXAMPLES = join(REPOSITORY, 'instrumentation', 'examples');

export interface ExamplesManifest {
  readonly dependencies: Readonly<Record<string, string>>;
}

/** The package.json of the examples, as it is in the repository. */
export function examplesManifest(): ExamplesManifest {
  return JSON.parse(readFileSync(join(EXAMPLES, 'package.json'), 'utf8')) as ExamplesManifest;
}

const INSTALL = ['install', '--prefer-offline', '--no-audit', '--no-fund', '--no-package-lock'];

/** A copy of the examples with all that they need; our own package comes from the tarball, not from a registry. */
export async function installExamples(folder: string, tarball: string): Promise<void> {
  cpSync(EXAMPLES, folder, { recursive: true, filter: (path) => !path.includes('node_modules') });
  const manifest = examplesManifest();
  const dependencies = { ...manifest.dependencies, 'opentelemetry-instrumentation-fal': `file:${tarball}` };
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ ...manifest, dependencies }));
  await npm(INSTALL, folder);
}
