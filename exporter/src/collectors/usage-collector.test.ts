import { FAKE_API_KEY } from 'fal-simulator';
import { describe, expect, it } from 'vitest';
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
  eventsCollector,
} from './test-bill.ts';
import { type UsageCollectorOptions, createUsageCollector } from './usage-collector.ts';
import { LatestUsage } from './usage-readings.ts';

const HOUR_MS = 3_600_000;
const NOON = Date.UTC(2026, 9, 1, 12);

interface Rig {
  readonly bill: Bill;
  readonly readings: LatestUsage;
  readonly collector: Collector;
}

function rig(options?: BillOptions, parts: Partial<UsageCollectorOptions> = {}): Rig {
  const bill = new Bill(options);
  const readings = new LatestUsage(bill.access.clock);
  const collector = createUsageCollector({
    ...{ access: bill.access, account: 'default', adminKey: bill.adminKey, config: CONFIG },
    ...{ books: bill.books, readings },
    ...parts,
  });
  return { bill, readings, collector };
}

function row(parts: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    ...{ endpoint_id: ENDPOINT, unit: 'megapixels', quantity: 2, unit_price: 0.003, percent_discount: null },
    ...{ cost_subtotal: 0.006, cost_discount: 0, cost_total: 0.006, cost: 0.006, currency: 'USD', ...parts },
  };
}

/** Serves these buckets, and these rows as summary of the month and of the week. */
function serveUsage(
  bill: Bill,
  buckets: readonly unknown[],
  month: readonly unknown[] = [],
  week = month,
): void {
  bill.fault = (_page, url) => {
    if (url.searchParams.get('expand') !== 'summary')
      return answer({ time_series: buckets, has_more: false });
    const isMonth = url.searchParams.get('start') === '2026-10-01T00:00:00.000Z';
    return answer({ summary: isMonth ? month : week, next_cursor: null });
  };
}

const bucket = (rows: readonly unknown[], at = '2026-10-01T12:00:00+00:00'): unknown => ({
  bucket: at,
  results: rows,
});
const sumOf = (amounts: Record<string, number>): number =>
  Object.values(amounts).reduce((sum, one) => sum + one, 0);

describe('usage', () => {
  it('stands in for billing events that cannot be read, hour by hour', async () => {
    const { bill, collector } = rig({ scenario: 'billing-events-500' });
    await bill.work(3);
    await bill.clock.advance(2 * HOUR_MS);
    await bill.work(2, OTHER_ENDPOINT);
    await expect(bill.collect(eventsCollector(bill))).rejects.toBeInstanceOf(PlatformError);
    await bill.collect(collector);
    expect(Object.keys(bill.charged())).toHaveLength(2);
    expect(bill.booked()).toEqual(bill.charged());
    expect(bill.events).toMatchObject([{ kind: 'spend_observed', endpoints: bill.books.spend() }]);
    expect(bill.books.billedBetween(NOON, NOON + HOUR_MS)).toBe(bill.charged()[ENDPOINT]);
  });

  it('fills in what billing events never list, and doubles nothing that they do', async () => {
    const { bill, collector } = rig({ scenario: 'billing-incomplete' });
    await bill.work(10);
    await bill.collect(eventsCollector(bill));
    expect(bill.booked()[ENDPOINT]).toBeLessThan(bill.charged()[ENDPOINT] ?? 0);
    for (let reading = 0; reading < 3; reading += 1) await bill.collect(collector);
    expect(bill.booked()).toEqual(bill.charged());
  });

  it('is asked for in whole hours of UTC since the books began, 48 at most', async () => {
    const { bill, collector } = rig();
    await bill.clock.advance(30 * 60_000);
    await bill.collect(collector);
    await bill.clock.advance(100 * HOUR_MS);
    await bill.collect(collector);
    const hourly = bill.asked.filter((url) => url.searchParams.get('timeframe') === 'hour');
    expect(hourly.map((url) => Object.fromEntries(url.searchParams))).toEqual([
      expect.objectContaining({
        start: new Date(NOON).toISOString(),
        bound_to_timeframe: 'false',
        timezone: 'UTC',
      }),
      expect.objectContaining({ start: new Date(NOON + 52 * HOUR_MS).toISOString() }),
    ]);
  });

  it('is not stopped for ever by a clock that is ahead', async () => {
    const { bill, collector } = rig({ aheadMs: 5 * HOUR_MS });
    await bill.clock.advance(5 * HOUR_MS);
    await bill.work(2);
    await bill.collect(collector);
    expect(bill.booked()).toEqual(bill.charged());
    const early = rig({ aheadMs: 5 * HOUR_MS });
    await early.bill.collect(early.collector);
    expect(early.bill.asked[1]?.searchParams.has('start')).toBe(false);
    expect(early.bill.asked[1]?.searchParams.has('bound_to_timeframe')).toBe(false);
  });

  it('can be read in the very moment in which an hour begins', async () => {
    const { bill, collector } = rig();
    expect(bill.clock.now()).toBe(NOON);
    await bill.collect(collector);
    expect(bill.asked).toHaveLength(3);
  });
});

