import { expect, test } from 'vitest';
import { createSimulator } from '../create-simulator.ts';
import { DEFAULT_ACCOUNT, FAKE_API_KEY } from '../default-world.ts';
import type { SimulatedRequest } from '../reply.ts';
import { SCENARIO_NAMES } from '../scenarios/catalogue.ts';
import type { Simulator } from '../simulator.ts';
import { VirtualClock } from '../virtual-clock.ts';
import { createControlApi } from './index.ts';

const MODEL = 'fal-ai/flux/schnell';
const ACCOUNT = `/accounts/${DEFAULT_ACCOUNT}`;

interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

interface Fixture {
  readonly simulator: Simulator;
  readonly clock: VirtualClock;
  readonly ask: (call: string, body?: unknown, change?: Partial<SimulatedRequest>) => Promise<Answer>;
}

/** `ask('PATCH /accounts/x', {…})` as if it came through the simulator's own port. */
function fixture(): Fixture {
  const clock = new VirtualClock();
  const simulator = createSimulator({ clock });
  const api = createControlApi(simulator, simulator.engine);
  return {
    clock,
    simulator,
    ask: async (call, body, change = {}) => {
      const [method = '', pathAndQuery = ''] = call.split(' ');
      const url = new URL(pathAndQuery, 'http://127.0.0.1:1');
      const reply = await api({
        method,
        host: '_control',
        path: url.pathname,
        query: url.searchParams,
        headers: new Map(),
        body: new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body ?? {})),
        signal: new AbortController().signal,
        reachedThrough: 'http://127.0.0.1:1',
        ...change,
      });
      if (reply.kind !== 'http' || typeof reply.body !== 'string')
        throw new TypeError('expected an HTTP answer');
      return { status: reply.status, body: JSON.parse(reply.body) as Answer['body'] };
    },
  };
}

async function submit(simulator: Simulator): Promise<void> {
  await simulator.fetch(`https://queue.fal.run/${MODEL}`, {
    method: 'POST',
    headers: { authorization: `Key ${FAKE_API_KEY}` },
    body: '{"prompt":"a lighthouse"}',
  });
}

test('the scenarios are listed, and one can be switched on, for one model too', async () => {
  const { ask, simulator } = fixture();
  const { body } = await ask('GET /scenarios');
  expect((body.scenarios as { name: string }[]).map(({ name }) => name)).toEqual(SCENARIO_NAMES);
  expect(body.active).toBe('healthy');
  expect(await ask('POST /scenarios/queue-stall', { endpointId: MODEL })).toEqual({
    status: 200,
    body: { active: 'queue-stall', endpointId: MODEL },
  });
  expect(simulator.scenario).toBe('queue-stall');
  expect(simulator.engine.switches.queueStalled).toBe(MODEL);
});

test('an account is shown, topped up, locked and opened, and the top-up is in the ledger', async () => {
  const { ask } = fixture();
  expect((await ask(`GET ${ACCOUNT}`)).body).toMatchObject({ balanceUsd: 100, lock: null, running: 0 });
  const change = { topUpUsd: 12.5, lock: 'top_up', concurrencyLimit: 2, lockBelowUsd: null };
  expect((await ask(`PATCH ${ACCOUNT}`, change)).body).toMatchObject({
    balanceUsd: 112.5,
    lock: 'top_up',
    concurrencyLimit: 2,
    lockBelowUsd: null,
  });
  expect((await ask(`PATCH ${ACCOUNT}`, { lock: null })).body).toMatchObject({ lock: null });
  expect((await ask('GET /ledger/top-ups')).body).toMatchObject({
    total: 1,
    topUps: [{ account: DEFAULT_ACCOUNT, amountNano: 12_500_000_000 }],
  });
});

