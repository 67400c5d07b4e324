import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Exit, startProcess } from '../background-process.ts';
import { cleanEnvironment } from '../exporter-process.ts';
import { REPOSITORY } from '../package/npm.ts';
import { waitUntil } from '../wait-until.ts';
import { APPS, type App } from './apps.ts';

const SOURCES = join(REPOSITORY, 'instrumentation', 'src');
const PACKAGES = join(REPOSITORY, 'node_modules');

/** The zero-code entry, as it is in the repository. */
export const REGISTER = pathToFileURL(join(SOURCES, 'register.ts')).href;

/** Makes a folder with the apps, and with the packages of the repository at hand. */
export function createAppFolder(folder: string): void {
  mkdirSync(folder);
  symlinkSync(PACKAGES, join(folder, 'node_modules'));
  for (const [file, text] of Object.entries(APPS)) writeFileSync(join(folder, file), text);
}

/** Puts a copy of the entry into a new folder where only these packages are installed; gives its address. */
export function registerAmong(folder: string, packages: readonly string[]): string {
  mkdirSync(join(folder, 'node_modules', '@opentelemetry'), { recursive: true });
  for (const name of packages) symlinkSync(join(PACKAGES, name), join(folder, 'node_modules', name));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  cpSync(SOURCES, join(folder, 'src'), { recursive: true, filter: (path) => !path.endsWith('.test.ts') });
  return pathToFileURL(join(folder, 'src', 'register.ts')).href;
}

export interface RunOptions {
  readonly folder: string;
  readonly app: App;
  /** Modules to load before it. */
  readonly preload: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Sent as soon as the app says "ready". */
  readonly signal?: 'SIGINT' | 'SIGTERM';
}

export interface Ran extends Exit {
  /** Both streams, as they came. */
  readonly output: string;
  /** From the signal to the end, or else from the start; milliseconds. */
  readonly tookMs: number;
}

const WITHIN_MS = 30_000;

/** Runs an app to its end. Nothing of our own FAL_* and OTEL_* reaches it. */
export async function runApp({ folder, app, preload, env, signal }: RunOptions): Promise<Ran> {
  const process_ = await startProcess({
    name: app,
    command: process.execPath,
    args: [...preload.flatMap((module) => ['--import', module]), app],
    cwd: folder,
    env: { ...cleanEnvironment(process.env), ...env },
  });
  const waiting = { withinMs: WITHIN_MS, evidence: () => process_.output() };
  let started = performance.now();
  try {
    if (signal !== undefined) {
      await waitUntil(`${app} is ready`, () => process_.output().includes('ready') || undefined, waiting);
      started = performance.now();
      process.kill(process_.pid, signal);
    }
    const exit = await waitUntil(`${app} ends`, () => process_.exit(), waiting);
    return { ...exit, output: process_.output(), tookMs: performance.now() - started };
  } finally {
    await process_.stop({ signal: 'SIGKILL' });
  }
}
