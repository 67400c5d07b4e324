import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PluginOptions } from '@grafana/plugin-e2e';
import { defineConfig, devices } from '@playwright/test';
import { suiteSettings } from '../settings.ts';

const { grafanaUrl, admin } = suiteSettings(process.env);
const signIn = join(dirname(fileURLToPath(import.meta.resolve('@grafana/plugin-e2e'))), 'auth');
const CHROMIUM = '/usr/bin/chromium';

export default defineConfig<PluginOptions>({
  testDir: '.',
  outputDir: '../test-results',
  // One Grafana, one user: what a test sees must not depend on another that runs at the same time.
  workers: 1,
  forbidOnly: true,
  reporter: 'list',
  // A Grafana that has just started loads its first dashboard slowly.
  timeout: 180_000,
  expect: { timeout: 60_000 },
  use: {
    baseURL: grafanaUrl,
    grafanaAPICredentials: admin,
    user: admin,
    timezoneId: 'UTC',
    screenshot: 'only-on-failure',
    ...devices['Desktop Chrome'],
    viewport: { width: 1600, height: 1000 },
    // The browser of the system where there is one; otherwise the one that `npx playwright install chromium` brings.
    launchOptions: existsSync(CHROMIUM) ? { executablePath: CHROMIUM, chromiumSandbox: false } : {},
  },
  projects: [
    { name: 'sign-in', testDir: signIn, testMatch: /.*\.js/ },
    {
      name: 'plugin',
      use: { storageState: `playwright/.auth/${admin.user}.json` },
      dependencies: ['sign-in'],
    },
  ],
});
