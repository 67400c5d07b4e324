import type { Headline, Judged } from './judged.ts';
import { plural, span, usd } from './words.ts';

/** Shorter than this, whoever looks has to act before the next shift. */
const URGENT_RUNWAY_SECONDS = 6 * 3600;

/** Everything answers, but the money for it runs out. Only a fresh balance may say so. */
export function moneyHeadline({ view, endpoints }: Judged): Headline | undefined {
  const trouble = troubleOf(view);
  if (trouble === undefined) return undefined;
  const well = endpoints.filter(({ health }) => health.kind === 'well').length;
  return {
    level: 'warning',
    text: trouble,
    evidence:
      well === 0
        ? 'Nothing is wrong at fal.'
        : `Nothing is wrong at fal: ${plural(well, 'model')} ${well === 1 ? 'answers' : 'answer'} well.`,
    next: 'Top up at fal.ai/dashboard/billing: fal locks an account whose balance is used up.',
  };
}

function troubleOf({ account, money }: Judged['view']): string | undefined {
  const { balance, criticalBalance } = account;
  if (balance?.isFresh !== true) return undefined;
  const { runwaySeconds } = money;
  if (balance.amount <= 0) return 'Your balance is used up';
  if (runwaySeconds !== undefined && runwaySeconds < URGENT_RUNWAY_SECONDS) {
    return `Your balance of ${usd(balance.amount)} lasts ${span(runwaySeconds)} at the present rate`;
  }
  if (balance.amount >= criticalBalance) return undefined;
  return `Your balance of ${usd(balance.amount)} is below your critical mark of ${usd(criticalBalance)}`;
}
