import { expect, test } from '@grafana/plugin-e2e';
import { APP_ID } from '../shipped.ts';
import { watchTrouble } from './trouble.ts';

test('the set-up page asks the data source that is chosen, and can be used by everybody', async ({
  gotoAppPage,
  page,
  scanForA11yViolations,
}) => {
  const trouble = watchTrouble(page);
  await gotoAppPage({ path: '/set-up', pluginId: APP_ID });
  await expect(page.getByRole('heading', { name: 'Set-up', level: 1 })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Check again' })).toBeEnabled();
  await expect(page.getByText('Cannot tell')).toHaveCount(0);
  expect(await scanForA11yViolations({ include: '#pageContent' })).toHaveNoA11yViolations();
  expect(trouble).toEqual([]);
});

test('the status page says how every account stands, and can be read by everybody', async ({
  gotoAppPage,
  page,
  scanForA11yViolations,
}) => {
  const trouble = watchTrouble(page);
  await gotoAppPage({ path: '/status', pluginId: APP_ID });
  // The page that Grafana opens for the app has the app's name.
  await expect(page.getByRole('heading', { name: 'fal observability', level: 1 })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Refresh' })).toBeEnabled();
  await expect(page.getByRole('heading', { level: 2 }).first()).toContainText(/\w/);
  expect(await scanForA11yViolations({ include: '#pageContent' })).toHaveNoA11yViolations();
  expect(trouble).toEqual([]);
});
