import { expect, test } from 'vitest';
import { FAKE_ADMIN_KEY, FAKE_API_KEY } from '../default-world.ts';
import { platformFixture } from './platform-fixture.ts';

const ESTIMATE = {
  method: 'POST',
  body: { estimate_type: 'unit_price', endpoints: { 'fal-ai/flux/dev': { unit_quantity: 1 } } },
};
const MODEL = 'endpoint_id=fal-ai/flux/dev';

/** The `security` of each operation in fal's OpenAPI document. */
const OPERATIONS = [
  { path: '/meta', access: 'none' },
  { path: '/models', access: 'none' },
  { path: `/models/pricing?${MODEL}`, access: 'API' },
  { path: '/models/pricing/estimate', access: 'API', how: ESTIMATE },
  { path: `/models/analytics?${MODEL}`, access: 'API' },
  { path: `/models/requests/by-endpoint?${MODEL}`, access: 'API' },
  { path: '/serverless/metrics', access: 'API' },
  { path: '/models/usage', access: 'ADMIN' },
  { path: '/models/billing-events', access: 'ADMIN' },
  { path: '/account/billing', access: 'ADMIN' },
  { path: '/keys', access: 'ADMIN' },
  { path: '/keys', access: 'ADMIN', how: { method: 'POST', body: { alias: 'new' } } },
  { path: '/keys/unknown', access: 'ADMIN', how: { method: 'DELETE' } },
] as const;

test.each(OPERATIONS)('$path ($access): each kind of key gets what its scope allows', async (operation) => {
  const { ask } = platformFixture();
  const how = 'how' in operation ? operation.how : {};
  const statusWith = async (key: string | undefined): Promise<number> =>
    (await ask(operation.path, { ...how, key })).status;
  const isOpen = operation.access === 'none';
  expect(await statusWith(FAKE_ADMIN_KEY)).toBeLessThan(300);
  expect((await statusWith(FAKE_API_KEY)) < 300).toBe(operation.access !== 'ADMIN');
  if (operation.access === 'ADMIN') expect(await statusWith(FAKE_API_KEY)).toBe(403);
  expect(await statusWith(undefined)).toBe(isOpen ? 200 : 401);
  if (operation.path !== '/meta') expect(await statusWith('wrong:key')).toBe(401);
});

test('a refusal uses the Platform envelope', async () => {
  const { ask } = platformFixture();
  const { body } = await ask('/models/usage', { key: FAKE_API_KEY });
  expect(body).toEqual({ error: { type: 'authorization_error', message: expect.any(String) as string } });
});

test('a path that fal does not have is not_found, and one that only the simulator lacks is not_implemented', async () => {
  const { ask } = platformFixture();
  expect(await ask('/nowhere')).toMatchObject({ status: 404, body: { error: { type: 'not_found' } } });
  expect(await ask('/models', { method: 'DELETE' })).toMatchObject({ status: 404 });
  expect(await ask('/serverless/apps')).toMatchObject({
    status: 501,
    body: { error: { type: 'not_implemented' } },
  });
  expect(await ask('/serverless/apps', { key: undefined })).toMatchObject({ status: 401 });
});

test('under the rate limit every operation answers 429 and says when the window ends', async () => {
  const { ask, engine, clock } = platformFixture();
  engine.switches.platformRateLimited = true;
  await clock.advance(15_000);
  for (const path of ['/meta', '/models', '/models/usage']) {
    const answer = await ask(path);
    expect(answer).toMatchObject({ status: 429, body: { error: { type: 'rate_limited' } } });
    expect(answer.headers['x-ratelimit-reset']).toBe('45');
  }
});

const MISTAKES: readonly (readonly [string, string])[] = [
  ['/models?limit=0', 'limit'],
  ['/models?limit=many', 'limit'],
  ['/models?status=asleep', 'status'],
  ['/models?expand=everything', 'expand'],
  ['/models?cursor=%21%21', 'cursor'],
  ['/models?endpoint_id=', 'endpoint_id'],
  [`/models?endpoint_id=${Array.from({ length: 51 }, (_, index) => `a/${index}`).join(',')}`, 'endpoint_id'],
  ['/models/pricing', 'endpoint_id'],
  ['/models/usage?start=yesterday', 'start'],
  ['/models/usage?start=2026-02-30', 'start'],
  ['/models/usage?end=2026-10-01T10:00:00', 'end'],
  ['/models/usage?start=2026-10-02&end=2026-10-01', 'start'],
  ['/models/usage?timezone=Mars/Olympus', 'timezone'],
  ['/models/usage?timeframe=fortnight', 'timeframe'],
  ['/models/usage?bound_to_timeframe=yes', 'bound_to_timeframe'],
  ['/models/usage?expand=auth_method', 'expand'],
  ['/models/analytics', 'endpoint_id'],
  [`/models/analytics?${MODEL}&expand=time_series`, 'expand'],
  [`/models/analytics?${MODEL}&expand=request_count`, 'expand'],
  ['/models/billing-events?start=2026-01-01&end=2026-10-01', 'start'],
  ['/models/billing-events?cursor=bm90aGluZw==', 'cursor'],
  [`/models/requests/by-endpoint?${MODEL}&limit=101`, 'limit'],
  [`/models/requests/by-endpoint?${MODEL}&request_id=7`, 'request_id'],
  [`/models/requests/by-endpoint?${MODEL}&status=ok`, 'status'],
  [`/models/requests/by-endpoint?${MODEL}&sort_by=cost`, 'sort_by'],
  ['/account/billing?expand=everything', 'expand'],
];

test.each(MISTAKES)('%s is a validation error that names %s', async (path, parameter) => {
  const { ask } = platformFixture();
  const { status, body } = await ask(path);
  expect(status).toBe(400);
  const message = expect.stringContaining(`${parameter}: expected`) as string;
  expect(body).toEqual({ error: { type: 'validation_error', message } });
});
