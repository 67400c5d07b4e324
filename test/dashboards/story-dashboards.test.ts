import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildPast, type Past } from '../history/past.ts';
import { startPastPrometheus } from '../history/past-prometheus.ts';
import { PAST_NAMES, type PastName } from '../history/pasts.ts';
import { type Scene, answerTo, choicesOf, marked, nameOf, placesOf } from './ask-panel.ts';
import { readDashboards } from './dashboard-files.ts';
import { NEVER_ANSWERED } from './exceptions.ts';
import { HEADLINE_CHECKS } from './headline-checks.ts';
import { MONEY_CHECKS } from './money-checks.ts';
import { TRAFFIC_CHECKS } from './traffic-checks.ts';

const dashboards = readDashboards();
const places = placesOf(dashboards);
/** What is known of a day needs half of one. */
const HOURS: Readonly<Partial<Record<PastName, number>>> = { 'low-credit': 13 };
/** Where alerts are looked at; to work them out takes a while. */
const WITH_ALERTS: ReadonlySet<PastName> = new Set(['outage', 'locked', 'low-credit']);
/** On a machine that has nothing else to do it takes ten seconds. */
const BUILT_WITHIN_MS = 1_200_000;
const ASKED_WITHIN_MS = 600_000;

/** Queries that have had an answer in a past so far. */
const answered = new Set<string>();

/** Pasts under way, by name: one is lived through while the panels of another are asked. */
const ahead = new Map<PastName, Promise<Past>>();

/** The past, and the next one begun. */
function builtAhead(name: PastName): Promise<Past> {
  const next = PAST_NAMES[PAST_NAMES.indexOf(name) + 1];
  const past = begun(name);
  if (next !== undefined) void past.then(() => begun(next)).catch(() => undefined);
  return past;
}

function begun(name: PastName): Promise<Past> {
  const known = ahead.get(name) ?? buildPast(name, { hours: HOURS[name] ?? 1.5 });
  ahead.set(name, known);
  return known;
}

/** Also those that were begun ahead and that nobody asked for. */
afterAll(async () => {
  await Promise.allSettled([...ahead.values()].map(async (past) => (await past).remove()));
});

describe.each(PAST_NAMES)('in the past %s', (name: PastName) => {
  let scene: Scene;

  beforeAll(async () => {
    const past = await builtAhead(name);
    const rules = WITH_ALERTS.has(name) ? 'history' : 'none';
    scene = { dashboards, past, end: past.end, prometheus: await startPastPrometheus(past, { rules }) };
  }, BUILT_WITHIN_MS);
  afterAll(async () => {
    await scene.prometheus.stop();
    await scene.past.remove();
  });

  test(
    'Prometheus takes every query of every panel, and no value is a NaN',
    async () => {
      const refused: string[] = [];
      const notNumbers: string[] = [];
      for (const place of places) {
        try {
          const series = await answerTo(place, scene);
          if (series.length > 0) answered.add(nameOf(place));
          if (series.some(({ points }) => points.some(({ value }) => Number.isNaN(value))))
            notNumbers.push(nameOf(place));
        } catch (error) {
          refused.push(String(error));
        }
      }
      for (const promql of await marked(scene)) answered.add(promql);
      expect(refused).toEqual([]);
      expect(notNumbers).toEqual([]);
    },
    ASKED_WITHIN_MS,
  );

  test('every variable that Prometheus fills has something to choose', async () => {
    const empty: string[] = [];
    for (const dashboard of dashboards) {
      for (const variable of dashboard.variables.filter(({ type }) => type === 'query')) {
        const choices = await choicesOf(variable, dashboard, scene);
        if (choices.length === 0) empty.push(`${dashboard.uid}: ${variable.name}`);
      }
    }
    expect(empty).toEqual([]);
  });

  const checks = [...HEADLINE_CHECKS, ...TRAFFIC_CHECKS, ...MONEY_CHECKS].filter(({ past }) => past === name);
  for (const { what, check } of checks) {
    test(`a panel shows ${what}`, () => check(scene));
  }
});

test('every annotation has marked something in at least one past', () => {
  const wanted = new Set(dashboards.flatMap(({ annotations }) => annotations));
  expect(wanted.size).toBeGreaterThan(0);
  expect([...wanted].filter((promql) => !answered.has(promql))).toEqual([]);
});

test('every query of every panel has an answer in at least one past', () => {
  const silent = places.map(nameOf).filter((name) => !answered.has(name));
  expect(silent).toEqual(Object.keys(NEVER_ANSWERED));
});
