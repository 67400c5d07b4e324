import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { AdjustableClock } from './adjustable-clock.ts';
import { type State, openState } from './state-file.ts';

const DAY = 86_400_000;

let dir: string;
let state: State;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'fal-probe-requests-'));
  state = openState({ dir, clock: new AdjustableClock() });
});

afterEach(() => {
  state.close();
  rmSync(dir, { recursive: true });
});

it('requests of a time are found, its beginning included and its end not', () => {
  const { probeRequests } = state;
  for (const [id, at] of [['c', 3] as const, ['b', 2] as const, ['a', 2] as const, ['d', 4.9] as const]) {
    probeRequests.add(id, at);
  }
  expect(probeRequests.between(2, 4)).toEqual(['a', 'b', 'c']);
  expect(probeRequests.between(4, 5)).toEqual(['d']);
  expect(probeRequests.between(4, 4)).toEqual([]);
  probeRequests.add('c', 9);
  expect(probeRequests.between(0, 10)).toEqual(['a', 'b', 'd', 'c']);
});

it('requests are forgotten after 35 days, or when somebody says so', () => {
  const { probeRequests } = state;
  probeRequests.add('old', DAY);
  probeRequests.add('newer', 2 * DAY);
  probeRequests.add('newest', 36 * DAY);
  expect(probeRequests.between(0, 99 * DAY)).toEqual(['old', 'newer', 'newest']);
  probeRequests.add('later', 36 * DAY + 1);
  expect(probeRequests.between(0, 99 * DAY)).toEqual(['newer', 'newest', 'later']);
  probeRequests.forgetBefore(36 * DAY);
  expect(probeRequests.between(0, 99 * DAY)).toEqual(['newest', 'later']);
});
