import type { Burn } from '../account/account-reading.ts';
import type { NoForecast, Outlook } from '../forecast/outlook.ts';
import { t } from '../../language/translate.ts';
import type { Saying } from './saying.ts';
import { momentWords, spanWords, windowWords, type Speech } from './speech.ts';

/** Why nothing is foretold, and what to do about it. */
export function noForecastWords(
  why: NoForecast,
  { last }: Outlook,
  { burns, speech }: { readonly burns: readonly Burn[]; readonly speech: Speech },
): Saying {
  switch (why) {
    case 'no_balance':
      return noBalanceWords(burns);
    case 'from_the_future':
      return {
        headline: t('runway.outlook.future', 'Balance from the future'),
        detail: t(
          'runway.outlook.future.detail',
          'All samples are later than this clock: compare it with that of Prometheus.',
        ),
      };
    case 'used_up':
      return usedUpWords(last?.value ?? 0, speech);
    case 'locked':
      return {
        headline: t('runway.outlook.locked', 'No forecast while locked:'),
        detail: t('runway.outlook.locked.detail', 'fal bills nothing while it refuses the account.'),
      };
    case 'stale':
      return staleWords(last?.time ?? speech.end, speech);
    default:
      return burnWords(why, burns);
  }
}

function burnWords(why: 'burn_unknown' | 'burn_negative' | 'nothing_spent', burns: readonly Burn[]): Saying {
  switch (why) {
    case 'burn_unknown':
      return {
        headline: t('runway.outlook.burn-unknown', 'No forecast: burn unknown.'),
        detail: t(
          'runway.outlook.burn-unknown.detail',
          'A new exporter tells it once half of a window was watched.',
        ),
      };
    case 'burn_negative':
      return {
        headline: t('runway.outlook.burn-negative', 'No forecast: burn is negative.'),
        detail: t('runway.outlook.burn-negative.detail', 'Money cannot be unspent: check the query “burn”.'),
      };
    case 'nothing_spent':
      return {
        headline: t('runway.outlook.nothing-spent', 'Nothing is spent:'),
        detail: t(
          'runway.outlook.nothing-spent.detail',
          'no burn in the last {{window}}, so there is no end to foretell.',
          { window: windowWords(burns.at(-1)?.window ?? '') },
        ),
      };
  }
}

/** Burn, too, is told only to a key with ADMIN scope: where it is there, the key is. */
function noBalanceWords(burns: readonly Burn[]): Saying {
  return {
    headline: t('runway.outlook.no-balance', 'Balance unknown:'),
    detail:
      burns.length === 0
        ? t('runway.outlook.no-key', 'the exporter needs FAL_ADMIN_KEY to read it.')
        : t(
            'runway.outlook.no-reading',
            'no reading in this range. Look for the collector “balance” on the exporter’s status page.',
          ),
  };
}

function usedUpWords(balance: number, { money }: Speech): Saying {
  const detail = t(
    'runway.outlook.used-up.detail',
    'fal refuses the calls of an empty account: top up at fal.ai/dashboard/billing.',
  );
  if (balance === 0) return { headline: t('runway.outlook.used-up', 'Used up.'), detail };
  return {
    headline: t('runway.outlook.debt', 'Used up, and {{debt}} in debt.', { debt: money(-balance) }),
    detail,
  };
}

function staleWords(time: number, speech: Speech): Saying {
  return {
    headline: t('runway.outlook.stale', 'No forecast: the balance is old,'),
    detail: t(
      'runway.outlook.stale.detail',
      'read {{span}} ago, {{moment}}. Look for the collector “balance” on the exporter’s status page.',
      { span: spanWords(speech.end - time), moment: momentWords(time, speech) },
    ),
  };
}
