import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startPrometheus } from '../prometheus.ts';
import type { Prometheus } from '../prometheus.ts';
import { startBrowser } from './browser.ts';
import type { Browser, GrafanaVersion, HostPage } from './browser.ts';
import { startExemplarApp } from './exemplar-app.ts';
import type { ExemplarApp, FinishedRequest } from './exemplar-app.ts';

const FLUX = 'fal-ai/flux/dev';
const KLING = 'fal-ai/kling-video/v2/master';
const NOW = Math.floor(Date.now() / 1000) * 1000;

/** A request with a trace of its own, so many seconds ago. */
function traced(endpointId: string, seconds: number, ago: number): FinishedRequest {
  const id = createHash('sha256').update(`${endpointId} ${seconds}`).digest('hex');
  return {
    ...{ endpointId, seconds, at: NOW - ago * 1000 + 250 },
    trace: { traceId: id.slice(0, 32), spanId: id.slice(-16) },
  };
}

const SLOWEST = traced(FLUX, 26.4, 190);
const SECOND = traced(FLUX, 12.1, 70);
const THIRD = traced(FLUX, 5.25, 250);
const SLOWEST_VIDEO = traced(KLING, 95, 130);

/** What really happened. The newest requests are not the slowest, and most were not sampled. */
const TRUTH: readonly FinishedRequest[] = [
  ...Array.from({ length: 40 }, (_, i) => ({ endpointId: FLUX, seconds: 1.2, at: NOW - i * 5000 })),
  ...Array.from({ length: 20 }, (_, i) => ({ endpointId: KLING, seconds: 41, at: NOW - i * 9000 })),
  ...[traced(FLUX, 1.6, 45), THIRD, SLOWEST, SECOND],
  ...[traced(KLING, 38, 50), SLOWEST_VIDEO],
];

const DASHBOARD = join(import.meta.dirname, '../../dashboards/json/fal-status.json');
const ANATOMY = 'falobs-anatomy-panel';

interface Saved extends Readonly<Record<string, unknown>> {
  readonly panels: readonly { readonly type: string }[];
}

/** The status dashboard with nothing on it but the anatomy of requests. */
function anatomyDashboard(): Saved {
  const saved = JSON.parse(readFileSync(DASHBOARD, 'utf8')) as Saved;
  const panels = saved.panels
    .filter(({ type }) => type === ANATOMY)
    .map((panel) => ({ ...panel, gridPos: { x: 0, y: 0, w: 24, h: 22 } }));
  return { ...saved, panels };
}

let app: ExemplarApp;
let browser: Browser;
let prometheus: Prometheus;
beforeAll(async () => {
  app = await startExemplarApp([FLUX, KLING]);
  [browser, prometheus] = await Promise.all([
    startBrowser(),
    startPrometheus({
      targets: { 'fal-exporter': [] },
      apps: [app.target],
      ruleFiles: [],
      flags: ['--enable-feature=exemplar-storage'],
    }),
  ]);
  await prometheus.until(`fal_client_request_duration_seconds_count{endpoint_id="${FLUX}"} == 0`);
  app.finish(TRUTH);
  await prometheus.until(`increase(fal_client_request_duration_seconds_count[1m]) > 0`);
});
afterEach(() => browser.closePages());
afterAll(() => Promise.allSettled([browser.stop(), prometheus.stop(), app.stop()]));

const BY_URL = {
  name: 'trace_id',
  url: 'https://traces.example/trace/${__value.raw}',
  urlDisplayLabel: 'Trace',
};

function open(grafana: GrafanaVersion, destinations: readonly object[]): Promise<HostPage> {
  return browser.openDashboard({
    ...{ grafana, json: anatomyDashboard() },
    dataSources: [
      {
        ...{ uid: 'prometheus', name: 'Prometheus', type: 'prometheus', isDefault: true },
        url: prometheus.url,
        jsonData: { timeInterval: '1s', exemplarTraceIdDestinations: destinations },
      },
      { uid: 'tempo', name: 'Tempo', type: 'tempo' },
    ],
  });
}

/** The line of the slowest requests of a model. */
function outliersOf({ content }: HostPage, model: string): Locator {
  const group = content.getByRole('rowgroup').filter({ hasText: model });
  return group.getByRole('row').filter({ hasText: 'Slowest with a trace:' });
}

function clock({ at }: FinishedRequest): string {
  return new Date(at).toISOString().slice(11, 19);
}

describe.each<GrafanaVersion>(['12.4', '13.2'])('the request anatomy panel on Grafana %s', (grafana) => {
  it('leads from the slowest requests of each model to their traces', async () => {
    const page = await open(grafana, [BY_URL]);
    const links = outliersOf(page, 'flux/dev').getByRole('link');
    expect((await links.allInnerTexts()).map((text) => text.trim())).toEqual([
      `26 s · ${clock(SLOWEST)}`,
      `12 s · ${clock(SECOND)}`,
      `5.3 s · ${clock(THIRD)}`,
    ]);
    const traces = [SLOWEST, SECOND, THIRD].map(({ trace }) => trace?.traceId ?? 'none');
    for (const [index, traceId] of traces.entries()) {
      const href = await links.nth(index).getAttribute('href');
      expect(href).toBe(`https://traces.example/trace/${traceId}`);
    }
    const video = outliersOf(page, 'kling-video').getByRole('link').first();
    expect((await video.innerText()).trim()).toBe(`95 s · ${clock(SLOWEST_VIDEO)}`);
    expect(await video.getAttribute('href')).toContain(SLOWEST_VIDEO.trace?.traceId);
    await page.screenshot(`exemplars-${grafana}`);
  });

  it('shows them without a link where the settings say nothing of traces', async () => {
    const page = await open(grafana, []);
    const outliers = outliersOf(page, 'flux/dev');
    expect((await outliers.allInnerTexts()).join()).toContain(`26 s · ${clock(SLOWEST)}`);
    expect(await outliers.getByRole('link').count()).toBe(0);
    expect(await outliers.getByTitle(SLOWEST.trace?.traceId ?? '').count()).toBe(1);
  });
});

describe('the request anatomy panel', () => {
  it('leads to the data source of the traces, where the settings name one', async () => {
    const page = await open('12.4', [{ name: 'trace_id', datasourceUid: 'tempo' }]);
    const links = outliersOf(page, 'flux/dev').getByRole('link');
    expect(await links.count()).toBe(3);
    const href = await links.first().getAttribute('href');
    const { pathname, search } = new URL(href ?? '', page.page.url());
    expect(pathname).toMatch(/^\/p\d+\/explore$/);
    expect(decodeURIComponent(search)).toContain(`"query":"${SLOWEST.trace?.traceId ?? ''}"`);
    expect(decodeURIComponent(search)).toContain('"datasource":"tempo"');
  });
});
