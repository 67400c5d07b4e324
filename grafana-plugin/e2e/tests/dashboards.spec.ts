import { expect, test } from '@grafana/plugin-e2e';
import { shippedDashboards } from '../shipped.ts';
import { watchTrouble } from './trouble.ts';

// High enough for the longest dashboard: Grafana loads a panel when it comes into view.
test.use({ viewport: { width: 1600, height: 4000 } });

test.describe('The app brings', () => {
  for (const { uid, titles } of shippedDashboards()) {
    test(`${uid}, whose panels all come up without an error`, async ({ gotoDashboardPage, page }) => {
      const trouble = watchTrouble(page);
      const dashboard = await gotoDashboardPage({ uid });
      // The same title may stand in several windows ("last $window"): Grafana fills in the variable.
      for (const title of titles.filter((each) => !each.includes('$'))) {
        await expect(page.getByRole('heading', { name: title, exact: true }).first()).toBeVisible();
      }
      await dashboard.waitForPanelsQueriesToComplete();
      await expect(page.getByTestId('data-testid Panel status error')).toHaveCount(0);
      await expect(page.getByText('Panel plugin not found')).toHaveCount(0);
      expect(trouble).toEqual([]);
    });
  }
});
