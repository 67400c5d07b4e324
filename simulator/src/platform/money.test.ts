import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DEFAULT_ACCOUNT, FAKE_API_KEY } from '../default-world.ts';
import { VIRTUAL_START_MS } from '../virtual-clock.ts';
import { LAG_MS, type PlatformFixture, platformFixture } from './platform-fixture.ts';

interface Row {
  readonly endpoint_id: string;
  readonly quantity: number;
  readonly percent_discount: number | null;
  readonly cost_subtotal: number;
  readonly cost_discount: number;
  readonly cost_total: number;
  readonly auth_method?: string;
}
interface UsageBody {
  readonly time_series: readonly { readonly bucket: string; readonly results: readonly Row[] }[];
  readonly summary: readonly Row[];
  readonly next_cursor: string | null;
}
interface EventsBody {
  readonly billing_events: readonly (Row & {
    readonly request_id: string;
    readonly cost_estimate_nano_usd: number;
  })[];
  readonly next_cursor: string | null;
  readonly has_more: boolean;
}

const nano = (usd: number): number => Math.round(usd * 1e9);
const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

async function usageOf(fixture: PlatformFixture, query: string): Promise<UsageBody> {
  const { status, body } = await fixture.ask(`/models/usage?${query}`);
  expect(status).toBe(200);
  return body as UsageBody;
}

/** Follows the cursor to its end; `between` runs after each page. */
async function walk(
  fixture: PlatformFixture,
  query: string,
  between = (): void => undefined,
): Promise<EventsBody['billing_events']> {
  const events: EventsBody['billing_events'][number][] = [];
  let cursor: string | null = null;
  do {
    const page = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const { body } = (await fixture.ask(`/models/billing-events?${query}${page}`)) as { body: EventsBody };
    events.push(...body.billing_events);
    expect(body.has_more).toBe(body.next_cursor !== null);
    // A cursor that leads nowhere would make the walk endless.
    expect(new Set(events.map((event) => event.request_id)).size).toBe(events.length);
    cursor = body.next_cursor;
    between();
  } while (cursor !== null);
  return events;
}

/** Jobs of the last day and of the time before, billed and unbilled, in order of their submits. */
const jobs = fc.array(
  fc.record({
    ageMs: fc.integer({ min: 0, max: 30 * 3_600_000 }),
    endpointId: fc.constantFrom('fal-ai/flux/dev', 'fal-ai/fast-sdxl', 'acme/unpriced'),
    // As the world has them: prices in nano-dollars, units with a few decimals.
    unitPriceNano: fc.option(fc.integer({ min: 0, max: 900_000_000 }), { nil: undefined }),
    billableUnits: fc.constantFrom(0, 1, 0.1, 1.05, 3.008, 5),
    percentDiscount: fc.constantFrom(0, 10, 33.3, 100),
    outcome: fc.constantFrom('ok', 'error', 'pending'),
  }),
  { maxLength: 40 },
);

function filled(drawn: readonly Record<string, unknown>[]): PlatformFixture {
  const fixture = platformFixture();
  for (const { ageMs, outcome, ...rest } of drawn as {
    ageMs: number;
    outcome: 'ok' | 'error' | 'pending';
  }[]) {
    const completedAt = outcome === 'pending' ? undefined : VIRTUAL_START_MS - ageMs;
    const submittedAt = VIRTUAL_START_MS - ageMs - 2000;
    fixture.addJob({ ...rest, outcome, submittedAt, completedAt });
  }
  return fixture;
}

/** What the ledger says about billed jobs that completed in a range and are indexed. */
function charged(
  fixture: PlatformFixture,
  start: number,
  end: number,
): readonly { id: string; nano: number }[] {
  const until = fixture.clock.now() - LAG_MS;
  return fixture.engine.ledger.jobs
    .filter(({ completedAt = Infinity }) => completedAt >= start && completedAt < end && completedAt <= until)
    .filter(({ billableUnits = 0 }) => billableUnits > 0)
    .map(({ requestId, chargedNano = 0 }) => ({ id: requestId, nano: chargedNano }));
}

test('billing events and usage add up to exactly what the ledger charged, whatever the page size', async () => {
  await fc.assert(
    fc.asyncProperty(jobs, fc.integer({ min: 1, max: 50 }), async (drawn, limit) => {
      const fixture = filled(drawn);
      const [start, end] = [VIRTUAL_START_MS - 20 * 3_600_000, VIRTUAL_START_MS];
      const query = `start=${new Date(start).toISOString()}&end=${new Date(end).toISOString()}`;
      const truth = charged(fixture, start, end);
      const total = sumOf(truth.map((each) => each.nano));
      const events = await walk(fixture, `${query}&limit=${limit}`);
      expect(events.map((event) => event.request_id).sort()).toEqual(truth.map(({ id }) => id).sort());
      expect(sumOf(events.map((event) => event.cost_estimate_nano_usd))).toBe(total);
      const usage = await usageOf(fixture, `${query}&bound_to_timeframe=false&expand=time_series,summary`);
      const rows = usage.time_series.flatMap(({ results }) => results);
      expect(sumOf(rows.map((row) => nano(row.cost_total)))).toBe(total);
      expect(sumOf(usage.summary.map((row) => nano(row.cost_total)))).toBe(total);
      for (const row of [...rows, ...events]) {
        expect(nano(row.cost_subtotal) - nano(row.cost_discount)).toBe(nano(row.cost_total));
        expect(row.cost_discount).toBeGreaterThanOrEqual(0);
      }
    }),
    { numRuns: 60 },
  );
});

