import { expect, test } from 'vitest';
import { FAKE_ADMIN_KEY } from '../default-world.ts';
import { type FalUnderTest, IMAGE_MODEL, VIDEO_MODEL, falUnderTest } from '../fal-under-test.ts';

const PLATFORM = 'https://api.fal.ai/v1';
const OTHER_MODEL = 'fal-ai/fast-sdxl';
const HOUR_MS = 3_600_000;
const INPUT = { body: { prompt: 'x' } };

interface Row {
  readonly request_id: string;
  readonly timestamp: string;
  readonly cost_estimate_nano_usd: number;
}

async function read(fal: FalUnderTest, path: string): Promise<{ status: number; body: unknown }> {
  const { status, body } = await fal.call('GET', `${PLATFORM}${path}`, { key: FAKE_ADMIN_KEY });
  return { status, body };
}

async function rowsOf(fal: FalUnderTest): Promise<readonly Row[]> {
  const { body } = await read(fal, '/models/billing-events');
  return (body as { billing_events: readonly Row[] }).billing_events;
}

/** So many jobs, one after the other, all of them indexed. */
async function billed(fal: FalUnderTest, count: number): Promise<void> {
  for (let sent = 0; sent < count; sent += 1) {
    await fal.submit();
    await fal.clock.advance(2500);
  }
  await fal.clock.advance(30_000);
}

function rightRows(fal: FalUnderTest, rows: readonly Row[]): readonly Row[] {
  return rows.filter(
    (row) => fal.simulator.ledger.job(row.request_id)?.chargedNano === row.cost_estimate_nano_usd,
  );
}

const idsOf = (rows: readonly Row[]): Set<string> => new Set(rows.map((row) => row.request_id));

test('billing-duplicated lists some requests more than once, and never another cost', async () => {
  const fal = falUnderTest({ scenario: 'billing-duplicated' });
  await billed(fal, 40);
  const rows = await rowsOf(fal);
  expect(idsOf(rows).size).toBe(40);
  expect(rows.length).toBeGreaterThan(45);
  expect(rightRows(fal, rows)).toHaveLength(rows.length);
  fal.simulator.applyScenario('healthy');
  expect(await rowsOf(fal)).toHaveLength(40);
});

test('billing-corrected is wrong at first and right ten minutes later', async () => {
  const fal = falUnderTest({ scenario: 'billing-corrected' });
  await billed(fal, 40);
  const early = await rowsOf(fal);
  expect(early).toHaveLength(40);
  expect(rightRows(fal, early).length).toBeLessThan(35);
  await fal.clock.advance(600_000);
  const late = await rowsOf(fal);
  expect(late).toHaveLength(40);
  expect(rightRows(fal, late)).toHaveLength(40);
});

test('billing-partly-late has every request six hours later, usage at once', async () => {
  const fal = falUnderTest({ scenario: 'billing-partly-late' });
  await billed(fal, 40);
  expect((await rowsOf(fal)).length).toBeLessThan(35);
  const { body } = await read(fal, '/models/usage?expand=summary');
  expect(body).toMatchObject({ summary: [{ quantity: 40, cost_total: 0.8 }] });
  await fal.clock.advance(6 * HOUR_MS);
  expect(idsOf(await rowsOf(fal)).size).toBe(40);
});

test('billing-incomplete never has some of the requests, usage has them all', async () => {
  const fal = falUnderTest({ scenario: 'billing-incomplete' });
  await billed(fal, 40);
  await fal.clock.advance(20 * HOUR_MS);
  const rows = await rowsOf(fal);
  expect(rows.length).toBeLessThan(40);
  expect(rows.length).toBeGreaterThan(15);
  expect(rightRows(fal, rows)).toHaveLength(rows.length);
  const { body } = await read(fal, '/models/usage?expand=summary');
  expect(body).toMatchObject({ summary: [{ quantity: 40 }] });
});

test.each([
  ['usage-500', '/models/usage', '/models/billing-events'],
  ['balance-unreadable', '/account/billing?expand=credits', '/models/usage'],
  ['billing-events-500', '/models/billing-events', '/account/billing?expand=credits'],
])('%s answers 500 on %s and leaves %s alone', async (scenario, broken, well) => {
  const fal = falUnderTest({ scenario });
  expect(await read(fal, broken)).toMatchObject({
    status: 500,
    body: { error: { type: 'server_error' } },
  });
  expect((await read(fal, well)).status).toBe(200);
  fal.simulator.applyScenario('healthy');
  expect((await read(fal, broken)).status).toBe(200);
});

test('the metrics of deployed apps are huge or garbage by scenario', async () => {
  const fal = falUnderTest({ scenario: 'serverless-metrics-garbage' });
  const metrics = async (): Promise<string> =>
    String((await fal.call('GET', `${PLATFORM}/serverless/metrics`)).body.text);
  expect(await metrics()).not.toContain('fal_app_');
  fal.simulator.applyScenario('serverless-metrics-huge');
  expect((await metrics()).length).toBeGreaterThan(8 * 1024 * 1024);
  fal.simulator.applyScenario('healthy');
  expect((await metrics()).length).toBeLessThan(20_000);
});

