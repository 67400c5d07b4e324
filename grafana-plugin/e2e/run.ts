/**
 * `npm run e2e`: the plugin in the Grafana at GRAFANA_URL, in a real browser. Without GRAFANA_URL nothing is run, and
 * said so: exit code 0. Otherwise the exit code is that of the suite.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { planOf } from './plan.ts';

const FOLDER = import.meta.dirname;

function main(): number {
  const plan = planOf({
    env: process.env,
    args: process.argv.slice(2),
    isInstalled: existsSync(join(FOLDER, 'node_modules/@grafana/plugin-e2e')),
  });
  if (plan.reason !== undefined) process.stdout.write(`${plan.reason}\n`);
  for (const [command = '', ...args] of plan.commands) {
    const { status, error } = spawnSync(command, args, { cwd: FOLDER, stdio: 'inherit' });
    if (error !== undefined) throw new Error(`running ${command} in ${FOLDER}`, { cause: error });
    if (status !== 0) return status ?? 1;
  }
  return plan.exitCode;
}

process.exitCode = main();
