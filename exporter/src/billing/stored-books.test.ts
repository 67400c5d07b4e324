import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AdjustableClock } from '../state/adjustable-clock.ts';
import { type State, openState } from '../state/state-file.ts';
import type { BillingBooks, BillingEvent } from './billing-books.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Half an hour after the books were opened, which is in the middle of an hour. */
const OPENED = Date.UTC(2026, 9, 1, 12);

let dir: string;
let clock: AdjustableClock;
let state: State;
let books: BillingBooks;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'fal-books-'));
  clock = new AdjustableClock(OPENED + 25 * MINUTE);
  reopen();
  clock.advance(5 * MINUTE);
});

afterEach(() => {
  state.close();
  rmSync(dir, { recursive: true });
});

function reopen(): void {
  state = openState({ dir, clock, lockWaitMs: 0 });
  books = state.billing('default');
}

let ids = 0;

function event(changes: Partial<BillingEvent> = {}): BillingEvent {
  return {
    requestId: `r-${ids++}`,
    endpointId: 'fal-ai/flux',
    at: OPENED + 10 * MINUTE,
    cost: 100,
    ...changes,
  };
}

function billed(endpointId = 'fal-ai/flux'): number | undefined {
  return books.spend().find((spend) => spend.endpointId === endpointId)?.billed;
}

/** What adds up now, whatever is shown. */
function addedUp(): number {
  return books.billedBetween(0, OPENED + 1_000 * DAY);
}

describe('the opening of the books', () => {
  it('is the beginning of the hour; what is older is left out, and nothing was billed yet', () => {
    expect(books.cursor).toEqual({ horizon: OPENED, newestAt: undefined, deepWalkAt: undefined });
    expect(books.spend()).toEqual([]);
    expect(books.bookEvents([event({ at: OPENED - 1 })])).toEqual([]);
    expect(books.bookUsage([{ endpointId: 'fal-ai/flux', hour: OPENED - HOUR, cost: 5 }])).toEqual([]);
    expect(books.bookEvents([event({ at: OPENED, cost: 7 })])).toMatchObject([{ billed: 7 }]);
    expect(books.cursor.newestAt).toBe(OPENED);
  });

  it('stays where it was when the exporter is started again', () => {
    books.bookEvents([event()]);
    state.close();
    clock.advance(3 * HOUR);
    reopen();
    expect(books.cursor.horizon).toBe(OPENED);
  });

  it('is repeated when a clock that was ahead has been set right, unless something is booked', () => {
    state.close();
    clock.step(-300 * DAY);
    reopen();
    expect(books.cursor.horizon).toBe(OPENED - 300 * DAY);
    books.bookEvents([event()]);
    state.close();
    clock.step(-DAY);
    reopen();
    expect(books.cursor.horizon).toBe(OPENED - 300 * DAY);
  });

  it('is of each account by itself', () => {
    clock.advance(2 * HOUR);
    const other = state.billing('other');
    const same = event({ at: OPENED + 2.5 * HOUR });
    books.bookEvents([same]);
    other.bookEvents([{ ...same, cost: 900 }]);
    expect(other.cursor.horizon).toBe(OPENED + 2 * HOUR);
    expect(books.spend()).toMatchObject([{ billed: 100 }]);
    expect(other.spend()).toMatchObject([{ billed: 900 }]);
    expect(other.billedBetween(0, clock.now() + DAY)).toBe(900);
    expect(other.billedFor([same.requestId], 0, clock.now() + DAY)).toBe(900);
  });
});

