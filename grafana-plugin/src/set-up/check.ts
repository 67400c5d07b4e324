import { t } from '../language/translate.ts';
import type { Answer } from '../prometheus/ask.ts';
import type { Failure } from '../prometheus/failure.ts';
import { failureWords } from '../prometheus/failure-words.ts';

/**
 * - `ok`: it is there and as it should be.
 * - `missing`: it is not there.
 * - `old`: it is there, but an older version, or its data are old.
 * - `attention`: it is there, and something about it is likely not what you want.
 * - `unknown`: the question could not be answered, so nothing is said.
 */
export type CheckState = 'ok' | 'missing' | 'old' | 'attention' | 'unknown';

/** One thing that has to be there, and what was found. */
export interface Check {
  readonly id: string;
  /** What is looked for. */
  readonly title: string;
  readonly state: CheckState;
  /** What was found. */
  readonly words: string;
  /** How to mend it; absent where there is nothing to mend. */
  readonly mend?: Mend;
}

export interface Mend {
  readonly words: string;
  readonly snippets: readonly Snippet[];
}

/** A text to copy. */
export interface Snippet {
  /** Where it goes. */
  readonly title: string;
  readonly text: string;
}

/** What is shown for a state. */
export function stateWords(state: CheckState): string {
  switch (state) {
    case 'ok':
      return t('set-up.state.ok', 'OK');
    case 'missing':
      return t('set-up.state.missing', 'Missing');
    case 'old':
      return t('set-up.state.old', 'Too old');
    case 'attention':
      return t('set-up.state.attention', 'Look at this');
    case 'unknown':
      return t('set-up.state.unknown', 'Cannot tell');
  }
}

/** A check whose question found no answer. */
export function cannotTell(id: string, title: string, failure: Failure): Check {
  return { id, title, state: 'unknown', words: failureWords(failure) };
}

/** The failure of the first of the answers that failed; undefined where all were answered. */
export function failureAmong(...answers: readonly Answer<unknown>[]): Failure | undefined {
  return answers.flatMap((answer) => (answer.kind === 'failed' ? [answer.failure] : []))[0];
}

const MOST_NAMES = 8;

/** Some names for a sentence: `a, b and 3 more`. */
export function someNames(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMES).join(', ');
  const rest = names.length - MOST_NAMES;
  return rest > 0 ? t('set-up.some-names', '{{shown}} and {{rest}} more', { shown, rest }) : shown;
}
