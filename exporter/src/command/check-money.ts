import { z } from 'zod';
import { createBalanceCollector } from '../collectors/balance-collector.ts';
import { createLockCollector } from '../collectors/lock-collector.ts';
import { usdText } from '../cost/amount.ts';
import { messageOf } from '../domain/message-of.ts';
import { LOCK_WORDS } from '../domain/words.ts';
import type { FalAccess } from '../fal/client.ts';
import { platformGet } from '../fal/platform.ts';
import { isRefused } from '../fal/refused.ts';
import type { Finding } from './findings.ts';
import { ONCE, readOnce } from './read-once.ts';
import type { Road } from './road.ts';

/** Lock, balance and bill, each asked once. */
export async function moneyFindings(road: Road, access: FalAccess, signal: AbortSignal): Promise<Finding[]> {
  const lock = await lockFinding(road, access, signal);
  if (road.falAdminKey() !== undefined) {
    return [lock, await balanceFinding(road, access, signal), await billFinding(road, access, signal)];
  }
  const remedy = 'needs a key with ADMIN scope in FAL_ADMIN_KEY or FAL_ADMIN_KEY_FILE';
  return [lock, { name: 'balance and bill', state: 'off', text: 'not read', remedy }];
}

/** The canary that the exporter asks each minute: it costs nothing. */
async function lockFinding({ config }: Road, access: FalAccess, signal: AbortSignal): Promise<Finding> {
  const name = 'lock';
  const collector = createLockCollector({ access, account: config.account.name, config: ONCE });
  try {
    const events = await readOnce(collector, signal);
    const lock = events.find((event) => event.kind === 'account_lock_observed');
    if (lock?.locked !== true) return { name, state: 'ok', text: 'fal does not refuse the account' };
    const text = `the account is locked: ${LOCK_WORDS[lock.reason ?? 'unknown']}`;
    return { name, state: 'fail', text, remedy: 'see fal.ai/dashboard/billing' };
  } catch (error) {
    return { name, state: 'warn', text: `could not be judged: ${messageOf(error)}` };
  }
}

async function balanceFinding(
  { config, falAdminKey: adminKey }: Road,
  access: FalAccess,
  signal: AbortSignal,
): Promise<Finding> {
  const name = 'balance';
  const collector = createBalanceCollector({ access, adminKey, account: config.account.name, config: ONCE });
  try {
    const events = await readOnce(collector, signal);
    const reading = events.find((event) => event.kind === 'balance_observed');
    if (reading === undefined) return { name, state: 'warn', text: 'fal told no balance' };
    const { lowBalance } = config.account;
    const text = `${usdText(reading.balance)} USD`;
    if (reading.balance >= lowBalance) return { name, state: 'ok', text };
    const low = `${text}, less than account.low_balance_usd (${usdText(lowBalance)})`;
    return { name, state: 'warn', text: low, remedy: 'top up at fal.ai/dashboard/billing' };
  } catch (error) {
    return platformFinding(name, error);
  }
}

/** Both sources of the bill with their smallest question: one is enough to count what is spent. */
async function billFinding(
  { falAdminKey: adminKey }: Road,
  access: FalAccess,
  signal: AbortSignal,
): Promise<Finding> {
  const name = 'bill';
  /** The error of asking for one row, or undefined when it came. */
  const errorOf = (path: string, list: string): Promise<unknown> => {
    const schema = z.looseObject({ [list]: z.array(z.unknown()) });
    const call = { path, query: { limit: ['1'] }, schema, key: adminKey(), signal };
    return platformGet(access, call).then(
      () => undefined,
      (error: unknown) => error,
    );
  };
  const events = await errorOf('/models/billing-events', 'billing_events');
  const usage = await errorOf('/models/usage', 'time_series');
  if (events !== undefined && usage !== undefined) {
    return { ...platformFinding(name, events), text: `${messageOf(events)}; ${messageOf(usage)}` };
  }
  if (events !== undefined) {
    return { name, state: 'warn', text: `usage can be read, billing events cannot: ${messageOf(events)}` };
  }
  if (usage !== undefined) {
    return { name, state: 'warn', text: `billing events can be read, usage cannot: ${messageOf(usage)}` };
  }
  return { name, state: 'ok', text: 'billing events and usage can be read' };
}

/** What a call of the Platform API that failed means. */
export function platformFinding(name: string, error: unknown): Finding {
  const remedy = isRefused(error) ? `the key is rejected or lacks the scope that ${name} needs` : undefined;
  return { name, state: 'fail', text: messageOf(error), remedy };
}
