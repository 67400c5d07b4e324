import { errorTypeWords, plural, roughly } from '../domain/words.ts';
import { type Subject, isRecovering } from './subject.ts';
import { CONFIDENCE, type Verdict } from './verdict.ts';

/** More than this many intervals without a word, and the last good word is no longer worth acting on. */
const LATE_AFTER_INTERVALS = 1.5;

/** A model that nothing speaks against, or that nobody knows anything about. */
export function quietVerdict(subject: Subject, incidents: readonly string[]): Verdict {
  switch (subject.standing) {
    case 'silent':
      return nothing('no_data', ['No run has come to an end yet.']);
    case 'stale':
      return { ...nothing('stale', [staleWords(subject)]), since: subject.since };
    case 'mixed':
      return mixed(subject);
    default:
      return subject.judged.some((run) => run.kind === 'ok') ? well(subject, incidents) : onlyBad(subject);
  }
}

function nothing(cause: 'no_data' | 'stale', evidence: readonly string[]): Verdict {
  return { verdict: 'unknown', cause, confidence: CONFIDENCE.NOTHING, evidence };
}

function staleWords({ witness }: Subject): string {
  const age = roughly(witness.ageSeconds * 1000);
  return `The last run ended ${age} ago, although one is due every ${roughly(witness.intervalSeconds * 1000)}: what was true then says nothing about now.`;
}

function mixed(subject: Subject): Verdict {
  const bad = subject.judged.filter((run) => run.kind !== 'ok');
  return {
    verdict: 'unknown',
    cause: 'cannot_tell',
    confidence: CONFIDENCE.GUESS,
    evidence: [
      `${bad.length} of the last ${plural(subject.judged.length, 'run')} went wrong, each for another party’s sake: ${errorsOf(subject)}.`,
    ],
    since: subject.since,
  };
}

function onlyBad(subject: Subject): Verdict {
  return {
    verdict: 'unknown',
    cause: 'cannot_tell',
    confidence: CONFIDENCE.GUESS / 2,
    evidence: [`The only run so far went wrong (${errorsOf(subject)}): too little to judge by.`],
    since: subject.since,
  };
}

function errorsOf({ judged }: Subject): string {
  const types = judged.flatMap((run) => (run.kind === 'ok' ? [] : errorTypeWords(run.errorType ?? '_OTHER')));
  return [...new Set(types)].join(', ');
}

function well(subject: Subject, incidents: readonly string[]): Verdict {
  const { judged, witness, standing } = subject;
  const bad = judged.filter((run) => run.kind !== 'ok');
  const good = judged.length - bad.length;
  const isLate = witness.ageSeconds > LATE_AFTER_INTERVALS * witness.intervalSeconds;
  return {
    verdict: 'ok',
    cause: bad.length > 0 ? 'blip' : 'well',
    confidence: wellConfidence(subject, isLate),
    evidence: [
      judged.length === 1
        ? 'The only run so far was good.'
        : `${good} of the last ${judged.length} runs were good.`,
      ...(bad.length > 0
        ? [`${plural(bad.length, 'run')} went wrong (${errorsOf(subject)}): not enough to blame anybody.`]
        : []),
      ...(isLate && standing === 'well'
        ? [`The newest is ${roughly(witness.ageSeconds * 1000)} old, and the next is late.`]
        : []),
      ...incidents.map((words) => `${words} It is not felt here.`),
    ],
  };
}

/** One good run is a good sign; three in a row, the model itself running, are proof. */
function wellConfidence(subject: Subject, isLate: boolean): number {
  const { judged, standing } = subject;
  if (judged.at(-1)?.kind !== 'ok') return CONFIDENCE.LEANING;
  const isModelRun = judged.some((run) => run.tier === 'inference');
  const isGood = standing === 'well' && isRecovering(subject);
  if (!isGood || isLate || !isModelRun) return CONFIDENCE.LIKELY;
  if (judged.length < 3) return judged.length === 1 ? CONFIDENCE.LIKELY : CONFIDENCE.STRONG;
  return CONFIDENCE.PROVEN;
}
