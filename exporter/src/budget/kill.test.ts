import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AdjustableClock } from '../state/adjustable-clock.ts';
import { StateLockedError } from '../state/state-error.ts';
import { openState } from '../state/state-file.ts';
import { createBudget, WINDOW_MS } from './budget.ts';
import { RUNS_AT_ONCE, type VictimOptions } from './spend-until-killed.ts';

const VICTIM = fileURLToPath(new URL('spend-until-killed.ts', import.meta.url));
const START = Date.UTC(2026, 9, 1);
const CONFIG = { perHour: 100, perDay: 700, perMonth: 6000, worstCaseRun: 40 };
const KILLS = 42;
/** Victims at the same time, each on a directory of its own. */
const LANES = 2;

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'fal-kill-'));
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

function spawnVictim(options: Partial<VictimOptions> & { readonly dir: string }): ChildProcess {
  const all = {
    truthFile: join(root, 'truth'),
    startMs: START,
    skewMs: 0,
    seed: 1,
    config: CONFIG,
    ...options,
  };
  return spawn(process.execPath, ['--disable-warning=ExperimentalWarning', VICTIM, JSON.stringify(all)]);
}

/** Resolves once the victim has come `steps` steps far; rejects with its last words when it dies by itself. */
function progressOf(victim: ChildProcess, steps: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let seen = 0;
    let lastWords = '';
    victim.stderr?.on('data', (text: Buffer) => (lastWords += text.toString()));
    victim.on('exit', () => reject(new Error(`the victim died by itself: ${lastWords}`)));
    victim.stdout?.on('data', (bytes: Buffer) => {
      seen += bytes.length;
      if (seen >= steps) resolve();
    });
  });
}

async function kill(victim: ChildProcess): Promise<void> {
  const exit = once(victim, 'exit');
  victim.kill('SIGKILL');
  await exit;
}

interface Spend {
  readonly id: number;
  readonly at: number;
  readonly reserved: number;
  readonly cost: number;
  isSettled: boolean;
}

/** What really happened, by the victim's own account. */
function truthOf(file: string): Spend[] {
  const spends = new Map<number, Spend>();
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : [];
  for (const line of lines) {
    const [word, ...numbers] = line.split(' ');
    const [id = NaN, at = NaN, reserved = NaN, cost = NaN] = numbers.map(Number);
    if (word === 'spend') spends.set(id, { id, at, reserved, cost, isSettled: false });
    const spend = spends.get(id);
    if (word === 'settled' && spend !== undefined) spend.isSettled = true;
  }
  return [...spends.values()];
}

/** The last true time that a victim wrote down. */
function lastTimeIn(file: string): number {
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : [];
  const last = lines.findLast((line) => !line.startsWith('settled'));
  return Number(last?.split(' ')[2] ?? START);
}

/** The most that was spent in any `length` ms. */
function worstWindow(spends: readonly Spend[], length: number): number {
  let worst = 0;
  let sum = 0;
  let oldest = 0;
  for (const spend of spends) {
    sum += spend.cost;
    for (let first = spends[oldest]; first && first.at < spend.at - length; first = spends[++oldest]) {
      sum -= first.cost;
    }
    worst = Math.max(worst, sum);
  }
  return worst;
}

function sumOf(spends: readonly Spend[], amountOf: (spend: Spend) => number): number {
  return spends.reduce((sum, spend) => sum + amountOf(spend), 0);
}

/** Starts and kills victims on one directory, each going on where the last one was cut off. */
async function killAgainAndAgain(dir: string, truthFile: string, kills: number): Promise<void> {
  let skewMs = 0;
  for (let round = 0; round < kills; round++) {
    const startMs = lastTimeIn(truthFile);
    const victim = spawnVictim({ dir, truthFile, startMs, skewMs, seed: Math.floor(Math.random() * 1e9) });
    // From the middle of opening the file up to some hundred reservations.
    await progressOf(victim, round % 8 === 0 ? 1 : 2 + Math.floor(Math.random() ** 2 * 400));
    await kill(victim);
    // The clock may come back wrong, but only backwards: forwards it cannot be told from down time.
    if (round % 5 === 4) skewMs -= Math.floor(Math.random() * 1e9);
  }
}

describe('a process that is killed at random moments', () => {
  it(
    'never spends more than the cap of any window, and forgets no reservation',
    { timeout: 120_000 },
    async () => {
      const lanes = Array.from({ length: LANES }, (_, lane) => ({
        dir: join(root, `state-${lane}`),
        truthFile: join(root, `truth-${lane}`),
      }));
      await Promise.all(lanes.map(({ dir, truthFile }) => killAgainAndAgain(dir, truthFile, KILLS / LANES)));
      for (const { dir, truthFile } of lanes) {
        const spends = truthOf(truthFile);
        expect(spends.length).toBeGreaterThan(200);
        expect(readdirSync(dir).filter((name) => name.includes('corrupt'))).toEqual([]);
        const worst = {
          hour: worstWindow(spends, WINDOW_MS.hour),
          day: worstWindow(spends, WINDOW_MS.day),
          month: worstWindow(spends, WINDOW_MS.month),
        };
        expect(worst.hour).toBeLessThanOrEqual(CONFIG.perHour);
        expect(worst.day).toBeLessThanOrEqual(CONFIG.perDay);
        expect(worst.month).toBeLessThanOrEqual(CONFIG.perMonth);
        // The caps were in the way, or the test would prove nothing.
        expect(worst.hour).toBeGreaterThan(CONFIG.perHour * 0.7);
        expect(worst.day).toBeGreaterThan(CONFIG.perDay * 0.7);

        const clock = new AdjustableClock(lastTimeIn(truthFile));
        const state = openState({ dir, clock, lockWaitMs: 0 });
        expect(state.recovered).toBeUndefined();
        const budget = createBudget({ state, clock, config: () => CONFIG });
        const booked = budget.spentTotal('a') + budget.spentTotal('b');
        expect(booked).toBeGreaterThanOrEqual(sumOf(spends, ({ cost }) => cost));
        const possible = sumOf(spends, (spend) => (spend.isSettled ? spend.cost : spend.reserved));
        // A kill between reserve and the line in the truth file books reservations that nobody used.
        const unused = (KILLS / LANES) * RUNS_AT_ONCE * CONFIG.worstCaseRun;
        expect(booked).toBeLessThanOrEqual(possible + unused);
        state.close();
      }
    },
  );
});

describe('two processes on one directory', () => {
  it(
    'are one too many: the second is refused with the pid of the first, until that one is gone',
    { timeout: 30_000 },
    async () => {
      const dir = join(root, 'state');
      const clock = new AdjustableClock(START);
      const first = spawnVictim({ dir });
      await progressOf(first, 10);
      const second = spawnVictim({ dir, seed: 2 });
      await expect(progressOf(second, 1e9)).rejects.toThrow(
        new RegExp(`StateLockedError.*in use by process ${first.pid} on host`),
      );
      expect(() => openState({ dir, clock, lockWaitMs: 0 })).toThrow(StateLockedError);
      await kill(first);
      openState({ dir, clock, lockWaitMs: 0 }).close();
    },
  );
});
