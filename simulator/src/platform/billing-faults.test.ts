import fc from 'fast-check';
import { expect, test } from 'vitest';
import { VIRTUAL_START_MS } from '../virtual-clock.ts';
import type { BillingEventFaults } from './billing-faults.ts';
import { LAG_MS, type PlatformFixture, platformFixture } from './platform-fixture.ts';

interface Event {
  readonly request_id: string;
  readonly timestamp: string;
  readonly output_units: number;
  readonly cost_subtotal: number;
  readonly cost_discount: number;
  readonly cost_total: number;
  readonly cost_estimate_nano_usd: number;
}
interface Body {
  readonly billing_events: readonly Event[];
  readonly next_cursor: string | null;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const TEN_MINUTES_MS = 600_000;

const DAY_BEFORE_MS = VIRTUAL_START_MS - 24 * HOUR_MS;

/** All pages of a time that reaches into the future, newest first. */
async function pagesOf(fixture: PlatformFixture, limit = 1000, startMs = DAY_BEFORE_MS): Promise<Event[][]> {
  const [start, end] = [startMs, fixture.clock.now() + 24 * HOUR_MS].map((at) => new Date(at).toISOString());
  const query = `start=${start}&end=${end}&limit=${limit}`;
  const pages: Event[][] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const next: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const { body } = (await fixture.ask(`/models/billing-events?${query}${next}`)) as { body: Body };
    expect(body.billing_events.length).toBeLessThanOrEqual(limit);
    pages.push([...body.billing_events]);
    cursor = body.next_cursor;
    expect(pages.length).toBeLessThan(5000);
  }
  return pages;
}

async function eventsOf(fixture: PlatformFixture): Promise<Event[]> {
  return (await pagesOf(fixture)).flat();
}

/** A fixture whose jobs end one second apart, the last of them now. */
function withJobs(count: number, faults: BillingEventFaults, seed = 1): PlatformFixture {
  const fixture = platformFixture({ seed });
  for (let index = 0; index < count; index += 1) {
    fixture.addJob({ submittedAt: VIRTUAL_START_MS - 2000 - index * 1000, billableUnits: 1.05 });
  }
  fixture.engine.setSwitches({ billingEvents: faults });
  return fixture;
}

/** The truth, by request. */
function charges(fixture: PlatformFixture): Map<string, number> {
  return new Map(fixture.engine.ledger.jobs.map((job) => [job.requestId, job.chargedNano ?? NaN]));
}

function costs(events: readonly Event[]): Map<string, number> {
  return new Map(events.map((event) => [event.request_id, event.cost_estimate_nano_usd]));
}

function wrongOnes(fixture: PlatformFixture, events: readonly Event[]): Event[] {
  const truth = charges(fixture);
  return events.filter((event) => event.cost_estimate_nano_usd !== truth.get(event.request_id));
}

async function usedNano(fixture: PlatformFixture): Promise<number> {
  const { body } = await fixture.ask('/models/usage?expand=summary&start=2026-09-30&end=2026-10-03');
  const { summary } = body as { summary: readonly { cost_total: number }[] };
  return summary.reduce((sum, row) => sum + Math.round(row.cost_total * 1e9), 0);
}

const total = (values: Iterable<number>): number => [...values].reduce((sum, value) => sum + value, 0);
const completedAtOf = (fixture: PlatformFixture, { request_id: id }: Event): number | undefined =>
  fixture.engine.ledger.job(id)?.completedAt;

test('without faults every billed request is listed once and rightly', async () => {
  const fixture = withJobs(200, {});
  await fixture.clock.advance(LAG_MS);
  const events = await eventsOf(fixture);
  expect(events).toHaveLength(200);
  expect(costs(events)).toEqual(charges(fixture));
});

test('a duplicated event stands twice in a row, sometimes later again with a newer timestamp, never with another cost', async () => {
  const fixture = withJobs(300, { duplicated: 1 });
  await fixture.clock.advance(3 * HOUR_MS);
  const events = await eventsOf(fixture);
  expect(costs(events)).toEqual(charges(fixture));
  expect(wrongOnes(fixture, events)).toEqual([]);
  const original = events.filter((event) => Date.parse(event.timestamp) === completedAtOf(fixture, event));
  expect(original).toHaveLength(600);
  for (let index = 0; index < 600; index += 2) expect(original[index]).toEqual(original[index + 1]);
  const newer = events.filter((event) => !original.includes(event));
  expect(newer.length).toBeGreaterThan(60);
  expect(newer.length).toBeLessThan(140);
  for (const event of newer) {
    const completedAt = completedAtOf(fixture, event) ?? NaN;
    expect(Date.parse(event.timestamp)).toBeGreaterThan(completedAt);
    expect(Date.parse(event.timestamp)).toBeLessThanOrEqual(completedAt + 2 * HOUR_MS);
  }
});

