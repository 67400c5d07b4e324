import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startBrowser } from './browser.ts';
import type { Browser, FrameJson, GrafanaVersion, PanelOptions } from './browser.ts';

const FIXTURE = join(import.meta.dirname, '../../grafana-plugin/harness/fixture');
const FRAMES: readonly FrameJson[] = [
  {
    refId: 'A',
    fields: [
      { name: 'Time', type: 'time', values: [1_763_700_000_000, 1_763_700_060_000] },
      {
        name: 'Value',
        type: 'number',
        labels: { endpoint_id: 'fal-ai/flux/dev' },
        values: [1, 2.25],
        config: { unit: 's' },
      },
    ],
  },
];

let browser: Browser;
beforeAll(async () => {
  browser = await startBrowser();
});
afterEach(() => browser.closePages());
afterAll(() => browser.stop());

function panel(more: Partial<PanelOptions> = {}): PanelOptions {
  return { panel: 'falobs-fixture-panel', frames: FRAMES, dist: FIXTURE, ...more };
}

describe.each<[GrafanaVersion, string]>([
  ['12.4', '18'],
  ['13.2', '19'],
])('the host page of Grafana %s', (grafana, react) => {
  it('shows a panel as built with the packages of that Grafana, its units and its theme', async () => {
    const page = await browser.openPanel(
      panel({ grafana, theme: 'light', title: 'A fixture', width: 500, height: 300 }),
    );
    const text = await page.content.innerText();
    expect(text).toContain('A fixture');
    expect(text).toContain('fal-ai/flux/dev: 2.25 s');
    expect(text).toMatch(new RegExp(`React ${react}\\.\\d+\\.\\d+, Grafana ${grafana.replace('.', '\\.')}`));
    expect(await page.content.locator('ul').getAttribute('data-theme')).toBe('Light');
    const [width, height] = ((await page.content.locator('ul').getAttribute('data-size')) ?? '')
      .split('×')
      .map(Number);
    expect(width).toBeGreaterThan(460);
    expect(width).toBeLessThanOrEqual(500);
    expect(height).toBeGreaterThan(220);
    expect(height).toBeLessThan(300);
  });

  it('applies overrides and transformations as a dashboard does', async () => {
    const page = await browser.openPanel(
      panel({
        grafana,
        fieldConfig: {
          defaults: { unit: 'percentunit' },
          overrides: [
            {
              matcher: { id: 'byType', options: 'number' },
              properties: [
                { id: 'unit', value: 'currencyUSD' },
                { id: 'displayName', value: 'Money' },
              ],
            },
          ],
        },
        transformations: [{ id: 'reduce', options: { reducers: ['sum'], mode: 'reduceFields' } }],
      }),
    );
    expect(await page.content.innerText()).toContain('Money: $3.25');
  });

  it('shows the page of an app, and follows it to the next', async () => {
    const page = await browser.openAppPage({ grafana, path: 'one', dist: FIXTURE, expected: [/HTTP 502/] });
    expect(await page.content.getByRole('heading').innerText()).toBe('Fixture page');
    await page.content.getByText('no Prometheus').waitFor();
    await page.content.getByRole('button', { name: 'Next' }).click();
    await page.content.getByText('the end').waitFor();
    expect(await page.content.getByRole('heading').innerText()).toBe('Second page');
    expect(await page.visited()).toEqual(['/a/falobs-fixture-app/two']);
  });
});

describe('a page of the harness', () => {
  it('shows other data when a test hands it other frames', async () => {
    const page = await browser.openPanel(panel());
    await page.showFrames([
      {
        fields: [
          { name: 'Time', type: 'time', values: [0] },
          { name: 'left', type: 'number', values: ['+Inf'] },
        ],
      },
    ]);
    expect(await page.content.innerText()).toContain('left: ∞');
  });

  it('tells where a click led', async () => {
    const page = await browser.openPanel(panel());
    await page.content.getByRole('button', { name: 'Go' }).click();
    expect(await page.visited()).toEqual(['/d/elsewhere?var-a=b']);
  });

  it('shows that data is on its way, and what went wrong with it', async () => {
    const loading = await browser.openPanel(panel({ state: 'Loading' }));
    await loading.content.getByLabel('Panel loading bar').waitFor();
    const failed = await browser.openPanel(panel({ state: 'Error', error: 'no such metric' }));
    await failed.content.getByRole('button').first().hover();
    await failed.page.getByText('no such metric').waitFor();
    expect((await failed.reports())[0]).toMatchObject({ state: 'Error', errors: ['no such metric'] });
  });

  it('measures the time from data to paint', async () => {
    const page = await browser.openPanel(panel());
    const { dataToPaintMs } = await page.measurePaint(3);
    expect(dataToPaintMs).toHaveLength(3);
    for (const ms of dataToPaintMs) expect(ms).toBeGreaterThan(0);
  });
});

describe('the guard of a page', () => {
  it.each([
    ['console', 'console error: something is wrong'],
    ['throw', 'page error: Error: thrown later'],
    ['rejection', 'page error: Error: nobody listens'],
    ['fetch', 'HTTP 404 for GET'],
  ])('fails the test for a fault of the kind %s', async (fault, problem) => {
    const opening = browser.openPanel(panel({ options: { fault } })).then(async (page) => {
      await page.page.waitForTimeout(50);
      await page.close();
    });
    await expect(opening).rejects.toThrow(problem);
  });

  it('lets pass what a test brings about on purpose', async () => {
    const page = await browser.openPanel(
      panel({ options: { fault: 'console' }, expected: [/something is wrong/] }),
    );
    expect(page.problems()).toEqual([]);
  });

  it('names the package that a plugin wants and Grafana does not provide', async () => {
    const page = await browser.openPanel(panel({ panel: 'falobs-broken-panel', expected: [/./] }));
    expect((await page.reports())[0]?.errors.join()).toContain('not-a-package');
  });

  it('says which panels are installed when another one is asked for', async () => {
    const page = await browser.openPanel(panel({ panel: 'falobs-missing-panel', expected: [/./] }));
    expect((await page.reports())[0]?.errors.join()).toContain('falobs-fixture-panel');
  });

  it('says what to run when the plugin is not built', async () => {
    await expect(browser.openPanel(panel({ dist: '/nowhere' }))).rejects.toThrow('npm run build');
  });
});
