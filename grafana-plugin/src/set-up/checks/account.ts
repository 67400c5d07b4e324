import { span } from '../../../../exporter/src/domain/words.ts';
import { t } from '../../language/translate.ts';
import { valueOf } from '../../prometheus/ask.ts';
import { labelValues, largest } from '../../prometheus/sample.ts';
import { cannotTell, type Check, failureAmong, someNames } from '../check.ts';
import type { Facts } from '../facts.ts';
import { adminKeySnippet, exporterCheckSnippet } from '../snippets.ts';

/** A balance that is older than so many intervals of its collector is not fresh any more; the alerts use the same. */
const STALE_AFTER_INTERVALS = 3;
/** … and never before this many seconds. */
const STALE_AFTER_SECONDS = 900;

/** Whether the data are there that only a key with ADMIN scope can read, and fresh. */
export function accountCheck({ answers }: Facts): Check {
  const { balances, balanceAge, balanceInterval } = answers;
  const base = { id: 'account', title: t('set-up.account.title', 'Account: balance and spend') };
  const failure = failureAmong(balances, balanceAge, balanceInterval);
  if (failure !== undefined) return cannotTell(base.id, base.title, failure);
  const accounts = labelValues(valueOf(balances) ?? [], 'account');
  if (accounts.length === 0) {
    return {
      ...base,
      state: 'missing',
      words: t('set-up.account.missing', 'No exporter reads a balance: that needs a key with ADMIN scope.'),
      mend: {
        words: t(
          'set-up.account.mend',
          'Give the exporter such a key beside its own. It is used to read, and for nothing else.',
        ),
        snippets: [adminKeySnippet(), exporterCheckSnippet()],
      },
    };
  }
  const age = largest(valueOf(balanceAge) ?? []);
  const limit = Math.max(
    STALE_AFTER_SECONDS,
    STALE_AFTER_INTERVALS * (largest(valueOf(balanceInterval) ?? []) ?? 0),
  );
  const names = someNames(accounts);
  if (age !== undefined && age > limit) {
    return {
      ...base,
      state: 'old',
      words: t('set-up.account.old', 'The balance of {{names}} is {{age}} old.', { names, age: span(age) }),
      mend: {
        words: t('set-up.account.mend-old', 'fal refuses the key or does not answer. This tells which:'),
        snippets: [exporterCheckSnippet()],
      },
    };
  }
  const words =
    age === undefined
      ? t('set-up.account.ok', 'There for {{names}}.', { names })
      : t('set-up.account.ok-age', 'There for {{names}}, read {{age}} ago.', {
          names,
          age: span(Math.max(0, age)),
        });
  return { ...base, state: 'ok', words };
}