describe('an event', () => {
  it('counts once, however often it is read', () => {
    const read = event();
    expect(books.bookEvents([read, read])).toHaveLength(1);
    expect(books.bookEvents([read])).toEqual([]);
    expect(billed()).toBe(100);
  });

  it('that was corrected counts with its later cost, and what is shown never falls', () => {
    const first = event({ cost: 100, estimate: 0 });
    books.bookEvents([first]);
    books.bookEvents([{ ...first, cost: 40, at: first.at + 1 }]);
    expect([billed(), addedUp()]).toEqual([100, 40]);
    expect(books.bookEvents([event({ cost: 50, estimate: 0 })])).toEqual([]);
    expect([billed(), addedUp()]).toEqual([100, 90]);
    expect(books.bookEvents([event({ cost: 50, estimate: 0 })])).toMatchObject([{ billed: 140 }]);
  });

  it('keeps its latest row whatever order the rows are read in', () => {
    const [old, middle, latest] = [10, 20, 30].map((cost, n) =>
      event({ requestId: 'r', cost, at: OPENED + n }),
    );
    if (old === undefined || middle === undefined || latest === undefined) throw new Error('three rows');
    for (const rows of [[latest, middle, old], [old, latest, middle], [middle], [old]])
      books.bookEvents(rows);
    expect(addedUp()).toBe(30);
  });

  it('with two rows of one moment keeps the one that is higher up in the list, or was read later', () => {
    const row = event({ cost: 10 });
    books.bookEvents([{ ...row, cost: 20 }, row]);
    expect(addedUp()).toBe(20);
    books.bookEvents([row]);
    expect(addedUp()).toBe(10);
  });

  it('that moved in time or to another model takes its cost along', () => {
    const row = event();
    books.bookEvents([row]);
    books.bookEvents([{ ...row, at: row.at + HOUR }]);
    expect(books.billedBetween(OPENED, OPENED + HOUR)).toBe(0);
    expect(books.billedBetween(OPENED + HOUR, OPENED + 2 * HOUR)).toBe(100);
    expect(books.bookEvents([{ ...row, at: row.at + HOUR, endpointId: 'fal-ai/wan' }])).toEqual([
      { endpointId: 'fal-ai/wan', billed: 100, estimated: 0, unpricedRequests: 1 },
    ]);
    expect(addedUp()).toBe(100);
  });

  it('without a list price is counted as unpriced, until a later reading tells the price', () => {
    const row = event();
    expect(books.bookEvents([row])).toMatchObject([{ estimated: 0, unpricedRequests: 1 }]);
    expect(books.bookEvents([{ ...row, estimate: 130 }])).toMatchObject([
      { estimated: 130, unpricedRequests: 1 },
    ]);
    expect(books.bookEvents([row])).toEqual([]);
    expect(books.bookEvents([event()])).toEqual([
      expect.objectContaining({ unpricedRequests: 1, billed: 200 }),
    ]);
    expect(books.bookEvents([event()])).toMatchObject([{ unpricedRequests: 2 }]);
  });

  it('keeps the estimate of its first reading as long as its cost stays the same', () => {
    const row = event({ estimate: 100 });
    books.bookEvents([row]);
    expect(books.bookEvents([{ ...row, estimate: 150 }])).toEqual([]);
    expect(books.bookEvents([{ ...row, at: row.at + HOUR, estimate: 150 }])).toEqual([]);
    expect(books.comparedBetween(OPENED + HOUR, OPENED + 2 * HOUR)).toEqual({ billed: 100, estimated: 100 });
    expect(books.bookEvents([{ ...row, at: row.at + HOUR, cost: 200, estimate: 150 }])).toMatchObject([
      { billed: 200, estimated: 150 },
    ]);
  });

  it('that cost nothing shows its model', () => {
    expect(books.bookEvents([event({ cost: 0, estimate: 0 })])).toEqual([
      { endpointId: 'fal-ai/flux', billed: 0, estimated: 0, unpricedRequests: 0 },
    ]);
  });

  it('that no account could pay is refused, with all that came with it', () => {
    const wrong = [
      { cost: 1e15 + 1 },
      { cost: 0.5 },
      { cost: NaN },
      { at: NaN },
      { at: -1 },
      { at: 1e16 },
      { estimate: 2e15 },
    ];
    for (const changes of wrong) {
      expect(() => books.bookEvents([event(), event(changes)])).toThrow(RangeError);
    }
    expect(books.spend()).toEqual([]);
  });
});

