/**
 * The host page of the browser tests as a bundle: real Grafana packages of one version around our host sources.
 * Written once per version and content into a cache folder, because it takes some seconds.
 */
import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { build, version as esbuildVersion } from 'esbuild';
import type { BuildResult } from 'esbuild';
import { hostPackages } from './host-packages.ts';

/** The Grafana lines that the plugin is tried on: the oldest supported with React 18, and the first with React 19. */
export type GrafanaVersion = '12.4' | '13.2';

export interface HostBundle {
  readonly grafana: GrafanaVersion;
  /** Where the entry `host.js`, its style sheet `host.css` and the lazy chunks lie. */
  readonly folder: string;
  /** Changes with every source and package: usable in URLs that are cached for ever. */
  readonly hash: string;
  /** The node_modules folder that the packages came from; icons are served from there, too. */
  readonly nodeModules: string;
}

const HARNESS = dirname(import.meta.dirname);
const PROJECTS: Readonly<Record<GrafanaVersion, string>> = {
  '12.4': dirname(HARNESS),
  '13.2': join(HARNESS, 'grafana-13'),
};
const SOURCES = join(HARNESS, 'host');
const CACHE = join(dirname(HARNESS), 'node_modules', '.cache', 'falobs-host');

/**
 * The bundle of the host page for one Grafana version, from the cache when nothing changed.
 * Rejects with esbuild's own messages when the sources do not compile, or when the packages are not installed.
 */
export async function hostBundle(grafana: GrafanaVersion): Promise<HostBundle> {
  const project = PROJECTS[grafana];
  const nodeModules = join(project, 'node_modules');
  if (!existsSync(join(nodeModules, '@grafana', 'ui', 'package.json'))) {
    throw new Error(
      `bundling the host page of Grafana ${grafana}: no packages in ${nodeModules}; run npm ci in ${project}`,
    );
  }
  const hash = await contentHash(project);
  const folder = join(CACHE, `${grafana}-${hash}`);
  if (!existsSync(folder)) await writeBundle({ grafana, project, folder });
  return { grafana, folder, hash, nodeModules };
}

async function contentHash(project: string): Promise<string> {
  const hash = createHash('sha256').update(esbuildVersion);
  const files = [
    join(project, 'package-lock.json'),
    ...(await filesIn(import.meta.dirname)),
    ...(await filesIn(SOURCES)),
  ];
  for (const file of files) hash.update(file).update(await readFile(file));
  return hash.digest('hex').slice(0, 16);
}

async function filesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  const paths = names.sort().map((name) => join(folder, name));
  const kinds = await Promise.all(paths.map((path) => stat(path)));
  return paths.filter((_, i) => kinds[i]?.isFile() === true);
}

interface Writing {
  readonly grafana: GrafanaVersion;
  readonly project: string;
  readonly folder: string;
}

/** Builds beside the final place and moves it there, so that two test processes never see half a bundle. */
async function writeBundle({ grafana, project, folder }: Writing): Promise<void> {
  const draft = join(CACHE, `draft-${randomUUID()}`);
  const result = await build({
    entryPoints: { host: join(SOURCES, 'host.tsx') },
    outdir: draft,
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    splitting: true,
    target: 'es2022',
    jsx: 'automatic',
    // Names stay, so that stack traces of a failed test can be read; the comments of 20 MB go.
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
    // The default order of esbuild takes the CommonJS build of some packages, which makes a second copy of them.
    mainFields: ['browser', 'module', 'main'],
    // The code editor: five megabytes that no page here shows. Whoever does gets an error, which is then the reason.
    external: ['monaco-editor', 'monaco-editor/*', 'react-monaco-editor'],
    loader: { '.woff2': 'file', '.svg': 'file' },
    // UMD packages must not see the `define` of SystemJS: they would register with it instead of exporting.
    define: { define: 'undefined', 'process.env.NODE_ENV': '"production"', global: 'globalThis' },
    logLevel: 'silent',
    plugins: [hostPackages({ project, sources: SOURCES })],
  });
  assertOneCopy(result);
  await mkdir(draft, { recursive: true });
  for (const { path, text } of result.outputFiles) await writeFile(path, withWebInterop(text));
  await replaceFolder({ draft, folder });
  await removeOlder({ grafana, folder });
}

async function replaceFolder({ draft, folder }: { draft: string; folder: string }): Promise<void> {
  try {
    await rename(draft, folder);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
}

async function removeOlder({ grafana, folder }: { grafana: GrafanaVersion; folder: string }): Promise<void> {
  for (const name of await readdir(CACHE)) {
    const path = join(CACHE, name);
    const isOlder = name.startsWith(`${grafana}-`) && path !== folder;
    if (isOlder) await rm(path, { recursive: true, force: true });
  }
}

/**
 * esbuild gives an importer in an `.mjs` file Node's view of a CommonJS package (`default` is the whole of
 * module.exports). Grafana's own bundler gives it the view of the web (`default` is exports.default), and its
 * packages rely on that: without this, components arrive as objects and React fails with error 130.
 */
function withWebInterop(text: string): string {
  return text.replaceAll(/__toESM\((require_[\w$]+\(\)),\s*1\)/g, '__toESM($1)');
}

/** Two copies of a Grafana package would each have services and registries of their own. */
function assertOneCopy({ metafile }: BuildResult<{ metafile: true }>): void {
  const commonJs = Object.keys(metafile.inputs).filter((path) => /@grafana\/[\w-]+\/dist\/cjs\//.test(path));
  if (commonJs.length > 0) {
    throw new Error(
      `bundling the host page: expected the ES modules of @grafana packages only, got ${commonJs[0] ?? ''}`,
    );
  }
}
