import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AdjustableClock } from '../state/adjustable-clock.ts';
import { type State, openState } from '../state/state-file.ts';

const HOUR = 3_600_000;

let dir: string;
let path: string;
let clock: AdjustableClock;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'fal-books-damage-'));
  path = join(dir, 'state.db');
  clock = new AdjustableClock();
});

afterEach(() => {
  rmSync(dir, { recursive: true });
});

/** Something in every table that is about billed money, and the bytes of the file. */
function filledFile(): { readonly bytes: Buffer; readonly money: unknown } {
  const state = openState({ dir, clock });
  const books = state.billing('default');
  const start = clock.now();
  clock.advance(50 * HOUR);
  for (let n = 0; n < 50; n++) {
    const estimate = n % 3 === 0 ? undefined : n * 2_000_000;
    const event = { requestId: `request-${n}`, at: start + n * HOUR, cost: n * 1_000_003, estimate };
    books.bookEvents([{ ...event, endpointId: `fal-ai/e${n % 4}` }]);
    books.bookUsage([{ endpointId: `fal-ai/e${n % 4}`, hour: start + n * HOUR, cost: (n % 5) * 30_000_000 }]);
    state.balanceHistory('default').add({ at: n, balance: 1e9 - n, wall: clock.now() }, n % 10);
    state.probeRequests.add(`request-${n}`, start + n * HOUR);
  }
  books.bookEvents([{ requestId: 'request-49', endpointId: 'fal-ai/e1', at: clock.now(), cost: 5 }]);
  books.walked({ from: 0, isDeep: true, at: clock.now() });
  const money = moneyIn(state);
  state.close();
  return { bytes: readFileSync(path), money };
}

function moneyIn(state: State): unknown {
  const books = state.billing('default');
  const [from, to] = [clock.now() - 47.5 * HOUR, clock.now()];
  const history = state.balanceHistory('default');
  const ours = state.probeRequests.between(from, to);
  return [
    ...[books.spend(), books.cursor, books.billedBetween(from, to), books.comparedBetween(from, to)],
    ...[ours, books.billedFor(ours, from, to), history.since(0), history.topUps],
  ];
}

function reopenedWith(bytes: Buffer): State {
  rmSync(dir, { recursive: true });
  openState({ dir, clock }).close();
  writeFileSync(path, bytes);
  return openState({ dir, clock });
}

describe('flipped bits in the books', () => {
  it('are found, or change nothing that was billed', { timeout: 120_000 }, () => {
    const { bytes, money } = filledFile();
    // Bytes that are in use: an empty page cannot say anything wrong.
    const used = [...bytes.keys()].filter((at) => bytes[at] !== 0);
    let found = 0;
    fc.assert(
      fc.property(fc.nat(used.length - 1), fc.nat(7), (place, bit) => {
        const damaged = Buffer.from(bytes);
        const at = used[place] ?? 0;
        damaged.writeUInt8(damaged.readUInt8(at) ^ (1 << bit), at);
        const state = reopenedWith(damaged);
        if (state.recovered === undefined) expect(moneyIn(state), `byte ${at}, bit ${bit}`).toEqual(money);
        else found++;
        state.close();
      }),
      { numRuns: 250 },
    );
    expect(found).toBeGreaterThan(100);
  });

  it('are found in every number by itself', { timeout: 60_000 }, () => {
    const { bytes } = filledFile();
    const numbers = {
      billing_account: ['horizon', 'first_hour', 'newest_at', 'deep_walk_at'],
      billing_model: [
        'billed',
        'billed_most',
        'excess',
        'estimated',
        'estimated_most',
        'unpriced',
        'unpriced_most',
      ],
      billing_hour: ['hour', 'model_id', 'events', 'usage', 'compared', 'estimated'],
      billing_event: ['model_id', 'at', 'cost', 'estimate'],
      balance_reading: ['at', 'balance', 'wall'],
      balance_top_up: ['amount'],
      probe_request: ['at'],
    };
    for (const [table, columns] of Object.entries(numbers)) {
      for (const column of columns) {
        const state = reopenedWith(withoutGuards(bytes, table, column));
        expect(state.recovered?.reason, `${table}.${column}`).toMatch(/integrity check/);
        state.close();
      }
    }
  });
});

/** The file after a number has changed in its table alone: in no index, and without asking the checks. */
function withoutGuards(bytes: Buffer, table: string, column: string): Buffer {
  writeFileSync(path, bytes);
  // Indexes that are not in the schema stay as they are while the table changes.
  const indexes = changing((database) => {
    const found = database
      .prepare("SELECT * FROM sqlite_schema WHERE tbl_name = ? AND type = 'index' AND sql IS NOT NULL")
      .all(table);
    database
      .prepare("DELETE FROM sqlite_schema WHERE tbl_name = ? AND type = 'index' AND sql IS NOT NULL")
      .run(table);
    return found;
  });
  changing((database) => {
    database.exec(`UPDATE ${table} SET ${column} = ${column} + 1`);
    const insert = database.prepare(
      'INSERT INTO sqlite_schema (type, name, tbl_name, rootpage, sql) VALUES (?, ?, ?, ?, ?)',
    );
    for (const { type, name, tbl_name, rootpage, sql } of indexes) {
      insert.run(...[type ?? '', name ?? '', tbl_name ?? '', rootpage ?? 0, sql ?? '']);
    }
  });
  return readFileSync(path);
}

function changing<T>(work: (database: DatabaseSync) => T): T {
  const database = new DatabaseSync(path, { defensive: false });
  try {
    database.exec('PRAGMA ignore_check_constraints = 1; PRAGMA writable_schema = 1');
    return work(database);
  } finally {
    database.close();
  }
}
