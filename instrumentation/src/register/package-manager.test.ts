import { expect, test } from 'vitest';
import { isPackageManager } from './package-manager.ts';

test.each([
  '/usr/lib/node_modules/npm/bin/npm-cli.js',
  '/usr/lib/node_modules/npm/bin/npx-cli.js',
  'C:\\Program Files\\nodejs\\node_modules\\npm\\bin\\npm-cli.js',
  '/usr/bin/npm',
  '/home/dev/.cache/node/corepack/v1/pnpm/9.1.0/bin/pnpm.cjs',
  '/opt/yarn/bin/yarn.js',
  '/app/.yarn/releases/yarn-4.9.1.cjs',
  '/usr/lib/node_modules/corepack/dist/corepack.js',
])('%s only starts the app', (program) => {
  expect(isPackageManager(program)).toBe(true);
});

test.each([undefined, '/app/server.js', '/app/npm-report.js', '/app/yarn-shop/index.js', '/npm/app.mjs'])(
  '%s may be the app',
  (program) => {
    expect(isPackageManager(program)).toBe(false);
  },
);
