import type { CollectorConfig } from '../config/config.ts';
import { nanoFromUsd } from '../domain/money.ts';
import type { FalAccess } from '../fal/client.ts';
import { accountBilling, platformGet } from '../fal/platform.ts';
import type { Collector } from './collector.ts';

export interface BalanceCollectorOptions {
  readonly access: FalAccess;
  readonly account: string;
  readonly config: CollectorConfig;
  /** Needs ADMIN scope. */
  readonly adminKey: () => string | undefined;
}

/**
 * The credit balance as fal reports it. It does not prove that the account is usable: accounts have been
 * locked with money on them (fal-ai/fal#1147), so the lock comes from refused calls and never from here.
 */
export function createBalanceCollector({
  access,
  account,
  config: { intervalMs, callsPerHour },
  adminKey,
}: BalanceCollectorOptions): Collector {
  return {
    ...{ name: 'balance', intervalMs, callsPerHour },
    async collect({ signal, emit, spendCall }): Promise<void> {
      spendCall();
      const query = { expand: ['credits'] };
      const call = { path: '/account/billing', query, schema: accountBilling, key: adminKey(), signal };
      const { credits } = await platformGet(access, call);
      if (credits.currency !== 'USD')
        throw new RangeError(`the balance is in ${credits.currency.slice(0, 3)}, expected USD`);
      emit({
        kind: 'balance_observed',
        at: access.clock.now(),
        account,
        balance: nanoFromUsd(credits.current_balance),
      });
    },
  };
}
