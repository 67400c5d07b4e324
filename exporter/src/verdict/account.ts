import { LOCK_WORDS, errorTypeWords, plural } from '../domain/words.ts';
import type { RunWitness, VerdictInput, Witness } from './input.ts';
import { JUDGED_RUNS } from './prevails.ts';
import { type Subject, isHeard } from './subject.ts';
import { CONFIDENCE, type Verdict } from './verdict.ts';

const NOT_FAL = 'This is the account’s side; nothing is known against fal or its models.';

/** Rejections of the key that it takes: a single 401 may be a hiccup of fal's own gate. */
const REJECTIONS = 2;

/** What explains everything, whatever else is seen: a locked account, a rejected key. */
export function accountWideVerdict(input: VerdictInput): Verdict | undefined {
  return lockVerdict(input) ?? keyVerdict(input);
}

function lockVerdict({ account: { lock } }: VerdictInput): Verdict | undefined {
  if (lock === undefined) return undefined;
  const old = 'No billable call was tried for a while, so the lock may be over.';
  return {
    verdict: 'account',
    cause: 'locked',
    confidence: lock.isFresh ? CONFIDENCE.PROVEN : CONFIDENCE.LIKELY,
    evidence: [
      `fal refuses every billable call with 403, for every model (${LOCK_WORDS[lock.reason]}).`,
      ...(lock.isFresh ? [] : [old]),
      NOT_FAL,
    ],
    since: lock.since,
  };
}

function keyVerdict({ account, endpoints, gateways }: VerdictInput): Verdict | undefined {
  const since = account.keyRejectedSince;
  if (since === undefined) return undefined;
  const fresh: readonly Witness[] = [...endpoints, ...gateways].filter(
    ({ ageSeconds, freshForSeconds }) => ageSeconds <= freshForSeconds,
  );
  const rejections = fresh
    .flatMap(({ runs }) => runs)
    .filter((run) => run.errorType === 'unauthorized' && run.at >= since).length;
  if (rejections < REJECTIONS) return undefined;
  return {
    verdict: 'account',
    cause: 'key_rejected',
    confidence: CONFIDENCE.PROVEN,
    evidence: [
      `fal answers 401 unauthorized: ${rejections} runs since then, and none that it let in.`,
      NOT_FAL,
    ],
    since,
  };
}

/**
 * Models that the account's own state holds back, one by one. A limit belongs to the account, so where several
 * models meet it, every model that met it at all belongs to them.
 */
export function heldBack(subjects: readonly Subject[]): ReadonlyMap<string, Verdict> {
  const refused = subjects.filter(({ standing }) => standing === 'account');
  const isLimitOfAll = isAtLimit(subjects);
  const also = subjects.filter(
    (subject) =>
      isLimitOfAll && ['doubtful', 'mixed'].includes(subject.standing) && causeOf(subject) === 'limited',
  );
  return new Map([...refused, ...also].map((subject) => [subject.id, refusal(subject)]));
}

/** True when several models meet a limit of the account: then every model may be the next. */
export function isAtLimit(subjects: readonly Subject[]): boolean {
  const limited = subjects.filter(
    (subject) => subject.standing === 'account' && causeOf(subject) === 'limited',
  );
  return limited.length >= 2;
}

function accountRuns({ judged }: Subject): readonly RunWitness[] {
  return judged.filter((run) => run.kind === 'account');
}

function causeOf(subject: Subject): 'locked' | 'key_rejected' | 'forbidden' | 'limited' | undefined {
  const type = accountRuns(subject).at(-1)?.errorType;
  if (accountRuns(subject).length === 0) return undefined;
  if (type === 'account_locked') return 'locked';
  if (type === 'unauthorized') return 'key_rejected';
  return type === 'forbidden' || type === 'platform.authorization_error' ? 'forbidden' : 'limited';
}

function refusal(subject: Subject): Verdict {
  const refused = accountRuns(subject);
  const cause = causeOf(subject) ?? 'limited';
  const type = errorTypeWords(refused.at(-1)?.errorType ?? '_OTHER');
  const why = {
    locked: 'The account was locked.',
    key_rejected: 'fal rejected the key.',
    forbidden: 'The key may not call this model.',
    limited: 'The account is at one of its own limits.',
  };
  return {
    verdict: 'account',
    cause,
    confidence: CONFIDENCE.STRONG,
    evidence: [
      `${refused.length} of the last ${plural(subject.judged.length, 'run')} were refused for the account’s sake (${type}). ${why[cause]}`,
      'Nothing is known against the model.',
    ],
    since: subject.since,
  };
}

/** Models that refuse what our probe sends. When several begin to at once, fal may have changed what it takes. */
export function inputRefused(subjects: readonly Subject[]): ReadonlyMap<string, Verdict> {
  const refused = subjects.filter(({ standing }) => standing === 'app');
  const heard = subjects.filter(isHeard).length;
  const isEverywhere = refused.length >= 2 && refused.length * 2 > heard;
  return new Map(refused.map((subject) => [subject.id, inputVerdict(subject, isEverywhere)]));
}

function inputVerdict({ judged, witness, since }: Subject, isEverywhere: boolean): Verdict {
  const refused = judged.filter((run) => run.kind === 'app');
  const type = refused.at(-1)?.errorType ?? '_OTHER';
  const wasAccepted = witness.runs.slice(0, -JUDGED_RUNS).some((run) => run.kind === 'ok');
  const isSudden = isEverywhere && (wasAccepted || judged.some((run) => run.kind === 'ok'));
  const doubt = 'Several models began to refuse input that they took before: fal may have changed its rules.';
  return {
    verdict: 'app',
    cause: 'input_refused',
    confidence: isSudden ? CONFIDENCE.LIKELY : CONFIDENCE.STRONG,
    evidence: [
      `${refused.length} of the last ${plural(judged.length, 'run')} were refused for what the probe sends (${errorTypeWords(type)}).`,
      ...(isSudden ? [doubt] : ['fal answers, and nothing is known to be wrong with it.']),
    ],
    since,
  };
}
