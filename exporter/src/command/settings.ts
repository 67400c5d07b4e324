import type { Config, Credentials } from '../config/config.ts';
import { loadCredentials } from '../config/credentials.ts';
import { readFileBounded, statFile } from '../config/files.ts';
import { loadConfig } from '../config/load.ts';
import { type Problem, formatProblems } from '../config/problem.ts';
import { createRedactor } from '../config/redact.ts';
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
  readonly config: Config;
  readonly warnings: readonly string[];
  /** As the user named it; absent when there is none. */
  readonly configFile?: string | undefined;
  readonly isStateDirGiven: boolean;
  /** False only when no key was meant: then the demo is. */
  readonly hasKey: boolean;
  /** The keys of this moment; a rotated one is there after the next `readAgain`. */
  readonly keys: {
    readonly falKey: () => string | undefined;
    readonly falAdminKey: () => string | undefined;
  };
  readonly redact: (text: string) => string;
  readonly log: Log;
  /** Reads files and keys again; what is broken changes nothing. */
  readonly readAgain: () => Promise<ReadSettings>;
}

export type ReadSettings =
  | { readonly ok: true; readonly config: Config; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

export type SettingsAnswer =
  { readonly ok: true; readonly settings: Settings } | { readonly ok: false; readonly text: string };

/** Reads configuration and keys, or gives everything that is wrong with them as a text for the terminal. */
export async function readSettings(options: SettingsOptions, io: CommandIo): Promise<SettingsAnswer> {
  const first = await readAll(options, io);
  if (!first.ok) return { ok: false, text: formatProblems(first.problems) };
  const { loaded } = first;
  let credentials: Credentials = first.credentials;
  let redactNow = redactorOf(io, credentials);
  const redact = (text: string): string => redactNow(text);
  return {
    ok: true,
    settings: {
      ...{ config: loaded.config, warnings: first.warnings, hasKey: first.hasKey },
      ...{ configFile: loaded.source.file, isStateDirGiven: loaded.source.given.has('state_dir') },
      keys: { falKey: () => credentials.falKey, falAdminKey: () => credentials.falAdminKey },
      redact,
      log: createLog({ clock: systemClock, write: io.stderr, redact }),
      readAgain: async () => {
        const again = await readAll(options, io);
        if (!again.ok) return again;
        credentials = again.credentials;
        redactNow = redactorOf(io, credentials);
        return { ok: true, config: again.loaded.config, warnings: again.warnings };
      },
    },
  };
}

type ReadAll =
  | {
      readonly ok: true;
      readonly loaded: Extract<Awaited<ReturnType<typeof loadConfig>>, { ok: true }>;
      readonly credentials: Credentials;
      readonly hasKey: boolean;
      readonly warnings: readonly string[];
    }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Both at once, so that one look shows every problem. */
async function readAll(options: SettingsOptions, { env, cwd }: CommandIo): Promise<ReadAll> {
  const readFile = readFileBounded;
  const flags = { listen: options.listen, stateDir: options.stateDir };
  const [loaded, keys] = await Promise.all([
    loadConfig({ path: options.config, env, readFile, cwd, flags }),
    loadCredentials({ env, readFile, stat: statFile }),
  ]);
  if (loaded.ok && keys.ok) {
    const { credentials, hasKey } = keys;
    return { ok: true, loaded, credentials, hasKey, warnings: [...loaded.warnings, ...keys.warnings] };
  }
  return { ok: false, problems: [loaded, keys].flatMap((read) => (read.ok ? [] : read.problems)) };
}

/** Takes out the keys that are in force and those that the environment names, usable or not. */
function redactorOf({ env }: CommandIo, { falKey, falAdminKey }: Credentials): (text: string) => string {
  return createRedactor([falKey, falAdminKey, env.FAL_KEY, env.FAL_ADMIN_KEY, env.FAL_KEY_SECRET]);
}
