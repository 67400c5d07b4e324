import { resolve } from 'node:path';
import type { ValueType } from './option.ts';
import type { Problem } from './problem.ts';
import { parseValue } from './read-value.ts';
import { type FileDraft, SCHEMA } from './schema.ts';

/** Environment variables; an empty one counts as not set, because Compose passes those for unset ones. */
export type Env = Readonly<Record<string, string | undefined>>;

/** What the command line may set. It wins over the environment, and that over the file. */
export interface ConfigFlags {
  readonly listen?: string | undefined;
  readonly stateDir?: string | undefined;
  readonly webConfigFile?: string | undefined;
  readonly simulatorUrl?: string | undefined;
}

export interface Overridden {
  readonly draft: FileDraft;
  readonly problems: readonly Problem[];
  /** Option paths that were set here. */
  readonly given: readonly string[];
}

interface OverrideOptions {
  readonly flags: ConfigFlags;
  readonly env: Env;
  readonly cwd: string;
  /** Makes a refused value fit to be shown. */
  readonly shown: (text: string) => string;
}

/** Puts flags and environment over what the file says. Relative paths on the command line are the user's own. */
export function applyOverrides(draft: FileDraft, options: OverrideOptions): Overridden {
  const { flags, cwd } = options;
  const { listen, state_dir: stateDir, simulator_url: simulatorUrl, web } = SCHEMA.options;
  const problems: Problem[] = [];
  const given: string[] = [];
  const read = <T>(path: string, type: ValueType<T>, source: Source | undefined): T | undefined => {
    if (source === undefined) return undefined;
    const parsed = parseValue(type, source.value);
    if (parsed.ok) {
      given.push(path);
      return parsed.value;
    }
    const found =
      type.isPrivate === true ? 'not usable' : `got ${JSON.stringify(options.shown(source.value))}`;
    problems.push({ path: source.name, found, expected: type.expects, hint: parsed.hint });
    return undefined;
  };
  const webConfigFile = read(
    'web.config_file',
    web.options.config_file.type,
    flag('--web-config', flags.webConfigFile),
  );
  const simulator = flag('--simulator-url', flags.simulatorUrl) ?? variable('FAL_SIMULATOR_URL', options.env);
  return {
    draft: {
      ...draft,
      listen: read('listen', listen.short.type, flag('--listen', flags.listen)) ?? draft.listen,
      state_dir: read('state_dir', stateDir.type, flag('--state-dir', flags.stateDir)) ?? draft.state_dir,
      simulator_url: read('simulator_url', simulatorUrl.type, simulator) ?? draft.simulator_url,
      web: webConfigFile === undefined ? draft.web : { config_file: resolve(cwd, webConfigFile) },
    },
    problems,
    given,
  };
}

interface Source {
  readonly name: string;
  readonly value: string;
}

function flag(name: string, value: string | undefined): Source | undefined {
  return value === undefined ? undefined : { name, value };
}

/** The value of a variable that is set to something. */
export function variable(name: string, env: Env): Source | undefined {
  const value = env[name]?.trim();
  return value === undefined || value === '' ? undefined : { name, value };
}
