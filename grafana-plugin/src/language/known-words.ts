import { VERDICTS } from '../../../dashboards/src/verdict/verdicts.ts';
import { LOCK_WORDS } from '../../../exporter/src/domain/words.ts';
import { t } from './translate.ts';

/**
 * English words that the dashboards and the exporter write as well, by their keys: there is one copy of each, and the
 * plugin adds the translation. The locale files take them from here, because no call of t() names them.
 */
export const KNOWN_WORDS: Readonly<Record<string, string>> = Object.fromEntries([
  ...VERDICTS.flatMap(({ verdict, short, advice }) => [
    [`verdict.${verdict}.short`, short],
    [`verdict.${verdict}.advice`, advice],
  ]),
  ...Object.entries(LOCK_WORDS).map(([reason, words]) => [`lock.${reason}`, words]),
]) as Record<string, string>;

/** Whose it is in a few words; the verdict itself where this version does not know it. */
export function verdictShort(verdict: string): string {
  return knownWords(`verdict.${verdict}.short`) ?? verdict;
}

/** What to do about a verdict, one sentence; undefined where this version does not know it. */
export function verdictAdvice(verdict: string): string | undefined {
  return knownWords(`verdict.${verdict}.advice`);
}

/** Why an account is locked; the reason as fal names it where this version does not know it. */
export function lockWords(reason: string): string {
  return knownWords(`lock.${reason}`) ?? reason;
}

function knownWords(key: string): string | undefined {
  const english = Object.hasOwn(KNOWN_WORDS, key) ? KNOWN_WORDS[key] : undefined;
  return english === undefined ? undefined : t(key, english);
}