test('a copy with a newer timestamp is not listed before that time', async () => {
  const fixture = withJobs(300, { duplicated: 1 });
  await fixture.clock.advance(LAG_MS);
  const early = await eventsOf(fixture);
  await fixture.clock.advance(2 * HOUR_MS);
  expect((await eventsOf(fixture)).length).toBeGreaterThan(early.length + 30);
  for (const { timestamp } of early) {
    expect(Date.parse(timestamp)).toBeLessThanOrEqual(VIRTUAL_START_MS + LAG_MS);
  }
});

test('some duplicated events come again at the head of the next page', async () => {
  const fixture = withJobs(100, { duplicated: 1 });
  await fixture.clock.advance(LAG_MS);
  const pages = await pagesOf(fixture, 20);
  const repeated = pages.flatMap((page, index) => {
    const before = new Set(pages[index - 1]?.map((event) => event.request_id));
    return page.filter((event) => before.has(event.request_id));
  });
  expect(repeated.length).toBeGreaterThan(20);
  expect(costs(pages.flat())).toEqual(charges(fixture));
});

test('a wrong cost, too high or too low, is put right ten minutes after the job, half of the times with a newer timestamp', async () => {
  const fixture = withJobs(0, { corrected: 1 });
  for (let count = 0; count < 200; count += 1) {
    fixture.addJob({ submittedAt: VIRTUAL_START_MS - 2000, percentDiscount: 20, billableUnits: 3.008 });
  }
  const truth = charges(fixture);
  await fixture.clock.advance(TEN_MINUTES_MS - 1);
  const early = await eventsOf(fixture);
  expect(wrongOnes(fixture, early)).toHaveLength(200);
  const tooHigh = early.filter(
    (event) => event.cost_estimate_nano_usd > (truth.get(event.request_id) ?? NaN),
  );
  expect(tooHigh.length).toBeGreaterThan(70);
  expect(tooHigh.length).toBeLessThan(130);
  for (const event of early) {
    expect(Math.round(event.cost_total * 1e9)).toBe(event.cost_estimate_nano_usd);
    expect(event.cost_subtotal - event.cost_discount).toBeCloseTo(event.cost_total, 9);
    expect(event.cost_discount).toBeGreaterThanOrEqual(0);
  }
  await fixture.clock.advance(1);
  const late = await eventsOf(fixture);
  expect(late).toHaveLength(200);
  expect(costs(late)).toEqual(truth);
  const restamped = late.filter((event) => Date.parse(event.timestamp) === VIRTUAL_START_MS + TEN_MINUTES_MS);
  expect(restamped.length).toBeGreaterThan(70);
  expect(restamped.length).toBeLessThan(130);
  const [since] = await pagesOf(fixture, 1000, VIRTUAL_START_MS + TEN_MINUTES_MS);
  expect(since).toEqual(restamped);
  const others = late.filter((event) => !restamped.includes(event));
  for (const event of others) expect(Date.parse(event.timestamp)).toBe(VIRTUAL_START_MS);
});

test('the delay of corrections can be set, and what cost nothing is never wrong', async () => {
  const fixture = withJobs(1, { corrected: 1, correctionDelayMs: 2 * HOUR_MS });
  const free = fixture.addJob({ submittedAt: VIRTUAL_START_MS - 2000, percentDiscount: 100 });
  const unpriced = fixture.addJob({
    submittedAt: VIRTUAL_START_MS - 2000,
    unitPriceNano: undefined,
    chargedNano: undefined,
  });
  await fixture.clock.advance(2 * HOUR_MS - 1);
  const events = await eventsOf(fixture);
  const ofFree = events.filter(({ request_id: id }) => id === free.requestId || id === unpriced.requestId);
  expect(ofFree.map((event) => [event.cost_total, event.output_units])).toEqual([
    [0, 1],
    [0, 1],
  ]);
  expect(events.filter((event) => event.cost_total !== 0.0042)).toHaveLength(3);
  await fixture.clock.advance(1);
  expect((await eventsOf(fixture)).filter((event) => event.cost_total === 0.0042)).toHaveLength(1);
});

test('a late event comes six hours after the others, with the time of its job, and usage has it in time', async () => {
  const fixture = withJobs(1, { late: 1 });
  await fixture.clock.advance(LAG_MS);
  expect(await usedNano(fixture)).toBe(total(charges(fixture).values()));
  await fixture.clock.advance(6 * HOUR_MS - 1);
  expect(await eventsOf(fixture)).toEqual([]);
  await fixture.clock.advance(1);
  const events = await eventsOf(fixture);
  expect(costs(events)).toEqual(charges(fixture));
  expect(Date.parse(events[0]?.timestamp ?? '')).toBe(VIRTUAL_START_MS);
});

test('a late event that is corrected too comes wrong, and is put right as long after it as any other', async () => {
  const fixture = withJobs(20, { late: 1, corrected: 1, lateByMs: 5 * HOUR_MS });
  await fixture.clock.advance(5 * HOUR_MS + LAG_MS);
  expect(wrongOnes(fixture, await eventsOf(fixture))).toHaveLength(20);
  await fixture.clock.advance(TEN_MINUTES_MS - LAG_MS);
  const events = await eventsOf(fixture);
  expect(costs(events)).toEqual(charges(fixture));
});

