import { describe, expect, test } from 'vitest';
import { planOf } from './plan.ts';

const GRAFANA = { GRAFANA_URL: 'http://localhost:3000', GRAFANA_ADMIN_PASSWORD: 'a password' };

describe('npm run e2e', () => {
  test.each([{}, { GRAFANA_URL: '' }])('runs nothing without an address, and says so: %j', (env) => {
    const plan = planOf({ env, args: [], isInstalled: true });
    expect(plan).toMatchObject({ commands: [], exitCode: 0 });
    expect(plan.reason).toMatch(/^e2e: NOT RUN, because GRAFANA_URL is not set\. /);
  });

  test('fails when there is an address but no password: a suite that cannot sign in must not look like one that passed', () => {
    const plan = planOf({ env: { GRAFANA_URL: GRAFANA.GRAFANA_URL }, args: [], isInstalled: true });
    expect(plan).toMatchObject({ commands: [], exitCode: 2 });
    expect(plan.reason).toContain('GRAFANA_ADMIN_PASSWORD is not set');
  });

  test('runs the suite where its packages are, with the arguments that it was given', () => {
    expect(planOf({ env: GRAFANA, args: ['--headed'], isInstalled: true })).toEqual({
      commands: [['npm', 'run', 'e2e', '--silent', '--', '--headed']],
      exitCode: 0,
    });
  });

  test('installs the packages first where they are not', () => {
    const { commands } = planOf({ env: GRAFANA, args: [], isInstalled: false });
    expect(commands.map(([, word]) => word)).toEqual(['ci', 'run']);
  });

  test('never says the password', () => {
    const told = JSON.stringify(planOf({ env: GRAFANA, args: [], isInstalled: false }));
    expect(told).not.toContain(GRAFANA.GRAFANA_ADMIN_PASSWORD);
  });
});