test('an endpoint is changed under its id with slashes, encoded or not', async () => {
  const { ask, simulator } = fixture();
  const changed = await ask(`PATCH /endpoints/${MODEL}`, { unitPriceUsd: 0.01, maxRunners: 1 });
  expect(changed.body).toMatchObject({ id: MODEL, unitPriceUsd: 0.01, maxRunners: 1, load: { queued: 0 } });
  expect(simulator.world.endpoints.get(MODEL)?.unitPriceNano).toBe(10_000_000);
  const encoded = await ask(`PATCH /endpoints/${encodeURIComponent(MODEL)}`, {
    unitPriceUsd: null,
    inference: { medianMs: 5, sigma: 0 },
  });
  expect(encoded.body).toMatchObject({ unitPriceUsd: null, inference: { medianMs: 5, sigma: 0 } });
});

test('a key is revoked at once, and keys are listed without secrets', async () => {
  const { ask, simulator } = fixture();
  const [id = '', secret = ''] = FAKE_API_KEY.split(':');
  expect(await ask(`POST /keys/${id}/revoke`)).toMatchObject({ status: 200, body: { revoked: true } });
  const keys = await ask('GET /keys');
  expect(keys.body).toMatchObject({
    keys: [
      { id, revoked: true },
      { scope: 'ADMIN', revoked: false },
    ],
  });
  expect(JSON.stringify(keys.body)).not.toContain(secret);
  await submit(simulator);
  expect(simulator.ledger.exchanges.at(-1)?.answer).toBe(401);
});

test('the ledger is shown newest first, filtered and limited', async () => {
  const { ask, simulator, clock } = fixture();
  await ask(`PATCH /endpoints/${MODEL}`, { inference: { medianMs: 10_000, sigma: 0 } });
  await ask('POST /failures', { errorType: 'internal_server_error' });
  await submit(simulator);
  await clock.advance(60_000);
  await submit(simulator);
  await clock.advance(5000);
  expect((await ask(`GET ${ACCOUNT}`)).body.running).toBe(1);
  const [first, second] = simulator.ledger.jobs.map((job) => job.requestId);
  const idsOf = async (query: string): Promise<unknown> =>
    ((await ask(`GET /ledger/jobs?${query}`)).body.jobs as { requestId: string }[]).map(
      (job) => job.requestId,
    );
  expect(await idsOf('')).toEqual([second, first]);
  expect(await idsOf('limit=1')).toEqual([second]);
  expect(await idsOf('outcome=error&errorType=internal_server_error')).toEqual([first]);
  expect(await idsOf('since=2026-10-01T12:01:00Z')).toEqual([second]);
  expect(await idsOf('endpointId=acme/none')).toEqual([]);
  const exchanges = await ask('GET /ledger/exchanges?host=queue.fal.run&answer=200&limit=5');
  expect(exchanges.body).toMatchObject({ total: 2, exchanges: [{ method: 'POST', answer: 200 }, {}] });
});

test('realtime connections are listed, newest first, with what became of them', async () => {
  const { ask, simulator } = fixture();
  const closed = (path: string): Promise<unknown> =>
    new Promise((resolve) => (new simulator.WebSocket(`wss://fal.run/${path}`).onclose = resolve));
  await closed(`${MODEL}/realtime?fal_jwt_token=nonsense`);
  await closed(`${MODEL}/realtime?fal_jwt_token=other`);
  const list = async (query: string): Promise<unknown> =>
    (await ask(`GET /ledger/connections?${query}`)).body;
  const [, second] = simulator.ledger.connections;
  expect(await list('limit=1')).toMatchObject({
    total: 2,
    connections: [{ connectionId: second?.connectionId, endpointId: MODEL, endedBy: 'unauthorized' }],
  });
  expect(await list('endedBy=idle')).toEqual({ total: 0, connections: [] });
});

