import { describe, expect, test } from 'vitest';
import { LOCK_TEXTS } from '../accounts/lock-text.ts';
import { DEFAULT_ACCOUNT, FAKE_ADMIN_KEY } from '../default-world.ts';
import { type FalUnderTest, falUnderTest, steadyWorld } from '../fal-under-test.ts';
import type { LockReason } from '../world.ts';

const UPLOAD = 'https://rest.fal.ai/storage/upload/initiate';
const FILE = { content_type: 'text/plain', file_name: 'canary.txt' };
const REASONS = Object.keys(LOCK_TEXTS) as LockReason[];

/** What money could have moved: the balance, the jobs, what usage and billing events list. */
async function moneyOf({ simulator, call }: FalUnderTest): Promise<unknown> {
  const read = async (path: string): Promise<unknown> =>
    (await call('GET', `https://api.fal.ai/v1${path}`, { key: FAKE_ADMIN_KEY })).body;
  return {
    balanceNano: simulator.world.accounts.get(DEFAULT_ACCOUNT)?.balanceNano,
    charged: simulator.ledger.jobs.map((job) => [job.requestId, job.chargedNano]),
    usage: await read('/models/usage?expand=summary'),
    events: await read('/models/billing-events'),
  };
}

describe.each([false, true])('when a lock refuses reads: %s', (lockRefusesReads) => {
  test.each(REASONS)('%s refuses an upload with its own text, and nothing is billed', async (lock) => {
    const fal = falUnderTest({ world: steadyWorld() });
    const requestId = await fal.submit();
    await fal.clock.advance(60_000);
    Object.assign(fal.simulator.world.accounts.get(DEFAULT_ACCOUNT) ?? {}, { lock, lockRefusesReads });
    const before = await moneyOf(fal);
    for (const url of [UPLOAD, `${UPLOAD}?storage_type=fal-cdn-v3`, `${UPLOAD}-multipart`]) {
      expect(await fal.call('POST', url, { body: FILE })).toMatchObject({
        status: 403,
        body: { detail: `User is locked. Reason: ${LOCK_TEXTS[lock]}` },
      });
    }
    expect((await fal.status(requestId)).status).toBe(lockRefusesReads ? 403 : 200);
    await fal.clock.advance(60_000);
    expect(await moneyOf(fal)).toEqual(before);
  });
});

test('an open account may upload, whatever its balance, and nothing is billed', async () => {
  for (const balanceNano of [100e9, 1, 0]) {
    const fal = falUnderTest({ world: steadyWorld({}, { balanceNano }) });
    const before = await moneyOf(fal);
    const { status, body } = await fal.call('POST', UPLOAD, { body: FILE });
    expect(status).toBe(200);
    expect(Object.keys(body).sort()).toEqual(['file_url', 'upload_url']);
    await fal.clock.advance(60_000);
    expect(await moneyOf(fal)).toEqual(before);
    expect(fal.simulator.ledger.jobs).toEqual([]);
  }
});

test('a balance below the threshold locks uploads, and a top-up opens them again', async () => {
  const fal = falUnderTest({ world: steadyWorld({}, { balanceNano: -1 }) });
  expect((await fal.call('POST', UPLOAD, { body: FILE })).body.detail).toMatch(/Exhausted balance/);
  fal.simulator.engine.topUp(DEFAULT_ACCOUNT, 1_000_000_000);
  expect((await fal.call('POST', UPLOAD, { body: FILE })).status).toBe(200);
});

test('a lock comes before what is wrong with the body, and a bad key before the lock', async () => {
  const fal = falUnderTest({ world: steadyWorld({}, { lock: 'admin_lock' }) });
  expect((await fal.call('POST', UPLOAD, { body: {} })).status).toBe(403);
  const stranger = await fal.call('POST', UPLOAD, { body: FILE, key: 'no:body' });
  expect([stranger.status, stranger.body.detail]).toEqual([401, 'No user found for Key ID and Secret']);
});
