import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Metafile, build } from 'esbuild';
import { APP_FILES } from './apps.ts';
import { npm } from './npm.ts';

/** A line of OpenTelemetry that users are on: exact versions of what an app installs beside our package. */
export interface OpenTelemetryLine {
  readonly name: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

const INSTALL = ['install', '--prefer-offline', '--no-audit', '--no-fund', '--no-package-lock'];

/** A fresh project with the apps in it, as a user would set it up: package.json, npm install, source files. */
export async function createConsumer(
  folder: string,
  line: OpenTelemetryLine,
  tarball: string,
): Promise<void> {
  await install(folder, { ...line.dependencies, 'opentelemetry-instrumentation-fal': `file:${tarball}` });
  for (const [file, text] of Object.entries(APP_FILES)) writeFileSync(join(folder, file), text);
}

/** Another Node, from npm; gives the path of its program. */
export async function installNode(folder: string, version: string): Promise<string> {
  await install(folder, { node: version });
  return join(folder, 'node_modules', '.bin', 'node');
}

async function install(folder: string, dependencies: Readonly<Record<string, string>>): Promise<void> {
  mkdirSync(folder, { recursive: true });
  // The script of `node` fetches the program; the one of protobufjs only prints a warning.
  const manifest = { private: true, dependencies, allowScripts: { node: true, protobufjs: false } };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  await npm(INSTALL, folder);
}

/** Everything in one file, for Node. */
export async function bundleForNode(folder: string): Promise<void> {
  await build({
    absWorkingDir: folder,
    entryPoints: ['typed.mts'],
    outfile: 'bundled/typed.cjs',
    bundle: true,
    platform: 'node',
    format: 'cjs',
    logLevel: 'error',
  });
}

export interface EdgeBundle {
  /** What it would load at run time; an edge runtime has nothing to load. */
  readonly loads: readonly string[];
  /** Files of our package that are in it. */
  readonly ourFiles: readonly string[];
  /** Bytes of it that are ours, minified. */
  readonly ourBytes: number;
}

const OURS = 'node_modules/opentelemetry-instrumentation-fal/';

/** Everything in one file, for a runtime that is no Node; packages may not even ask whether it is one. */
export async function bundleForEdge(folder: string): Promise<EdgeBundle> {
  const { metafile } = await build({
    absWorkingDir: folder,
    entryPoints: ['edge.mts'],
    outfile: 'bundled/edge.mjs',
    bundle: true,
    minify: true,
    platform: 'neutral',
    mainFields: ['module', 'main'],
    format: 'esm',
    logLevel: 'error',
    metafile: true,
  });
  return told(metafile);
}

function told({ outputs }: Metafile): EdgeBundle {
  const [output] = Object.values(outputs);
  if (output === undefined) throw new Error('bundling for the edge: esbuild wrote nothing');
  const ours = Object.entries(output.inputs).filter(([path]) => path.includes(OURS));
  return {
    loads: output.imports.map(({ path }) => path),
    ourFiles: ours.map(([path]) => path.slice(path.indexOf(OURS) + OURS.length)),
    ourBytes: ours.reduce((sum, [, { bytesInOutput }]) => sum + bytesInOutput, 0),
  };
}

/** What is left of an import of ours that only stands there, when a bundler has done its work: code, minified. */
export async function bundledImport(folder: string, entry: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: `import '${entry}';`, resolveDir: folder },
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    external: ['@opentelemetry/*'],
    logLevel: 'error',
    write: false,
  });
  return outputFiles.map(({ text }) => text).join('');
}
