import { DEFAULT_ACCOUNT, FAKE_ADMIN_KEY, FAKE_API_KEY, VirtualClock, createSimulator } from 'fal-simulator';
import type { Fetch } from 'opentelemetry-instrumentation-fal/core';
import { describe, expect, it } from 'vitest';
import { testConfig } from '../config/test-config.ts';
import { moneyFindings } from './check-money.ts';
import type { Finding } from './findings.ts';
import type { Road } from './road.ts';

interface Scene {
  readonly scenario?: string;
  readonly adminKey?: string | undefined;
  readonly balanceUsd?: number;
  /** Answers in place of the simulator. */
  readonly answer?: (path: string) => Response | undefined;
}

async function found(scene: Scene = {}): Promise<Finding[]> {
  const { scenario = 'healthy', balanceUsd = 100, answer = () => undefined } = scene;
  const adminKey = 'adminKey' in scene ? scene.adminKey : FAKE_ADMIN_KEY;
  const clock = new VirtualClock();
  const simulator = createSimulator({ clock, seed: 2, scenario });
  const account = simulator.world.accounts.get(DEFAULT_ACCOUNT);
  if (account !== undefined && balanceUsd !== 100) {
    [account.balanceNano, account.lockBelowNano] = [Math.round(balanceUsd * 1e9), undefined];
  }
  const fetch: Fetch = async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    return answer(url.pathname) ?? simulator.fetch(url, init);
  };
  const road: Road = {
    ...{ config: testConfig({}), isDemo: true, adapt: (config) => config, close: () => Promise.resolve() },
    ...{ falKey: () => FAKE_API_KEY, falAdminKey: () => adminKey },
  };
  const access = { clock, fetch, falKey: road.falKey };
  const findings = moneyFindings(road, access, new AbortController().signal);
  await clock.advance(200_000);
  return findings;
}

const OK: readonly Finding[] = [
  { name: 'lock', state: 'ok', text: 'fal does not refuse the account' },
  { name: 'balance', state: 'ok', text: '100.00 USD' },
  { name: 'bill', state: 'ok', text: 'billing events and usage can be read' },
];

/** The findings of a scene that differ from those of a healthy account. */
async function trouble(scene: Scene): Promise<Finding[]> {
  const findings = await found(scene);
  expect(findings.map(({ name }) => name)).toEqual(['lock', 'balance', 'bill']);
  return findings.filter((finding) => !OK.some(({ text }) => text === finding.text));
}

describe('the check of lock, balance and bill', () => {
  it('finds all of them well', async () => {
    expect(await found()).toEqual(OK);
  });

  it('without an ADMIN key judges the lock alone, and says what the rest needs', async () => {
    expect(await found({ adminKey: undefined })).toEqual([
      OK[0],
      {
        ...{ name: 'balance and bill', state: 'off', text: 'not read' },
        remedy: 'needs a key with ADMIN scope in FAL_ADMIN_KEY or FAL_ADMIN_KEY_FILE',
      },
    ]);
  });

  it.each([
    ['locked-with-balance', 'the account is locked: exhausted balance'],
    ['locked-payment-method', 'the account is locked: a payment method is missing'],
    ['locked-unknown', 'the account is locked: fal names no reason that we know'],
  ])('under %s fails with the reason, whatever the balance is', async (scenario, text) => {
    expect(await trouble({ scenario })).toEqual([
      { name: 'lock', state: 'fail', text, remedy: 'see fal.ai/dashboard/billing' },
    ]);
  });

  it('warns of a lock that could not be judged', async () => {
    expect(await trouble({ scenario: 'host-down-rest' })).toMatchObject([
      {
        name: 'lock',
        state: 'warn',
        text: expect.stringMatching(/^could not be judged: POST \S+: /) as string,
      },
    ]);
  });

  it.each([
    [19.99, '19.99'],
    [0.0042, '0.0042'],
    [0, '0.00'],
  ])('warns of a balance of %d USD, which is low', async (balanceUsd, shown) => {
    expect(await trouble({ balanceUsd })).toEqual([
      {
        ...{ name: 'balance', state: 'warn', remedy: 'top up at fal.ai/dashboard/billing' },
        text: `${shown} USD, less than account.low_balance_usd (20.00)`,
      },
    ]);
  });

  it('is content with a balance that is just enough', async () => {
    expect((await found({ balanceUsd: 20 }))[1]).toEqual({ name: 'balance', state: 'ok', text: '20.00 USD' });
  });

  it.each([
    ['usage-500', /^billing events can be read, usage cannot: GET \/models\/usage: platform\.server_error$/],
    [
      'billing-events-500',
      /^usage can be read, billing events cannot: GET \/models\/billing-events: platform/,
    ],
  ])('under %s warns, because one source is enough to count spend', async (scenario, text) => {
    expect(await trouble({ scenario })).toEqual([
      { name: 'bill', state: 'warn', text: expect.stringMatching(text) as string },
    ]);
  });

  it.each([
    ['a page of HTML', '<html>welcome</html>'],
    ['something else in JSON', '{"hello":"world"}'],
  ])('takes %s for no bill', async (_name, body) => {
    const answer: Scene['answer'] = (path) =>
      path.startsWith('/v1/models/') ? new Response(body) : undefined;
    expect(await trouble({ answer })).toEqual([
      {
        ...{ name: 'bill', state: 'fail', remedy: undefined },
        text: 'GET /models/billing-events: invalid_json; GET /models/usage: invalid_json',
      },
    ]);
  });

  it.each([
    ['lacks the scope', FAKE_API_KEY],
    ['is unknown to fal', 'no-such-id:no-such-secret'],
  ])('says what to do about a key that %s, and does not repeat it', async (_name, adminKey) => {
    const findings = await trouble({ adminKey });
    expect(findings).toMatchObject([
      { name: 'balance', state: 'fail', remedy: 'the key is rejected or lacks the scope that balance needs' },
      { name: 'bill', state: 'fail', remedy: 'the key is rejected or lacks the scope that bill needs' },
    ]);
    expect(JSON.stringify(findings)).not.toContain(adminKey.split(':')[1]);
  });

  it('refuses a balance in another currency', async () => {
    const credits = { current_balance: 5, currency: 'EUR' };
    const answer: Scene['answer'] = (path) =>
      path === '/v1/account/billing' ? new Response(JSON.stringify({ credits })) : undefined;
    expect(await trouble({ answer })).toEqual([
      { name: 'balance', state: 'fail', text: 'the balance is in EUR, expected USD', remedy: undefined },
    ]);
  });
});
