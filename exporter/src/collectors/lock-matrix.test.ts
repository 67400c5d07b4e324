import {
  type Account,
  DEFAULT_ACCOUNT,
  FAKE_ADMIN_KEY,
  FAKE_API_KEY,
  type LockReason,
  type Simulator,
  VirtualClock,
  createSimulator,
} from 'fal-simulator';
import type { Fetch } from 'opentelemetry-instrumentation-fal/core';
import { describe, expect, it } from 'vitest';
import type { ProbeConfig } from '../config/config.ts';
import { testCollectors, testConfig } from '../config/test-config.ts';
import type { AccountLockObserved, DomainEvent, ProbeTier } from '../domain/events.ts';
import { isFreshBalance, lockContradiction } from '../domain/lock-contradiction.ts';
import { createLockWatch } from '../domain/lock-watch.ts';
import type { FalAccess } from '../fal/client.ts';
import type { Probe } from '../probes/probe.ts';
import { createProbes } from '../probes/registry.ts';
import { createBalanceCollector } from './balance-collector.ts';
import type { Collector } from './collector.ts';
import { createLockCollector } from './lock-collector.ts';

const MINUTE = 60_000;
const ENDPOINT = 'fal-ai/flux/dev';
const CRITICAL = 5e9;

const REASONS: readonly LockReason[] = [
  ...(['exhausted_balance', 'top_up', 'admin_lock', 'payment_method'] as const),
  ...(['user_budget', 'archived', 'unknown'] as const),
];
/** Where a balance can speak against the lock. */
const ABOUT_MONEY: readonly LockReason[] = ['exhausted_balance', 'top_up', 'unknown'];
const BALANCES = ['positive', 'zero', 'unreadable'] as const;
type Balance = (typeof BALANCES)[number];

/** What the canary is refused: `uploads: false` is a fal that refuses model calls alone. */
interface LockedFal {
  readonly reason: LockReason;
  readonly readsToo: boolean;
  readonly uploadsToo: boolean;
}

interface Night {
  readonly simulator: Simulator;
  readonly account: Account;
  /** What was told last; undefined before anything was. */
  readonly told: () => AccountLockObserved | undefined;
  readonly contradiction: () => boolean | undefined;
  readonly lock: (how: LockedFal) => void;
  readonly unlock: () => void;
  /** One cycle of everything. */
  readonly minute: () => Promise<void>;
}

/** Free probe, lock and balance collector, each once a minute over the simulator; with `tiers` more probes. */
function night(balance: Balance, tiers: readonly ProbeTier[] = ['free'], answerAll?: () => Response): Night {
  const clock = new VirtualClock();
  const simulator = createSimulator({ clock, seed: 11 });
  if (balance === 'unreadable') simulator.applyScenario('balance-unreadable');
  const account = simulator.world.accounts.get(DEFAULT_ACCOUNT);
  if (account === undefined) throw new Error('the default world has no account');
  if (balance === 'zero') account.balanceNano = 0;
  let areUploadsOpen = false;
  const fetch: Fetch = (input, init) => {
    const { hostname } = new URL(new Request(input).url);
    if (answerAll !== undefined && hostname !== 'api.fal.ai') return Promise.resolve(answerAll());
    const isUpload = hostname === 'rest.fal.ai' && init?.method === 'POST';
    if (areUploadsOpen && isUpload) return Promise.resolve(Response.json({ upload_url: 'u', file_url: 'f' }));
    return simulator.fetch(input, init);
  };
  const seen = watching(clock);
  const parts = measuring({ clock, fetch, falKey: () => FAKE_API_KEY }, tiers, seen.isLocked);
  return {
    ...{ simulator, account, told: seen.told },
    contradiction: () => lockContradiction(seen.told(), seen.balance(), CRITICAL),
    lock({ reason, readsToo, uploadsToo }) {
      account.lock = reason;
      account.lockRefusesReads = readsToo;
      areUploadsOpen = !uploadsToo;
    },
    unlock: () => void (account.lock = undefined),
    async minute() {
      const signal = new AbortController().signal;
      const context = { signal, emit: seen.emit, onSubmitted: () => undefined, spendCall: () => undefined };
      const running = Promise.allSettled([
        ...parts.probes.map((probe) => probe.run(context)),
        ...parts.collectors.map((collector) => collector.collect(context)),
      ]);
      await clock.advance(MINUTE);
      await running;
    },
  };
}

interface Watching {
  readonly emit: (event: DomainEvent) => void;
  readonly isLocked: () => boolean | undefined;
  readonly told: () => AccountLockObserved | undefined;
  readonly balance: () => number | undefined;
}

/** As the wiring has it: every observation of a lock passes the watch before it is told. */
function watching(clock: VirtualClock): Watching {
  const watch = createLockWatch(clock);
  let told: AccountLockObserved | undefined;
  let balance: { readonly amount: number; readonly at: number } | undefined;
  return {
    isLocked: () => watch.isLocked('default'),
    told: () => told,
    balance: () =>
      balance && isFreshBalance(clock.monotonic() - balance.at, MINUTE) ? balance.amount : undefined,
    emit(event) {
      if (event.kind === 'account_lock_observed') told = watch.observe(event) ?? told;
      if (event.kind === 'balance_observed') balance = { amount: event.balance, at: clock.monotonic() };
    },
  };
}

