import { expect } from 'vitest';
import { type Seen, wasTold, wasToldOfInference } from './caller.ts';
import type { Cell, ExpectedEnd, Played } from './cell.ts';
import { outcomeIn } from './expected.ts';
import type { Chain } from './methods.ts';
import type { Reading, RecordedSpan } from './recorded.ts';
import { type Truth, inferenceSeconds, possibleWaits } from './truth.ts';

export interface TimesToJudge {
  readonly truth: Truth;
  readonly expected: ExpectedEnd;
  readonly played: Played;
  readonly spans: readonly RecordedSpan[];
}

/** Both clocks are the same one, which counts in ms; what is left is the rounding of binary fractions. */
const ROUNDING = 1e-6;

export function judgeTimes(reading: Reading, cell: Cell, times: TimesToJudge): void {
  judgeDuration(reading, cell, times);
  judgeQueueWait(reading, cell, times);
  judgeInference(reading, times);
  judgeOtherParts(reading, cell, times);
}

/** A request takes as long as its chain; a detached one may end before the app has given up. */
function judgeDuration(reading: Reading, { chain }: Cell, { expected, played }: TimesToJudge): void {
  const isCounted = outcomeIn(expected) !== undefined;
  expect(reading.count('fal.client.request.duration.seconds')).toBe(isCounted ? 1 : 0);
  if (!isCounted) return;
  const seconds = reading.sum('fal.client.request.duration.seconds');
  const taken = (played.endedAt - played.beganAt) / 1000;
  const isExact = chain.isAttached || outcomeIn(expected) === 'ok';
  if (isExact) expect(seconds).toBeCloseTo(taken, 6);
  else expect(seconds).toBeLessThanOrEqual(taken + ROUNDING);
}

function judgeQueueWait(
  reading: Reading,
  { chain, fault }: Cell,
  { truth, expected, played, spans }: TimesToJudge,
): void {
  const { job } = truth;
  const count = reading.count('fal.client.queue_wait.seconds');
  const isDone = outcomeIn(expected) === 'ok';
  if (isDone) expect(count).toBe(isWaitKnown(played.seen) ? 1 : 0);
  if (count === 0) return;
  const seconds = reading.sum('fal.client.queue_wait.seconds');
  const span = spans.find(({ name }) => name === 'fal.queue_wait');
  const stated = span?.attributes['fal.bound_seconds'] ?? boundByPolls(chain);
  expect(stated).toBeTypeOf('number');
  // Under a fault there may be more between two polls.
  if (fault === 'healthy' && chain.pollMs !== undefined)
    expect(stated).toBeLessThanOrEqual(boundByPolls(chain));
  const errors = (job === undefined ? [] : possibleWaits(job)).map((wait) => Math.abs(wait - seconds));
  expect(Math.min(...errors)).toBeLessThanOrEqual((stated as number) + ROUNDING);
}

/** Where no span carries the bound: one pause between polls and the way of the poll that ends it. */
function boundByPolls({ pollMs = 0 }: Chain): number {
  return (pollMs + 20) / 1000;
}

function judgeInference(reading: Reading, { truth, expected, played }: TimesToJudge): void {
  const count = reading.count('fal.client.inference.seconds');
  const isDone = outcomeIn(expected) === 'ok';
  if (isDone) expect(count).toBe(wasToldOfInference(played.seen) ? 1 : 0);
  if (count === 0) return;
  expect(reading.sum('fal.client.inference.seconds')).toBeCloseTo(inferenceSeconds(truth.job) ?? NaN, 6);
}

function judgeOtherParts(reading: Reading, { chain }: Cell, { expected, played }: TimesToJudge): void {
  const isDone = outcomeIn(expected) === 'ok';
  if (!isDone) return;
  const takesFile = chain.name.endsWith('with a file');
  expect(reading.count('fal.client.upload.seconds')).toBe(takesFile ? 1 : 0);
  expect(reading.count('fal.client.result_fetch.seconds')).toBe(chain.steps.includes('result') ? 1 : 0);
  // A stream that says nothing but that it is over has no first piece.
  const hasPieces = played.seen.some(({ what }) => what === 'stream data');
  expect(reading.count('fal.client.time_to_first_chunk.seconds')).toBe(hasPieces ? 1 : 0);
  if (!hasPieces) return;
  const firstAt = played.seen.find(({ what }) => what === 'stream data')?.at ?? NaN;
  const seconds = reading.sum('fal.client.time_to_first_chunk.seconds');
  expect(seconds).toBeCloseTo((firstAt - played.beganAt) / 1000, 6);
}

/** Seen running, or reckoned from the end by the run time that fal reports. */
export function isWaitKnown(seen: readonly Seen[]): boolean {
  return wasTold(seen, 'IN_PROGRESS') || wasToldOfInference(seen);
}
