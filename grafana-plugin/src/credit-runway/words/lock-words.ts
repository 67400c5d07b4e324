import type { AccountReading } from '../account/account-reading.ts';
import { lockWords as reasonWords } from '../../language/known-words.ts';
import { t } from '../../language/translate.ts';
import type { Speech } from './speech.ts';
import type { Saying } from './saying.ts';

/** What to do about a lock. */
function lockAdvice(reasons: readonly string[]): string {
  if (reasons.includes('payment_method')) {
    return t('runway.lock.advice.payment-method', 'Add a payment method at fal.ai/dashboard/billing.');
  }
  if (reasons.includes('user_budget')) {
    return t('runway.lock.advice.user-budget', 'Raise the budget at fal.ai/dashboard/billing.');
  }
  if (reasons.includes('exhausted_balance') || reasons.includes('top_up')) {
    return t(
      'runway.lock.advice.money',
      'Top up at fal.ai/dashboard/billing: every call is refused until then.',
    );
  }
  return t(
    'runway.lock.advice.staff',
    'Only fal can unlock it: write to support@fal.ai with ids of refused requests.',
  );
}

/** That an account is locked, why, and what to do; undefined when it is not known to be. */
export function lockWords(
  { lock }: AccountReading,
  contradicting: number | undefined,
  { money }: Speech,
): Saying | undefined {
  if (lock.state !== 'locked') return undefined;
  const reasons = lock.reasons.map((reason) => reasonWords(reason).replaceAll('_', ' ')).join(', ');
  if (contradicting !== undefined) {
    const balance = money(contradicting);
    return {
      headline:
        reasons === ''
          ? t('runway.lock.contradiction', 'Locked with {{balance}} on it', { balance })
          : t('runway.lock.contradiction-reason', 'Locked with {{balance}} on it: {{reasons}}', {
              balance,
              reasons,
            }),
      detail: t(
        'runway.lock.advice.contradiction',
        'A top-up may not help: send the support text of the exporter’s status page to fal.',
      ),
    };
  }
  return {
    headline:
      reasons === ''
        ? t('runway.lock.locked', 'Locked')
        : t('runway.lock.locked-reason', 'Locked: {{reasons}}', { reasons }),
    detail: lockAdvice(lock.reasons),
  };
}