test('failures can be ordered by number or by rate, and taken back', async () => {
  const { ask, simulator, clock } = fixture();
  const outcome = async (): Promise<unknown> => {
    await submit(simulator);
    await clock.advance(60_000);
    return simulator.ledger.jobs.at(-1)?.outcome;
  };
  await ask('POST /failures', { errorType: 'content_policy_violation', times: 1, endpointId: MODEL });
  expect([await outcome(), await outcome()]).toEqual(['error', 'ok']);
  await ask('POST /failures', { errorType: 'internal_server_error', rate: 1 });
  expect([await outcome(), await outcome()]).toEqual(['error', 'error']);
  await ask('DELETE /failures');
  expect(await outcome()).toBe('ok');
});

test('the status page is steered: an incident, its progress, its end, and the HTML error', async () => {
  const { ask, simulator } = fixture();
  const incident = { name: 'Slow queue', impact: 'DEGRADEDPERFORMANCE', components: ['Model API'] };
  expect((await ask('PATCH /status-page', { incident })).body).toMatchObject({
    page: { status: 'HASISSUES' },
    activeIncidents: [{ name: 'Slow queue', status: 'INVESTIGATING' }],
    components: [{ name: 'Model API', status: 'DEGRADEDPERFORMANCE' }, {}, {}],
  });
  expect((await ask('PATCH /status-page', { incident: 'IDENTIFIED' })).body).toMatchObject({
    activeIncidents: [{ status: 'IDENTIFIED' }],
  });
  const ended = await ask('PATCH /status-page', { incident: null, maintenance: { name: 'Move' } });
  expect(ended.body).toMatchObject({ page: { status: 'UNDERMAINTENANCE' } });
  await ask('PATCH /status-page', { answer: 'html-error', maintenance: null });
  expect((await simulator.fetch('https://status.fal.ai/summary.json')).status).toBe(502);
  expect((await ask('GET /status-page')).body).toMatchObject({
    answer: 'html-error',
    page: { status: 'UP' },
  });
});

const MISTAKES: readonly (readonly [string, unknown, string])[] = [
  [`PATCH ${ACCOUNT}`, '{', 'body'],
  [`PATCH ${ACCOUNT}`, '[]', 'body'],
  [`PATCH ${ACCOUNT}`, { balance: 5 }, 'balance'],
  [`PATCH ${ACCOUNT}`, { topUpUsd: -5 }, 'topUpUsd'],
  [`PATCH ${ACCOUNT}`, { topUpUsd: '5' }, 'topUpUsd'],
  [`PATCH ${ACCOUNT}`, { balanceUsd: null }, 'balanceUsd'],
  [`PATCH ${ACCOUNT}`, { lock: 'because' }, 'lock'],
  [`PATCH ${ACCOUNT}`, { concurrencyLimit: 1.5 }, 'concurrencyLimit'],
  [`PATCH ${ACCOUNT}`, { percentDiscount: 101 }, 'percentDiscount'],
  [`PATCH /endpoints/${MODEL}`, { id: 'acme/other' }, 'id'],
  [`PATCH /endpoints/${MODEL}`, { unitPriceUsd: -1 }, 'unitPriceUsd'],
  [`PATCH /endpoints/${MODEL}`, { inference: { medianMs: 5 } }, 'inference'],
  [`PATCH /endpoints/${MODEL}`, { status: 'gone' }, 'status'],
  ['POST /scenarios/outage', { endpointId: 'acme/none' }, 'endpointId'],
  ['POST /scenarios/outage', { endpoint: MODEL }, 'endpoint'],
  ['POST /failures', {}, 'errorType'],
  ['POST /failures', { errorType: 'bad_luck' }, 'errorType'],
  ['POST /failures', { errorType: 'bad_request', times: 1, rate: 1 }, 'rate'],
  ['POST /failures', { errorType: 'bad_request', rate: 2 }, 'rate'],
  ['GET /ledger/jobs?limit=0', undefined, 'limit'],
  ['GET /ledger/jobs?limit=x', undefined, 'limit'],
  ['GET /ledger/jobs?outcome=good', undefined, 'outcome'],
  ['GET /ledger/jobs?since=today', undefined, 'since'],
  ['GET /ledger/jobs?prompt=cat', undefined, 'prompt'],
  ['GET /ledger/exchanges?answer=fine', undefined, 'answer'],
  ['GET /ledger/connections?mode=run', undefined, 'mode'],
  ['PATCH /status-page', { answer: 'json' }, 'answer'],
  ['PATCH /status-page', { components: { Nothing: 'OPERATIONAL' } }, 'Nothing'],
  ['PATCH /status-page', { components: { 'Model API': 'BROKEN' } }, 'components.Model API'],
  ['PATCH /status-page', { incident: 'OVER' }, 'incident'],
  ['PATCH /status-page', { incident: {} }, 'incident.name'],
  ['PATCH /status-page', { incident: { name: 'x', components: ['y'] } }, 'incident.components'],
];

