import { expect, test } from 'vitest';
import { DEFAULT_ACCOUNT } from '../default-world.ts';
import { platformFixture } from './platform-fixture.ts';

interface Models {
  readonly models: readonly {
    readonly endpoint_id: string;
    readonly metadata: Readonly<Record<string, unknown>>;
  }[];
  readonly next_cursor: string | null;
}

/** Required by fal's OpenAPI document. */
const REQUIRED_METADATA = [
  'display_name',
  'category',
  'description',
  'status',
  'tags',
  'updated_at',
  'is_favorited',
  'thumbnail_url',
  'model_url',
  'date',
  'highlighted',
  'pinned',
];

async function idsOf(query: string, fixture = platformFixture()): Promise<string[]> {
  const { body } = await fixture.ask(`/models${query}`);
  return (body as Models).models.map((model) => model.endpoint_id);
}

test('the catalogue lists every endpoint of the world with all required fields', async () => {
  const fixture = platformFixture();
  const { body } = await fixture.ask('/models', { key: undefined });
  const { models, next_cursor: cursor } = body as Models;
  expect(models.map((model) => model.endpoint_id)).toEqual([...fixture.engine.world.endpoints.keys()]);
  expect(cursor).toBeNull();
  for (const { metadata } of models) {
    expect(Object.keys(metadata)).toEqual(expect.arrayContaining(REQUIRED_METADATA));
    expect(metadata.is_favorited).toBeNull();
  }
  const known = (await fixture.ask('/models')).body as Models;
  expect(known.models[0]?.metadata.is_favorited).toBe(false);
});

test('the catalogue can be filtered by id, category, status and text', async () => {
  const fixture = platformFixture();
  const dev = fixture.engine.world.endpoints.get('fal-ai/flux/dev');
  if (dev !== undefined) dev.status = 'deprecated';
  expect(await idsOf('?status=deprecated', fixture)).toEqual(['fal-ai/flux/dev']);
  expect(await idsOf('?endpoint_id=fal-ai/flux/dev,acme/none&endpoint_id=fal-ai/fast-sdxl')).toEqual([
    'fal-ai/flux/dev',
    'fal-ai/fast-sdxl',
  ]);
  expect(await idsOf('?category=text-to-video')).toEqual(['fal-ai/kling-video/v2/standard/text-to-video']);
  expect(await idsOf('?q=SCHNELL')).toEqual(['fal-ai/flux/schnell']);
  expect(await fixture.ask('/models?endpoint_id=acme/none')).toMatchObject({ status: 404 });
});

test('the catalogue pages, and expands on request', async () => {
  const fixture = platformFixture();
  const { body } = await fixture.ask('/models?limit=3&expand=openapi-3.0,enterprise_status');
  const { models, next_cursor: cursor } = body as Models;
  expect(models).toHaveLength(3);
  expect(models[0]).toMatchObject({
    enterprise_status: 'ready',
    openapi: { openapi: '3.0.4', paths: { '/fal-ai/flux/dev': {} } },
  });
  const rest = await fixture.ask(`/models?limit=3&cursor=${String(cursor)}`);
  expect(rest.body).toMatchObject({ models: [{}], next_cursor: null, has_more: false });
});

test('prices are list prices, and an endpoint without one is missing from the answer', async () => {
  const { ask, engine } = platformFixture();
  const sdxl = engine.world.endpoints.get('fal-ai/fast-sdxl');
  if (sdxl !== undefined) sdxl.unitPriceNano = undefined;
  const { body } = await ask('/models/pricing?endpoint_id=fal-ai/flux/dev,fal-ai/fast-sdxl,acme/none');
  expect(body).toEqual({
    prices: [{ endpoint_id: 'fal-ai/flux/dev', unit_price: 0.02, unit: 'megapixels', currency: 'USD' }],
    next_cursor: null,
    has_more: false,
  });
});

test('an estimate by units adds up list prices; one by calls uses the mean of past charges', async () => {
  const fixture = platformFixture();
  const estimate = async (type: string, endpoints: unknown): Promise<unknown> => {
    const body = { estimate_type: type, endpoints };
    return (await fixture.ask('/models/pricing/estimate', { method: 'POST', body })).body;
  };
  const both = { 'fal-ai/flux/dev': { unit_quantity: 50 }, 'fal-ai/flux/schnell': { unit_quantity: 0.5 } };
  expect(await estimate('unit_price', both)).toEqual({
    estimate_type: 'unit_price',
    total_cost: 1.002,
    currency: 'USD',
  });
  const calls = { 'fal-ai/flux/schnell': { call_quantity: 100 } };
  expect(await estimate('historical_api_price', calls)).toMatchObject({ total_cost: 0.4 });
  fixture.addJob({ billableUnits: 2 });
  fixture.addJob({ billableUnits: 4 });
  expect(await estimate('historical_api_price', calls)).toMatchObject({ total_cost: 1.2 });
});

