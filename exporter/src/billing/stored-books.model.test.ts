import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { EndpointSpend } from '../domain/events.ts';
import { AdjustableClock } from '../state/adjustable-clock.ts';
import { type State, openState } from '../state/state-file.ts';
import type { BillingBooks, BillingEvent, UsageHour } from './billing-books.ts';
import { ReferenceBooks } from './test-reference-books.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const ACCOUNT = 'default';

/** An event or an hour as long ago as `ago` says, in ms before the true time. */
interface RelativeEvent extends Omit<BillingEvent, 'at'> {
  readonly ago: number;
}
interface RelativeHour extends Omit<UsageHour, 'hour'> {
  readonly ago: number;
}

type Operation =
  | { readonly kind: 'events'; readonly rows: readonly RelativeEvent[] }
  | { readonly kind: 'usage'; readonly rows: readonly RelativeHour[] }
  | { readonly kind: 'usage whole'; readonly from: number; readonly length: number }
  | { readonly kind: 'walked'; readonly isDeep: boolean; readonly ago: number }
  | { readonly kind: 'ask'; readonly from: number; readonly length: number }
  | { readonly kind: 'advance'; readonly ms: number }
  /** Somebody sets our clock; fal's goes on. */
  | { readonly kind: 'step'; readonly ms: number }
  | { readonly kind: 'restart' }
  | { readonly kind: 'kill' }
  /** Killed before the rows were on disk. */
  | { readonly kind: 'kill while booking'; readonly rows: readonly RelativeEvent[] };

/** Tells when somebody reads it, which the books do in the middle of a transaction. */
class WatchedClock extends AdjustableClock {
  onRead: () => void = () => undefined;

  override now(): number {
    this.onRead();
    return super.now();
  }
}

class Trial {
  readonly #root = mkdtempSync(join(tmpdir(), 'fal-books-'));
  readonly #clock = new WatchedClock();
  readonly #reference = new ReferenceBooks(this.#clock.now());
  #falTime = this.#clock.now();
  #dir = join(this.#root, '0');
  #generation = 0;
  #state: State;
  #books: BillingBooks;
  #shown: readonly EndpointSpend[] = [];
  #deepWalkAt: number | undefined;
  /** How often a downward correction held a counter; a trial of the trial. */
  held = 0;

  constructor() {
    this.#state = openState({ dir: this.#dir, clock: this.#clock });
    this.#books = this.#state.billing(ACCOUNT);
  }

