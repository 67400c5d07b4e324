import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { BudgetConfig } from '../config/config.ts';
import { AdjustableClock } from '../state/adjustable-clock.ts';
import { type State, type StateOptions, openState } from '../state/state-file.ts';
import { StateError, StateFullError } from '../state/state-error.ts';
import { type Budget, type Reservation, createBudget } from './budget.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

let dir: string;
let clock: AdjustableClock;
let config: BudgetConfig;
let state: State;
let budget: Budget;

function open(options: Partial<StateOptions> = {}): void {
  state = openState({ dir, clock, lockWaitMs: 0, ...options });
  budget = createBudget({ state, clock, config: () => config });
}

function restart(options: Partial<StateOptions> = {}): void {
  state.close();
  open(options);
}

function reserved(estimatedCost?: number, endpointId = 'fal-ai/flux'): Reservation {
  const answer = budget.reserve({ probe: 'flux', endpointId, estimatedCost });
  if (!answer.ok) throw new Error(`refused: ${JSON.stringify(answer)}`);
  return answer.reservation;
}

/** Of an endpoint of its own, because its cost is what that endpoint's next run reserves. */
function spend(cost: number): void {
  budget.settle(reserved(cost, 'fal-ai/past'), cost);
}

function fits(estimatedCost: number): boolean {
  const answer = budget.reserve({ probe: 'flux', endpointId: 'fal-ai/flux', estimatedCost });
  if (answer.ok) budget.release(answer.reservation);
  return answer.ok;
}

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'fal-budget-'));
  clock = new AdjustableClock();
  config = { perHour: 100, perDay: 300, perMonth: 1000, worstCaseRun: 40 };
  open();
});

afterEach(() => {
  state.close();
  rmSync(dir, { recursive: true });
});

describe('a reservation', () => {
  it('takes the estimate where there is one, and the worst case where there is none', () => {
    expect(reserved(7).amount).toBe(7);
    expect(reserved().amount).toBe(40);
    expect(budget.remaining()).toEqual({ hour: 53, day: 253, month: 953 });
  });

  it('takes the worst case for an estimate that is no amount of money', () => {
    config = { ...config, perHour: 1000, perDay: 1000 };
    for (const estimate of [NaN, -1, Infinity, 0.5, 2 ** 60]) expect(reserved(estimate).amount).toBe(40);
  });

  it('is granted up to the cap to the last nano-dollar, and not beyond', () => {
    spend(99);
    expect(fits(2)).toBe(false);
    expect(fits(1)).toBe(true);
  });

  it('counts at once, so that runs at the same time share one cap', () => {
    reserved(60);
    expect(fits(41)).toBe(false);
  });

  it('is refused with the window that stays full for longest, and when to try again', () => {
    for (let hour = 0; hour < 3; hour++) {
      spend(100);
      clock.advance(HOUR + 1);
    }
    const answer = budget.reserve({ probe: 'flux', endpointId: 'fal-ai/flux', estimatedCost: 10 });
    expect(answer).toMatchObject({ ok: false, window: 'day', needed: 10, isLargerThanCap: false });
    if (answer.ok) throw new Error('granted');
    expect(answer.retryAfterMs).toBe(DAY + 1 - 3 * (HOUR + 1));
    clock.advance(answer.retryAfterMs - 1);
    expect(fits(10)).toBe(false);
    clock.advance(1);
    expect(fits(10)).toBe(true);
  });

  it('that could never fit says so', () => {
    const answer = budget.reserve({ probe: 'flux', endpointId: 'fal-ai/flux', estimatedCost: 101 });
    expect(answer).toEqual({
      ...{ ok: false, window: 'hour', retryAfterMs: HOUR, needed: 101, isLargerThanCap: true },
    });
  });

  it('is refused under a cap that is no number', () => {
    config = { ...config, perDay: NaN };
    expect(fits(0)).toBe(false);
  });

  it('follows a reload of the configuration at once', () => {
    spend(100);
    config = { ...config, perHour: 150 };
    expect(fits(50)).toBe(true);
    config = { ...config, perHour: 50 };
    expect(fits(1)).toBe(false);
    expect(budget.remaining().hour).toBe(0);
  });
});

