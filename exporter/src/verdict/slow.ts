import { plural, span } from '../domain/words.ts';
import type { Accusation } from './failing.ts';
import { type Subject, isHeard, isRecovering, isSlowFor, testimonyOf } from './subject.ts';
import { namesOf } from './tell.ts';
import { CONFIDENCE, type Verdict } from './verdict.ts';

/** Models that answer, but later than their limit allows; `all` are those that something else explains, too. */
export function slowVerdict(subjects: readonly Subject[], all: readonly Subject[]): Accusation | undefined {
  const slow = subjects.filter(({ standing }) => standing === 'slow');
  if (slow.length === 0) return undefined;
  const heard = subjects.filter(isHeard);
  const times = slow.flatMap((one) => one.since ?? []);
  const since = times.length === 0 ? undefined : Math.min(...times);
  const latest = Math.max(Number.NEGATIVE_INFINITY, ...times);
  const quick = heard.filter((one) => isRecovering(one) && testimonyOf(one, latest) === 'answers');
  const isMost = slow.length >= 2 && slow.length * 2 > heard.length;
  const base = { cause: 'slow' as const, since };
  const tally = slow.map(tellSlow);
  if (isMost) {
    const why = `${slow.length} of ${plural(heard.length, 'model')} are slow: fal’s capacity, or your account’s slots are taken.`;
    const verdict: Verdict = {
      ...base,
      verdict: 'platform',
      confidence: CONFIDENCE.LEANING,
      evidence: [why, ...tally],
    };
    return { verdict, subjects: slow };
  }
  const model = slowModel(slow, quick, tally);
  const verdict: Verdict = meetsLimits(all)
    ? {
        ...base,
        ...model,
        confidence: CONFIDENCE.LEANING,
        evidence: [
          ...model.evidence,
          'Other runs were refused for the account’s sake, so its limits may be the reason.',
        ],
      }
    : { ...base, ...model };
  return { verdict, subjects: slow };
}

/** At a limit of the account the client waits and tries again: that, too, is slow, and no fault of fal. */
function meetsLimits(subjects: readonly Subject[]): boolean {
  return subjects.some(({ judged }) => judged.some((run) => run.kind === 'account'));
}

function slowModel(
  slow: readonly Subject[],
  quick: readonly Subject[],
  tally: readonly string[],
): Pick<Verdict, 'verdict' | 'confidence' | 'evidence'> {
  const wasQuick = slow.every(wasOnceQuick);
  const limit = wasQuick ? [] : ['It was never quicker here, so its limit may be too tight.'];
  if (quick.length === 0) {
    const lone = 'No other model was quick since then, so there is nobody to compare with.';
    return { verdict: 'model', confidence: CONFIDENCE.LEANING, evidence: [...tally, lone, ...limit] };
  }
  const others = `${namesOf(quick.map(({ id }) => id))} ${quick.length === 1 ? 'answers' : 'answer'} within the limit.`;
  const confidence = wasQuick ? CONFIDENCE.STRONG : CONFIDENCE.LEANING;
  return { verdict: 'model', confidence, evidence: [...tally, others, ...limit] };
}

function wasOnceQuick({ witness }: Subject): boolean {
  const isSlow = isSlowFor(witness);
  return witness.runs.filter((run) => run.kind === 'ok' && !isSlow(run)).length >= 3;
}

function tellSlow({ id, witness, judged }: Subject): string {
  const count = judged.filter(isSlowFor(witness)).length;
  return `${namesOf([id])}: ${count} of the last ${plural(judged.length, 'run')} took longer than the limit of ${span(witness.latencyLimitSeconds)}.`;
}
