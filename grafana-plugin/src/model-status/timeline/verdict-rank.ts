import { lookOf } from '../../../../dashboards/src/verdict/verdicts.ts';

/** What a verdict says about the model at that time. A word that this version does not know is as unclear as `unknown`. */
export type Kind = 'ok' | 'trouble' | 'unclear';

const UNCLEAR = 'unknown';

/** Place of what nobody reported: better than any complaint, worse than a known OK. */
const NO_DATA_RANK = 0.5;

export function kindOf(verdict: string): Kind {
  if (verdict === 'ok') return 'ok';
  return verdict === UNCLEAR || lookOf(verdict) === undefined ? 'unclear' : 'trouble';
}

/** Larger is worse. undefined is a time without data. */
export function rankOf(verdict: string | undefined): number {
  if (verdict === undefined) return NO_DATA_RANK;
  return lookOf(verdict)?.rank ?? lookOf(UNCLEAR)?.rank ?? 1;
}

/** The worse of two verdicts on the same time, as two exporters may give; among equals, whichever order they came in. */
export function worseOf(one: string, other: string): string {
  const difference = rankOf(one) - rankOf(other);
  if (difference !== 0) return difference > 0 ? one : other;
  if (one === UNCLEAR || other === UNCLEAR) return UNCLEAR;
  return one < other ? one : other;
}