  run(operations: readonly Operation[]): void {
    try {
      for (const operation of operations) {
        this.#apply(operation);
        this.#compare();
      }
    } finally {
      this.#state.close();
      rmSync(this.#root, { recursive: true });
    }
  }

  #apply(operation: Operation): void {
    switch (operation.kind) {
      case 'events':
        return this.#bookEvents(operation.rows);
      case 'usage':
        return this.#bookUsage(operation.rows);
      case 'usage whole':
        return this.#closeUsage(operation);
      case 'walked':
        return this.#walked(operation);
      case 'ask':
        return this.#ask(this.#falTime - operation.from, this.#falTime - operation.from + operation.length);
      case 'advance':
        this.#clock.advance(operation.ms);
        this.#falTime += operation.ms;
        return;
      case 'step':
        return this.#clock.step(operation.ms);
      case 'restart':
        this.#state.close();
        return this.#reopen();
      case 'kill':
        return this.#kill(() => undefined);
      case 'kill while booking':
        return this.#kill((snap) => {
          this.#clock.onRead = snap;
          this.#books.bookEvents(this.#absolute(operation.rows));
          this.#clock.onRead = () => undefined;
        });
    }
  }

  #absolute(rows: readonly RelativeEvent[]): BillingEvent[] {
    return rows.map(({ ago, ...row }) => ({ ...row, at: Math.max(0, this.#falTime - ago) }));
  }

  #bookEvents(rows: readonly RelativeEvent[]): void {
    const events = this.#absolute(rows);
    const before = this.#reference.spend();
    this.#reference.bookEvents(events, this.#clock.now());
    expect(byModel(this.#books.bookEvents(events))).toEqual(changed(before, this.#reference.spend()));
    expect(this.#books.bookEvents(events.slice(0, 1)), 'its newest row once more').toEqual([]);
  }

  #bookUsage(rows: readonly RelativeHour[]): void {
    const hours = rows.map(({ ago, ...row }) => ({ ...row, hour: hourOf(this.#falTime - ago) }));
    const before = this.#reference.spend();
    this.#reference.bookUsage(hours);
    expect(byModel(this.#books.bookUsage(hours))).toEqual(changed(before, this.#reference.spend()));
    expect(this.#books.bookUsage(hours), 'the same once more').toEqual([]);
  }

  #closeUsage({ from: ago, length }: { readonly from: number; readonly length: number }): void {
    const from = hourOf(this.#falTime - ago);
    const to = hourOf(from + length);
    const before = this.#reference.spend();
    this.#reference.closeUsage(from, to);
    expect(byModel(this.#books.closeUsage({ from, to }))).toEqual(changed(before, this.#reference.spend()));
    expect(this.#books.closeUsage({ from, to }), 'the same once more').toEqual([]);
  }

  #walked({ isDeep, ago }: { readonly isDeep: boolean; readonly ago: number }): void {
    const [from, at] = [this.#falTime - ago, this.#clock.now()];
    const isWhole = isDeep || from <= this.#reference.horizon;
    this.#books.walked({ from, isDeep, at });
    if (!isWhole) return;
    this.#reference.walkedWhole();
    this.#deepWalkAt = at;
  }

  #ask(from: number, to: number): void {
    const ids = ['r0', 'r1', 'r1', 'r2', 'unheard of'];
    expect(this.#books.billedBetween(from, to)).toBe(
      this.#reference.billedBetween(from, to, this.#clock.now()),
    );
    expect(this.#books.comparedBetween(from, to)).toEqual(this.#reference.comparedBetween(from, to));
    expect(this.#books.billedFor(ids, from, to)).toBe(this.#reference.billedFor(ids, from, to));
  }

  /** The files as they are at a moment while the process runs are what a killed process leaves behind. */
  #kill(work: (snap: () => void) => void): void {
    const dir = join(this.#root, String(++this.#generation));
    openState({ dir, clock: this.#clock }).close();
    const snap = (): void => {
      for (const name of ['state.db', 'state.db-wal']) {
        rmSync(join(dir, name), { force: true });
        if (existsSync(join(this.#dir, name))) copyFileSync(join(this.#dir, name), join(dir, name));
      }
    };
    snap();
    work(snap);
    this.#state.close();
    this.#dir = dir;
    this.#reopen();
  }

  #reopen(): void {
    const now = this.#clock.now();
    const reference = this.#reference;
    if (reference.isEmpty && reference.firstHour > now) reference.horizon = reference.firstHour = hourOf(now);
    this.#state = openState({ dir: this.#dir, clock: this.#clock });
    expect(this.#state.recovered).toBeUndefined();
    this.#books = this.#state.billing(ACCOUNT);
    expect(this.#books.spend()).toEqual(this.#shown);
  }

  #compare(): void {
    const [before, after] = [this.#shown, this.#books.spend()];
    this.#shown = after;
    expect(after).toEqual(this.#reference.spend());
    for (const was of before) {
      const is = after.find(({ endpointId }) => endpointId === was.endpointId);
      expect(is?.billed).toBeGreaterThanOrEqual(was.billed);
      expect(is?.estimated).toBeGreaterThanOrEqual(was.estimated);
      expect(is?.unpricedRequests).toBeGreaterThanOrEqual(was.unpricedRequests);
    }
    const totals = this.#exactTotals();
    expect(totals).toEqual(this.#reference.totals());
    if (after.some(({ endpointId, billed }) => billed > (totals[endpointId] ?? 0))) this.held++;
    const { horizon, newestAt } = this.#reference;
    expect(this.#books.cursor).toEqual({ horizon, newestAt, deepWalkAt: this.#deepWalkAt });
  }

  #exactTotals(): Record<string, number> {
    const database = new DatabaseSync(this.#state.path, { readOnly: true });
    const rows = database.prepare('SELECT endpoint_id, billed FROM billing_model').all();
    database.close();
    return Object.fromEntries(rows.map((row) => [String(row.endpoint_id), Number(row.billed)]));
  }
}

function hourOf(at: number): number {
  return at - (at % HOUR);
}

function byModel(spends: readonly EndpointSpend[]): EndpointSpend[] {
  return spends.toSorted((a, b) => (a.endpointId < b.endpointId ? -1 : 1));
}

function changed(before: readonly EndpointSpend[], after: readonly EndpointSpend[]): EndpointSpend[] {
  const known = new Set(before.map((spend) => JSON.stringify(spend)));
  return after.filter((spend) => !known.has(JSON.stringify(spend)));
}

/** Coarse, so that times meet: within the hour, around the 48 hours, older than everything, and from the future. */
const ago = fc.oneof(
  { weight: 6, arbitrary: fc.nat(6).map((n) => n * 20 * MINUTE) },
  { weight: 4, arbitrary: fc.nat(60).map((n) => n * HOUR + 7) },
  { weight: 1, arbitrary: fc.constantFrom(45 * DAY, 400 * DAY, -5 * MINUTE, -20 * MINUTE, -90 * DAY) },
);
const endpointId = fc.constantFrom('fal-ai/flux', 'fal-ai/kling', 'fal-ai/wan');
const cost = fc.oneof({ weight: 9, arbitrary: fc.nat(5).map((n) => n * 100) }, fc.constantFrom(-150, 1e8, 7));
const rows = fc.array(
  fc.record(
    {
      requestId: fc.nat(9).map((n) => `r${n}`),
      endpointId: fc.oneof({ weight: 4, arbitrary: fc.constant('fal-ai/flux') }, endpointId),
      ago,
      cost,
      estimate: fc.nat(3).map((n) => n * 150),
    },
    { requiredKeys: ['requestId', 'endpointId', 'ago', 'cost'] },
  ),
  { maxLength: 8 },
);
const span = fc.oneof(fc.nat(3 * HOUR), fc.nat(60 * HOUR), fc.nat(60 * DAY));
const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('events' as const), rows }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('usage' as const),
      rows: fc.array(fc.record({ endpointId, ago, cost }), { maxLength: 5 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('usage whole' as const), from: span, length: span }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('walked' as const), isDeep: fc.boolean(), ago }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('ask' as const), from: span, length: span }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('advance' as const),
      ms: fc.oneof(fc.nat(2 * HOUR), fc.nat(3 * DAY), fc.constant(41 * DAY)),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('step' as const),
      ms: fc.integer({ min: -3 * DAY, max: 3 * DAY }),
    }),
  },
  { weight: 1, arbitrary: fc.constant<Operation>({ kind: 'restart' }) },
  { weight: 1, arbitrary: fc.constant<Operation>({ kind: 'kill' }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('kill while booking' as const), rows }) },
);

it(
  'whatever is read, and whenever the exporter dies, the books say what the plain rules say',
  {
    timeout: 120_000,
  },
  () => {
    let held = 0;
    fc.assert(
      fc.property(fc.array(operation, { minLength: 5, maxLength: 50, size: 'max' }), (operations) => {
        const trial = new Trial();
        trial.run(operations);
        held += trial.held;
      }),
      { numRuns: 40, includeErrorInReport: true },
    );
    expect(held).toBeGreaterThan(20);
  },
);
