import { verdictAdvice, verdictShort } from '../../language/known-words.ts';
import { t } from '../../language/translate.ts';

/** A verdict in a few words that fit into a cell; a word that this version does not know as it came. */
export function verdictWords(verdict: string | undefined): string {
  return verdict === undefined ? t('model-status.verdict.no-data', 'No data') : verdictShort(verdict);
}

/** The same, as the beginning of a sentence that goes on with "since". */
export function failingWords(verdict: string | undefined): string {
  switch (verdict) {
    case 'app':
      return t('model-status.failing.app', 'Your app at fault');
    case 'account':
      return t('model-status.failing.account', 'Your account blocked');
    case 'model':
      return t('model-status.failing.model', 'fal: this model failing');
    case 'platform':
      return t('model-status.failing.platform', 'fal: platform failing');
    default:
      return verdictWords(verdict);
  }
}

/** What a verdict means and what to do about it; undefined where all is well, and for a word that is new. */
export function adviceWords(verdict: string | undefined): string | undefined {
  return verdict === undefined || verdict === 'ok' ? undefined : verdictAdvice(verdict);
}
