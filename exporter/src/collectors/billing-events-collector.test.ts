import { FAKE_API_KEY } from 'fal-simulator';
import { describe, expect, it } from 'vitest';
import { PageLimitError } from '../fal/platform-pages.ts';
import { PlatformError } from '../fal/platform.ts';
import type { Collector } from './collector.ts';
import { QuotaError } from './quota.ts';
import {
  Bill,
  type BillOptions,
  CONFIG,
  ENDPOINT,
  OTHER_ENDPOINT,
  answer,
  billingRow,
  eventsCollector,
  serveRows,
} from './test-bill.ts';

const HOUR_MS = 3_600_000;

/** A collector of a process that has just started, over the books as they are on disk. */
function started(bill: Bill, { callsPerHour = CONFIG.callsPerHour, breathe }: Start = {}): Collector {
  return eventsCollector(bill, { config: { ...CONFIG, callsPerHour }, books: bill.reopened(), breathe });
}

interface Start {
  readonly callsPerHour?: number;
  readonly breathe?: () => Promise<unknown>;
}

function rig(options?: BillOptions): { bill: Bill; collector: Collector } {
  const bill = new Bill(options);
  return { bill, collector: started(bill) };
}

const serverError = (): Response => answer('{"error":{"type":"server_error"}}', { status: 500 });

/** Breathes freely until this breath. */
function atBreath(breath: number, what: () => Promise<unknown>): () => Promise<unknown> {
  let breaths = 0;
  return () => ((breaths += 1) === breath ? what() : Promise.resolve());
}

const thousandRows = (bill: Bill): unknown[] =>
  Array.from({ length: 1000 }, (_, i) => billingRow(bill, { request_id: `r${i}` }));

describe('billing events', () => {
  it('add up to what fal charged, model by model, and are told as they are booked', async () => {
    const { bill, collector } = rig();
    await bill.work(3);
    await bill.work(2, OTHER_ENDPOINT);
    await bill.collect(collector);
    expect(Object.keys(bill.charged())).toHaveLength(2);
    expect(bill.booked()).toEqual(bill.charged());
    expect(bill.events).toEqual([
      expect.objectContaining({ kind: 'spend_observed', account: 'default', endpoints: bill.books.spend() }),
    ]);
    await bill.collect(collector);
    expect(bill.events).toHaveLength(1);
  });

  it('are read to the last page', async () => {
    const { bill, collector } = rig({ limit: 2 });
    await bill.work(7);
    await bill.collect(collector);
    expect(bill.asked).toHaveLength(4);
    expect(bill.booked()).toEqual(bill.charged());
    expect(bill.asked.map((url) => url.searchParams.get('cursor') !== null)).toEqual([
      false,
      true,
      true,
      true,
    ]);
    expect(bill.asked.every((url) => url.searchParams.get('limit') === '10000')).toBe(true);
    expect(bill.asked.some((url) => url.searchParams.has('end'))).toBe(false);
    expect(bill.asked[0]?.searchParams.get('expand')).toBe('auth_method');
  });

  it.each([['billing-duplicated'], ['billing-corrected'], ['billing-partly-late'], ['late-billing']])(
    'add up under %s once the lag has passed, and never fall on the way',
    async (scenario) => {
      const { bill, collector } = rig({ scenario, limit: 3 });
      let before = 0;
      for (let step = 0; step < 5; step += 1) {
        await bill.work(4);
        await bill.collect(collector);
        const now = bill.booked()[ENDPOINT] ?? 0;
        expect(now).toBeGreaterThanOrEqual(before);
        before = now;
      }
      // Beyond the longest delay, and past the hour after which the deep walk is due.
      await bill.clock.advance(7 * HOUR_MS);
      await bill.collect(collector);
      const charged = bill.charged()[ENDPOINT] ?? 0;
      expect(bill.books.billedBetween(0, Number.MAX_SAFE_INTEGER)).toBe(charged);
      // A counter that was too high once stays there until the truth has passed it.
      if (scenario === 'billing-corrected') expect(bill.booked()[ENDPOINT]).toBeGreaterThanOrEqual(charged);
      else expect(bill.booked()[ENDPOINT]).toBe(charged);
    },
  );

  it('claim no lag where they are in time, and none where nothing is billed for a day', async () => {
    const { bill, collector } = rig();
    await bill.collect(collector);
    await bill.work(2);
    await bill.clock.advance(60_000);
    await bill.collect(collector);
    await bill.clock.advance(24 * HOUR_MS);
    const at = bill.clock.now();
    expect((await bill.collect(collector))?.dataUntil).toBe(at);
  });
});

