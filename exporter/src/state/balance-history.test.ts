import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { AdjustableClock } from './adjustable-clock.ts';
import { type State, openState } from './state-file.ts';

const HOUR = 3_600_000;

let dir: string;
let state: State;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'fal-balances-'));
  state = openState({ dir, clock: new AdjustableClock() });
});

afterEach(() => {
  state.close();
  rmSync(dir, { recursive: true });
});

it('an account that nobody has read has no balance and no top-ups', () => {
  const history = state.balanceHistory('default');
  expect(history.newest).toBeUndefined();
  expect(history.since(0)).toEqual([]);
  expect(history.topUps).toBe(0);
});

it('readings of a time come in their order, those of one moment too, and with them always the newest', () => {
  const history = state.balanceHistory('default');
  const readings = [
    { at: 1_000, balance: 9, wall: 5 },
    { at: 2_000, balance: -3, wall: 4 },
    { at: 2_000, balance: 8, wall: 3 },
  ];
  for (const reading of readings) history.add(reading, 0);
  expect(history.since(0)).toEqual(readings);
  expect(history.since(2_000)).toEqual(readings.slice(1));
  expect(history.since(2_001)).toEqual(readings.slice(2));
  expect(history.newest).toEqual(readings[2]);
});

it('readings of more than 26 hours before the newest go; the newest stays however old it is', () => {
  const history = state.balanceHistory('default');
  for (let hour = 0; hour <= 30; hour++) history.add({ at: hour * HOUR, balance: hour, wall: 0 }, 0);
  expect(history.since(0).map(({ balance }) => balance)).toEqual(Array.from({ length: 27 }, (_, n) => n + 4));
  history.add({ at: 900 * HOUR, balance: 1, wall: 0 }, 0);
  expect(history.since(0)).toEqual([{ at: 900 * HOUR, balance: 1, wall: 0 }]);
});

it('top-ups add up exactly, and accounts know nothing of each other', () => {
  const [mine, yours] = [state.balanceHistory('mine'), state.balanceHistory('yours')];
  mine.add({ at: 1, balance: 5, wall: 1 }, 0);
  mine.add({ at: 2, balance: 20, wall: 2 }, 15_000_000_001);
  yours.add({ at: 3, balance: 7, wall: 3 }, 2);
  mine.add({ at: 4, balance: 30, wall: 4 }, 10_000_000_002);
  expect([mine.topUps, yours.topUps]).toEqual([25_000_000_003, 2]);
  expect(yours.since(0)).toEqual([{ at: 3, balance: 7, wall: 3 }]);
  expect(mine.newest?.balance).toBe(30);
});

it('a reading that cannot be written leaves its top-up out as well', () => {
  const history = state.balanceHistory('default');
  expect(() => history.add({ at: NaN, balance: 5, wall: 1 }, 10)).toThrow(/Writing/);
  expect(() => history.add({ at: 1, balance: 5, wall: 1 }, 0.5)).toThrow(/Writing/);
  expect(history.topUps).toBe(0);
  expect(history.newest).toBeUndefined();
});
