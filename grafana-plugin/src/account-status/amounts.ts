import { span } from '../../../exporter/src/domain/words.ts';
import { t } from '../language/translate.ts';
import type { Money } from './account.ts';

/** Dollars for people: cents, and below a dime enough digits to tell. */
export function dollars(amount: number): string {
  const size = Math.abs(amount);
  const sign = amount < 0 ? '−' : '';
  if (size === 0) return '$0';
  if (size < 0.00005) return `${sign}<$0.0001`;
  return `${sign}$${size.toFixed(size >= 0.1 ? 2 : 4)}`;
}

/** A fact with its name. */
export interface NamedFact {
  readonly id: string;
  readonly name: string;
  readonly words: string;
}

/** What is known of the money of an account, in words; what is not known is said to be so, with what it needs. */
export function moneyFacts({ balance, isFresh, age, burns, runway }: Money): NamedFact[] {
  const needsAdmin = t('status.money.needs-admin', 'not known: needs a key with ADMIN scope');
  return [
    {
      id: 'balance',
      name: t('status.money.balance', 'Balance'),
      words: balanceWords(balance, isFresh, age) ?? needsAdmin,
    },
    {
      id: 'burn',
      name: t('status.money.burn', 'Burn'),
      words:
        burns.length === 0
          ? needsAdmin
          : burns
              .map(({ window, perHour }) =>
                t('status.money.burn-words', '{{amount}} per hour (last {{window}})', {
                  ...{ amount: dollars(perHour), window },
                }),
              )
              .join(', '),
    },
    {
      id: 'runway',
      name: t('status.money.runway', 'Lasts'),
      words: runwayWords(runway, burns.length > 0) ?? needsAdmin,
    },
  ];
}

function balanceWords(
  balance: number | undefined,
  isFresh: boolean,
  age: number | undefined,
): string | undefined {
  if (balance === undefined) return undefined;
  const amount = dollars(balance);
  if (isFresh) return amount;
  return age === undefined
    ? t('status.money.balance-ageless', '{{amount}}, nobody knows how old', { amount })
    : t('status.money.balance-old', '{{amount}}, read {{age}} ago', { amount, age: span(Math.max(0, age)) });
}

function runwayWords(runway: number | undefined, isBurnKnown: boolean): string | undefined {
  if (runway === undefined) {
    return isBurnKnown ? t('status.money.no-spend', 'nothing is spent') : undefined;
  }
  return runway <= 0
    ? t('status.money.used-up', 'used up')
    : t('status.money.lasts', '{{time}} at the present rate', { time: span(runway) });
}