function measuring(
  access: FalAccess,
  tiers: readonly ProbeTier[],
  isLocked: () => boolean | undefined,
): { readonly probes: readonly Probe[]; readonly collectors: readonly Collector[] } {
  const probes = tiers.map((tier): ProbeConfig => {
    const endpointId = tier === 'free' ? undefined : ENDPOINT;
    const input = { prompt: 'status probe' };
    return { name: tier, tier, endpointId, intervalMs: MINUTE, timeoutMs: 45_000, input };
  });
  const { balance, lock } = testCollectors();
  const [account, adminKey] = ['default', () => FAKE_ADMIN_KEY];
  return {
    probes: createProbes({ config: testConfig({ probes }), access, randomUuid: () => 'no-such-request' }),
    collectors: [
      createLockCollector({ access, account, config: lock, isLocked }),
      createBalanceCollector({ access, account, config: balance, adminKey }),
    ],
  };
}

function expectNothingSpent({ simulator, account }: Night, balanceBefore: number): void {
  expect(simulator.ledger.jobs).toEqual([]);
  expect(account.balanceNano).toBe(balanceBefore);
}

const MATRIX = REASONS.flatMap((reason) =>
  BALANCES.flatMap((balance) => [true, false].map((readsToo) => ({ reason, balance, readsToo }))),
);

describe('a locked account', () => {
  it.each(MATRIX)(
    'for $reason with a balance $balance, reads refused: $readsToo, is told and opens again, at no cost',
    async ({ reason, balance, readsToo }) => {
      const here = night(balance);
      const before = here.account.balanceNano;
      await here.minute();
      expect(here.told()?.locked).not.toBe(true);

      here.lock({ reason, readsToo, uploadsToo: true });
      await here.minute();
      await here.minute();
      expect(here.told()).toMatchObject({ locked: true, reason });
      const expected = { positive: ABOUT_MONEY.includes(reason), zero: false, unreadable: undefined };
      expect(here.contradiction()).toBe(expected[balance]);

      here.unlock();
      await here.minute();
      expect(here.told()).toMatchObject({ locked: false });
      expect(here.contradiction()).toBe(balance === 'unreadable' ? undefined : false);
      expectNothingSpent(here, before);
    },
  );

  it.each([true, false])(
    'is told from submits, and no accepted upload opens it; reads refused: %s',
    async (readsToo) => {
      const here = night('positive', ['free', 'queue']);
      const before = here.account.balanceNano;
      here.lock({ reason: 'top_up', readsToo, uploadsToo: false });
      for (let minutes = 0; minutes < 5; minutes += 1) {
        await here.minute();
        expect(here.told()).toMatchObject({ locked: true, reason: 'top_up' });
        expect(here.contradiction()).toBe(true);
      }
      expectNothingSpent(here, before);
      here.unlock();
      await here.minute();
      expect(here.told()).toMatchObject({ locked: false });
      expect(here.account.balanceNano).toBe(before);
    },
  );

  it('stays told through minutes in which nobody gets an answer', async () => {
    const here = night('positive');
    here.lock({ reason: 'admin_lock', readsToo: true, uploadsToo: true });
    await here.minute();
    for (const scenario of ['host-down-rest', 'host-down-queue', 'outage', 'key-revoked']) {
      here.simulator.applyScenario(scenario);
      here.lock({ reason: 'admin_lock', readsToo: true, uploadsToo: true });
      await here.minute();
      expect(here.told()).toMatchObject({ locked: true, reason: 'admin_lock' });
    }
  });
});

const LOCK_PAGE = '<html><body><h1>403</h1>User is locked. Reason: TOP_UP.</body></html>';
const REFUSALS: readonly [string, () => Response][] = [
  ['a plain 403', () => Response.json({ detail: 'Access denied' }, { status: 403 })],
  ['a 401', () => Response.json({ detail: 'No user found for Key ID and Secret' }, { status: 401 })],
  ['a 402', () => Response.json({ detail: 'Insufficient credits' }, { status: 402 })],
  ['a 429', () => Response.json({ detail: 'Too many requests' }, { status: 429 })],
  ['a 403 page', () => new Response(LOCK_PAGE, { status: 403, headers: { 'content-type': 'text/html' } })],
  ['a 200 page', () => new Response(LOCK_PAGE, { headers: { 'content-type': 'text/html' } })],
  ['a 503', () => new Response('', { status: 503 })],
];

describe('an account that is refused otherwise', () => {
  it.each(REFUSALS)('with %s by every host is not locked', async (_name, answerAll) => {
    const here = night('zero', ['free', 'queue'], answerAll);
    await here.minute();
    await here.minute();
    expect(here.told()).toBeUndefined();
    expect(here.contradiction()).toBeUndefined();
  });
});