describe('usage', () => {
  const hour = { endpointId: 'fal-ai/flux', hour: OPENED };

  it('and events of an hour tell of the same money: the larger one counts', () => {
    books.bookEvents([event({ cost: 100 })]);
    expect(books.bookUsage([{ ...hour, cost: 80 }])).toEqual([]);
    expect(billed()).toBe(100);
    expect(books.bookUsage([{ ...hour, cost: 170 }])).toMatchObject([{ billed: 170 }]);
    expect(books.bookEvents([event({ cost: 60 })])).toEqual([expect.objectContaining({ billed: 170 })]);
    expect(books.bookEvents([event({ cost: 60 })])).toMatchObject([{ billed: 220 }]);
  });

  it('is replaced by its next word, downwards too', () => {
    books.bookUsage([{ ...hour, cost: 90 }]);
    expect(books.bookUsage([{ ...hour, cost: 90 }])).toEqual([]);
    expect(books.bookUsage([{ ...hour, cost: 30 }])).toEqual([]);
    expect([billed(), addedUp()]).toEqual([90, 30]);
    expect(books.bookUsage([{ ...hour, cost: 91 }])).toMatchObject([{ billed: 91 }]);
  });

  it('of one model says nothing about another, and of one hour it counts beside what events say of the next', () => {
    books.bookEvents([event({ cost: 100 })]);
    books.bookUsage([
      { endpointId: 'fal-ai/wan', hour: OPENED, cost: 30 },
      { endpointId: 'fal-ai/flux', hour: OPENED + HOUR, cost: 7 },
    ]);
    expect(books.spend().map((spend) => spend.billed)).toEqual([100, 30]);
    // Until usage has spoken of the hour of the events, they may be what it dates an hour later.
    books.bookUsage([{ endpointId: 'fal-ai/flux', hour: OPENED, cost: 100 }]);
    expect(books.spend().map((spend) => spend.billed)).toEqual([107, 30]);
  });

  it('that is not of a whole hour is refused', () => {
    expect(() => books.bookUsage([{ ...hour, hour: OPENED + 1, cost: 5 }])).toThrow(RangeError);
    expect(() => books.bookUsage([{ ...hour, cost: 1e16 }])).toThrow(RangeError);
  });
});

describe('what was billed in a time', () => {
  it('is known of events to the ms', () => {
    books.bookEvents([event({ at: OPENED + 5, cost: 1 }), event({ at: OPENED + HOUR + 5, cost: 10 })]);
    expect(books.billedBetween(OPENED + 5, OPENED + HOUR + 5)).toBe(1);
    expect(books.billedBetween(OPENED + 6, OPENED + HOUR + 6)).toBe(10);
    expect(books.billedBetween(OPENED + 5, OPENED + HOUR + 6)).toBe(11);
    expect(books.billedBetween(OPENED + 6, OPENED + 6)).toBe(0);
    expect(books.billedBetween(OPENED + HOUR, OPENED)).toBe(0);
  });

  it('is spread over the hour as far as usage alone knows of it, and over what has passed of the running one', () => {
    clock.advance(30 * MINUTE);
    books.bookEvents([event({ at: OPENED + 50 * MINUTE, cost: 100 })]);
    books.bookUsage([{ endpointId: 'fal-ai/flux', hour: OPENED, cost: 400 }]);
    expect(books.billedBetween(OPENED, OPENED + 20 * MINUTE)).toBe(100);
    expect(books.billedBetween(OPENED + 40 * MINUTE, OPENED + HOUR)).toBe(200);
    books.bookUsage([{ endpointId: 'fal-ai/flux', hour: OPENED + HOUR, cost: 600 }]);
    clock.advance(10 * MINUTE);
    expect(books.billedBetween(OPENED + HOUR, OPENED + HOUR + 5 * MINUTE)).toBe(300);
    expect(books.billedBetween(OPENED + HOUR + 5 * MINUTE, clock.now())).toBe(300);
  });

  it('is compared with list prices where both are known', () => {
    books.bookEvents([
      event({ at: OPENED + 1, cost: 80, estimate: 100 }),
      event({ at: OPENED + 2, cost: 5 }),
      event({ at: OPENED + HOUR, cost: 30, estimate: 30 }),
    ]);
    books.bookUsage([{ endpointId: 'fal-ai/flux', hour: OPENED, cost: 4_000 }]);
    expect(books.comparedBetween(OPENED, OPENED + HOUR)).toEqual({ billed: 80, estimated: 100 });
    expect(books.comparedBetween(OPENED + 2, OPENED + HOUR + 1)).toEqual({ billed: 30, estimated: 30 });
  });

  it('is known of single requests', () => {
    const [a, b] = [event({ cost: 3 }), event({ cost: 4, at: OPENED + HOUR })];
    books.bookEvents([a, b, event({ cost: 1_000 })]);
    const asked = [a.requestId, a.requestId, b.requestId, 'unheard of', 'quote " and \\'];
    expect(books.billedFor(asked, OPENED, OPENED + 2 * HOUR)).toBe(7);
    expect(books.billedFor(asked, OPENED + HOUR, OPENED + 2 * HOUR)).toBe(4);
    expect(books.billedFor([], OPENED, OPENED + 2 * HOUR)).toBe(0);
  });
});

