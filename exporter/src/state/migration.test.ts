import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createBudget } from '../budget/budget.ts';
import { AdjustableClock } from './adjustable-clock.ts';
import { APPLICATION_ID, MIGRATIONS, SCHEMA_VERSION } from './schema.ts';
import { acquireLock } from './state-lock.ts';
import { StateUnavailableError } from './state-error.ts';
import { openState } from './state-file.ts';

const CONFIG = { perHour: 1e6, perDay: 1e6, perMonth: 1e6, worstCaseRun: 40 };
const clock = new AdjustableClock();

let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'fal-migration-'));
  writeVersion1();
});

afterEach(() => {
  rmSync(dir, { recursive: true });
});

/** What the release with schema version 1 left behind. */
function writeVersion1(): void {
  mkdirSync(dir, { recursive: true });
  const database = new DatabaseSync(join(dir, 'state.db'));
  const now = clock.now();
  database.exec(MIGRATIONS[0] ?? '');
  database.exec(`
    INSERT INTO meta (key, value) VALUES ('schema_version', '1'), ('part:cursor', 'abc');
    INSERT INTO ledger (at, state, amount, seen_cost, probe, endpoint_id)
      VALUES (${now - 60_000}, 'settled', 700, 650, 'flux', 'fal-ai/flux'),
             (${now - 30_000}, 'settled', 90, 0, 'kling', 'fal-ai/kling');
    INSERT INTO budget_clock (id, at, wall, guard) VALUES (1, ${now}, ${now}, ${now * 4});
    INSERT INTO spend_total (probe, amount) VALUES ('flux', 700), ('kling', 90);
    INSERT INTO in_flight (request_id, probe, endpoint_id, submitted_at)
      VALUES ('r-1', 'flux', 'fal-ai/flux', ${now});
    INSERT INTO balance (account, balance, at) VALUES ('default', -5, ${now});
    PRAGMA application_id = ${APPLICATION_ID};
    PRAGMA user_version = 1;
  `);
  database.close();
}

function versionOf(path: string): unknown {
  const database = new DatabaseSync(path);
  try {
    return database.prepare('PRAGMA user_version').get()?.user_version;
  } finally {
    database.close();
  }
}

it('a file of schema version 1 keeps its ledger and everything else, and can do what is new', () => {
  const state = openState({ dir, clock });
  const now = clock.now();
  expect(state.recovered).toBeUndefined();
  const day = now - 86_400_000;
  expect(state.ledger.sums({ hour: day, day, month: day })).toEqual({ hour: 790, day: 790, month: 790 });
  expect(state.ledger.largestSeenCost('fal-ai/flux', 0)).toBe(650);
  expect(state.ledger.total('flux')).toBe(700);
  expect(createBudget({ state, clock, config: () => CONFIG }).remaining().hour).toBe(1e6 - 790);
  expect(state.meta.get('cursor')).toBe('abc');
  expect(state.inFlight.list()).toHaveLength(1);
  expect(state.balanceHistory('default').newest).toEqual({ at: now, balance: -5, wall: now });
  state.billing('default').bookUsage([{ endpointId: 'fal-ai/flux', hour: now, cost: 8 }]);
  state.close();

  const again = openState({ dir, clock });
  expect(again.recovered).toBeUndefined();
  expect(again.billing('default').spend()).toMatchObject([{ endpointId: 'fal-ai/flux', billed: 8 }]);
  expect(again.ledger.total('kling')).toBe(90);
  again.close();
  expect(versionOf(join(dir, 'state.db'))).toBe(SCHEMA_VERSION);
});

it('a command never changes the file under an older exporter that uses it', () => {
  const path = join(dir, 'state.db');
  const holder = acquireLock({ dir, now: clock.now(), waitMs: 0 });
  expect(() => openState({ dir, clock, beside: true })).toThrow(StateUnavailableError);
  expect(() => openState({ dir, clock, beside: true })).toThrow(/older exporter/);
  expect(versionOf(path)).toBe(1);
  holder.release();
  openState({ dir, clock, beside: true }).close();
  expect(versionOf(path)).toBe(SCHEMA_VERSION);
});