test('a walk through billing events sees each old one once, though new ones arrive between the pages', async () => {
  const fixture = platformFixture();
  const old = Array.from({ length: 25 }, (_, index) =>
    // Several end in the same millisecond.
    fixture.addJob({ submittedAt: VIRTUAL_START_MS - 3_600_000 + Math.floor(index / 4) * 1000 }),
  );
  const events = await walk(fixture, 'limit=3', () => void fixture.addJob({}));
  const seen = events
    .map((event) => event.request_id)
    .filter((id) => old.some((job) => job.requestId === id));
  expect(seen.toSorted()).toEqual(old.map((job) => job.requestId).toSorted());
});

test('a job appears in billing and usage when the indexing lag has passed, and not before', async () => {
  const fixture = platformFixture();
  const { clock } = fixture;
  fixture.addJob({ submittedAt: clock.now() - 2000 });
  await clock.advance(LAG_MS - 1);
  expect(await walk(fixture, '')).toHaveLength(0);
  expect((await usageOf(fixture, '')).time_series).toEqual([]);
  await clock.advance(1);
  expect(await walk(fixture, '')).toHaveLength(1);
  expect((await usageOf(fixture, '')).time_series).toHaveLength(1);
  fixture.engine.switches.indexingLagMs = 3_600_000;
  expect(await walk(fixture, '')).toHaveLength(0);
});

test('usage widens the range to whole buckets by default, and does not when told so', async () => {
  const fixture = platformFixture();
  fixture.addJob({ submittedAt: Date.parse('2026-10-01T10:00:05Z') });
  const late = 'start=2026-10-01T10:00:30Z&end=2026-10-01T10:10:00Z';
  expect((await usageOf(fixture, late)).time_series).toHaveLength(1);
  expect((await usageOf(fixture, `${late}&bound_to_timeframe=false`)).time_series).toHaveLength(0);
});

test('the start of a range belongs to it, and its end does not', async () => {
  const fixture = platformFixture();
  const completedAt = Date.parse('2026-10-01T11:00:00Z');
  fixture.addJob({ submittedAt: completedAt - 2000, completedAt });
  const count = async (query: string): Promise<number> => (await walk(fixture, query)).length;
  expect(await count('start=2026-10-01T11:00:00Z&end=2026-10-01T11:30:00Z')).toBe(1);
  expect(await count('start=2026-10-01T10:30:00Z&end=2026-10-01T11:00:00Z')).toBe(0);
});

test('rows split by endpoint, unit, price and discount, and by key when the key is asked for', async () => {
  const fixture = platformFixture();
  const [keyId = ''] = FAKE_API_KEY.split(':');
  fixture.addJob({});
  fixture.addJob({});
  fixture.addJob({ unitPriceNano: 5_000_000 });
  fixture.addJob({ percentDiscount: 20 });
  fixture.addJob({ keyId: 'another' });
  const plain = await usageOf(fixture, 'expand=summary');
  expect(plain.summary.map((row) => [row.quantity, row.percent_discount, row.cost_total])).toEqual([
    [1, 20, 0.0032],
    [3, null, 0.012],
    [1, null, 0.005],
  ]);
  expect(plain).not.toHaveProperty('time_series');
  const byKey = await usageOf(fixture, 'expand=summary,auth_method&expand=auth_method_structured');
  expect(byKey.summary).toHaveLength(4);
  expect(byKey.summary).toContainEqual(
    expect.objectContaining({
      auth_method: 'production',
      auth_method_structured: { detail: 'production', api_key_id: keyId },
      quantity: 2,
    }),
  );
  const one = await usageOf(fixture, `expand=summary&api_key_id=${keyId}`);
  expect(sumOf(one.summary.map((row) => row.quantity))).toBe(4);
  const nobody = await usageOf(fixture, 'expand=summary&login_username=ada');
  expect(nobody.summary).toEqual([]);
});

test('usage pages by bucket, and the summary stands on the first page only', async () => {
  const fixture = platformFixture();
  for (const hour of [1, 2, 3]) fixture.addJob({ submittedAt: VIRTUAL_START_MS - hour * 3_600_000 });
  const first = await usageOf(fixture, 'limit=2&expand=time_series,summary');
  expect(first.time_series.map(({ bucket }) => bucket)).toEqual([
    '2026-10-01T09:00:00+00:00',
    '2026-10-01T10:00:00+00:00',
  ]);
  const second = await usageOf(
    fixture,
    `limit=2&expand=time_series,summary&cursor=${String(first.next_cursor)}`,
  );
  expect(second.time_series).toHaveLength(1);
  expect(second.next_cursor).toBeNull();
  expect([first.summary.length, second.summary.length]).toEqual([1, 0]);
});

test('a billing event of an endpoint without a price says that the price is unknown', async () => {
  const fixture = platformFixture();
  fixture.addJob({ unitPriceNano: undefined, chargedNano: undefined, billableUnits: 2 });
  const [event] = await walk(fixture, '');
  expect(event).toMatchObject({ output_units: 2, unit_price: null, percent_discount: null, cost_total: 0 });
});

test('billing events can be looked up by request, and belong to the account of the key', async () => {
  const fixture = platformFixture();
  const wanted = fixture.addJob({});
  fixture.addJob({});
  fixture.addJob({ account: 'somebody-else' });
  expect(await walk(fixture, '')).toHaveLength(2);
  const found = await walk(fixture, `request_id=${wanted.requestId}`);
  expect(found.map((event) => event.request_id)).toEqual([wanted.requestId]);
  expect(wanted.account).toBe(DEFAULT_ACCOUNT);
});

test('billing events answer 500 while that fault is on, and usage still works', async () => {
  const fixture = platformFixture();
  fixture.engine.switches.billingEventsFail = true;
  expect(await fixture.ask('/models/billing-events')).toMatchObject({
    status: 500,
    body: { error: { type: 'server_error' } },
  });
  expect(await fixture.ask('/models/usage')).toMatchObject({ status: 200 });
});
