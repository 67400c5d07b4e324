import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';

export interface ProcessOptions {
  /** For messages: "prometheus", "fal-exporter". */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** The whole environment; nothing is inherited. */
  readonly env: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Temporary folders that go with the process: removed when it is stopped or our own process dies. */
  readonly folders?: readonly string[];
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface Stopped extends Exit {
  /** From the signal to the exit, in milliseconds. */
  readonly tookMs: number;
}

export interface StopOptions {
  readonly signal?: 'SIGINT' | 'SIGTERM' | 'SIGKILL';
  /** Killed, and the stop rejected, when it takes longer. */
  readonly withinMs?: number;
}

/** A real process in the background of a test. */
export interface BackgroundProcess {
  readonly pid: number;
  /** Standard output and standard error as they came, the last megabyte. */
  output(): string;
  readonly exited: Promise<Exit>;
  /** How it ended, once it has. */
  exit(): Exit | undefined;
  /** Ends it and removes its folders. Safe to call again. */
  stop(options?: StopOptions): Promise<Stopped>;
}

const KEPT_OUTPUT = 1_000_000;

/**
 * Starts a process that does not outlive us: a reaper beside it kills it when our own process is gone without
 * having stopped it, be it by SIGKILL. Rejects when the command cannot be started.
 */
export async function startProcess(options: ProcessOptions): Promise<BackgroundProcess> {
  const { command, args, env, cwd, folders = [] } = options;
  const child = spawn(command, args, { env, ...(cwd && { cwd }), stdio: ['ignore', 'pipe', 'pipe'] });
  const output = outputOf(child);
  let exit: Exit | undefined;
  const exited = new Promise<Exit>((resolve) => {
    child.once('close', (code, signal) => {
      exit = { code, signal };
      resolve(exit);
    });
  });
  try {
    await once(child, 'spawn');
  } catch (error) {
    removeAll(folders);
    throw new Error(`starting ${options.name}: cannot run ${command}`, { cause: error });
  }
  const pid = child.pid ?? 0;
  const reaper = startReaper();
  reaper.charge({ pid, folders });
  // From its exit on, the number may become another process's.
  void exited.then(() => reaper.charge({ folders }));
  let stopped: Promise<Stopped> | undefined;
  return {
    pid,
    output,
    exited,
    exit: () => exit,
    stop: (how = {}) =>
      (stopped ??= stopChild(options, { child, exited, exit: () => exit, output, reaper }, how)),
  };
}

interface Running {
  readonly child: ChildProcess;
  readonly exited: Promise<Exit>;
  readonly exit: () => Exit | undefined;
  readonly output: () => string;
  readonly reaper: Reaper;
}

async function stopChild(
  { name, folders = [] }: ProcessOptions,
  { child, exited, exit, output, reaper }: Running,
  { signal = 'SIGTERM', withinMs = 10_000 }: StopOptions,
): Promise<Stopped> {
  const started = performance.now();
  if (exit() === undefined) child.kill(signal);
  let late = false;
  const deadline = setTimeout(() => {
    late = true;
    child.kill('SIGKILL');
  }, withinMs);
  const how = await exited;
  clearTimeout(deadline);
  const tookMs = performance.now() - started;
  removeAll(folders);
  reaper.dismiss();
  if (late) throw new Error(`${name} did not end within ${withinMs} ms of ${signal}; it said:\n${output()}`);
  return { ...how, tookMs };
}

function outputOf(child: ChildProcess): () => string {
  let text = '';
  const keep = (chunk: string): void => {
    text = (text + chunk).slice(-KEPT_OUTPUT);
  };
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', keep);
  return () => text;
}

interface Reaper {
  /** What is to be cleaned up if we die now. */
  charge(what: { readonly pid?: number; readonly folders: readonly string[] }): void;
  dismiss(): void;
}

function startReaper(): Reaper {
  // A process group of its own: what kills our group leaves the reaper to do its work.
  const reaper = spawn(process.execPath, [join(import.meta.dirname, 'reaper.ts')], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  reaper.unref();
  // A reaper that cannot start or is gone already must not fail the test that it serves.
  reaper.on('error', () => undefined);
  reaper.stdin.on('error', () => undefined);
  const charge: Reaper['charge'] = (what) => {
    if (reaper.stdin.writable) reaper.stdin.write(`${JSON.stringify(what)}\n`);
  };
  return {
    charge,
    dismiss: () => {
      charge({ folders: [] });
      reaper.stdin.end();
    },
  };
}

function removeAll(folders: readonly string[]): void {
  for (const folder of folders)
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}
