import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';

export interface CommandOptions {
  /** The repository's root: working directory, and home of the tools. */
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Runs a tool of the repository to its end, its output streamed to ours, without standard input. `node` and
 * the JavaScript tools of node_modules/.bin run on the Node that runs us, which is the pinned one under npm.
 * Gives the exit code; a signal counts as 1.
 */
export function runTool(words: readonly string[], { root, env }: CommandOptions): Promise<number> {
  const [tool = '', ...args] = words;
  const bin = join(root, 'node_modules', '.bin');
  const nodeArgs = tool === 'node' ? args : [join(bin, tool), ...args];
  const path = [bin, env.PATH].filter((part) => part !== undefined).join(delimiter);
  return exitCodeOf(process.execPath, nodeArgs, { root, env: { ...env, PATH: path } });
}

/** Runs any command to its end, its output streamed to ours, without standard input. */
export function exitCodeOf(
  command: string,
  args: readonly string[],
  { root, env }: CommandOptions,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'] });
    child.on('error', reject);
    child.on('close', (code) => {
      resolve(code ?? 1);
    });
  });
}
