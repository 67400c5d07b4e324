import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBudget } from '../budget/budget.ts';
import { AdjustableClock } from './adjustable-clock.ts';
import { StateDamagedError } from './state-error.ts';
import { type State, openState } from './state-file.ts';

const CONFIG = { perHour: 1e6, perDay: 1e6, perMonth: 1e6, worstCaseRun: 40 };

let root: string;
let dir: string;
let path: string;
let clock: AdjustableClock;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'fal-recovery-'));
  dir = join(root, 'state');
  path = join(dir, 'state.db');
  clock = new AdjustableClock();
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

function open(): State {
  return openState({ dir, clock, lockWaitMs: 0 });
}

/** A file with a history: settled, open and merged entries, and something in every other table. */
function fill(): State {
  const state = open();
  const budget = createBudget({ state, clock, config: () => CONFIG });
  for (let n = 0; n < 60; n++) {
    const answer = budget.reserve({ probe: `p${n % 3}`, endpointId: `fal-ai/e${n % 4}`, estimatedCost: n });
    if (answer.ok && n % 10 !== 9) budget.settle(answer.reservation, n);
    clock.advance(37 * 60_000);
  }
  state.meta.set('cursor', 'abc');
  state.inFlight.add({ probe: 'p0', endpointId: 'fal-ai/e0', requestId: 'r' });
  state.balanceHistory('default').add({ at: 1, balance: 1, wall: 1 }, 0);
  return state;
}

/** What decides about money. */
function moneyIn(state: State): unknown {
  const { ledger } = state;
  const starts = [0, 1, 2, 3].map((days) => clock.now() - days * 86_400_000);
  return [
    ledger.lastMoment(),
    starts.map((month) => ledger.sums({ hour: clock.now() - 3_600_000, day: month, month })),
    [0, 1, 2, 3].map((n) => ledger.largestSeenCost(`fal-ai/e${n}`, 0)),
  ];
}

function copies(): string[] {
  return readdirSync(dir).filter((name) => name.includes('.corrupt-'));
}

function expectRecovered(reason: RegExp): void {
  const state = open();
  expect(state.recovered?.reason).toMatch(reason);
  expect(existsSync(state.recovered?.movedTo ?? '')).toBe(true);
  expect(moneyIn(state)).not.toBeUndefined();
  state.meta.set('works', 'yes');
  state.close();
}

describe('a damaged file is moved aside and replaced', () => {
  it('when it is garbage', () => {
    open().close();
    writeFileSync(path, 'garbage '.repeat(4096));
    expectRecovered(/not a database/);
    expect(copies()).toEqual([expect.stringMatching(/^state\.db\.corrupt-20261001T120000Z$/)]);
  });

  it('when it is empty, with or without a log beside it, which goes along', () => {
    open().close();
    truncateSync(path);
    expectRecovered(/empty/);
    truncateSync(path);
    writeFileSync(`${path}-wal`, 'log');
    expectRecovered(/empty/);
    expect(copies().filter((name) => name.endsWith('-wal'))).toHaveLength(1);
  });

  it('when its end is missing', () => {
    fill().close();
    for (const size of [10, 100, 4096, 8192, 20_000]) {
      truncateSync(path, size);
      expectRecovered(/./);
    }
  });

  it('when it belongs to another program', () => {
    open().close();
    rmSync(path);
    const database = new DatabaseSync(path);
    database.exec('CREATE TABLE theirs (a)');
    database.close();
    expectRecovered(/another program/);
  });

  it('when its tables are not ours', () => {
    for (const change of ['DROP INDEX ledger_open', 'CREATE TABLE x (y)', 'DROP TABLE meta']) {
      open().close();
      const database = new DatabaseSync(path);
      database.exec(change);
      database.close();
      expectRecovered(/tables are not|no such table/);
    }
  });

  it('when an amount breaks a rule of the schema, or a version never existed', () => {
    const bend = [
      'PRAGMA ignore_check_constraints = 1; UPDATE ledger SET amount = -5 WHERE id = 60',
      'PRAGMA ignore_check_constraints = 1; UPDATE budget_clock SET at = at * 2',
      'UPDATE sqlite_sequence SET seq = 9223372036854775807',
      "PRAGMA user_version = 0; UPDATE meta SET value = '0' WHERE key = 'schema_version'",
      'PRAGMA user_version = 7',
    ];
    for (const change of bend) {
      fill().close();
      const database = new DatabaseSync(path);
      database.exec(change);
      database.close();
      expectRecovered(/integrity check|row counters|schema version/);
    }
  });

  it('and only three copies are kept, the newest', () => {
    for (let n = 0; n < 5; n++) {
      open().close();
      writeFileSync(path, 'garbage');
      clock.advance(60_000);
    }
    open().close();
    expect(copies()).toHaveLength(3);
    expect(copies().sort().at(-1)).toContain('120500Z');
    expect(copies().sort()[0]).toContain('120300Z');
  });

  it('within one second twice, under two names', () => {
    open().close();
    writeFileSync(path, 'first');
    open().close();
    writeFileSync(path, 'second');
    open().close();
    expect(copies()).toHaveLength(2);
  });

  it('but not by a command beside the exporter, which only says so', () => {
    fill().close();
    const bytes = readFileSync(path);
    const holder = open();
    // A file of the same name in place of the one that the holder has open.
    rmSync(path);
    writeFileSync(path, bytes.fill(1, 4096, 8192));
    expect(() => openState({ dir, clock, beside: true })).toThrow(StateDamagedError);
    holder.close();
  });
});

