import type { Grant } from '../account/account-reading.ts';
import { sumOf, type TopUp } from '../account/top-ups.ts';
import { crossingOf } from '../forecast/forecast.ts';
import type { Level } from '../forecast/levels.ts';
import type { Outlook } from '../forecast/outlook.ts';
import { t } from '../../language/translate.ts';
import { crossingWords } from './outlook-words.ts';
import { momentWords, spanWords, type Speech } from './speech.ts';

/** A fact that is worth a line, and how urgent it is. */
export interface Fact {
  readonly key: string;
  readonly text: string;
  readonly tone: 'plain' | 'warning' | 'critical';
}

/** The name of a level, as it stands beside its line. */
export function levelName({ kind, value }: Level, { money }: Speech): string {
  switch (kind) {
    case 'warning':
      return t('runway.level.warning', 'Warning at {{value}}', { value: money(value) });
    case 'critical':
      return t('runway.level.critical', 'Critical at {{value}}', { value: money(value) });
    case 'empty':
      return t('runway.level.empty', 'Empty');
  }
}

/** When each threshold is crossed, or that it is; the empty account has words of its own, which say enough. */
export function levelFacts(levels: readonly Level[], { last, forecast }: Outlook, speech: Speech): Fact[] {
  if (last === undefined || last.value <= 0) return [];
  // Of the marks that the balance is below, the lowest says it all.
  const lowest = levels.findLast(({ value }) => last.value < value);
  return levels.flatMap((level): Fact[] => {
    const { kind, value } = level;
    if (kind === 'empty' || (last.value < value && level !== lowest)) return [];
    const amount = speech.money(value);
    if (last.value < value) {
      const text =
        kind === 'critical'
          ? t('runway.fact.below-critical', 'Below the critical mark of {{amount}}', { amount })
          : t('runway.fact.below-warning', 'Below the warning mark of {{amount}}', { amount });
      return [{ key: kind, text, tone: kind }];
    }
    const crossing = forecast === undefined ? undefined : crossingOf(forecast, value);
    if (crossing === undefined) return [];
    const when = crossingWords(crossing, speech);
    return [{ key: kind, text: `${levelName(level, speech)}: ${when}`, tone: 'plain' }];
  });
}

/** What was paid in within the range; nothing to say without. */
export function topUpFacts(topUps: readonly TopUp[], speech: Speech): Fact[] {
  const sum = sumOf(topUps);
  const [first] = topUps;
  if (sum === undefined || first === undefined) return [];
  const values = {
    amount: amountWords(sum, speech),
    when: momentWords(first.time, speech),
    count: topUps.length,
  };
  const text =
    topUps.length === 1
      ? t('runway.fact.top-up', 'Top-up of {{amount}}, {{when}}', values)
      : t('runway.fact.top-ups', '{{count}} top-ups, {{amount}} together', values);
  return [{ key: 'top-ups', text, tone: 'plain' }];
}

/** The mark of a top-up in the chart. */
export function topUpMark(topUp: TopUp, speech: Speech): string {
  return topUp.isAtLeast ? `≥ +${speech.money(topUp.amount)}` : `+${speech.money(topUp.amount)}`;
}

function amountWords(
  { amount, isAtLeast }: { amount: number; isAtLeast: boolean },
  { money }: Speech,
): string {
  return isAtLeast
    ? t('runway.fact.at-least', 'at least {{amount}}', { amount: money(amount) })
    : money(amount);
}

const SHOWN_GRANTS = 3;
const SOON_MS = 7 * 86_400_000;

/** When grants expire: those to come first, because of them something can be done. */
export function grantFacts(grants: readonly Grant[], speech: Speech): Fact[] {
  const ahead = grants.filter(({ expiresAt }) => expiresAt > speech.end);
  const past = grants.filter(({ expiresAt }) => expiresAt <= speech.end).reverse();
  const ordered = [...ahead, ...past];
  const facts = ordered.slice(0, SHOWN_GRANTS).map((grant): Fact => {
    const isSoon = grant.expiresAt > speech.end && grant.expiresAt - speech.end < SOON_MS;
    return {
      key: `grant ${grant.name}`,
      text: grantWords(grant, speech),
      tone: isSoon ? 'warning' : 'plain',
    };
  });
  const more = ordered.length - facts.length;
  if (more <= 0) return facts;
  return [
    ...facts,
    {
      key: 'more grants',
      text: t('runway.fact.more-grants', 'and {{more}} more grants', { more }),
      tone: 'plain',
    },
  ];
}

function grantWords({ name, expiresAt }: Grant, speech: Speech): string {
  const values = { name, span: spanWords(expiresAt - speech.end), when: momentWords(expiresAt, speech) };
  return expiresAt > speech.end
    ? t('runway.fact.grant', 'Grant “{{name}}” expires in {{span}}, {{when}}', values)
    : t('runway.fact.grant-expired', 'Grant “{{name}}” expired {{span}} ago, {{when}}', values);
}

/** What was billed within the range, which lags behind the balance. */
export function spendFacts(spend: number | undefined, { money }: Speech): Fact[] {
  if (spend === undefined || spend < 0) return [];
  return [
    {
      key: 'spend',
      text: t('runway.fact.spend', 'Billed in this range: {{amount}}', { amount: money(spend) }),
      tone: 'plain',
    },
  ];
}
