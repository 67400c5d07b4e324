import { expect, test } from '@grafana/plugin-e2e';
import { watchTrouble } from './trouble.ts';

/** The folders of our panels, as they stand in the addresses of their code. */
const PANELS = ['falobs-modelstatus-panel', 'falobs-anatomy-panel', 'falobs-runway-panel'] as const;

test('Grafana loads the code of every panel of ours from its own folder', async ({
  gotoDashboardPage,
  page,
}) => {
  const loaded: string[] = [];
  page.on('response', (response) => {
    if (response.ok()) loaded.push(new URL(response.url()).pathname);
  });
  await gotoDashboardPage({ uid: 'fal-status' });
  const expected = PANELS.map((id) => `/public/plugins/${id}/module.js`);
  await expect.poll(() => loaded).toEqual(expect.arrayContaining(expected));
});

for (const theme of ['dark', 'light']) {
  test(`what our panels show in the ${theme} theme can be read by everybody`, async ({
    gotoDashboardPage,
    page,
    scanForA11yViolations,
  }) => {
    const trouble = watchTrouble(page);
    const queryParams = new URLSearchParams({ theme });
    const dashboard = await gotoDashboardPage({ uid: 'fal-status', queryParams });
    await dashboard.waitForPanelsQueriesToComplete();
    const content = page.getByTestId('data-testid panel content');
    await expect(content).toHaveCount(PANELS.length);
    for (const panel of await content.all()) await expect(panel).toContainText(/\w/);
    const report = await scanForA11yViolations({ include: '[data-testid="data-testid panel content"]' });
    expect(report).toHaveNoA11yViolations();
    expect(trouble).toEqual([]);
  });
}
