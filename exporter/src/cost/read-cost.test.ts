import { FAKE_API_KEY } from 'fal-simulator';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sumOf } from './cost-line.ts';
import { DAY_MS } from './cost-question.ts';
import { costFromEvents } from './read-events.ts';
import { costFromUsage } from './read-usage.ts';
import { CostRig, FLUX, HOUR_MS, KEYS, SCHNELL, answerOf, billed, total } from './test-cost-rig.ts';

const order = fc.record({
  endpointId: fc.constantFrom(FLUX, SCHNELL, 'fal-ai/kling-video/v2/standard/text-to-video'),
  key: fc.constantFrom(...KEYS),
  times: fc.integer({ min: 1, max: 4 }),
  price: fc.integer({ min: 1, max: 3_000_000_000 }),
  discount: fc.constantFrom(0, 0, 7, 20, 33.3),
  restHours: fc.integer({ min: 0, max: 40 }),
});

describe('any mix of jobs', () => {
  it('is billed to the nano-dollar by usage and by billing events, with discounts and changed prices', async () => {
    const mixes = fc.array(order, { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(mixes, async (orders) => {
        const rig = new CostRig();
        let listed = 0;
        for (const { price, discount, restHours, ...what } of orders) {
          rig.setPrice(what.endpointId, price);
          rig.account.percentDiscount = discount;
          await rig.work(what);
          await rig.clock.advance(restHours * HOUR_MS);
        }
        for (const { billableUnits = 0, unitPriceNano = 0 } of rig.simulator.ledger.jobs) {
          listed += Math.round(billableUnits * unitPriceNano);
        }
        const usage = await costFromUsage(rig.question());
        const events = await costFromEvents(rig.question());
        expect(billed(usage)).toEqual(rig.charged());
        expect(billed(events.lines)).toEqual(rig.charged());
        expect([sumOf(usage).listed, sumOf(events.lines)]).toEqual([
          listed,
          { billed: total(rig.charged()), listed, requests: rig.simulator.ledger.jobs.length },
        ]);
      }),
      { numRuns: 40 },
    );
  });
});

describe('a long time', () => {
  it('is asked for in months, so that fal refuses nothing, and no day is lost or counted twice', async () => {
    const rig = new CostRig();
    for (let day = 0; day < 100; day += 1) {
      await rig.work();
      await rig.clock.advance(DAY_MS - HOUR_MS);
    }
    expect(billed(await costFromUsage(rig.question()))).toEqual(rig.charged());
    expect(billed((await costFromEvents(rig.question())).lines)).toEqual(rig.charged());
    expect(Object.keys(rig.charged())).toHaveLength(100);
    expect(rig.asked).toHaveLength(8);
  });

  it('is read page by page, however few rows fal puts on one', async () => {
    const rig = new CostRig();
    for (let day = 0; day < 5; day += 1) {
      await rig.work({ times: 5 });
      await rig.clock.advance(DAY_MS);
    }
    const question = rig.question();
    const { access } = question;
    const paged = {
      ...access,
      fetch: (input: URL | string | Request, init?: RequestInit) => {
        const url = new URL(input instanceof Request ? input.url : input);
        url.searchParams.set('limit', '2');
        return access.fetch(url, init);
      },
    };
    expect(billed(await costFromUsage({ ...question, access: paged }))).toEqual(rig.charged());
    expect(rig.asked).toHaveLength(3);
    expect(billed((await costFromEvents({ ...question, access: paged })).lines)).toEqual(rig.charged());
    expect(rig.asked).toHaveLength(3 + 13);
  });

  it('that has more pages than anybody waits for is given up in words', async () => {
    const rig = new CostRig();
    let page = 0;
    rig.answer = () => {
      page += 1;
      return answerOf({ billing_events: [], time_series: [], next_cursor: `c${page}`, has_more: true });
    };
    await expect(costFromEvents(rig.question())).rejects.toThrow(/more than 1000 pages; ask for fewer days/);
    await expect(costFromUsage(rig.question())).rejects.toThrow(/more than 1000 pages; ask for fewer days/);
  });

  it('tells how far it has come', async () => {
    const rig = new CostRig();
    await rig.work({ times: 3 });
    const told: number[] = [];
    const question = rig.question({ onProgress: (lines) => told.push(lines) });
    await costFromUsage(question);
    await costFromEvents(question);
    expect(told).toEqual([1, 3]);
  });
});

it('only the models that were asked for are told', async () => {
  const rig = new CostRig();
  await rig.work({ endpointId: FLUX });
  await rig.work({ endpointId: SCHNELL });
  const question = rig.question({ endpointIds: [SCHNELL] });
  const lines = [...(await costFromUsage(question)), ...(await costFromEvents(question)).lines];
  expect(lines.map(({ endpoint }) => endpoint)).toEqual([SCHNELL, SCHNELL]);
});

it('a time ends before its end, and begins with its beginning', async () => {
  const rig = new CostRig();
  await rig.work();
  await rig.clock.advance(DAY_MS);
  await rig.work({ times: 2 });
  const [first, second] = [rig.begin, rig.begin + DAY_MS];
  const requestsOf = async (since: number, until: number): Promise<unknown> =>
    sumOf((await costFromEvents(rig.question({ since, until }))).lines).requests;
  expect([await requestsOf(first, second), await requestsOf(second, second + DAY_MS)]).toEqual([1, 2]);
});

describe('billing events', () => {
  it.each(['billing-duplicated', 'billing-corrected'])(
    'under %s count each request once, at the cost that holds',
    async (scenario) => {
      const rig = new CostRig({ scenario });
      for (let hour = 0; hour < 10; hour += 1) await rig.work({ times: 8 });
      await rig.clock.advance(3 * HOUR_MS);
      const { lines, unreadable } = await costFromEvents(rig.question());
      expect([billed(lines), sumOf(lines).requests, unreadable]).toEqual([rig.charged(), 80, 0]);
    },
  );

  it('under billing-incomplete tell less than usage does', async () => {
    const rig = new CostRig({ scenario: 'billing-incomplete' });
    await rig.work({ times: 20 });
    const { lines } = await costFromEvents(rig.question());
    expect(sumOf(lines).billed).toBeLessThan(total(rig.charged()));
    expect(billed(await costFromUsage(rig.question()))).toEqual(rig.charged());
  });

  it('tell requests of our own probes from the rest, and nothing of it unless asked', async () => {
    const rig = new CostRig();
    const probes = new Set(await rig.work({ times: 2 }));
    await rig.work({ times: 3 });
    const { lines } = await costFromEvents(rig.question(), (id) => probes.has(id));
    expect(lines.map(({ source, requests, billed: cost }) => [source, requests, cost])).toEqual([
      ['other', 3, 60_000_000],
      ['probe', 2, 40_000_000],
    ]);
    expect((await costFromEvents(rig.question())).lines.map(({ source }) => source)).toEqual([undefined]);
  });

  it('that cannot be read are counted and left out', async () => {
    const rig = new CostRig();
    const row = { request_id: 'r', endpoint_id: FLUX, timestamp: '2026-10-01T12:00:00Z', cost_total: 0.5 };
    const rows = [
      row,
      { ...row, request_id: 'no cost', cost_total: null },
      { ...row, request_id: 's', cost_total: null },
      null,
    ];
    rig.answer = () => answerOf({ billing_events: rows, has_more: false });
    expect(await costFromEvents(rig.question())).toEqual({
      lines: [{ day: '2026-10-01', endpoint: FLUX, billed: 5e8, listed: 5e8, requests: 1 }],
      unreadable: 3,
    });
  });
});

describe('usage', () => {
  const row = {
    endpoint_id: FLUX,
    unit: 'images',
    quantity: 1,
    cost_subtotal: 0.5,
    cost_total: 0.25,
    currency: 'USD',
  };
  const series = (bucket: unknown, ...results: readonly unknown[]): unknown => ({ bucket, results });
  const read = async (...days: readonly unknown[]): Promise<unknown> => {
    const rig = new CostRig();
    rig.answer = () => answerOf({ time_series: days, next_cursor: null, has_more: false });
    return costFromUsage(rig.question());
  };
  const DAY = '2026-10-01T00:00:00+00:00';

  it.each([
    ['a day that is no date', series('yesterday', row), /a day that cannot be read/],
    ['a day of another zone', series('2026-10-01T00:00:00+02:00', row), /does not begin at midnight, UTC/],
    ['a row without a cost', series(DAY, { ...row, cost_total: null }), /a row that cannot be read/],
    ['a row with a negative cost', series(DAY, { ...row, cost_total: -1 }), /a row that cannot be read/],
    ['rows that are none', series(DAY, 'much'), /a row that cannot be read/],
    ['money that is not in USD', series(DAY, { ...row, currency: 'EUR' }), /usage is in EUR, expected USD/],
  ])('with %s is no bill: it fails in words', async (_name, day, words) => {
    await expect(read(day)).rejects.toThrow(words);
  });

  it('adds up two keys of the same alias, and takes a day that comes on two pages once', async () => {
    const named = { ...row, auth_method: 'shop' };
    expect(await read(series(DAY, named, named), series(DAY, named, named, row))).toEqual([
      { day: '2026-10-01', endpoint: FLUX, key: 'shop', billed: 5e8, listed: 1e9 },
      { day: '2026-10-01', endpoint: FLUX, key: undefined, billed: 2.5e8, listed: 5e8 },
    ]);
  });

  it('names a key without what would spoil a terminal', async () => {
    const [line] = (await read(series(DAY, { ...row, auth_method: 'a\u001b[2Jb' }))) as { key: string }[];
    expect(line?.key).toBe('a [2Jb');
  });
});

it.each([
  ['a key without ADMIN scope', FAKE_API_KEY],
  ['a key that fal does not know', 'no-such:key'],
])('%s is refused by both sources', async (_name, adminKey) => {
  const question = new CostRig().question({ adminKey });
  const refused = { classification: { errorType: 'platform.authorization_error' } };
  await expect(costFromUsage(question)).rejects.toMatchObject(refused);
  await expect(costFromEvents(question)).rejects.toMatchObject(refused);
});
