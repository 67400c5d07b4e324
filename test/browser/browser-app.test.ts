import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { buildPast } from '../history/past.ts';
import type { Past } from '../history/past.ts';
import { startPastPrometheus } from '../history/past-prometheus.ts';
import type { PastPrometheus } from '../history/past-prometheus.ts';
import { startBrowser } from './browser.ts';
import type { AppPageOptions, Browser, GrafanaVersion, HostPage } from './browser.ts';

let browser: Browser;
let past: Past;
let prometheus: PastPrometheus;
beforeAll(async () => {
  past = await buildPast('locked', { hours: 0.6 });
  [browser, prometheus] = await Promise.all([startBrowser(), startPastPrometheus(past)]);
});
afterEach(() => browser.closePages());
afterAll(async () => {
  await Promise.allSettled([browser.stop(), prometheus.stop()]);
  await past.remove();
});

const CHOSEN = { dataSourceUid: 'prometheus' };

function open(options: AppPageOptions): Promise<HostPage> {
  return browser.openAppPage({ prometheusUrl: prometheus.url, ...options });
}

const HOSTS: readonly (readonly [GrafanaVersion, 'dark' | 'light'])[] = [
  ['12.4', 'dark'],
  ['12.4', 'light'],
  ['13.2', 'dark'],
];

describe.each(HOSTS)('the pages of the app on Grafana %s, %s', (grafana, theme) => {
  it('tell that the account is locked although it has money', async () => {
    const page = await open({ path: 'status', jsonData: CHOSEN, grafana, theme });
    expect(await page.content.getByRole('heading', { level: 1 }).innerText()).toBe('Status');
    expect(await page.content.innerText()).toMatch(/locked/i);
    await page.screenshot(`app-status-${grafana}-${theme}`);
  });

  it('check what is there and say how to mend what is missing', async () => {
    const page = await open({ path: 'set-up', jsonData: CHOSEN, grafana, theme });
    const text = await page.content.innerText();
    expect(text).toContain('Prometheus answers');
    expect(text).toContain('rule_files:');
    await page.screenshot(`app-set-up-${grafana}-${theme}`);
  });
});

describe('the app', () => {
  it('keeps the data source that is chosen on its set-up page, and the status page then has data', async () => {
    const page = await open({ path: 'set-up' });
    await page.content.getByRole('button', { name: 'Save' }).click();
    await page.settled();
    await page.content
      .getByRole('link', { name: /status/i })
      .first()
      .click();
    await page.settled();
    expect(await page.content.getByRole('heading', { level: 1 }).innerText()).toBe('Status');
    expect(await page.content.innerText()).toContain('default');
    expect(await page.visited()).toEqual(['/a/falobs-fal-app/status']);
  });

  it('says that the data source cannot be reached when its server is down', async () => {
    const page = await browser.openAppPage({ path: 'status', jsonData: CHOSEN, expected: [/HTTP 502/] });
    expect(await page.content.innerText()).toMatch(/reach/);
  });
});

describe('the status page, of a model that fails every other time', () => {
  let sick: Past;
  let its: PastPrometheus;
  beforeAll(async () => {
    sick = await buildPast('sick-model', { hours: 1.2 });
    its = await startPastPrometheus(sick);
  });
  afterAll(async () => {
    await its.stop();
    await sick.remove();
  });

  it('says whose it is and since when, whether or not the last probe succeeded', async () => {
    const page = await open({ path: 'status', jsonData: CHOSEN, prometheusUrl: its.url });
    const headline = page.content.getByRole('heading', { level: 2 }).first();
    expect(await headline.innerText()).toMatch(/^\s*fal: flux\/dev failing/);
    // Half of the requests fail for 40 minutes, of which ten are still to come.
    const text = await page.content.innerText();
    const [, minutes] = /since about .* \((\d+) min\)/.exec(text) ?? [];
    expect(Number(minutes)).toBeGreaterThan(20);
    expect(Number(minutes)).toBeLessThan(35);
    const row = page.content.getByRole('row', { name: /flux\/dev/ });
    expect(await row.innerText()).toMatch(/(OK for probes|fal: this model)\s+[3-7]\d %/);
    expect(text).toContain('fail over to another model');
    expect(await page.content.getByRole('row').nth(1).innerText()).toMatch(/^flux\/dev/);
  });
});
