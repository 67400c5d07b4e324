import type { Config, Credentials } from './config.ts';
import type { LoadedCredentials } from './credentials.ts';
import type { ConfigSource, LoadedConfig } from './load.ts';
import type { Problem } from './problem.ts';
import { type Redact, createRedactor } from './redact.ts';

export { type ConfigWatch, type WatchOptions, watchConfig } from './watch.ts';

/** Reads everything anew; `loadConfig` and `loadCredentials` with their options filled in. */
export interface Loaders {
  readonly loadConfig: () => Promise<LoadedConfig>;
  readonly loadCredentials: () => Promise<LoadedCredentials>;
}

export interface OpenedConfig {
  readonly ok: true;
  readonly holder: ConfigHolder;
  readonly warnings: readonly string[];
  readonly source: ConfigSource;
  /** False only when no key variable is set at all, so that the demo is meant. */
  readonly hasKey: boolean;
}

export type ReloadResult =
  | { readonly ok: true; readonly problems: readonly []; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly problems: readonly Problem[]; readonly warnings: readonly [] };

/** Reads configuration and keys for the first time, and tells all problems of both at once. */
export async function openConfig(
  loaders: Loaders,
): Promise<OpenedConfig | { readonly ok: false; readonly problems: readonly Problem[] }> {
  const [config, keys] = await Promise.all([loaders.loadConfig(), loaders.loadCredentials()]);
  if (!config.ok || !keys.ok) return { ok: false, problems: [...problemsOf(config), ...problemsOf(keys)] };
  return {
    ok: true,
    holder: new ConfigHolder(loaders, config.config, keys.credentials),
    warnings: [...config.warnings, ...keys.warnings],
    source: config.source,
    hasKey: keys.hasKey,
  };
}

function problemsOf(loaded: LoadedConfig | LoadedCredentials): readonly Problem[] {
  return loaded.ok ? [] : loaded.problems;
}

/** Rotated keys may still stand in an answer that is on its way. */
const REMEMBERED_KEYS = 20;

/**
 * The configuration and the keys in force. A reload takes both or neither: a broken file, or a key file in the
 * middle of a rotation, leaves everything as it was.
 */
export class ConfigHolder {
  readonly #loaders: Loaders;
  #config: Config;
  #credentials: Credentials;
  #secrets: readonly string[] = [];
  #redact: Redact = createRedactor([]);
  #running: Promise<unknown> = Promise.resolve();

  constructor(loaders: Loaders, config: Config, credentials: Credentials) {
    this.#loaders = loaders;
    this.#config = config;
    this.#credentials = credentials;
    this.#rememberSecrets();
  }

  get current(): Config {
    return this.#config;
  }

  get credentials(): Credentials {
    return this.#credentials;
  }

  /** Takes every key out of a text, those of before a rotation too. Stays good across reloads. */
  readonly redact: Redact = (text) => this.#redact(text);

  /**
   * Reads everything anew and puts it in force. What needs a restart stays as it is and is named in a warning.
   * Reloads at the same time run one after the other.
   */
  reload(): Promise<ReloadResult> {
    const result = this.#running.then(() => this.#reload());
    this.#running = result.catch(() => undefined);
    return result;
  }

  async #reload(): Promise<ReloadResult> {
    const [config, keys] = await Promise.all([this.#loaders.loadConfig(), this.#loaders.loadCredentials()]);
    if (!config.ok || !keys.ok) {
      return { ok: false, problems: [...problemsOf(config), ...problemsOf(keys)], warnings: [] };
    }
    const { applied, warnings } = withoutRestart(this.#config, config.config);
    this.#config = applied;
    this.#credentials = keys.credentials;
    this.#rememberSecrets();
    return { ok: true, problems: [], warnings: [...config.warnings, ...keys.warnings, ...warnings] };
  }

  #rememberSecrets(): void {
    const { falKey, falAdminKey } = this.#credentials;
    const now = [falKey, falAdminKey].filter((key) => key !== undefined);
    const all = new Set([...now, ...this.#secrets]);
    this.#secrets = [...all].slice(0, REMEMBERED_KEYS);
    this.#redact = createRedactor(this.#secrets);
  }
}

/** The new configuration, with what only a restart can change as it was before. */
function withoutRestart(
  before: Config,
  next: Config,
): { readonly applied: Config; readonly warnings: readonly string[] } {
  const { listen, stateDir, simulatorUrl, webConfigFile } = before;
  const isChanged = {
    listen: listen.host !== next.listen.host || listen.port !== next.listen.port,
    state_dir: stateDir !== next.stateDir,
    simulator_url: simulatorUrl !== next.simulatorUrl,
    'web.config_file': webConfigFile !== next.webConfigFile,
  };
  const names = Object.entries(isChanged).flatMap(([name, changed]) => (changed ? [name] : []));
  return {
    applied: { ...next, listen, stateDir, simulatorUrl, webConfigFile },
    warnings: names.map((name) => `${name}: changed, and stays as it was until the exporter is restarted`),
  };
}
