import { basename } from 'node:path';

const COMMANDS = new Set(['npm', 'npx', 'pnpm', 'pnpx', 'yarn', 'yarnpkg', 'corepack', 'bun', 'bunx']);

/**
 * Whether the program is one that only starts the app: `NODE_OPTIONS` reaches `npm start` before it reaches the
 * app, and npm would hold the port for as long as the app runs.
 *
 * @param program path of the script that Node runs, if it runs one.
 */
export function isPackageManager(program: string | undefined): boolean {
  if (program === undefined) return false;
  const name = basename(program.replaceAll('\\', '/')).replace(/\.[cm]?js$/, '');
  return COMMANDS.has(name.replace(/-cli$/, '')) || /^yarn-\d/.test(name);
}