describe('an ending', () => {
  it('books the cost in place of the reservation', () => {
    expect(budget.settle(reserved(40), 3)).toEqual({ cost: 3, source: 'units' });
    expect(budget.remaining().hour).toBe(97);
    expect(budget.spentTotal('flux')).toBe(3);
  });

  it('without a cost books what was reserved', () => {
    expect(budget.settle(reserved(), undefined)).toEqual({ cost: 40, source: 'worst_case' });
    expect(budget.remaining().hour).toBe(60);
  });

  it('that proves that nothing was billed frees the money', () => {
    budget.release(reserved(100));
    expect(budget.remaining().hour).toBe(100);
    expect(budget.spentTotal('flux')).toBe(0);
  });

  it('takes place once', () => {
    const reservation = reserved(10);
    budget.settle(reservation, 10);
    expect(() => budget.settle(reservation, 10)).toThrow(/ended before/);
    expect(() => budget.release(reservation)).toThrow(/ended before/);
    expect(budget.remaining().hour).toBe(90);
  });

  it('with a cost that is no amount is refused, and the reservation stays', () => {
    const reservation = reserved(10);
    for (const cost of [NaN, -1, 0.5, Infinity]) {
      expect(() => budget.settle(reservation, cost)).toThrow(RangeError);
    }
    expect(budget.remaining().hour).toBe(90);
  });

  it('counts for a whole window after it, because fal may have charged as late as that', () => {
    const reservation = reserved(100);
    clock.advance(30 * MINUTE);
    budget.settle(reservation, 100);
    clock.advance(HOUR);
    expect(fits(1)).toBe(false);
    clock.advance(1);
    expect(fits(1)).toBe(true);
  });

  it('that never comes keeps the money for as long as the process lives', () => {
    reserved(100);
    clock.advance(40 * DAY);
    expect(fits(1)).toBe(false);
  });
});

describe('a run that costs more than was reserved', () => {
  it('is booked, stands in the way of later runs, and is what is reserved next', () => {
    expect(budget.settle(reserved(10), 130).cost).toBe(130);
    expect(budget.remaining().hour).toBe(0);
    config = { ...config, perHour: 500, perDay: 500 };
    expect(reserved(10).amount).toBe(130);
    expect(reserved(10, 'fal-ai/other').amount).toBe(10);
  });

  it('is forgotten after a month, merged or not', () => {
    config = { ...config, perHour: 500, perDay: 500 };
    budget.settle(reserved(10), 130);
    clock.advance(30 * DAY);
    const first = reserved(10);
    expect(first.amount).toBe(130);
    budget.release(first);
    clock.advance(2 * DAY);
    expect(reserved(10).amount).toBe(10);
  });

  it('is not what a time-out is: a worst case says nothing about the price', () => {
    budget.settle(reserved(), undefined);
    expect(reserved(5).amount).toBe(5);
  });
});

describe('a crash', () => {
  it('leaves an open reservation booked, dated at the next start', () => {
    reserved(100);
    clock.advance(30 * MINUTE);
    restart();
    expect(budget.remaining().hour).toBe(0);
    expect(budget.spentTotal('flux')).toBe(100);
    expect(budget.spentSinceStart('flux')).toBe(0);
    clock.advance(HOUR);
    expect(fits(1)).toBe(false);
    clock.advance(1);
    expect(fits(1)).toBe(true);
  });

  it('does not make a reservation of another process ours', () => {
    const reservation = reserved(10);
    restart();
    expect(() => budget.release(reservation)).toThrow(/not of this process/);
  });
});

describe('the totals', () => {
  it('survive a restart and pruning; the ones since start begin at zero', () => {
    spend(20);
    clock.advance(100 * DAY);
    restart();
    spend(30);
    expect(budget.spentTotal('flux')).toBe(50);
    expect(budget.spentSinceStart('flux')).toBe(30);
    expect(budget.spentTotal('unknown')).toBe(0);
    expect(budget.remaining()).toEqual({ hour: 70, day: 270, month: 970 });
  });
});

