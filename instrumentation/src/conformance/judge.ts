import { expect } from 'vitest';
import type { Outcome } from '../errors/error-type.ts';
import type { Cell, ExpectedEnd, Played } from './cell.ts';
import { playBare, playObserved } from './cell.ts';
import { faultOfContract, outcomeIn } from './expected.ts';
import { judgeSpans } from './judge-spans.ts';
import { judgeTimes } from './judge-times.ts';
import type { Reading } from './recorded.ts';
import type { ObservedStage } from './stage.ts';
import { type Truth, truthOf } from './truth.ts';

const STATES = ['submitting', 'queued', 'running', 'fetching'];

/**
 * Plays a cell in two worlds that are the same but for the telemetry, and compares: the app must have seen the same
 * at the same time, fal must have been asked the same, and what was recorded must be what the ledger knows.
 */
export async function judge(cell: Cell): Promise<void> {
  const bare = await playBare(cell);
  const expected = cell.expected(bare.end);
  await playObserved(cell, {
    atEnd: async (stage, played) => {
      expect(played.end).toBe(bare.end);
      await judgeInFlight(stage, cell, played, expected);
    },
    afterwards: async (stage, played) => {
      expect(played.seen).toEqual(bare.seen);
      expect(played.exchanges).toEqual(bare.exchanges);
      expect(played.jobs).toEqual(bare.jobs);
      const truth = truthOf(played, cell.fault);
      const reading = await stage.recorder.collect();
      expect(stage.logged).toEqual([]);
      judgeCounts(reading, cell, truth, expected);
      judgeMoney(reading, cell, truth, expected);
      judgeTimes(reading, cell, { truth, expected, played, spans: stage.recorder.spans });
      judgeSpans(stage.recorder, cell, { expected, played });
    },
  });
}

/** While it waits the request is in its place; once it is over it is nowhere. */
async function judgeInFlight(
  { recorder }: ObservedStage,
  { chain }: Cell,
  played: Played,
  expected: ExpectedEnd,
): Promise<void> {
  const reading = await recorder.collect();
  if (typeof expected === 'object' && 'counted' in expected) {
    // A failed poll is the end only when nobody asks again.
    if (chain.isAttached || expected.counted === 'ok')
      expect(reading.of('fal.client.active_requests')).toEqual([]);
    return;
  }
  if (expected === 'unknown') return;
  expect(reading.of('fal.client.active_requests')).toEqual([
    { labels: { endpoint_id: chain.endpointId, state: expected.hangs }, value: 1 },
  ]);
  const [age] = reading.of('fal.client.oldest_request_age.seconds');
  expect(age?.labels.state).toBe(expected.hangs);
  expect(age?.value).toBeCloseTo((played.endedAt - played.beganAt) / 1000, 2);
}

function judgeCounts(reading: Reading, { chain }: Cell, truth: Truth, expected: ExpectedEnd): void {
  const { endpointId, operation } = chain;
  const isCounted = typeof expected === 'object' && 'counted' in expected;
  const labels = { endpoint_id: endpointId, operation };
  expect(reading.of('fal.client.requests')).toEqual(
    isCounted ? [{ labels: { ...labels, outcome: expected.counted }, value: 1 }] : [],
  );
  const isFailure = isCounted && 'errorType' in expected;
  const error = isFailure
    ? [
        {
          labels: { ...labels, error_type: expected.errorType, fault: faultOfContract(expected.errorType) },
          value: 1,
        },
      ]
    : [];
  expect(reading.of('fal.client.errors')).toEqual(error);
  expect(reading.by('fal.client.attempts', 'status')).toEqual(truth.attempts);
  expect(reading.sum('fal.client.duplicate_submits')).toBe(truth.repeatedSubmits);
  const retries = reading.sum('fal.client.platform_retries');
  expect(retries).toBeLessThanOrEqual(truth.platformRetries);
  if (chain.steps.includes('status-stream') && isCounted) expect(retries).toBe(truth.platformRetries);
  if (typeof expected === 'object' && 'hangs' in expected) return;
  expect(STATES.map((state) => reading.by('fal.client.active_requests', 'state')[state] ?? 0)).toEqual([
    0, 0, 0, 0,
  ]);
}

/** The cost is what the ledger charged for the jobs whose units the client was told; more nobody can know. */
function judgeMoney(
  reading: Reading,
  { chain, hidesUnits = false }: Cell,
  truth: Truth,
  expected: ExpectedEnd,
): void {
  const outcome = outcomeIn(expected);
  const billed = hidesUnits || outcome === undefined ? [] : truth.billed;
  const units = billed.reduce((sum, { billableUnits = 0 }) => sum + billableUnits, 0);
  expect(reading.sum('fal.client.billable_units')).toBe(units);
  expect(nano(reading.sum('fal.client.cost.usd'))).toBe(sumNano(billed));
  const recorded = Object.entries(reading.by('fal.client.wasted_cost.usd', 'reason'));
  const wasted = Object.fromEntries(recorded.map(([reason, usd]) => [reason, nano(usd)]));
  expect(wasted).toEqual(wastedOf(billed, outcome));
  const isUnpriced = outcome === 'ok' && billed.length === 0 && chain.operation !== 'upload';
  expect(reading.sum('fal.client.unpriced_requests')).toBe(isUnpriced ? 1 : 0);
}

/** Of several jobs the app has the last one, unless the request came to nothing. */
function wastedOf(billed: Truth['billed'], outcome: Outcome | undefined): Record<string, number> {
  const wasted: Record<string, number> = {};
  if (billed.length > 1) wasted.duplicate = sumNano(billed.slice(0, -1));
  const last = billed.slice(-1);
  if (outcome !== undefined && outcome !== 'ok' && last.length > 0) wasted[outcome] = sumNano(last);
  return wasted;
}

function sumNano(jobs: Truth['billed']): number {
  return jobs.reduce((sum, { chargedNano = 0 }) => sum + chargedNano, 0);
}

function nano(usd: number): number {
  return Math.round(usd * 1e9);
}