test.each([
  [undefined, 'body'],
  [{ endpoints: {} }, 'estimate_type'],
  [{ estimate_type: 'unit_price', endpoints: {} }, 'endpoints'],
  [{ estimate_type: 'unit_price', endpoints: { 'a/b': { call_quantity: 1 } } }, 'unit_quantity'],
  [{ estimate_type: 'historical_api_price', endpoints: { 'a/b': { call_quantity: 1.5 } } }, 'call_quantity'],
])('the estimate body %j is refused, naming %s', async (body, field) => {
  const { ask, engine } = platformFixture();
  const [endpoint] = engine.world.endpoints.keys();
  const known = JSON.parse(JSON.stringify(body ?? null).replaceAll('a/b', endpoint ?? '')) as unknown;
  const answer = await ask('/models/pricing/estimate', { method: 'POST', body: known });
  expect(answer).toMatchObject({ status: 400, body: { error: { type: 'validation_error' } } });
  expect(JSON.stringify(answer.body)).toContain(field);
});

test('an estimate for an endpoint without a price is not found', async () => {
  const { ask } = platformFixture();
  const body = { estimate_type: 'unit_price', endpoints: { 'acme/none': { unit_quantity: 1 } } };
  expect(await ask('/models/pricing/estimate', { method: 'POST', body })).toMatchObject({ status: 404 });
});

test('the balance shows on request only, and never below zero', async () => {
  const { ask, engine } = platformFixture();
  expect((await ask('/account/billing')).body).toEqual({ username: DEFAULT_ACCOUNT });
  const credits = async (): Promise<unknown> => (await ask('/account/billing?expand=credits')).body;
  expect(await credits()).toMatchObject({ credits: { current_balance: 100, currency: 'USD' } });
  const account = engine.world.accounts.get(DEFAULT_ACCOUNT);
  if (account !== undefined) account.balanceNano = -180_000_000;
  expect(await credits()).toMatchObject({ credits: { current_balance: 0 } });
});

test('a key can be made, used, listed without its secret, and deleted with immediate effect', async () => {
  const { ask, clock } = platformFixture();
  await clock.advance(1000);
  const made = await ask('/keys', { method: 'POST', body: { alias: 'rotation' } });
  expect(made.status).toBe(201);
  const { key_id: id, key_secret: secret, key } = made.body as Record<string, string>;
  expect(key).toBe(`${String(id)}:${String(secret)}`);
  const use = async (): Promise<number> =>
    (await ask('/models/pricing?endpoint_id=fal-ai/flux/dev', { key })).status;
  expect(await use()).toBe(200);
  const list = await ask('/keys?expand=creator_info');
  expect(JSON.stringify(list.body)).not.toContain(secret);
  expect(list.body).toMatchObject({
    keys: [
      { alias: 'production', scope: 'API', created_at: '2026-10-01T12:00:00.000Z' },
      {
        key_id: id,
        alias: 'rotation',
        created_at: '2026-10-01T12:00:01.000Z',
        creator_nickname: DEFAULT_ACCOUNT,
      },
    ],
  });
  expect((await ask(`/keys/${String(id)}`, { method: 'DELETE' })).status).toBe(204);
  expect(await use()).toBe(401);
  expect((await ask(`/keys/${String(id)}`, { method: 'DELETE' })).status).toBe(204);
});

test('an ADMIN key cannot be deleted through the API, and a key needs an alias', async () => {
  const { ask, engine } = platformFixture();
  const admin = [...engine.world.keys.values()].find((key) => key.scope === 'ADMIN');
  expect((await ask(`/keys/${String(admin?.id)}`, { method: 'DELETE' })).status).toBe(204);
  expect(admin?.revoked).toBe(false);
  for (const alias of [undefined, '', 7, 'x'.repeat(256)]) {
    expect(await ask('/keys', { method: 'POST', body: { alias } })).toMatchObject({ status: 400 });
  }
});
