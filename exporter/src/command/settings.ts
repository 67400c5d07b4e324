import { resolve } from 'node:path';
import { keyFiles, loadCredentials } from '../config/credentials.ts';
import { readFileBounded, statFile } from '../config/files.ts';
import { configFile, loadConfig } from '../config/load.ts';
import { formatProblems } from '../config/problem.ts';
import { type ConfigHolder, openConfig } from '../config/reload.ts';
import { systemClock } from '../domain/clock.ts';
import { type Log, createLog } from '../log.ts';
import type { CommandIo } from './io.ts';

/** What the command line says about the settings. */
export interface SettingsOptions {
  readonly config?: string | undefined;
  readonly stateDir?: string | undefined;
  readonly listen?: string | undefined;
}

/** Configuration and keys as they are in force, and what needs them. */
export interface Settings {
  readonly holder: ConfigHolder;
  readonly warnings: readonly string[];
  /** As the user named it; absent when there is none. */
  readonly configFile?: string | undefined;
  readonly isStateDirGiven: boolean;
  /** False when the probes are the default ones. */
  readonly areProbesGiven: boolean;
  /** False only when no key was meant: then the demo is. */
  readonly hasKey: boolean;
  readonly log: Log;
  /** Absolute paths of every file that the settings come from, there or not. */
  readonly files: readonly string[];
}

export type SettingsAnswer =
  { readonly ok: true; readonly settings: Settings } | { readonly ok: false; readonly text: string };

/** Reads configuration and keys, or gives everything that is wrong with them as a text for the terminal. */
export async function readSettings(options: SettingsOptions, io: CommandIo): Promise<SettingsAnswer> {
  const { env, cwd } = io;
  const readFile = readFileBounded;
  const flags = { listen: options.listen, stateDir: options.stateDir };
  const opened = await openConfig({
    loadConfig: () => loadConfig({ path: options.config, env, readFile, cwd, flags }),
    loadCredentials: () => loadCredentials({ env, readFile, stat: statFile }),
  });
  if (!opened.ok) return { ok: false, text: formatProblems(opened.problems) };
  const { holder, warnings, source, hasKey } = opened;
  const files = [configFile({ path: options.config, env }).path, ...keyFiles(env)];
  return {
    ok: true,
    settings: {
      ...{ holder, warnings, hasKey, configFile: source.file },
      isStateDirGiven: source.given.has('state_dir'),
      areProbesGiven: source.given.has('probes'),
      log: createLog({ clock: systemClock, write: io.stderr, redact: holder.redact }),
      files: files.map((file) => resolve(cwd, file)),
    },
  };
}
