import { describe, expect, test } from 'vitest';
import { COLLECTOR_NAMES, type CollectorName } from '../domain/collector-name.ts';
import { collectorKey } from './collectors.ts';
import type { Config } from './config.ts';
import { formatProblems } from './problem.ts';
import { loadText } from './test-load.ts';

async function configOf(text: string): Promise<Config> {
  const result = await loadText(text);
  if (!result.ok) throw new Error(formatProblems(result.problems));
  return result.config;
}

async function collectorsOf(text: string): Promise<Config['collectors']> {
  return (await configOf(text)).collectors;
}

const SLOW: readonly CollectorName[] = ['usage', 'pricing', 'models', 'analytics'];

describe('the collectors of a configuration', () => {
  test.each(COLLECTOR_NAMES)('let %s have its own settings', async (name) => {
    const key = collectorKey(name);
    const own = `${key}: { enabled: true, interval: 37s, calls_per_hour: 9 }`;
    const collectors = await collectorsOf(`collectors: { interval: 2h, ${own} }`);
    expect(collectors[name]).toEqual({ enabled: true, intervalMs: 37_000, callsPerHour: 9 });
    const off = await collectorsOf(`collectors: { ${key}: { enabled: false } }`);
    expect(COLLECTOR_NAMES.filter((one) => !off[one].enabled).sort()).toEqual(
      [...new Set([name, 'serverless-metrics'])].sort(),
    );
  });

  test('take the common interval, unless what they read changes more seldom', async () => {
    const quick = await collectorsOf('collectors: { interval: 15s }');
    const slow = await collectorsOf('collectors: { interval: 2h }');
    for (const name of COLLECTOR_NAMES) {
      expect([name, quick[name].intervalMs > 15_000]).toEqual([name, SLOW.includes(name)]);
      expect([name, slow[name].intervalMs]).toEqual([name, 7_200_000]);
    }
  });

  test('may make twice the calls that their readings need, and at least 120 in an hour', async () => {
    const { balance, 'billing-events': events } = await collectorsOf('collectors: { interval: 20s }');
    expect([balance.callsPerHour, events.callsPerHour]).toEqual([360, 360]);
    const { usage, 'status-page': page } = await collectorsOf('collectors: { interval: 24h }');
    expect([usage.callsPerHour, page.callsPerHour]).toEqual([120, 240]);
  });

  test('may make more calls when there are more models than fit into one', async () => {
    const models = Array.from({ length: 501 }, (_, index) => `{ id: a/m${index} }`).join(', ');
    const { pricing, balance } = await collectorsOf(`endpoints: [${models}]`);
    expect(pricing.callsPerHour).toBe(2 * 11 * 6);
    expect(balance.callsPerHour).toBe(120);
  });
});

describe('the account of a configuration', () => {
  test('has budgets and grants in nano-dollars and milliseconds', async () => {
    const { account } = await configOf(`
account:
  hourly_budget_usd: 5
  monthly_budget_usd: 500.25
  grants:
    - { name: launch-credits, expires: 2027-01-31, amount_usd: 50 }
    - { name: partner, expires: "2027-06-30T12:00:00+02:00" }
`);
    expect(account).toMatchObject({
      hourlyBudget: 5e9,
      monthlyBudget: 500.25e9,
      grants: [
        { name: 'launch-credits', expiresAt: Date.UTC(2027, 0, 31, 23, 59, 59), amount: 50e9 },
        { name: 'partner', expiresAt: Date.UTC(2027, 5, 30, 10), amount: undefined },
      ],
    });
  });

  test.each(['', 'account: { grants: }', 'account: { grants: [] }', 'account: { hourly_budget_usd: 5 }'])(
    'of %j has no grant, and no budget of the month',
    async (text) => {
      const { account } = await configOf(text);
      expect([account.grants, account.monthlyBudget]).toEqual([[], undefined]);
    },
  );
});
