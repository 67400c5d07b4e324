import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AdjustableClock } from '../state/adjustable-clock.ts';
import { openState } from '../state/state-file.ts';
import type { BillingEvent } from './billing-books.ts';
import type { BookingOptions } from './book-until-killed.ts';

const VICTIM = fileURLToPath(new URL('book-until-killed.ts', import.meta.url));
const NOW = Date.UTC(2026, 9, 1, 12, 59);
const KILLS = 8;
const PAGES = 20;
const ROWS = 60;

let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'fal-books-kill-'));
});

afterEach(() => {
  rmSync(dir, { recursive: true });
});

/** The bill after some corrections: each raises every seventh event, and stamps it a little later. */
function pagesAfter(corrections: number): BillingEvent[][] {
  const row = (n: number): BillingEvent => {
    const raises = Math.floor((corrections + (n % 7)) / 7);
    return {
      ...{ requestId: `r-${n}`, endpointId: `fal-ai/e${n % 9}`, at: NOW - 1_000 * n + raises },
      ...{ cost: 1_000_003 + 17 * n * (1 + raises), estimate: n % 4 === 0 ? undefined : 2_000_000 },
    };
  };
  return Array.from({ length: PAGES }, (_, page) =>
    Array.from({ length: ROWS }, (_, place) => row(page * ROWS + place)),
  );
}

/** Kills the victim as soon as it has said so many lines. Gives the last whole line. */
async function killedAfter(lines: number, options: BookingOptions): Promise<number> {
  const victim = spawn(process.execPath, [
    '--disable-warning=ExperimentalWarning',
    VICTIM,
    JSON.stringify(options),
  ]);
  const exit = once(victim, 'exit');
  let [said, lastWords] = ['', ''];
  victim.stderr.on('data', (text: Buffer) => (lastWords += text.toString()));
  victim.stdout.on('data', (text: Buffer) => {
    said += text.toString();
    if (said.split('\n').length > lines) victim.kill('SIGKILL');
  });
  const [, signal] = (await exit) as [number | null, string | null];
  expect(signal, lastWords).toBe('SIGKILL');
  const numbers = said.split('\n').slice(0, -1).map(Number);
  expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
  return numbers.at(-1) ?? NaN;
}

describe('a process that is killed while it books', () => {
  it('forgets nothing that it showed, and the next walk doubles nothing', { timeout: 120_000 }, async () => {
    const clock = new AdjustableClock(NOW);
    for (let round = 0; round < KILLS; round++) {
      const lines = 1 + Math.floor(Math.random() * 2 * PAGES);
      const said = await killedAfter(lines, { dir, now: NOW, pages: pagesAfter(round) });
      const state = openState({ dir, clock });
      expect(state.recovered).toBeUndefined();
      const billed = state
        .billing('default')
        .spend()
        .reduce((sum, spend) => sum + spend.billed, 0);
      expect(billed).toBeGreaterThanOrEqual(said);
      state.close();
    }
    const state = openState({ dir, clock });
    const books = state.billing('default');
    const truth = pagesAfter(KILLS);
    for (const page of truth) books.bookEvents(page);
    const spend = books.spend();
    state.close();
    for (const { endpointId, ...shown } of spend) {
      const rows = truth.flat().filter((row) => row.endpointId === endpointId);
      expect(shown).toEqual({
        billed: rows.reduce((sum, { cost }) => sum + cost, 0),
        estimated: rows.reduce((sum, { estimate = 0 }) => sum + estimate, 0),
        unpricedRequests: rows.filter(({ estimate }) => estimate === undefined).length,
      });
    }
    expect(spend).toHaveLength(9);
  });
});