describe('an hour of usage', () => {
  it('adds up cost_total of all its rows and never the old field beside it', async () => {
    const { bill, collector } = rig();
    const discounted = row({ percent_discount: 20, cost_total: 0.1, cost: 0.1 });
    const dearer = row({ unit_price: 0.004, cost_total: 0.2, cost: 0.2 });
    serveUsage(bill, [bucket([row(), discounted, dearer, row({ endpoint_id: OTHER_ENDPOINT })])]);
    await bill.collect(collector);
    expect(bill.booked()).toEqual({ [ENDPOINT]: 306_000_000, [OTHER_ENDPOINT]: 6_000_000 });
  });

  it('counts once when pages overlap, and whole when they split it', async () => {
    const { bill, collector } = rig();
    const pages = [
      { time_series: [bucket([row()])], next_cursor: 'b', has_more: true },
      { time_series: [bucket([row(), row({ unit: 'seconds' })])], next_cursor: null, has_more: false },
    ];
    bill.fault = (page, url) =>
      answer(url.searchParams.get('expand') === 'summary' ? { summary: [] } : pages[page - 1]);
    await bill.collect(collector);
    expect(bill.booked()).toEqual({ [ENDPOINT]: 12_000_000 });
  });

  it('knows its time whatever offset it is written with', async () => {
    const { bill, collector } = rig();
    serveUsage(bill, [bucket([row()], '2026-10-01T17:30:00+05:30')]);
    await bill.collect(collector);
    expect(bill.books.billedBetween(NOON, NOON + HOUR_MS)).toBe(6_000_000);
  });

  it('is booked only when all pages are there', async () => {
    const { bill, collector } = rig();
    bill.fault = (page) =>
      page === 1
        ? answer({ time_series: [bucket([row()])], next_cursor: 'b', has_more: true })
        : answer('{"error":{"type":"server_error"}}', { status: 500 });
    await expect(bill.collect(collector)).rejects.toBeInstanceOf(PlatformError);
    expect(bill.booked()).toEqual({});
  });

  it.each([
    ['another currency', bucket([row({ currency: 'EUR' })]), 'usage is in EUR, expected USD'],
    ['no currency that anyone knows', bucket([row({ currency: '<b>' })]), 'usage is in no known currency'],
    ['a bucket that is no hour', bucket([row()], '2026-10-01T12:30:00Z'), 'expected whole hours'],
  ])('with %s is refused in words', async (_name, time, words) => {
    const { bill, collector } = rig();
    serveUsage(bill, [time]);
    await expect(bill.collect(collector)).rejects.toThrow(words);
    expect(bill.booked()).toEqual({});
  });

  it.each([
    ['nothing', null],
    ['no model', row({ endpoint_id: null })],
    ['no cost', row({ cost_total: null })],
    ['a negative cost', row({ cost_total: -1 })],
    ['a cost beyond all sums', row({ cost_total: 1e300 })],
    ['a quantity that is none', row({ quantity: 'many' })],
  ])('leaves out a row with %s, says so, and books the others', async (_name, bad) => {
    const { bill, collector, readings } = rig();
    serveUsage(bill, [bucket([row(), bad])], [row()]);
    await expect(bill.collect(collector)).rejects.toThrow('1 row could not be read and are left out');
    expect(bill.booked()).toEqual({ [ENDPOINT]: 6_000_000 });
    expect(readings.monthSpend()?.amount).toBe(6_000_000);
  });
});

