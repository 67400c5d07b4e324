import { MODEL, type SimulatedAccount } from './simulated-account.ts';

/** Models of which something changes in fal's catalogue and price list. */
export const OLD_MODEL = 'fal-ai/fast-sdxl';
export const GONE_MODEL = 'fal-ai/flux/schnell';
/** A model whose jobs do not end. */
export const STUCK_MODEL = 'fal-ai/kling-video/v2/standard/text-to-video';

const HOURS = Array.from({ length: 23 }, (_, index) => 24 - index);

interface ConfigOptions {
  readonly name: string;
  /** More keys of `account`, in one line of YAML. */
  readonly account?: string;
  readonly endpoints?: readonly string[];
}

/**
 * A configuration of the exporter; everything is read as often as it may be. Not so fal's analytics, which are old
 * within minutes where minutes are hours and some accounts send nothing.
 */
export function configOf({ name, account = '', endpoints = [MODEL] }: ConfigOptions): string {
  const quick = ['models', 'pricing', 'usage'].map((each) => `${each}: { interval: 10s }`);
  return `
account: { name: ${name}, ${account} }
endpoints:
${endpoints.map((id) => `  - { id: ${id} }`).join('\n')}
probes:
  - { name: hosts, tier: free, interval: 10s, timeout: 5s }
collectors: { interval: 10s, ${quick.join(', ')}, analytics: { enabled: false } }
`;
}

/**
 * Spends a dollar an hour, then sixty within a minute, of which the hour that counts ends `secondsLeft` from now;
 * four dollars are left.
 */
export async function spender(account: SimulatedAccount, secondsLeft: number): Promise<void> {
  for (const hours of HOURS) await account.jobsOfThePast(hours * 60, 1);
  await account.jobsOfThePast(60 - secondsLeft / 60, 60);
  await account.jobsOfThePast(5, 5);
  await account.arrive();
  account.fal.balanceNano = 4e9;
}

/** Spends forty dollars an hour, every hour; twelve are left, for eighteen minutes. */
export async function modest(account: SimulatedAccount): Promise<void> {
  account.model(MODEL).unitPriceNano = 40e9;
  for (const hours of HOURS) await account.jobsOfThePast(hours * 60, 1);
  await account.jobsOfThePast(20, 1);
  await account.arrive();
  account.fal.balanceNano = 12e9;
}

/** Three of its jobs began half an hour ago and do not end; the others cost a cent. */
export async function stuck(account: SimulatedAccount): Promise<void> {
  account.model(MODEL).unitPriceNano = 0.01e9;
  account.simulator.applyScenario('stuck-in-progress', { endpointId: STUCK_MODEL });
  await account.jobsOfThePast(30, 3, STUCK_MODEL);
  await account.arrive();
}
