import { suiteSettings } from './settings.ts';

/** What `npm run e2e` does. */
export interface Plan {
  /** Commands in order, each with its arguments; the first that fails ends it. */
  readonly commands: readonly (readonly string[])[];
  /** Why there are none. */
  readonly reason?: string;
  /** When all commands pass. */
  readonly exitCode: number;
}

interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** For the suite: `--headed`, the name of a file … */
  readonly args: readonly string[];
  /** Whether the packages of the suite are there. */
  readonly isInstalled: boolean;
}

const INSTALL = ['npm', 'ci', '--no-audit', '--no-fund'];
const RUN = ['npm', 'run', 'e2e', '--silent', '--'];

/** Nothing without GRAFANA_URL: most machines have no Grafana, and a suite that did not run must not look like one that passed. */
export function planOf({ env, args, isInstalled }: Surroundings): Plan {
  if (env.GRAFANA_URL === undefined || env.GRAFANA_URL === '') {
    return {
      commands: [],
      exitCode: 0,
      reason:
        'e2e: NOT RUN, because GRAFANA_URL is not set. To run it, start a Grafana with the plugin (docker compose up) ' +
        'and give its address and password: GRAFANA_URL=http://localhost:3000 GRAFANA_ADMIN_PASSWORD=… npm run e2e',
    };
  }
  try {
    suiteSettings(env);
  } catch (error) {
    return {
      commands: [],
      exitCode: 2,
      reason: `e2e: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
  const run = [...RUN, ...args];
  return { commands: isInstalled ? [run] : [INSTALL, run], exitCode: 0 };
}
