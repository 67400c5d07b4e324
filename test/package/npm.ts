import { execFile } from 'node:child_process';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { cleanEnvironment } from '../exporter-process.ts';

export const REPOSITORY = dirname(dirname(import.meta.dirname));

/** Programs that the repository installs for itself: the pinned Node, tsc, attw. */
export const PROGRAMS = join(REPOSITORY, 'node_modules', '.bin');

const WITHIN_MS = 180_000;

/**
 * Runs npm to its end and gives what it printed; rejects with what it complained of. It runs on the pinned Node:
 * on an older one it would choose older versions of what asks for a newer one.
 */
export async function npm(args: readonly string[], cwd: string): Promise<string> {
  const { stdout } = await promisify(execFile)('npm', args, {
    cwd,
    env: environment(),
    timeout: WITHIN_MS,
    killSignal: 'SIGKILL',
    maxBuffer: 10_000_000,
  });
  return stdout;
}

/** Without what `npm run` tells its scripts: it speaks of the repository, not of the folder that we mean. */
function environment(): NodeJS.ProcessEnv {
  const inherited = Object.entries(cleanEnvironment(process.env)).filter(
    ([name]) => !/^npm_(package|lifecycle|config_(local_)?prefix)/i.test(name),
  );
  return { ...Object.fromEntries(inherited), PATH: `${PROGRAMS}${delimiter}${process.env.PATH}` };
}
