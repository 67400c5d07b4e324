import { FAKE_API_KEY } from 'fal-simulator';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type MeasuredApp, startMeasuredApp } from '../app/measured-app.ts';
import { type ExporterProcess, startExporter } from '../exporter-process.ts';
import { type Prometheus, startPrometheus } from '../prometheus.ts';
import { waitUntil } from '../wait-until.ts';
import { answerTo, ask, type Moment, nameOf, type Place, placesOf } from './ask-panel.ts';
import { readDashboards } from './dashboard-files.ts';
import { MAY_BE_SILENT } from './exceptions.ts';

/**
 * What somebody sees who has just begun: `npm start` without a key, an app that sends its requests to the same
 * simulated fal, and a Prometheus that knows both for a minute.
 */
const dashboards = readDashboards();
const places = placesOf(dashboards);
/** The demo, several times over: it needs a minute, most of it until prices and bills have been read twice. */
const ANSWERED_WITHIN_MS = 240_000;

let exporter: ExporterProcess;
let app: MeasuredApp;
let prometheus: Prometheus;
let simulatorUrl: string;
let balanceAtFirst: number;

beforeAll(async () => {
  exporter = await startExporter();
  [, simulatorUrl = ''] = /the simulator at (\S+)/.exec(exporter.output()) ?? [];
  balanceAtFirst = await balanceOf(simulatorUrl);
  app = await startMeasuredApp({
    ...{ simulatorUrl, falKey: FAKE_API_KEY, perSecond: 1 },
    endpointIds: ['fal-ai/flux/schnell', 'fal-ai/fast-sdxl'],
  });
  prometheus = await startPrometheus({
    targets: { 'fal-exporter': [exporter.target] },
    apps: [app.target],
  });
});

afterAll(async () => {
  await prometheus.stop();
  app.stop();
  await exporter.stop();
});

test(
  'every query of every panel is taken, none answers NaN, and all that the demo can show is shown',
  async () => {
    const silent = new Set(places.filter((place) => !MAY_BE_SILENT.some((name) => name === nameOf(place))));
    await waitUntil(
      'every panel has an answer',
      async () => {
        for (const place of silent) if ((await numbersOf(place)).length > 0) silent.delete(place);
        return silent.size === 0 ? true : undefined;
      },
      {
        ...{ withinMs: ANSWERED_WITHIN_MS, everyMs: 1000 },
        evidence: () => [...silent].map(nameOf).join('\n'),
      },
    );
    for (const place of places)
      expect((await numbersOf(place)).filter(Number.isNaN), nameOf(place)).toEqual([]);
  },
  ANSWERED_WITHIN_MS + 60_000,
);

test('what may be silent is a query of a panel', () => {
  expect(places.map(nameOf)).toEqual(expect.arrayContaining([...MAY_BE_SILENT]));
});

test('the tile of the balance shows what the simulated account had within this minute', async () => {
  const [tile] = await ask({ dashboards, ...now() }, 'fal-credits', 'Balance');
  const shown = tile?.points.at(-1)?.value;
  expect(shown).toBeLessThanOrEqual(balanceAtFirst);
  expect(shown).toBeGreaterThanOrEqual(await balanceOf(simulatorUrl));
});

test('the exporter dashboard says that no number is real', async () => {
  const [tile] = await ask({ dashboards, ...now() }, 'fal-exporter', 'Data');
  expect(tile?.points.at(-1)?.value).toBe(1);
});

function now(): Moment {
  return { prometheus, end: Math.floor(Date.now() / 1000) };
}

async function numbersOf(place: Place): Promise<number[]> {
  const series = await answerTo(place, now());
  return series.flatMap(({ points }) => points.map(({ value }) => value));
}

/** US dollars that the simulated account has, by its own book. */
async function balanceOf(url: string): Promise<number> {
  const answer = await fetch(`${url}/_control/accounts`);
  const { accounts } = (await answer.json()) as { accounts: readonly { readonly balanceUsd: number }[] };
  const [only] = accounts;
  if (only === undefined) throw new Error(`${url} simulates no account`);
  return only.balanceUsd;
}