describe('the size of the ledger', () => {
  it(
    'is bounded: old entries are merged by the hour and dropped after two months',
    { timeout: 30_000 },
    () => {
      config = { perHour: 1e9, perDay: 1e9, perMonth: 1e9, worstCaseRun: 1 };
      for (let run = 0; run < 70 * 24 * 2; run++) {
        spend(1);
        clock.advance(30 * MINUTE);
      }
      expect(countEntries()).toBeLessThanOrEqual(62 * 24 + 60);
      expect(budget.spentTotal('flux')).toBe(70 * 48);
      // 31 days hold 1488 runs; merging by the hour may keep those of one more hour.
      expect(1e9 - budget.remaining().month).toBeGreaterThanOrEqual(1488);
      expect(1e9 - budget.remaining().month).toBeLessThanOrEqual(1490);
    },
  );
});

function countEntries(): number {
  return Number(beside((database) => database.prepare('SELECT count(*) AS n FROM ledger').get()?.n));
}

/** Another connection to the same file. */
function beside<T>(work: (database: DatabaseSync) => T): T {
  const database = new DatabaseSync(state.path);
  try {
    return work(database);
  } finally {
    database.close();
  }
}

describe('budget time', () => {
  it('does not move with the wall clock', () => {
    spend(100);
    for (const step of [400 * DAY, -800 * DAY, 400 * DAY + 2 * HOUR]) {
      clock.step(step);
      expect(fits(1)).toBe(false);
    }
    clock.advance(HOUR + 1);
    expect(fits(1)).toBe(true);
  });

  it('frees nothing when the wall clock is set back across a restart', () => {
    spend(100);
    clock.step(-40 * DAY);
    restart();
    expect(fits(1)).toBe(false);
    clock.advance(HOUR + 1);
    expect(fits(1)).toBe(true);
  });

  it('frees nothing across a restart after a forward step that the process saw', () => {
    spend(100);
    clock.step(40 * DAY);
    expect(fits(1)).toBe(false);
    restart();
    expect(fits(1)).toBe(false);
    clock.step(-40 * DAY);
    restart();
    expect(fits(1)).toBe(false);
  });

  it('frees nothing across a restart when a forward step was followed by no more than asking what is left', () => {
    spend(100);
    clock.step(40 * DAY);
    expect(budget.remaining().hour).toBe(0);
    restart();
    expect(fits(1)).toBe(false);
  });

  it('tells what is left after a step of the clock although nothing can be written', () => {
    spend(60);
    clock.step(40 * DAY);
    const refusing = vi.spyOn(state.ledger, 'transact').mockImplementation(() => {
      throw new StateFullError('Writing: no space left');
    });
    expect(budget.remaining().hour).toBe(40);
    refusing.mockRestore();
    expect(budget.remaining().hour).toBe(40);
    restart();
    expect(budget.remaining().hour).toBe(40);
  });

  it('counts down time', () => {
    spend(100);
    state.close();
    clock.advance(HOUR + 1);
    open();
    expect(fits(1)).toBe(true);
  });

  it('stays behind after a suspend, and a restart does not make up for it', () => {
    spend(50);
    clock.step(10 * HOUR);
    spend(50);
    restart();
    expect(fits(1)).toBe(false);
    clock.advance(59 * MINUTE);
    expect(fits(1)).toBe(false);
  });

  it('starts at zero for a wall clock before 1970', () => {
    state.close();
    rmSync(dir, { recursive: true });
    clock = new AdjustableClock(-5 * DAY);
    open();
    spend(100);
    expect(fits(1)).toBe(false);
  });
});