describe('what usage says beside the hours', () => {
  it('is the spend of the month so far, to the nano-dollar', async () => {
    const { bill, collector, readings } = rig();
    await bill.work(3);
    await bill.work(2, OTHER_ENDPOINT);
    expect(readings.monthSpend()).toBeUndefined();
    const at = bill.clock.now();
    await bill.collect(collector);
    expect(readings.monthSpend()).toEqual({ amount: sumOf(bill.charged()), at });
  });

  it('is not carried into the next month, and not asked for in its first minute', async () => {
    const { bill, collector, readings } = rig();
    const toNextMonth = Date.UTC(2026, 10, 1) - bill.clock.now();
    await bill.clock.advance(toNextMonth - 10_000);
    await bill.collect(collector);
    expect(readings.monthSpend()?.amount).toBe(0);
    await bill.clock.advance(20_000);
    expect(readings.monthSpend()).toBeUndefined();
    const before = bill.asked.length;
    await bill.collect(collector);
    expect(bill.asked).toHaveLength(before + 2);
    expect(readings.monthSpend()).toBeUndefined();
  });

  it('is the units of the last seven days, over all prices and discounts', async () => {
    const { bill, collector, readings } = rig();
    const week = [row(), row({ unit_price: 0.004, quantity: 3 }), row({ percent_discount: 5, quantity: 5 })];
    serveUsage(bill, [], [], [...week, row({ endpoint_id: OTHER_ENDPOINT, quantity: 0.5 })]);
    await bill.collect(collector);
    expect(readings.weeklyUnits(ENDPOINT)).toEqual({ unit: 'megapixels', units: 10 });
    expect(readings.weeklyUnits(OTHER_ENDPOINT)).toEqual({ unit: 'megapixels', units: 0.5 });
    expect(readings.weeklyUnits('acme/never/used')).toBeUndefined();
    const asked = bill.asked.at(-1)?.searchParams.get('start') ?? '';
    expect(Math.abs(bill.clock.now() - Date.parse(asked) - 7 * 24 * HOUR_MS)).toBeLessThan(60_000);
  });

  it('takes the unit that cost most where a model has several', async () => {
    const { bill, collector, readings } = rig();
    serveUsage(bill, [], [row(), row({ unit: 'seconds', quantity: 4, cost_total: 9 })]);
    await bill.collect(collector);
    expect(readings.weeklyUnits(ENDPOINT)).toEqual({ unit: 'seconds', units: 4 });
  });

  it('is unknown where one row of it cannot be read: a sum without it would be too low', async () => {
    const { bill, collector, readings } = rig();
    serveUsage(bill, [bucket([row()])], [row(), null]);
    await expect(bill.collect(collector)).rejects.toThrow('rows could not be read');
    expect(readings.monthSpend()).toBeUndefined();
    expect(readings.weeklyUnits(ENDPOINT)).toBeUndefined();
    expect(bill.booked()).toEqual({ [ENDPOINT]: 6_000_000 });
  });

  it('holds for three intervals and no longer', async () => {
    const { bill, collector, readings } = rig();
    await bill.work(1);
    await bill.collect(collector);
    await bill.clock.advance(3 * CONFIG.intervalMs - 1_000);
    expect(readings.monthSpend()).toBeDefined();
    expect(readings.weeklyUnits(ENDPOINT)).toBeDefined();
    await bill.clock.advance(1_001);
    expect(readings.monthSpend()).toBeUndefined();
    expect(readings.weeklyUnits(ENDPOINT)).toBeUndefined();
  });
});

describe('what fal may do to usage', () => {
  it.each([
    ['usage-500', 'platform.server_error'],
    ['platform-hang', 'client_timeout'],
    ['host-down-platform', 'network_error'],
    ['platform-rate-limited', 'platform.rate_limited'],
  ])('under %s nothing is booked and nothing said, and the error is %s', async (scenario, errorType) => {
    const { bill, collector, readings } = rig({ scenario });
    await expect(bill.collect(collector)).rejects.toMatchObject({ classification: { errorType } });
    expect([bill.events, readings.monthSpend()]).toEqual([[], undefined]);
    expect(bill.clock.pending).toBe(0);
  });

  it('a key without the scope is an error', async () => {
    const { bill, collector } = rig({}, { adminKey: () => FAKE_API_KEY });
    await expect(bill.collect(collector)).rejects.toMatchObject({
      classification: { errorType: 'platform.authorization_error' },
    });
  });

  it('the hours are kept when the calls are used up after them', async () => {
    const { bill, collector, readings } = rig();
    await bill.work(2);
    let calls = 1;
    const spend = (): void => {
      if (calls-- === 0) throw new QuotaError('usage', 1, 60);
    };
    await expect(bill.collect(collector, spend)).rejects.toBeInstanceOf(QuotaError);
    expect(bill.booked()).toEqual(bill.charged());
    expect(readings.monthSpend()).toBeUndefined();
  });

  it('many hours of many models are booked in pieces, with turns for everything else between them', async () => {
    let breaths = 0;
    const { bill, collector } = rig({}, { breathe: () => Promise.resolve((breaths += 1)) });
    const rows = Array.from({ length: 600 }, (_, i) => row({ endpoint_id: `acme/model-${i}` }));
    serveUsage(bill, [bucket(rows)]);
    await bill.collect(collector);
    expect(sumOf(bill.booked())).toBe(600 * 6_000_000);
    expect(bill.events).toHaveLength(6);
    expect(breaths).toBeGreaterThanOrEqual(6);
  });
});