describe('forgetting', () => {
  function walkAt(at: number, isDeep = true): void {
    books.walked({ from: isDeep ? books.cursor.horizon : at - HOUR, isDeep, at });
  }

  it('waits for a whole walk, so that no page of a long one is left out', () => {
    clock.advance(5 * DAY);
    const late = event({ at: OPENED + HOUR, cost: 5 });
    books.bookEvents([event({ at: clock.now() })]);
    walkAt(clock.now(), false);
    expect(books.bookEvents([late])).toHaveLength(1);
    walkAt(clock.now());
    expect(books.cursor).toEqual({
      ...{ horizon: clock.now() - 48 * HOUR, newestAt: clock.now(), deepWalkAt: clock.now() },
    });
    expect(books.bookEvents([{ ...late, cost: 50 }, event({ at: OPENED + 2 * HOUR })])).toEqual([]);
    expect(addedUp()).toBe(105);
  });

  it('keeps the sums, by the hour for 40 days and altogether for ever', () => {
    books.bookEvents([event({ cost: 36, estimate: 40 })]);
    clock.advance(39 * DAY);
    books.bookEvents([event({ at: clock.now(), cost: 1 })]);
    walkAt(clock.now());
    expect(books.billedFor(['r-0'], 0, clock.now())).toBe(0);
    expect(books.billedBetween(OPENED, OPENED + HOUR)).toBe(36);
    expect(books.billedBetween(OPENED, OPENED + 20 * MINUTE)).toBe(12);
    expect(books.comparedBetween(OPENED, OPENED + HOUR)).toEqual({ billed: 36, estimated: 40 });
    clock.advance(2 * DAY);
    books.bookEvents([event({ at: clock.now(), cost: 1 })]);
    walkAt(clock.now());
    expect(books.billedBetween(OPENED, OPENED + HOUR)).toBe(0);
    expect(books.bookUsage([{ endpointId: 'fal-ai/flux', hour: OPENED, cost: 900 }])).toEqual([]);
    expect(billed()).toBe(38);
  });

  it('takes a large past in pieces', () => {
    const rows = Array.from({ length: 700 }, (_, n) => event({ at: OPENED + n, requestId: `many-${n}` }));
    books.bookEvents(rows);
    clock.advance(3 * DAY);
    const newest = event({ at: clock.now() });
    books.bookEvents([newest]);
    const all = rows.map(({ requestId }) => requestId);
    const left = (): number => books.billedFor(all, 0, clock.now()) / 100;
    walkAt(clock.now());
    expect(left()).toBe(400);
    books.bookEvents([newest]);
    expect(left()).toBe(100);
    walkAt(clock.now(), false);
    expect(left()).toBe(0);
    expect(billed()).toBe(70_100);
  });

  it('is not misled by an event from the future', () => {
    books.bookEvents([event({ at: clock.now() + 9 * MINUTE })]);
    expect(books.cursor.newestAt).toBe(clock.now() + 9 * MINUTE);
    clock.advance(30 * MINUTE);
    books.bookEvents([event({ at: clock.now() + 500 * DAY })]);
    walkAt(clock.now());
    expect(books.cursor).toMatchObject({ newestAt: clock.now(), horizon: OPENED });
    expect(books.bookEvents([event({ at: OPENED })])).toHaveLength(1);
    expect(billed()).toBe(300);
  });
});

describe('a failure in the middle', () => {
  it('books nothing at all', () => {
    state.close();
    state = openState({ dir, clock, lockWaitMs: 0, limits: { maxPageCount: 60 } });
    books = state.billing('default');
    books.bookEvents([event()]);
    const [spend, cursor] = [books.spend(), books.cursor];
    const many = Array.from({ length: 5_000 }, (_, n) =>
      event({ endpointId: `fal-ai/e${n % 9}`, at: OPENED + n }),
    );
    expect(() => books.bookEvents(many)).toThrow(/full/);
    expect([books.spend(), books.cursor]).toEqual([spend, cursor]);
    expect(books.bookEvents([event()])).toMatchObject([{ billed: 200 }]);
  });
});
