import { spawn, type ChildProcess } from 'node:child_process';
import { delimiter, join } from 'node:path';

export interface CommandOptions {
  /** The repository's root, or another folder to work in: working directory, and home of the tools. */
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
  /** Takes what the command writes, standard output and standard error as they come; our own screen when absent. */
  readonly keep?: ((text: string) => void) | undefined;
  /** Ends the command when aborted. */
  readonly signal?: AbortSignal | undefined;
}

/** From a polite end to a forced one. */
const PATIENCE_MS = 5_000;

/**
 * Runs a tool of the repository to its end, without standard input. `node` and the JavaScript tools of
 * node_modules/.bin run on the Node that runs us, which is the pinned one under npm. Gives the exit code; a signal
 * counts as 1.
 */
export function runTool(words: readonly string[], options: CommandOptions): Promise<number> {
  const { root, env } = options;
  const [tool = '', ...args] = words;
  const bin = join(root, 'node_modules', '.bin');
  const nodeArgs = tool === 'node' ? args : [join(bin, tool), ...args];
  const path = [bin, env.PATH].filter((part) => part !== undefined).join(delimiter);
  return exitCodeOf(process.execPath, nodeArgs, { ...options, env: { ...env, PATH: path } });
}

/** Runs any command to its end, without standard input. Gives the exit code; a signal counts as 1. */
export function exitCodeOf(
  command: string,
  args: readonly string[],
  { root, env, keep, signal }: CommandOptions,
): Promise<number> {
  if (signal?.aborted === true) return Promise.resolve(1);
  return new Promise((resolve, reject) => {
    const out = keep === undefined ? 'inherit' : 'pipe';
    const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', out, out] });
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => keep?.(text));
    }
    const release = endWhenAborted(child, signal);
    child.on('error', (error) => {
      release();
      reject(error);
    });
    const ended = (code: number | null): void => {
      release();
      resolve(code ?? 1);
    };
    child.on('close', ended);
    // What it left behind may hold its output open for ever.
    child.on('exit', (code) => {
      if (signal?.aborted === true) ended(code);
    });
  });
}

/** Gives what to call once the child has ended. */
function endWhenAborted(child: ChildProcess, signal: AbortSignal | undefined): () => void {
  let force: NodeJS.Timeout | undefined;
  const end = (): void => {
    child.kill('SIGTERM');
    force = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
  };
  signal?.addEventListener('abort', end, { once: true });
  return () => {
    signal?.removeEventListener('abort', end);
    clearTimeout(force);
  };
}