describe('a full disk', () => {
  const FULL = { limits: { maxPageCount: 1 } };

  it('grants nothing, because a reservation that is not on disk would be spent twice', () => {
    restart(FULL);
    let granted = 0;
    const fill = (): void => {
      for (let n = 0; n < 10_000; n++, granted++) {
        budget.settle(reserved(0, `fal-ai/${'long'.repeat(100)}/${n}`), 0);
      }
    };
    expect(fill).toThrow(StateFullError);
    expect(() => reserved(0, `fal-ai/${'x'.repeat(5000)}`)).toThrow(/Free space/);
    expect(budget.remaining().hour).toBe(100);
    restart();
    expect(budget.spentTotal('flux')).toBe(0);
    expect(reserved(100).amount).toBe(100);
    expect(granted).toBeGreaterThan(0);
  });
});

describe('a file that refuses an ending', () => {
  const refuse = "CREATE TRIGGER refuse BEFORE UPDATE ON ledger BEGIN SELECT RAISE(ABORT, 'refused'); END";

  it('delays it until the next write, and loses nothing meanwhile', () => {
    const reservation = reserved(60);
    beside((database) => database.exec(refuse));
    expect(() => budget.settle(reservation, 90)).toThrow(StateError);
    expect(budget.remaining().hour).toBe(40);
    expect(() => reserved(1)).toThrow(StateError);
    beside((database) => database.exec('DROP TRIGGER refuse'));
    expect(fits(11)).toBe(false);
    expect(budget.remaining().hour).toBe(10);
    expect(budget.spentTotal('flux')).toBe(90);
    expect(budget.spentSinceStart('flux')).toBe(90);
  });

  it('keeps the reservation booked when the process ends before that', () => {
    const reservation = reserved(60);
    beside((database) => database.exec(refuse));
    expect(() => budget.settle(reservation, 10)).toThrow(StateError);
    beside((database) => database.exec('DROP TRIGGER refuse'));
    restart();
    expect(budget.remaining().hour).toBe(40);
    expect(budget.spentTotal('flux')).toBe(60);
  });
});

describe('a damaged file', () => {
  it('makes the month count as spent, once, also when the process dies before it is booked', () => {
    spend(10);
    state.close();
    writeFileSync(join(dir, 'state.db'), 'rubbish');
    openState({ dir, clock, lockWaitMs: 0 }).close();
    open();
    expect(state.recovered?.reason).toContain('not a database');
    expect(budget.remaining()).toEqual({ hour: 0, day: 0, month: 0 });
    expect(fits(1)).toBe(false);
    restart();
    expect(state.recovered).toBeUndefined();
    clock.advance(31 * DAY);
    expect(fits(1)).toBe(false);
    clock.advance(1);
    expect(budget.remaining()).toEqual({ hour: 100, day: 300, month: 1000 });
  });
});

describe('a command beside the exporter', () => {
  it('shares the cap with it, in both directions', () => {
    spend(50);
    const guest = openState({ dir, clock, beside: true });
    const guestBudget = createBudget({ state: guest, clock, config: () => config });
    const answer = guestBudget.reserve({ probe: 'flux', endpointId: 'fal-ai/flux', estimatedCost: 30 });
    expect(fits(21)).toBe(false);
    if (!answer.ok) throw new Error('refused');
    guestBudget.settle(answer.reservation, 20);
    guest.close();
    expect(budget.remaining().hour).toBe(30);
  });

  it('that is slower than a restart of the exporter can only raise what was booked for it', () => {
    const guest = openState({ dir, clock, beside: true });
    const guestBudget = createBudget({ state: guest, clock, config: () => config });
    const ask = { probe: 'flux', endpointId: 'fal-ai/flux', estimatedCost: 30 };
    const answers = [guestBudget.reserve(ask), guestBudget.reserve(ask)] as const;
    restart();
    expect(budget.spentTotal('flux')).toBe(60);
    if (!answers[0].ok || !answers[1].ok) throw new Error('refused');
    guestBudget.settle(answers[0].reservation, 10);
    guestBudget.settle(answers[1].reservation, 35);
    guest.close();
    expect(budget.spentTotal('flux')).toBe(65);
    expect(budget.remaining().hour).toBe(35);
  });
});