test('a missing event never comes, not even when asked for by its id, and usage has it', async () => {
  const fixture = withJobs(3, { missing: 1 });
  await fixture.clock.advance(20 * HOUR_MS);
  expect(await eventsOf(fixture)).toEqual([]);
  const id = fixture.engine.ledger.jobs[0]?.requestId;
  expect(await fixture.ask(`/models/billing-events?request_id=${id}`)).toMatchObject({
    body: { billing_events: [] },
  });
  expect(await usedNano(fixture)).toBe(total(charges(fixture).values()));
});

test('a share strikes about so many requests, the same ones at every reading, others under another seed', async () => {
  const struck = async (seed: number): Promise<string[]> => {
    const fixture = withJobs(2000, { missing: 0.3 }, seed);
    await fixture.clock.advance(LAG_MS);
    const listed = costs(await eventsOf(fixture));
    expect(costs(await eventsOf(fixture))).toEqual(listed);
    return fixture.engine.ledger.jobs.flatMap((job, index) =>
      listed.has(job.requestId) ? [] : [String(index)],
    );
  };
  const first = await struck(1);
  expect(first.length).toBeGreaterThan(500);
  expect(first.length).toBeLessThan(700);
  expect(await struck(1)).toEqual(first);
  expect(await struck(2)).not.toEqual(first);
});

const share = fc.constantFrom(0, 0.2, 0.6, 1);
const world = fc.record({
  faults: fc.record({
    duplicated: share,
    corrected: share,
    late: share,
    correctionDelayMs: fc.constantFrom(0, MINUTE_MS, 3 * HOUR_MS),
    lateByMs: fc.constantFrom(0, MINUTE_MS, 5 * HOUR_MS),
  }),
  ages: fc.array(fc.integer({ min: 0, max: 10 * HOUR_MS }), { maxLength: 30 }),
  price: fc.constantFrom(1, 3, 4_000_000, 999_999_999),
  limit: fc.integer({ min: 1, max: 12 }),
});

test('under any faults each row is a billed request, and once all delays have passed each one is listed and right', async () => {
  await fc.assert(
    fc.asyncProperty(world, async ({ faults, ages, price, limit }) => {
      const fixture = withJobs(0, faults);
      for (const age of ages) {
        fixture.addJob({ submittedAt: VIRTUAL_START_MS - 2000 - age, unitPriceNano: price });
      }
      const truth = charges(fixture);
      const first = (await pagesOf(fixture, limit)).flat();
      for (const event of first) expect(truth.has(event.request_id)).toBe(true);
      // 5 h late, 3 h to the correction, 2 h to the last copy, and the lag.
      await fixture.clock.advance(10 * HOUR_MS + LAG_MS);
      const last = (await pagesOf(fixture, limit)).flat();
      expect(costs(last)).toEqual(truth);
      expect(wrongOnes(fixture, last)).toEqual([]);
      expect(charges(fixture)).toEqual(truth);
      expect(await usedNano(fixture)).toBe(total(truth.values()));
    }),
    { numRuns: 60 },
  );
});

test('a walk in small pages sees the very rows of one large page, whatever is wrong with them', async () => {
  await fc.assert(
    fc.asyncProperty(world, fc.integer({ min: 0, max: 9 * HOUR_MS }), async (drawn, passedMs) => {
      const fixture = withJobs(0, drawn.faults);
      for (const age of drawn.ages) {
        // Some end in the same millisecond.
        fixture.addJob({ submittedAt: VIRTUAL_START_MS - 2000 - (age % 7 === 0 ? HOUR_MS : age) });
      }
      await fixture.clock.advance(passedMs);
      const whole = await eventsOf(fixture);
      const walked = (await pagesOf(fixture, drawn.limit)).flat();
      const texts = (events: readonly Event[]): string[] => events.map((event) => JSON.stringify(event));
      if (drawn.faults.duplicated === 0) expect(texts(walked)).toEqual(texts(whole));
      else expect(new Set(texts(walked))).toEqual(new Set(texts(whole)));
      expect(walked.length).toBeGreaterThanOrEqual(whole.length);
    }),
    { numRuns: 100 },
  );
});

test.each([
  [{ duplicated: 1.1 }, 'billingEvents.duplicated: expected a share between 0 and 1, got 1.1'],
  [{ missing: -0.1 }, 'billingEvents.missing'],
  [{ late: NaN }, 'billingEvents.late'],
  [{ lateByMs: -1 }, 'billingEvents.lateByMs: expected milliseconds of at least 0, got -1'],
  [{ correctionDelayMs: Infinity }, 'billingEvents.correctionDelayMs'],
])('%j makes no sense and changes nothing', (billingEvents, message) => {
  const { engine } = platformFixture();
  expect(() => engine.setSwitches({ billingEvents, usageFails: true })).toThrow(message);
  expect(engine.switches).toMatchObject({ billingEvents: {}, usageFails: false });
});
