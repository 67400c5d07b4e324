import { VERDICTS } from '../verdict/verdicts.ts';
import { model } from './selectors.ts';

/** The rank of the verdict per model (and account): the worst one where exporters disagree. */
export function verdictRank(labels: readonly string[]): string {
  const terms = VERDICTS.map(
    ({ verdict, rank }) => `${model('fal_verdict', `verdict="${verdict}"`)} == 1) * 0 + ${rank}`,
  );
  return `max by (${labels.join(', ')}) (\n  (${terms.join('\n  or (')}\n)`;
}
