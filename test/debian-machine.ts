import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Machine } from './debian-packages.ts';
import { exitCodeOf } from './runner/command.ts';
import { holdServices } from './service-policy.ts';

export interface MachineOptions {
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
  readonly say: (line: string) => void;
  /** Takes what apt-get writes; our own screen when absent. */
  readonly keep?: ((text: string) => void) | undefined;
}

/** The machine that we run on. */
export function thisMachine({ root, env, say, keep }: MachineOptions): Machine {
  return {
    has: (command) => isOnPath(command, env.PATH ?? ''),
    isRoot: () => process.getuid?.() === 0,
    // Never told to stop half-way: a package that is half installed stays so.
    run: (command, args, extra) => exitCodeOf(command, args, { root, env: { ...env, ...extra }, keep }),
    holdServices: () => holdServices('/usr/sbin/policy-rc.d'),
    say,
  };
}

/** True when a folder of `path` (in the form of PATH) has an executable file of that name. */
export function isOnPath(command: string, path: string): boolean {
  return path
    .split(delimiter)
    .filter((folder) => folder !== '')
    .some((folder) => isExecutable(join(folder, command)));
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
