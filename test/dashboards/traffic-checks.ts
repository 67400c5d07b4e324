import { expect } from 'vitest';
import type { RequestFact } from '../history/ledger-facts.ts';
import { DEV } from '../history/past-world.ts';
import { endpointsIn, failureRatio, last, latencies, quantile, requestsIn } from '../history/truth.ts';
import { type Scene, ask } from './ask-panel.ts';
import {
  type ValueCheck,
  WINDOW,
  expectBetween,
  expectQuantile,
  inEach,
  of,
  only,
  valuesBy,
} from './value-checks.ts';

/** `$__rate_interval` at the scrapes of the last hour, seconds. */
const RATE_INTERVAL = 60;
/** How often the app looks at a job, and how long an answer may be under way. */
const POLL_SECONDS = 1.5;

/** Requests to models that ended in the window: an upload that belongs to none is no model. */
function byModel({ past }: Scene): Map<string, RequestFact[]> {
  const all = endpointsIn(past, last(past, WINDOW));
  all.delete('storage');
  return all;
}

/** A column of the table of models. */
async function column(scene: Scene, refId: string): Promise<Record<string, number>> {
  return valuesBy(await ask(scene, 'fal-overview', 'Models', refId), 'endpoint_id');
}

async function finishedAndFailing(scene: Scene): Promise<void> {
  const [finished, failing] = [await column(scene, 'finished'), await column(scene, 'failing')];
  const endpoints = byModel(scene);
  expect(endpoints.size).toBeGreaterThan(3);
  for (const [endpointId, requests] of endpoints) {
    const counted = requests.filter(({ outcome }) => outcome !== 'cancelled');
    expect(finished[endpointId], endpointId).toBeCloseTo(counted.length, 6);
    if (counted.length > 0) expect(failing[endpointId], endpointId).toBeCloseTo(failureRatio(requests), 6);
  }
}

async function worstModel(scene: Scene): Promise<void> {
  const tile = await ask(scene, 'fal-overview', 'Failing most');
  expect(tile[0]?.labels.endpoint_id).toBe(DEV);
  expect(only(tile)).toBeCloseTo(failureRatio(requestsIn(scene.past, last(scene.past, WINDOW), DEV)), 6);
}

async function quantiles(scene: Scene): Promise<void> {
  for (const [refId, share] of Object.entries({ p50: 0.5, p95: 0.95, p99: 0.99 })) {
    const measured = await column(scene, refId);
    for (const [endpointId, requests] of byModel(scene)) {
      const waited = latencies(requests);
      if (waited.length > 0) expectQuantile(measured[endpointId] ?? Number.NaN, waited, share);
    }
  }
}

async function queueWait(scene: Scene): Promise<void> {
  const measured = of(await ask(scene, 'fal-queue', 'Queue wait P95 by model'), 'endpoint_id', DEV);
  // A job that ended within the window may have been seen running before it.
  const waits = requestsIn(scene.past, last(scene.past, WINDOW + 60), DEV).flatMap(
    ({ queueWaitSeconds }) => queueWaitSeconds ?? [],
  );
  expect(waits.length).toBeGreaterThan(10);
  expectBetween(measured, [quantile(waits, 0.5), 2 * (quantile(waits, 1) + POLL_SECONDS)]);
}

async function errorTypes(scene: Scene): Promise<void> {
  const title = 'Errors by type';
  const shown = valuesBy(await ask(scene, 'fal-endpoint', title), 'error_type');
  const failed = requestsIn(scene.past, last(scene.past, RATE_INTERVAL)).filter(
    ({ errorType }) => errorType !== undefined,
  );
  expect(failed.length).toBeGreaterThan(5);
  for (const [errorType, requests] of Map.groupBy(failed, (request) => request.errorType ?? ''))
    expect((shown[errorType] ?? 0) * (RATE_INTERVAL / 60), errorType).toBeCloseTo(requests.length, 4);
}

async function oldest(scene: Scene): Promise<void> {
  const series = await ask(scene, 'fal-queue', 'Oldest request in flight');
  const pending = scene.past.facts.requests.filter(
    ({ endpointId, outcome }) => endpointId === DEV && outcome === 'pending',
  );
  const age = scene.past.end - Math.min(...pending.map(({ startedAt }) => startedAt));
  expect(age).toBeGreaterThan(200);
  expect(of(series, 'endpoint_id', DEV)).toBeCloseTo(age, 0);
}

async function inFlight(scene: Scene): Promise<void> {
  const pending = scene.past.facts.requests.filter(({ outcome }) => outcome === 'pending');
  expect(only(await ask(scene, 'fal-endpoint', 'In flight'))).toBe(pending.length);
}

/** What the app did and how it fared, as the panels tell it. */
export const TRAFFIC_CHECKS: readonly ValueCheck[] = [
  ...inEach(
    ['ordinary', 'sick-model', 'outage'],
    'how many requests of each model finished, and which share of them failed',
    finishedAndFailing,
  ),
  ...inEach(['sick-model'], 'the sick model and its share of failures, not a pooled number', worstModel),
  ...inEach(['ordinary', 'slow-model'], 'quantiles of each model within their buckets', quantiles),
  ...inEach(['ordinary'], 'how long requests waited in the queue', queueWait),
  ...inEach(['outage'], 'the errors of the last minute by type', errorTypes),
  ...inEach(['queue-stall'], 'the age of the oldest request, of the model that stands still', oldest),
  ...inEach(['ordinary', 'queue-stall'], 'how many requests are in flight', inFlight),
];
