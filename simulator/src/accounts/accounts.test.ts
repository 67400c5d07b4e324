import { expect, test } from 'vitest';
import { FAKE_ADMIN_KEY, FAKE_API_KEY } from '../default-world.ts';
import { IMAGE_MODEL, falUnderTest, steadyWorld } from '../fal-under-test.ts';
import { SCENARIOS } from '../scenarios/catalogue.ts';
import type { LockReason } from '../world.ts';
import { LOCK_TEXTS } from './lock-text.ts';

const RUN = `https://fal.run/${IMAGE_MODEL}`;
const SUBMIT = `https://queue.fal.run/${IMAGE_MODEL}`;
const INPUT = { body: { prompt: 'x' } };

test('an unknown key gets 401 with fal’s text', async () => {
  const { call } = falUnderTest();
  const seen = await call('POST', SUBMIT, { ...INPUT, key: 'no:body' });
  expect(seen).toMatchObject({ status: 401, body: { detail: 'No user found for Key ID and Secret' } });
  expect(seen.headers.get('x-fal-request-id')).not.toBeNull();
});

test('a key without a colon gets 401 and is told the format', async () => {
  const { call } = falUnderTest();
  expect(await call('POST', RUN, { ...INPUT, key: 'nocolon' })).toMatchObject({
    status: 401,
    body: { detail: "Invalid Key Authorization header format. Expected '<key_id>:<key_secret>'." },
  });
});

test('a revoked key gets 401 while the job it started runs on and is billed', async () => {
  const { simulator, clock, submit, status } = falUnderTest();
  const requestId = await submit();
  expect(simulator.engine.revokeKey('simulated-key-id')).toBe(true);
  expect((await status(requestId)).status).toBe(401);
  await clock.advance(2000);
  expect(simulator.ledger.job(requestId)).toMatchObject({ outcome: 'ok', chargedNano: 20_000_000 });
  expect(simulator.engine.revokeKey('simulated-key-id')).toBe(true);
  expect(simulator.engine.revokeKey('nobody')).toBe(false);
});

test('an API key is refused on money with the Platform envelope, an ADMIN key is not', async () => {
  const { call } = falUnderTest();
  const url = 'https://api.fal.ai/v1/account/billing?expand=credits';
  const refused = await call('GET', url, { key: FAKE_API_KEY });
  expect(refused).toMatchObject({ status: 403, body: { error: { type: 'authorization_error' } } });
  expect((await call('GET', url, { key: FAKE_ADMIN_KEY })).status).toBe(200);
  expect(await call('GET', url, { key: 'no:body' })).toMatchObject({
    status: 401,
    body: { error: { type: 'authorization_error' } },
  });
});

test.each(Object.keys(LOCK_TEXTS) as LockReason[])(
  'the lock %s refuses submit, run and upload with its own text',
  async (lock) => {
    const { call } = falUnderTest({ world: steadyWorld({}, { lock }) });
    const refusal = { status: 403, body: { detail: `User is locked. Reason: ${LOCK_TEXTS[lock]}` } };
    expect(await call('POST', SUBMIT, INPUT)).toMatchObject(refusal);
    expect(await call('POST', RUN, INPUT)).toMatchObject(refusal);
    const upload = 'https://rest.fal.ai/storage/upload/initiate?storage_type=fal-cdn-v3';
    const file = { content_type: 'image/png', file_name: 'x.png' };
    expect(await call('POST', upload, { body: file })).toMatchObject(refusal);
  },
);

test('every lock reason has a scenario', () => {
  const reasons = SCENARIOS.flatMap(({ changes }) =>
    changes.flatMap((change) => (change.kind === 'account' && change.set.lock ? [change.set.lock] : [])),
  );
  expect(new Set(reasons)).toEqual(new Set(Object.keys(LOCK_TEXTS)));
});

test('a locked account still reads its jobs, unless reads are refused too', async () => {
  const { simulator, submit, status } = falUnderTest();
  const requestId = await submit();
  simulator.applyScenario('locked-with-balance');
  expect((await status(requestId)).status).toBe(202);
  simulator.applyScenario('locked-reads-too');
  expect((await status(requestId)).status).toBe(403);
});

test('charges below the threshold lock the account, and a top-up opens it', async () => {
  const world = steadyWorld({}, { balanceNano: 15_000_000 });
  const { simulator, clock, call, submit } = falUnderTest({ world });
  await submit();
  await clock.advance(2000);
  expect(simulator.world.accounts.get('simulated-team')?.balanceNano).toBe(-5_000_000);
  const refused = await call('POST', SUBMIT, INPUT);
  expect(refused.body.detail).toMatch(/^User is locked. Reason: Exhausted balance/);
  simulator.engine.topUp('simulated-team', 1_000_000_000);
  expect((await call('POST', SUBMIT, INPUT)).status).toBe(200);
  expect(simulator.ledger.topUps).toEqual([
    { account: 'simulated-team', at: clock.now(), amountNano: 1_000_000_000 },
  ]);
});

test('a top-up must be positive and for an account that exists', () => {
  const { simulator } = falUnderTest();
  expect(() => simulator.engine.topUp('nobody', 1)).toThrow(/there is no account nobody/);
  expect(() => simulator.engine.topUp('simulated-team', 0)).toThrow(/expected a positive whole number/);
});
