import { VERDICTS, type Verdict } from '../verdict/verdicts.ts';
import { model } from './selectors.ts';

/**
 * 1 where this is the current verdict. An “unknown” of which nothing is known (confidence 0: no probe, no run) is left
 * out: nobody looks, which is not the same as unclear.
 */
export function verdictIs(verdict: Verdict): string {
  const now = `${model('fal_verdict', `verdict="${verdict}"`)} == 1`;
  if (verdict !== 'unknown') return now;
  return `${now} and on (job, instance, account, endpoint_id) ${model('fal_verdict_confidence')} > 0`;
}

/**
 * The current verdict of each model, 1, whichever it is; the worst where exporters disagree is the reader’s to take.
 * An “unknown” that nobody looked at is left out. `select` narrows to what the reader chose.
 */
export function verdictNow(select: typeof model = model): string {
  const by = 'max by (account, endpoint_id, verdict)';
  const known = `${by} (${select('fal_verdict', 'verdict!="unknown"')} == 1)`;
  const unknown = `${by} (${select('fal_verdict', 'verdict="unknown"')} == 1)`;
  const isWitnessed = `max by (account, endpoint_id) (${select('fal_verdict_confidence')}) > 0`;
  return `${known} or (${unknown} and on (account, endpoint_id) (${isWitnessed}))`;
}

/** The rank of the verdict per model (and account): the worst one where exporters disagree. */
export function verdictRank(labels: readonly string[]): string {
  const terms = VERDICTS.map(({ verdict, rank }) => `(${verdictIs(verdict)}) * 0 + ${rank}`);
  return `max by (${labels.join(', ')}) (\n  ${terms.join('\n  or ')}\n)`;
}
