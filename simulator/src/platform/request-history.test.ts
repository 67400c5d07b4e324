import { expect, test } from 'vitest';
import { type FalUnderTest, IMAGE_MODEL, falUnderTest, steadyWorld } from '../fal-under-test.ts';

interface Item {
  readonly request_id: string;
  readonly started_at: string;
  readonly ended_at: string | null;
  readonly status_code: number | null;
  readonly duration: number | null;
}
interface Body {
  readonly items: readonly Item[];
  readonly next_cursor: string | null;
  readonly has_more: boolean;
}

const URL = `https://api.fal.ai/v1/models/requests/by-endpoint?endpoint_id=${IMAGE_MODEL}`;

async function pageOf(fal: FalUnderTest, query = ''): Promise<Body> {
  const { status, body } = await fal.call('GET', `${URL}${query}`);
  expect(status).toBe(200);
  return body as unknown as Body;
}

test('a stuck job stands in the history with its start and without an end, until fal is well again', async () => {
  const fal = falUnderTest();
  const well = await fal.submit();
  await fal.clock.advance(5000);
  fal.simulator.engine.setSwitches({ stuckInProgress: IMAGE_MODEL });
  const stuck = await fal.submit();
  const startedAt = new Date(fal.clock.now()).toISOString();
  await fal.clock.advance(29_999);
  expect((await pageOf(fal)).items.map((item) => item.request_id)).toEqual([well]);
  await fal.clock.advance(2 * 3_600_000);
  const { items } = await pageOf(fal);
  expect(items.map((item) => item.request_id)).toEqual([stuck, well]);
  expect(items[0]).toMatchObject({
    started_at: startedAt,
    ended_at: null,
    status_code: null,
    duration: null,
  });
  expect(items[1]).toMatchObject({ status_code: 200, duration: 2 });
  fal.simulator.engine.setSwitches({ stuckInProgress: undefined });
  await fal.clock.advance(60_000);
  const [ended] = (await pageOf(fal)).items;
  expect(ended).toMatchObject({ request_id: stuck, started_at: startedAt, status_code: 200 });
  expect(ended?.ended_at).not.toBeNull();
});

test('a stuck job is found by the time of its start, however long ago', async () => {
  const fal = falUnderTest({ scenario: 'stuck-in-progress' });
  const start = encodeURIComponent(new Date(fal.clock.now()).toISOString());
  const stuck = await fal.submit();
  await fal.clock.advance(30 * 3_600_000);
  expect((await pageOf(fal)).items).toEqual([]);
  expect((await pageOf(fal, `&start=${start}`)).items).toMatchObject([{ request_id: stuck, ended_at: null }]);
});

test('250 requests, some of them stuck, come in three pages of a hundred, each one once', async () => {
  const world = steadyWorld(
    { inference: { medianMs: 500, sigma: 0 }, maxRunners: 300, warmRunners: 300 },
    { concurrencyLimit: 300 },
  );
  const fal = falUnderTest({ world });
  for (let count = 0; count < 240; count += 1) {
    await fal.submit();
    await fal.clock.advance(100);
  }
  await fal.clock.advance(5000);
  fal.simulator.applyScenario('stuck-in-progress');
  for (let count = 0; count < 10; count += 1) await fal.submit();
  await fal.clock.advance(60_000);
  const pages: Body[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    pages.push(
      await pageOf(fal, `&limit=100${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`),
    );
    cursor = pages.at(-1)?.next_cursor ?? null;
    expect(pages.length).toBeLessThan(10);
  }
  expect(pages.map(({ items, has_more: hasMore }) => [items.length, hasMore])).toEqual([
    [100, true],
    [100, true],
    [50, false],
  ]);
  const items = pages.flatMap((page) => page.items);
  expect(new Set(items.map((item) => item.request_id))).toEqual(
    new Set(fal.simulator.ledger.jobs.map((job) => job.requestId)),
  );
  expect(items.slice(0, 10).every((item) => item.ended_at === null)).toBe(true);
  const ends = items.slice(10).map((item) => Date.parse(item.ended_at ?? ''));
  expect(ends).toEqual(ends.toSorted((a, b) => b - a));
});

test('a 422 that was billed shows as 422 and as a user error, and a 422 that was not does as well', async () => {
  const fal = falUnderTest({ scenario: 'no-media-generated' });
  const billed = await fal.submit();
  await fal.clock.advance(5000);
  fal.simulator.applyScenario('healthy');
  const refused = await fal.submit(IMAGE_MODEL, { body: {} });
  const good = await fal.submit();
  await fal.clock.advance(60_000);
  expect(fal.simulator.ledger.job(billed)).toMatchObject({ httpStatus: 422, chargedNano: 20_000_000 });
  expect(fal.simulator.ledger.job(refused)).toMatchObject({ httpStatus: 422, chargedNano: 0 });
  const { items } = await pageOf(fal, '&status=user_error');
  const statusOf = Object.fromEntries(items.map((item) => [item.request_id, item.status_code]));
  expect(statusOf).toEqual({ [billed]: 422, [refused]: 422 });
  expect((await pageOf(fal, '&status=success')).items).toMatchObject([
    { request_id: good, status_code: 200 },
  ]);
});
