import { expect, test } from 'vitest';
import { LAG_MS, type PlatformFixture, platformFixture } from './platform-fixture.ts';

interface Item {
  readonly request_id: string;
  readonly ended_at: string | null;
  readonly duration: number | null;
}
interface Body {
  readonly items: readonly Item[];
  readonly next_cursor: string | null;
  readonly has_more: boolean;
}
const PATH = '/models/requests/by-endpoint?endpoint_id=fal-ai/flux/schnell,fal-ai/flux/dev';

async function historyOf(fixture: PlatformFixture, query = ''): Promise<Body> {
  const { status, body } = await fixture.ask(`${PATH}${query}`);
  expect(status).toBe(200);
  return body as Body;
}

test('an item carries the true times of its job', async () => {
  const fixture = platformFixture();
  const job = fixture.addJob({ submittedAt: Date.parse('2026-10-01T11:00:00Z') });
  const { items } = await historyOf(fixture);
  expect(items).toEqual([
    {
      request_id: job.requestId,
      endpoint_id: 'fal-ai/flux/schnell',
      sent_at: '2026-10-01T11:00:00.000Z',
      started_at: '2026-10-01T11:00:00.500Z',
      ended_at: '2026-10-01T11:00:02.000Z',
      status_code: 200,
      duration: 1.5,
    },
  ]);
});

test('a request that runs still, or whose end is not indexed yet, has nulls and stands in front', async () => {
  const fixture = platformFixture();
  const ended = fixture.addJob({});
  const startedAt = fixture.clock.now() - 7_200_000;
  const runs = [{ runnerId: 'r', startedAt, coldStartMs: 0 }];
  const stuck = fixture.addJob({ submittedAt: startedAt, runs, completedAt: undefined, outcome: 'pending' });
  const { items } = await historyOf(fixture);
  expect(items.map((item) => item.request_id)).toEqual([stuck.requestId, ended.requestId]);
  expect(items[0]).toMatchObject({ ended_at: null, status_code: null, duration: null });
  fixture.engine.switches.indexingLagMs = 61_000;
  const [late] = (await historyOf(fixture)).items;
  expect(late).toMatchObject({ request_id: ended.requestId, ended_at: null, status_code: null });
});

test('a request whose end is indexed this very moment is listed once, with its end', async () => {
  const fixture = platformFixture();
  const job = fixture.addJob({ submittedAt: fixture.clock.now() - LAG_MS - 2000 });
  const { items } = await historyOf(fixture);
  expect(items.map((item) => item.request_id)).toEqual([job.requestId]);
  expect(items[0]?.ended_at).not.toBeNull();
});

test('a request that waits in the queue, or was cancelled there, is not in the history', async () => {
  const fixture = platformFixture();
  fixture.addJob({ runs: [], completedAt: undefined, outcome: 'pending' });
  fixture.addJob({ runs: [], outcome: 'cancelled' });
  expect((await historyOf(fixture)).items).toEqual([]);
});

test('a start time-out has an end, a status and no duration', async () => {
  const fixture = platformFixture();
  fixture.addJob({ runs: [], outcome: 'error', httpStatus: 504, errorType: 'startup_timeout' });
  const [item] = (await historyOf(fixture, '&status=error')).items;
  expect(item).toMatchObject({ status_code: 504, duration: null });
  expect(item?.ended_at).not.toBeNull();
});

test('the history can be filtered by status class and by request, and sorted by duration', async () => {
  const fixture = platformFixture();
  const good = fixture.addJob({});
  const bad = fixture.addJob({ httpStatus: 422, outcome: 'error' });
  const startedAt = fixture.clock.now() - 3_600_000;
  const runs = [
    { runnerId: 'r', startedAt, endedAt: startedAt + 90_000, coldStartMs: 0, ended: 'ok' as const },
  ];
  const slow = fixture.addJob({ submittedAt: startedAt, runs, completedAt: startedAt + 90_000 });
  const idsOf = async (query: string): Promise<string[]> =>
    (await historyOf(fixture, query)).items.map((item) => item.request_id);
  expect(await idsOf('&status=user_error')).toEqual([bad.requestId]);
  expect(await idsOf('&status=error')).toEqual([]);
  expect(await idsOf(`&request_id=${good.requestId}`)).toEqual([good.requestId]);
  expect((await idsOf('&sort_by=duration'))[0]).toBe(slow.requestId);
  expect((await idsOf('')).at(-1)).toBe(slow.requestId);
});

test('a request id reaches back 90 days, a list only one', async () => {
  const fixture = platformFixture();
  const old = fixture.addJob({ submittedAt: fixture.clock.now() - 30 * 86_400_000 });
  expect((await historyOf(fixture)).items).toEqual([]);
  expect((await historyOf(fixture, `&request_id=${old.requestId}`)).items).toHaveLength(1);
});

test('pages of the history follow each other until all requests were seen once', async () => {
  const fixture = platformFixture();
  const ids = Array.from({ length: 120 }, () => fixture.addJob({}).requestId);
  const seen: string[] = [];
  let cursor: string | null = '';
  let pages = 0;
  while (cursor !== null) {
    const body: Body = await historyOf(fixture, cursor === '' ? '' : `&cursor=${cursor}`);
    seen.push(...body.items.map((item) => item.request_id));
    cursor = body.next_cursor;
    pages += 1;
  }
  expect(pages).toBe(3);
  expect(seen.toSorted()).toEqual(ids.toSorted());
});

test('payloads can be asked for, and there are none: the simulator keeps no prompts', async () => {
  const fixture = platformFixture();
  fixture.addJob({});
  const [item] = (await historyOf(fixture, '&expand=payloads')).items;
  expect(Object.keys(item ?? {}).filter((name) => name.startsWith('json_'))).toEqual([]);
});