test.each(MISTAKES)('%s with %j is a 400 that names %s', async (call, body, field) => {
  const { ask } = fixture();
  const answer = await ask(call, body);
  expect(answer).toEqual({
    status: 400,
    body: { field, error: expect.stringContaining(`${field}: expected`) as string },
  });
});

test('a body with one bad field changes nothing at all', async () => {
  const { ask, simulator } = fixture();
  await ask(`PATCH ${ACCOUNT}`, { topUpUsd: 5, concurrencyLimit: 3, lock: 'because' });
  expect(simulator.world.accounts.get(DEFAULT_ACCOUNT)).toMatchObject({ concurrencyLimit: 10 });
  expect(simulator.ledger.topUps).toEqual([]);
});

test.each([
  ['GET /nowhere', 404],
  ['GET /accounts/nobody', 404],
  ['PATCH /endpoints/acme/none', 404],
  ['POST /scenarios/unknown', 404],
  ['POST /keys/unknown/revoke', 404],
  ['PUT /scenarios', 405],
])('%s is answered with %i and a reason', async (call, status) => {
  const { ask } = fixture();
  const answer = await ask(call);
  expect(answer.status).toBe(status);
  expect(answer.body.error).toMatch(/\w/);
});

test('the control API is on the own port only, and not for web pages', async () => {
  const { ask } = fixture();
  expect((await ask('GET /scenarios', {}, { reachedThrough: undefined })).status).toBe(404);
  const headers = new Map([['origin', 'https://example.com']]);
  expect((await ask('POST /scenarios/outage', {}, { headers })).status).toBe(403);
});

test('the control API answers through the port', async () => {
  const simulator = createSimulator();
  const server = await simulator.listen();
  try {
    const response = await fetch(`${server.url}/_control/`);
    const { operations } = (await response.json()) as { operations: string[] };
    expect(operations).toContain('PATCH /accounts/{name}');
    const switched = await fetch(`${server.url}/_control/scenarios/outage`, { method: 'POST' });
    expect([switched.status, simulator.scenario]).toEqual([200, 'outage']);
  } finally {
    await server.close();
    simulator.close();
  }
});

test('the key that signs webhooks is changed, and the old one is published on unless told otherwise', async () => {
  const { ask, simulator } = fixture();
  const published = async (): Promise<unknown[]> => {
    const response = await simulator.fetch('https://rest.fal.ai/.well-known/jwks.json');
    return ((await response.json()) as { keys: unknown[] }).keys;
  };
  const [first] = await published();
  expect(await ask('POST /webhook-key/rotate')).toEqual({
    status: 200,
    body: { rotated: true, keepOld: true },
  });
  expect(await published()).toEqual([expect.anything(), first]);
  expect((await ask('POST /webhook-key/rotate', { keepOld: false })).status).toBe(200);
  expect(await published()).toHaveLength(1);
  expect(await published()).not.toContainEqual(first);
  expect((await ask('POST /webhook-key/rotate', { keepOld: 'no' })).body).toMatchObject({ field: 'keepOld' });
  expect(await published()).toHaveLength(1);
});