test('a deprecated model says so in the catalogue and works as before', async () => {
  const fal = falUnderTest({ scenario: 'model-deprecated' });
  const { body } = await read(fal, '/models?status=deprecated');
  expect((body as { models: unknown[] }).models).toMatchObject([{ endpoint_id: IMAGE_MODEL }]);
  expect((await fal.call('POST', `https://queue.fal.run/${IMAGE_MODEL}`, INPUT)).status).toBe(200);
});

test('a removed model is gone from catalogue and prices, and every way to call it answers 404', async () => {
  const fal = falUnderTest();
  const waiting = await fal.submit();
  fal.simulator.applyScenario('model-removed', { endpointId: IMAGE_MODEL });
  expect(await read(fal, `/models?endpoint_id=${IMAGE_MODEL}`)).toMatchObject({ status: 404 });
  const { body } = await read(fal, '/models');
  expect(JSON.stringify(body)).not.toContain(`"${IMAGE_MODEL}"`);
  const prices = await read(fal, `/models/pricing?endpoint_id=${IMAGE_MODEL},${OTHER_MODEL}`);
  expect(prices.body).toMatchObject({ prices: [{ endpoint_id: OTHER_MODEL }] });
  const estimate = {
    estimate_type: 'unit_price',
    endpoints: { [IMAGE_MODEL]: { unit_quantity: 1 } },
  };
  expect((await fal.call('POST', `${PLATFORM}/models/pricing/estimate`, { body: estimate })).status).toBe(
    404,
  );
  for (const url of [
    `https://queue.fal.run/${IMAGE_MODEL}`,
    `https://fal.run/${IMAGE_MODEL}`,
    `https://fal.run/${IMAGE_MODEL}/stream`,
  ]) {
    expect((await fal.call('POST', url, INPUT)).status, url).toBe(404);
  }
  expect((await fal.call('POST', `https://queue.fal.run/${OTHER_MODEL}`, INPUT)).status).toBe(200);
  await fal.clock.advance(5000);
  expect(fal.simulator.ledger.job(waiting)?.outcome).toBe('ok');
  expect((await fal.status(waiting)).body.status).toBe('COMPLETED');
});

test('a removed model is there again when healthy, or when another scenario aims at it', async () => {
  const fal = falUnderTest();
  const order = async (): Promise<unknown> => (await read(fal, '/models')).body;
  const before = await order();
  fal.simulator.applyScenario('model-removed', { endpointId: OTHER_MODEL });
  fal.simulator.applyScenario('price-raised', { endpointId: OTHER_MODEL });
  expect(await order()).toEqual(before);
  fal.simulator.applyScenario('model-removed');
  expect(await order()).not.toEqual(before);
  fal.simulator.applyScenario('healthy');
  expect(await order()).toEqual(before);
});

test('a raised price holds for the jobs that come after it, and the list says so', async () => {
  const fal = falUnderTest();
  const before = await fal.submit();
  fal.simulator.applyScenario('price-raised');
  const after = await fal.submit();
  await fal.clock.advance(5000);
  const { ledger } = fal.simulator;
  expect(ledger.job(before)?.chargedNano).toBe(20_000_000);
  expect(ledger.job(after)?.chargedNano).toBe(40_000_000);
  const { body } = await read(fal, `/models/pricing?endpoint_id=${IMAGE_MODEL},${OTHER_MODEL}`);
  expect(body).toMatchObject({ prices: [{ unit_price: 0.04 }, { unit_price: 0.003 }] });
});

test('a model without a price has none after it was raised either', () => {
  const { simulator } = falUnderTest();
  const endpoint = simulator.world.endpoints.get(IMAGE_MODEL);
  if (endpoint !== undefined) endpoint.unitPriceNano = undefined;
  simulator.applyScenario('price-raised');
  expect(endpoint?.unitPriceNano).toBeUndefined();
});

test('a changed unit shows in the price list and in the usage of the jobs that come', async () => {
  const fal = falUnderTest();
  await billed(fal, 1);
  fal.simulator.applyScenario('unit-changed');
  await billed(fal, 2);
  const prices = await read(fal, `/models/pricing?endpoint_id=${IMAGE_MODEL}`);
  expect(prices.body).toMatchObject({ prices: [{ unit: 'compute seconds', unit_price: 0.02 }] });
  const { body } = await read(fal, '/models/usage?expand=summary');
  expect(body).toMatchObject({
    summary: [
      { unit: 'compute seconds', quantity: 2 },
      { unit: 'megapixels', quantity: 1 },
    ],
  });
});

test('a discount of 20 % is taken off every charge and leaves the list prices alone', async () => {
  const fal = falUnderTest({ scenario: 'discounted' });
  const requestId = await fal.submit(VIDEO_MODEL);
  await fal.clock.advance(80_000);
  expect(fal.simulator.ledger.job(requestId)).toMatchObject({
    chargedNano: 200_000_000,
    percentDiscount: 20,
  });
  const [row] = await rowsOf(fal);
  expect(row).toMatchObject({
    unit_price: 0.05,
    percent_discount: 20,
    cost_subtotal: 0.25,
    cost_total: 0.2,
    cost_estimate_nano_usd: 200_000_000,
  });
  const { body } = await read(fal, `/models/pricing?endpoint_id=${VIDEO_MODEL}`);
  expect(body).toMatchObject({ prices: [{ unit_price: 0.05 }] });
});
