import { expect } from 'vitest';
import { CONCURRENCY_LIMIT, KLING } from '../history/past-world.ts';
import type { PastName } from '../history/pasts.ts';
import { balancesIn, chargedIn, last, requestsIn } from '../history/truth.ts';
import { type Scene, ask } from './ask-panel.ts';
import { type ValueCheck, expectBetween, inEach, of, only, valuesBy } from './value-checks.ts';

/** A collector reads every two minutes, fal's billing is half a minute behind, a scrape sees it 15 s later. */
const MONEY_LAG = 180;
/** The request history is read every five minutes. */
const HISTORY_LAG = 330;
const HOUR = 3600;
/** As the exporter has it: three times the latency limit of the model, at least a quarter of an hour. */
const STUCK_AFTER = 900;
/** What is spent between two readings of the balance hides in the top-up that comes with it, dollars. */
const HIDDEN_BY_TOP_UP = 3;

const USUAL: readonly PastName[] = ['ordinary', 'low-credit'];

/** Charged in the last hour, as one that lags may tell it at the least and at the most. */
function chargedInHour({ past }: Scene, endpointId?: string): readonly [number, number] {
  const isMeant = (job: { readonly endpointId: string }): boolean =>
    (endpointId ?? job.endpointId) === job.endpointId;
  const { end } = past;
  return [
    chargedIn(past, { from: end - HOUR, to: end - MONEY_LAG }, isMeant),
    chargedIn(past, { from: end - HOUR - MONEY_LAG, to: end }, isMeant),
  ];
}

async function balance(scene: Scene): Promise<void> {
  const balances = balancesIn(scene.past, last(scene.past, MONEY_LAG));
  for (const uid of ['fal-overview', 'fal-credits']) {
    const shown = only(await ask(scene, uid, 'Balance'));
    expect(Math.min(...balances.map((usd) => Math.abs(usd - shown))), uid).toBeCloseTo(0, 6);
  }
}

async function billedByModel(scene: Scene): Promise<void> {
  const shown = valuesBy(await ask(scene, 'fal-credits', 'Billed in this range'), 'endpoint_id');
  expect(Object.keys(shown).length).toBeGreaterThan(3);
  for (const [endpointId, usd] of Object.entries(shown))
    expectBetween(usd, chargedInHour(scene, endpointId), endpointId);
}

async function burnAndRunway(scene: Scene): Promise<void> {
  const perHour = only(await ask(scene, 'fal-overview', 'Spend per hour'));
  const [least, most] = chargedInHour(scene);
  // Divided by the time that was watched, which is a little less than an hour.
  expectBetween(perHour, [least, (most * HOUR) / (HOUR - MONEY_LAG)]);
  const runway = only(await ask(scene, 'fal-overview', 'Runway'));
  const left = only(await ask(scene, 'fal-overview', 'Balance'));
  expect(runway / ((left / perHour) * HOUR)).toBeCloseTo(1, 1);
}

async function topUps(scene: Scene): Promise<void> {
  const points = (await ask(scene, 'fal-credits', 'Top-ups')).flatMap((series) => series.points);
  expect(points.length).toBeGreaterThan(0);
  for (const { at, value } of points) {
    const isInHour = (top: { readonly at: number }): boolean =>
      top.at > at - HOUR - MONEY_LAG && top.at <= at;
    const usd = scene.past.facts.account.topUps.filter(isInHour).reduce((sum, top) => sum + top.usd, 0);
    expectBetween(value, [0.01, usd]);
  }
  const shown = points.reduce((sum, { value }) => sum + value, 0);
  const [lastTopUp] = scene.past.facts.account.topUps.slice(-1);
  expect(shown).toBeGreaterThan((lastTopUp?.usd ?? Infinity) - HIDDEN_BY_TOP_UP);
}

async function costByTeam(scene: Scene): Promise<void> {
  const shown = valuesBy(await ask(scene, 'fal-credits', 'By team'), 'team');
  const requests = requestsIn(scene.past, last(scene.past, HOUR));
  const byTeam = Map.groupBy(requests, ({ team }) => team);
  for (const [team, ofTeam] of byTeam) {
    const costOf = (outcomes: readonly string[]): number =>
      ofTeam
        .filter(({ outcome }) => outcomes.includes(outcome))
        .reduce((sum, { listCostUsd = 0 }) => sum + listCostUsd, 0);
    // A video that nobody came back for is in the bill, and the app never learnt its units.
    expectBetween(
      shown[team] ?? 0,
      [costOf(['ok']) * 0.9, costOf(['ok', 'error', 'timeout', 'cancelled']) * 1.1],
      team,
    );
  }
}

async function waste(scene: Scene): Promise<void> {
  const shown = valuesBy(await ask(scene, 'fal-credits', 'Wasted by your app per hour'), 'reason');
  const costs = requestsIn(scene.past, last(scene.past, HOUR))
    .filter(({ outcome }) => outcome === 'error')
    .flatMap(({ listCostUsd = 0 }) => (listCostUsd > 0 ? [listCostUsd] : []));
  expect(costs.length).toBeGreaterThan(3);
  const truth = costs.reduce((sum, usd) => sum + usd, 0);
  // The first waste of a model makes its series, and no increase shows what a series begins with.
  expectBetween(shown.error ?? 0, [truth - 3 * Math.max(...costs), truth]);
}

async function stuckAndSlots(scene: Scene): Promise<void> {
  const { jobs, account } = scene.past.facts;
  const stuckAt = (at: number): number =>
    jobs.filter(
      ({ endpointId, startedAt = Infinity, endedAt = Infinity }) =>
        endpointId === KLING && at - startedAt > STUCK_AFTER && endedAt > at,
    ).length;
  const table = await ask(scene, 'fal-queue', 'Per model: running', 'stuck');
  const stuck = of(table, 'endpoint_id', KLING);
  expectBetween(stuck, [stuckAt(scene.past.end - HISTORY_LAG), stuckAt(scene.past.end)]);
  expect(stuck).toBeGreaterThan(5);
  // Stuck jobs hold their slots, whoever sent them; the newest few may not be known yet.
  const slots = only(await ask(scene, 'fal-overview', 'Slots in use'));
  expect(slots).toBeGreaterThanOrEqual(stuck / CONCURRENCY_LIMIT);
  expect(slots).toBeLessThanOrEqual((account.running + 4) / CONCURRENCY_LIMIT);
}

/** Money, and the slots that it buys, as the panels tell them. */
export const MONEY_CHECKS: readonly ValueCheck[] = [
  ...inEach(USUAL, 'the balance that the account had a moment ago', balance),
  ...inEach(USUAL, 'what was billed in the last hour, by model', billedByModel),
  ...inEach(USUAL, 'the spend per hour, and the runway that follows from it', burnAndRunway),
  ...inEach(['ordinary'], 'what each team spent', costByTeam),
  ...inEach(['sick-model'], 'what the app paid for nothing', waste),
  ...inEach(['low-credit'], 'the last top-ups', topUps),
  ...inEach(['stuck-slots'], 'the requests that are stuck, and the slots that they hold', stuckAndSlots),
];