describe('a walk through billing events', () => {
  it('goes back to the horizon at the start and every hour, and an hour before the newest event otherwise', async () => {
    const { bill, collector } = rig();
    const { horizon } = bill.books.cursor;
    await bill.clock.advance(3 * HOUR_MS);
    await bill.work(1);
    await bill.collect(collector);
    const { newestAt = NaN } = bill.books.cursor;
    await bill.clock.advance(30 * 60_000);
    await bill.collect(collector);
    await bill.clock.advance(31 * 60_000);
    await bill.collect(collector);
    await bill.collect(started(bill));
    expect(bill.starts()).toEqual([horizon, newestAt - HOUR_MS, horizon, horizon]);
  });

  it('is deep after a laptop slept, although its monotonic clock did not see that', async () => {
    const { bill } = rig();
    let sleptMs = 0;
    const clock = { ...bill.access.clock, now: () => bill.clock.now() + sleptMs };
    const collector = eventsCollector(bill, { access: { ...bill.access, clock } });
    await bill.clock.advance(3 * HOUR_MS);
    await bill.work(1);
    await bill.collect(collector);
    sleptMs = 8 * HOUR_MS;
    await bill.collect(collector);
    expect(bill.starts()[1]).toBe(bill.books.cursor.horizon);
  });

  it('asks for no more than the 90 days that fal allows', async () => {
    const { bill, collector } = rig();
    await bill.clock.advance(100 * 24 * HOUR_MS);
    await bill.collect(collector);
    expect(bill.asked).toHaveLength(1);
    expect(bill.starts()[0]).toBeGreaterThan(bill.clock.now() - 90 * 24 * HOUR_MS);
  });

  it('that breaks off keeps what it has, and the next one reads the rest', async () => {
    const { bill, collector } = rig({ limit: 2 });
    await bill.work(5);
    bill.fault = (page) => (page === 2 ? serverError() : undefined);
    await expect(bill.collect(collector)).rejects.toMatchObject({
      classification: { errorType: 'platform.server_error' },
    });
    expect(bill.booked()[ENDPOINT]).toBe(((bill.charged()[ENDPOINT] ?? 0) * 2) / 5);
    expect(bill.books.cursor.deepWalkAt).toBeUndefined();
    await bill.collect(collector);
    expect(bill.booked()).toEqual(bill.charged());
    expect(bill.books.cursor.deepWalkAt).toBeDefined();
  });

  it('that breaks off after hours of silence leaves no gap, even where the deep walk is too long', async () => {
    const { bill } = rig({ limit: 2 });
    const collector = started(bill, { callsPerHour: 8 });
    await bill.work(1);
    await bill.collect(collector);
    // Hours in which fal gave nothing, then two walks which it cuts off after some pages.
    await bill.clock.advance(2 * HOUR_MS);
    await bill.work(2);
    await bill.clock.advance(2 * HOUR_MS);
    await bill.work(9);
    await expect(bill.collect(collector)).rejects.toBeInstanceOf(PageLimitError);
    const first = bill.asked.length + 1;
    bill.fault = (page) => (page === first + 1 ? serverError() : undefined);
    await expect(bill.collect(collector)).rejects.toBeInstanceOf(PlatformError);
    await bill.collect(collector);
    expect(bill.booked()).toEqual(bill.charged());
  });

  it.each([[1], [2], [3]])(
    'killed after slice %d leaves nothing doubled and nothing lost',
    async (slices) => {
      const { bill } = rig({ limit: 2 });
      const killed = async (): Promise<void> => {
        const before = bill.asked.length;
        const { signal } = new AbortController();
        const collector = started(bill, {
          breathe: atBreath(2 * slices, () => new Promise(() => undefined)),
        });
        void collector.collect({ signal, emit: () => undefined, spendCall: () => undefined });
        await bill.clock.advance(1_000);
        expect(bill.asked).toHaveLength(before + slices);
      };
      await bill.work(7);
      await killed();
      expect(bill.booked()[ENDPOINT]).toBe(((bill.charged()[ENDPOINT] ?? 0) / 7) * 2 * slices);
      await bill.collect(started(bill));
      expect(bill.booked()).toEqual(bill.charged());
      // Days later the next process finds what the killed one has not read.
      await bill.work(3);
      await bill.clock.advance(60 * HOUR_MS);
      await bill.work(5);
      await killed();
      await bill.collect(started(bill));
      expect(bill.booked()).toEqual(bill.charged());
    },
  );

  it('gives way between two slices of a page, and between reading one and booking it', async () => {
    const { bill } = rig();
    let breaths = 0;
    const collector = started(bill, { breathe: () => Promise.resolve((breaths += 1)) });
    serveRows(bill, thousandRows(bill));
    await bill.collect(collector);
    expect(breaths).toBeGreaterThanOrEqual(2 * 4);
    expect(bill.booked()).toEqual({ [ENDPOINT]: 6_000_000_000 });
  });

  it('stops at once when the exporter does, between two slices as well', async () => {
    const { bill } = rig();
    const stopping = new AbortController();
    const stop = (): Promise<void> => Promise.resolve(stopping.abort(new Error('enough')));
    const collector = started(bill, { breathe: atBreath(2, stop) });
    serveRows(bill, thousandRows(bill));
    const context = { signal: stopping.signal, emit: () => undefined, spendCall: () => undefined };
    await expect(bill.settle(collector.collect(context))).rejects.toBeInstanceOf(PlatformError);
    expect(bill.booked()[ENDPOINT]).toBeGreaterThan(0);
    expect(bill.booked()[ENDPOINT]).toBeLessThanOrEqual(250 * 6_000_000);
    expect(bill.clock.pending).toBe(0);
  });

  it('keeps what it has when the calls of the hour are used up, and then leaves the deep walk for an hour', async () => {
    const { bill, collector } = rig({ limit: 2 });
    await bill.work(7);
    let calls = 2;
    const spend = (): void => {
      if (calls === 0) throw new QuotaError('billing-events', 2, 60);
      calls -= 1;
    };
    await expect(bill.collect(collector, spend)).rejects.toBeInstanceOf(QuotaError);
    expect(bill.booked()[ENDPOINT]).toBeGreaterThan(0);
    calls = 100;
    await bill.collect(collector, spend);
    const { newestAt = NaN, horizon } = bill.books.cursor;
    expect(bill.starts().at(-1)).toBe(Math.max(newestAt - HOUR_MS, horizon));
    expect(bill.books.cursor.deepWalkAt).toBeDefined();
  });

  it('leaves half of the calls to the short walks', async () => {
    const { bill } = rig({ limit: 2 });
    await bill.work(9);
    await expect(bill.collect(started(bill, { callsPerHour: 4 }))).rejects.toBeInstanceOf(PageLimitError);
    expect(bill.asked).toHaveLength(2);
  });

  it('is not stopped for ever by a clock that is ahead or behind', async () => {
    for (const aheadMs of [-100 * 24 * HOUR_MS, -5 * HOUR_MS, 5 * HOUR_MS, 100 * 24 * HOUR_MS]) {
      const { bill, collector } = rig({ aheadMs });
      // Books that were opened by a clock that is ahead begin in fal's future; it comes.
      await bill.clock.advance(Math.max(0, bill.books.cursor.horizon - bill.clock.now()));
      await bill.work(2);
      await bill.collect(collector);
      await bill.work(2);
      await bill.collect(collector);
      expect(bill.booked()).toEqual(bill.charged());
    }
  });

  it('ends when fal leads it round in circles', async () => {
    const { bill, collector } = rig();
    bill.fault = (page) =>
      answer({
        billing_events: [billingRow(bill, { request_id: `r${page}` })],
        next_cursor: 'again',
        has_more: true,
      });
    await expect(bill.collect(collector)).rejects.toThrow('the cursor of an earlier page came again');
    expect(bill.asked).toHaveLength(2);
  });
});

