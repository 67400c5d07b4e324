import type { Grant } from '../account/account-reading.ts';
import { topUpsOf, type TopUp } from '../account/top-ups.ts';
import { isContradiction } from '../forecast/contradiction.ts';
import { hasFutureSamples } from '../forecast/outlook.ts';
import type { Judged } from '../forecast/standing.ts';
import { t } from '../../language/translate.ts';
import type { RunwayOptions } from '../options.ts';
import { grantFacts, levelFacts, spendFacts, topUpFacts, type Fact } from '../words/fact-words.ts';
import { lockWords } from '../words/lock-words.ts';
import { outlookWords } from '../words/outlook-words.ts';
import type { Saying } from '../words/saying.ts';
import type { Speech } from '../words/speech.ts';

/** Everything that a card says. */
export interface Told {
  readonly balance: string;
  readonly lock: Saying | undefined;
  readonly outlook: Saying;
  readonly facts: readonly Fact[];
  readonly topUps: readonly TopUp[];
  readonly grants: readonly Grant[];
}

/** An account in words, by the options of the panel. */
export function tellAccount(account: Judged, options: RunwayOptions, speech: Speech): Told {
  const { reading, outlook, levels } = account;
  const topUps = options.showTopUps ? topUpsOf(reading.balance, reading.topUps) : [];
  const grants = options.showGrants ? reading.grants : [];
  const contradicting = isContradiction(reading, outlook) ? outlook.last?.value : undefined;
  return {
    balance: outlook.last === undefined ? '–' : speech.money(outlook.last.value),
    lock: lockWords(reading, contradicting, speech),
    outlook: outlookWords(outlook, reading.burns, speech),
    facts: [
      ...levelFacts(levels, outlook, speech),
      ...topUpFacts(topUps, speech),
      ...grantFacts(grants, speech),
      ...spendFacts(reading.spend, speech),
      ...futureFacts(account, speech.end),
    ],
    topUps,
    grants,
  };
}

function futureFacts({ reading }: Judged, end: number): Fact[] {
  if (!hasFutureSamples(reading, end)) return [];
  return [
    {
      key: 'future',
      text: t(
        'runway.fact.future',
        'Samples later than this clock are left out: compare it with that of Prometheus',
      ),
      tone: 'warning',
    },
  ];
}