describe('a recovery that is cut off', () => {
  it('is finished by the next start, and still known', () => {
    open().close();
    writeFileSync(path, 'garbage');
    open().close();
    // As if killed between moving the damaged file away and putting the new one in its place.
    renameSync(path, `${path}.new`);
    writeFileSync(`${path}-wal`, 'log of the damaged file');
    const state = open();
    expect(state.recovered?.reason).toMatch(/not a database/);
    state.close();
    expect(existsSync(`${path}.new`)).toBe(false);
  });

  it('before the new file was whole begins again', () => {
    open().close();
    writeFileSync(path, 'garbage');
    writeFileSync(`${path}.new`, 'half');
    expectRecovered(/not a database/);
  });

  it('in the very first start begins again, and blames nobody', () => {
    open().close();
    rmSync(path);
    writeFileSync(`${path}.new`, '');
    const state = open();
    expect(state.recovered).toBeUndefined();
    state.close();
  });
});

describe('flipped bits', () => {
  it('are found, or change nothing that decides about money', { timeout: 60_000 }, () => {
    const original = fill();
    const expected = moneyIn(original);
    original.close();
    const bytes = readFileSync(path);
    let recovered = 0;
    const flips = fc.array(
      fc.record({ at: fc.nat(bytes.length - 1), mask: fc.integer({ min: 1, max: 255 }) }),
      {
        ...{ minLength: 1, maxLength: 3 },
      },
    );
    fc.assert(
      fc.property(flips, (changes) => {
        const damaged = Buffer.from(bytes);
        for (const { at, mask } of changes) damaged.writeUInt8(damaged.readUInt8(at) ^ mask, at);
        rmSync(dir, { recursive: true });
        openState({ dir, clock }).close();
        writeFileSync(path, damaged);
        const state = open();
        if (state.recovered === undefined) expect(moneyIn(state)).toEqual(expected);
        else recovered++;
        state.close();
      }),
      { numRuns: 300 },
    );
    expect(recovered).toBeGreaterThan(30);
  });

  it('in the header are found, or change nothing that decides about money', { timeout: 60_000 }, () => {
    const original = fill();
    const expected = moneyIn(original);
    original.close();
    const bytes = readFileSync(path);
    for (let at = 0; at < 100; at++) {
      const damaged = Buffer.from(bytes);
      damaged.writeUInt8(damaged.readUInt8(at) ^ 0xff, at);
      rmSync(dir, { recursive: true });
      openState({ dir, clock }).close();
      writeFileSync(path, damaged);
      const state = open();
      if (state.recovered === undefined) expect(moneyIn(state), `byte ${at}`).toEqual(expected);
      const budget = createBudget({ state, clock, config: () => CONFIG });
      budget.reserve({ probe: 'p', endpointId: 'e' });
      state.close();
    }
  });

  it('in the log of a killed process never stop the start', { timeout: 60_000 }, () => {
    const original = fill();
    const kept = join(root, 'killed');
    for (const suffix of ['', '-wal']) copyFileSync(path + suffix, kept + suffix);
    original.close();
    const log = readFileSync(`${kept}-wal`);
    const flip = fc.record({ at: fc.nat(log.length - 1), mask: fc.integer({ min: 1, max: 255 }) });
    fc.assert(
      fc.property(flip, ({ at, mask }) => {
        const damaged = Buffer.from(log);
        damaged.writeUInt8(damaged.readUInt8(at) ^ mask, at);
        copyFileSync(kept, path);
        writeFileSync(`${path}-wal`, damaged);
        const state = open();
        moneyIn(state);
        createBudget({ state, clock, config: () => CONFIG }).reserve({ probe: 'p', endpointId: 'e' });
        state.close();
      }),
      { numRuns: 100 },
    );
  });
});
