import type { AccountReading } from '../account/account-reading.ts';
import type { Outlook } from './outlook.ts';

/** Reasons that a balance can speak against; the others have nothing to do with how much money is left. */
const WANT_OF_MONEY: readonly string[] = ['exhausted_balance', 'top_up', 'unknown'];

/**
 * Whether fal refuses the account for want of money that is there, so that a top-up may not help
 * (https://github.com/fal-ai/fal/issues/1147 and #1163). The exporter says so itself; where nobody asked it, its
 * rule is applied to what is on the panel.
 */
export function isContradiction({ lock, thresholds }: AccountReading, { last, isStale }: Outlook): boolean {
  if (lock.state !== 'locked' || last === undefined || last.value <= 0) return false;
  if (lock.isContradiction !== undefined) return lock.isContradiction;
  const isWantOfMoney =
    lock.reasons.length === 0 || lock.reasons.some((reason) => WANT_OF_MONEY.includes(reason));
  return isWantOfMoney && !isStale && last.value > (thresholds.critical ?? 0);
}
