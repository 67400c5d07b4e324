import type { Engine } from '../engine.ts';
import type { Account } from '../world.ts';
import { type ControlCall, bodyOf, noSuch } from './call.ts';
import { isFlag, isInteger, isNumber, isOneOf, orNull } from './check.ts';
import { type Patch, applyPatch, field } from './patch.ts';

const NANO = 1e9;
/** Far above any account, far below where nano-dollars stop being exact. */
const MOST_USD = 1_000_000;
const LOCK_REASONS = [
  'exhausted_balance',
  'top_up',
  'admin_lock',
  'payment_method',
  'user_budget',
  'archived',
  'unknown',
] as const;

/** `GET /accounts` */
export function listAccounts({ engine }: ControlCall): unknown {
  return { accounts: [...engine.world.accounts.values()].map((account) => accountView(engine, account)) };
}

/** `GET /accounts/{name}` */
export function showAccount(call: ControlCall): unknown {
  return accountView(call.engine, accountOf(call));
}

/** `PATCH /accounts/{name}` */
export function changeAccount(call: ControlCall): unknown {
  const account = accountOf(call);
  applyPatch(accountPatch(call.engine), account, bodyOf(call));
  call.engine.wake();
  return accountView(call.engine, account);
}

function accountOf({ engine, name }: ControlCall): Account {
  const account = engine.world.accounts.get(name);
  if (account === undefined) throw noSuch('account', name, engine.world.accounts.keys());
  return account;
}

function accountPatch(engine: Engine): Patch<Account> {
  return {
    topUpUsd: field(isNumber(0.01, MOST_USD), (account, usd) => engine.topUp(account.name, toNano(usd))),
    balanceUsd: field(isNumber(-MOST_USD, MOST_USD), (account: Account, usd) => {
      account.balanceNano = toNano(usd);
    }),
    lock: field(orNull(isOneOf(LOCK_REASONS)), (account: Account, reason) => {
      account.lock = reason ?? undefined;
    }),
    lockBelowUsd: field(orNull(isNumber(-MOST_USD, MOST_USD)), (account: Account, usd) => {
      account.lockBelowNano = usd === null ? undefined : toNano(usd);
    }),
    lockRefusesReads: field(isFlag, (account: Account, refuses) => {
      account.lockRefusesReads = refuses;
    }),
    concurrencyLimit: field(isInteger(1, 10_000), (account: Account, limit) => {
      account.concurrencyLimit = limit;
    }),
    percentDiscount: field(isNumber(0, 100), (account: Account, percent) => {
      account.percentDiscount = percent;
    }),
  };
}

function accountView(engine: Engine, account: Account): unknown {
  const running = engine.ledger.jobs.filter(
    (job) =>
      job.account === account.name &&
      job.outcome === 'pending' &&
      job.runs.at(-1)?.endedAt === undefined &&
      job.runs.length > 0,
  );
  return {
    name: account.name,
    balanceUsd: account.balanceNano / NANO,
    lock: engine.lockOf(account) ?? null,
    lockBelowUsd: account.lockBelowNano === undefined ? null : account.lockBelowNano / NANO,
    lockRefusesReads: account.lockRefusesReads,
    concurrencyLimit: account.concurrencyLimit,
    running: running.length,
    percentDiscount: account.percentDiscount,
  };
}

function toNano(usd: number): number {
  return Math.round(usd * NANO);
}
