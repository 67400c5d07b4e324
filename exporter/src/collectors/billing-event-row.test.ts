import { describe, expect, it } from 'vitest';
import type { UnitPrice } from '../domain/unit-price.ts';
import { billingEventOf, billingEventRow } from './billing-event-row.ts';
import { Bill, ENDPOINT, billingRow, eventsCollector, serveRows } from './test-bill.ts';

describe('a row of billing events', () => {
  const bookedFrom = async (rows: (bill: Bill) => readonly unknown[], prices = new Map<string, number>()) => {
    const bill = new Bill();
    serveRows(bill, rows(bill));
    const priceOf = (id: string): UnitPrice | undefined => {
      const price = prices.get(id);
      return price === undefined ? undefined : { unit: 'images', price };
    };
    const collector = eventsCollector(bill, { prices: priceOf });
    let problem = '';
    await bill.collect(collector).catch((error: unknown) => (problem = (error as Error).message));
    return { bill, problem, spend: bill.books.spend()[0] };
  };

  it.each([
    ['the integer that fal gives', {}, 6_000_000],
    ['the decimal where there is no integer', { cost_estimate_nano_usd: null }, 6_000_000],
    ['the decimal where the integer is none', { cost_estimate_nano_usd: 6_000_000.5 }, 6_000_000],
    ['the decimal where the integer is text', { cost_estimate_nano_usd: '7' }, 6_000_000],
    [
      'the decimal to the nano-dollar',
      { cost_estimate_nano_usd: null, cost_total: 1.0050000005 },
      1_005_000_001,
    ],
    ['nothing as nothing', { cost_estimate_nano_usd: 0, cost_total: 0 }, 0],
  ])('costs %s', async (_name, parts, billed) => {
    const { spend, problem } = await bookedFrom((bill) => [billingRow(bill, parts)]);
    expect([spend?.billed, problem]).toEqual([billed, '']);
  });

  it.each([
    ['fal’s list price', {}, 5_000_000, 10_000_000],
    ['its own unit price where fal lists none', {}, undefined, 6_000_000],
    ['halves rounded up', { output_units: 1.5 }, 3, 5],
    ['no price at all', { unit_price: null }, undefined, undefined],
    ['no units', { output_units: null }, 5_000_000, undefined],
    ['units that are none', { output_units: 'many' }, 5_000_000, undefined],
    ['a negative price', { unit_price: -1 }, undefined, undefined],
  ])('is estimated by %s', async (_name, parts, price, estimated) => {
    const prices = new Map(price === undefined ? [] : [[ENDPOINT, price]]);
    const { spend } = await bookedFrom((bill) => [billingRow(bill, parts)], prices);
    expect(spend).toMatchObject({
      estimated: estimated ?? 0,
      unpricedRequests: estimated === undefined ? 1 : 0,
    });
  });

  it.each([
    ['null', null],
    ['a text', 'row'],
    ['one without an id', { request_id: null }],
    ['one with an id that would break a line', { request_id: 'r\n1' }],
    ['one without a model', { endpoint_id: '' }],
    ['one without a time', { timestamp: null }],
    ['one with a time that is none', { timestamp: 'yesterday' }],
    ['one without a cost', { cost_estimate_nano_usd: null, cost_total: null }],
    ['one with a negative cost', { cost_estimate_nano_usd: -6_000_000, cost_total: -0.006 }],
    ['one that costs more than there is', { cost_estimate_nano_usd: 1e300, cost_total: 1e300 }],
    ['one that costs two million dollars', { cost_estimate_nano_usd: 2e15, cost_total: 2e6 }],
  ])('that is %s is left out, counted, and stops no other', async (_name, parts) => {
    const { spend, problem, bill } = await bookedFrom((bill) => [
      billingRow(bill, { request_id: 'a' }),
      typeof parts === 'object' && parts !== null ? billingRow(bill, parts) : parts,
      billingRow(bill, { request_id: 'b' }),
    ]);
    expect(spend?.billed).toBe(12_000_000);
    expect(problem).toMatch(/^GET \/models\/billing-events: 1 of 3 rows could not be read and are left out/);
    expect(bill.books.cursor.deepWalkAt).toBeDefined();
  });

  it('that cannot be read is told once an hour and fails no walk in between', async () => {
    const bill = new Bill();
    const collector = eventsCollector(bill);
    serveRows(bill, [billingRow(bill), null]);
    await expect(bill.collect(collector)).rejects.toThrow('1 of 2 rows');
    await expect(bill.collect(collector)).resolves.toBeDefined();
    await bill.clock.advance(3_600_000);
    await expect(bill.collect(collector)).rejects.toThrow('1 of 2 rows');
  });

  it.each([
    ['as fal shows it', 'ci key', 'ci key'],
    ['on one line', 'a\u202eb\r\nc', 'a b  c'],
    ['short', '😀'.repeat(80), '😀'.repeat(64)],
    ['not, where it is blank', '  ', undefined],
    ['not, where there is none', null, undefined],
    ['not, where it is no text', 7, undefined],
  ])('gives the alias of its key %s', (_name, alias, expected) => {
    const row = billingEventRow.parse(billingRow(new Bill(), { auth_method: alias }));
    expect(billingEventOf(row, () => undefined)?.keyAlias).toBe(expected);
  });
});
