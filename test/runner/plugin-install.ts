import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { exitCodeOf, type CommandOptions } from './command.ts';
import type { StepResult } from './step.ts';

/** npm projects of their own, beside the workspaces: Grafana's packages of two versions weigh 600 MB each. */
export const PLUGIN_PROJECTS = ['grafana-plugin', 'grafana-plugin/harness/grafana-13'] as const;

/**
 * Installs what the Grafana plugin and its browser tests need, from the committed lockfiles, both at the same time;
 * what is there already and is of the lockfile stays. npm is that of the machine.
 */
export async function installPlugin(options: CommandOptions & SayOption): Promise<StepResult> {
  const outcomes = await Promise.all(
    PLUGIN_PROJECTS.map(async (project) => {
      const folder = join(options.root, project);
      if (isInstalled(folder)) {
        options.say(`${project}: installed already`);
        return undefined;
      }
      const code = await exitCodeOf('npm', ['ci', '--no-audit', '--no-fund'], { ...options, root: folder });
      return code === 0 ? undefined : `npm ci in ${project}: exit code ${code}`;
    }),
  );
  const problems = outcomes.filter((problem) => problem !== undefined);
  return problems.length === 0 ? {} : { problem: problems.join('; ') };
}

interface SayOption {
  readonly say: (line: string) => void;
}

/** npm leaves its own copy of the lockfile in node_modules: the packages in both, apart from the project itself. */
export function isInstalled(folder: string): boolean {
  const written = join(folder, 'node_modules', '.package-lock.json');
  if (!existsSync(written)) return false;
  const there = packagesOf(written);
  const wanted = packagesOf(join(folder, 'package-lock.json'));
  return Object.entries(wanted).every(
    ([path, { version, optional }]) => path === '' || optional === true || there[path]?.version === version,
  );
}

type Packages = Readonly<Record<string, { readonly version?: string; readonly optional?: boolean }>>;

function packagesOf(lockfile: string): Packages {
  return (JSON.parse(readFileSync(lockfile, 'utf8')) as { packages: Packages }).packages;
}