describe('what fal may do to billing events', () => {
  it.each([
    ['billing-events-500', 'platform.server_error'],
    ['platform-hang', 'client_timeout'],
    ['host-down-platform', 'network_error'],
    ['platform-rate-limited', 'platform.rate_limited'],
  ])('under %s no money is invented, and the error is %s', async (scenario, errorType) => {
    const { bill, collector } = rig({ scenario });
    await expect(bill.collect(collector)).rejects.toMatchObject({ classification: { errorType } });
    expect(bill.events).toEqual([]);
    expect(bill.books.cursor.deepWalkAt).toBeUndefined();
    expect(bill.clock.pending).toBe(0);
  });

  it('a key without the scope is an error, too', async () => {
    const { bill } = rig();
    const collector = eventsCollector(bill, { adminKey: () => FAKE_API_KEY });
    await expect(bill.collect(collector)).rejects.toMatchObject({
      classification: { errorType: 'platform.authorization_error' },
    });
    expect(bill.events).toEqual([]);
  });

  it('a limit of the rate is passed on with the time that fal names', async () => {
    const { bill, collector } = rig({ scenario: 'platform-rate-limited' });
    await expect(bill.collect(collector)).rejects.toMatchObject({
      retryAfterSeconds: expect.any(Number) as number,
    });
  });

  it.each([
    'truncated-body',
    'malformed-json',
    'null-body',
    'empty-body',
    'slow-loris',
    'reset',
    'ingress-html-502',
  ])('a page that is spoilt by %s is an error, and the next walk has all of it', async (fault) => {
    const { bill, collector } = rig({ limit: 3 });
    await bill.work(5);
    const before = { ...bill.booked() };
    bill.simulator.engine.breakWire({ fault: fault as 'reset', hosts: ['api.fal.ai'], times: 1 });
    await expect(bill.collect(collector)).rejects.toBeInstanceOf(PlatformError);
    expect(bill.books.cursor.deepWalkAt).toBeUndefined();
    expect(before).toEqual({});
    await bill.collect(collector);
    expect(bill.booked()).toEqual(bill.charged());
  });

  it('padding of megabytes does no harm', async () => {
    const { bill, collector } = rig();
    await bill.work(2);
    bill.simulator.engine.breakWire({ fault: 'huge-body', hosts: ['api.fal.ai'], times: 1 });
    await bill.collect(collector).catch((error: unknown) => expect(error).toBeInstanceOf(PlatformError));
    await bill.collect(collector);
    expect(bill.booked()).toEqual(bill.charged());
  });
});
