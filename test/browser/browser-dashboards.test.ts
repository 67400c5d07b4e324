import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { buildPast } from '../history/past.ts';
import type { Past } from '../history/past.ts';
import { startPastPrometheus } from '../history/past-prometheus.ts';
import type { PastPrometheus } from '../history/past-prometheus.ts';
import { startBrowser } from './browser.ts';
import type { Browser, GrafanaVersion, HostPage, PanelReport } from './browser.ts';

interface SavedPanel {
  readonly id: number;
  readonly type: string;
  readonly panels?: readonly SavedPanel[];
  readonly fieldConfig?: { readonly defaults?: { readonly noValue?: string } };
}

interface SavedDashboard extends Readonly<Record<string, unknown>> {
  readonly uid: string;
  readonly title: string;
  readonly panels: readonly SavedPanel[];
}

const FOLDER = join(import.meta.dirname, '../../dashboards/json');
const DASHBOARDS = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.json'))
  .map((name) => JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as SavedDashboard);

const HOSTS: readonly (readonly [GrafanaVersion, 'dark' | 'light'])[] = [
  ['12.4', 'dark'],
  ['12.4', 'light'],
  ['13.2', 'dark'],
];

/** Words that nobody may read in a dashboard: a number or a date that is none. */
const NONSENSE = /\bNaN\b|Invalid date|undefined|\[object Object\]/;

let browser: Browser;
let past: Past;
let prometheus: PastPrometheus;
beforeAll(async () => {
  past = await buildPast('sick-model', { hours: 1.5 });
  [browser, prometheus] = await Promise.all([startBrowser(), startPastPrometheus(past)]);
});
afterEach(() => browser.closePages());
afterAll(async () => {
  await Promise.allSettled([browser.stop(), prometheus.stop()]);
  await past.remove();
});

function open(json: SavedDashboard, grafana: GrafanaVersion, theme: 'dark' | 'light'): Promise<HostPage> {
  return browser.openDashboard({
    ...{ json, grafana, theme },
    prometheusUrl: prometheus.url,
    from: new Date(past.start * 1000).toISOString(),
    to: 'now',
  });
}

/** Every panel below the rows as well. */
function allPanels(panels: readonly SavedPanel[]): SavedPanel[] {
  return panels
    .flatMap((panel) => [panel, ...allPanels(panel.panels ?? [])])
    .filter(({ type }) => type !== 'row');
}

describe.each(DASHBOARDS)('the dashboard $title', (json) => {
  it.each(HOSTS)('has every panel done without an error on Grafana %s, %s', async (grafana, theme) => {
    const page = await open(json, grafana, theme);
    const reports = await page.reports();
    await page.screenshot(`${json.uid}-${grafana}-${theme}`);
    expect(reports.map(({ key }) => key).sort()).toEqual(
      allPanels(json.panels)
        .map(({ id }) => `panel-${id}`)
        .sort(),
    );
    expect(reports.filter(({ state, errors }) => state !== 'Done' || errors.length > 0)).toEqual([]);
    expect(await page.content.innerText()).not.toMatch(NONSENSE);
    await expectReasons(page, json, reports);
  });
});

/** A panel without data must say why there may be none. */
async function expectReasons(
  page: HostPage,
  json: SavedDashboard,
  reports: readonly PanelReport[],
): Promise<void> {
  const empty = new Set(reports.filter(({ values }) => values === 0).map(({ key }) => key));
  const saved = allPanels(json.panels).filter(({ id, type }) => empty.has(`panel-${id}`) && type !== 'text');
  const text = (await page.content.innerText()).replaceAll(/\s+/g, ' ');
  for (const { fieldConfig } of saved) expect(text).toContain(fieldConfig?.defaults?.noValue ?? 'a reason');
}

describe('a dashboard', () => {
  it('marks the alerts that fired as annotations', async () => {
    const overview = DASHBOARDS.find(({ uid }) => uid === 'fal-overview');
    if (overview === undefined) throw new Error('there is no overview');
    const annotations = overview.annotations as { readonly list: readonly object[] };
    const list = annotations.list.map((each) => ({ ...each, enable: true }));
    const page = await open({ ...overview, annotations: { list } }, '12.4', 'dark');
    const marks = page.content.getByTestId('annotations').first();
    expect(Number(await marks.getAttribute('data-count'))).toBeGreaterThan(0);
    expect(await marks.getAttribute('aria-label')).toMatch(/^Fal\w+/);
  });

  it('asks only about the model that is chosen', async () => {
    const endpoint = DASHBOARDS.find(({ uid }) => uid === 'fal-endpoint');
    if (endpoint === undefined) throw new Error('there is no dashboard of one model');
    const page = await browser.openDashboard({
      json: endpoint,
      prometheusUrl: prometheus.url,
      variables: { endpoint_id: ['fal-ai/flux/dev'] },
      from: new Date(past.start * 1000).toISOString(),
    });
    const text = await page.content.innerText();
    expect(text).toContain('flux/dev');
    expect(text).not.toContain('fast-sdxl');
  });

  it('says in each panel that it has no data when its data source is down', async () => {
    const overview = DASHBOARDS.find(({ uid }) => uid === 'fal-overview');
    if (overview === undefined) throw new Error('there is no overview');
    const page = await browser.openDashboard({ json: overview, expected: [/502/, /Bad Gateway/] });
    const reports = await page.reports();
    expect(reports.every(({ state }) => state === 'Error')).toBe(true);
  });
});
