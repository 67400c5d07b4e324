import { plural } from '../domain/words.ts';
import { type HostSigns, answeredBadly, carriesModels, hostNames } from './hosts.ts';
import type { StatusPageState } from './input.ts';
import { type FailureSort, type Subject, failureSort, failuresOf, isHeard, testimonyOf } from './subject.ts';
import { namesOf, tellFailures, tellIncidents, tellOfficially } from './tell.ts';
import { CONFIDENCE, type Verdict } from './verdict.ts';

/** The models that fail, and what the others say about the same time. */
interface Case {
  readonly failing: readonly Subject[];
  /** Failed once since: perhaps the next. */
  readonly suspects: readonly Subject[];
  /** Ran well since: they speak against a fault of all of fal. */
  readonly well: readonly Subject[];
  /** Have not been asked since. */
  readonly unheard: readonly Subject[];
  readonly hosts: HostSigns;
  readonly sort: FailureSort;
  readonly incidents: readonly string[];
  /** The incidents; or that fal's own page is silent, which would otherwise look like a contradiction. */
  readonly officially: readonly string[];
  readonly since: number | undefined;
}

/** The models that a verdict on failures is about. */
export interface Accusation {
  readonly verdict: Verdict;
  readonly subjects: readonly Subject[];
}

/** Runs fail although fal can be reached: one model, or all of fal? Undefined when nothing fails. */
export function failingVerdict(
  subjects: readonly Subject[],
  hosts: HostSigns,
  page: StatusPageState | undefined,
): Accusation | undefined {
  const the = openCase(subjects, hosts, page);
  if (the.failing.length === 0) return undefined;
  if (isHostToBlame(the)) return { verdict: hostVerdict(the), subjects: [...the.failing, ...the.suspects] };
  if (isMost(the)) return { verdict: mostVerdict(the), subjects: [...the.failing, ...the.suspects] };
  return { verdict: modelVerdict(the), subjects: the.failing };
}

function openCase(subjects: readonly Subject[], hosts: HostSigns, page: StatusPageState | undefined): Case {
  const failing = subjects.filter(({ standing }) => standing === 'failing');
  const others = subjects.filter((one) => isHeard(one) && one.standing !== 'failing');
  const sinces = failing.flatMap(({ since }) => since ?? []);
  // A witness must have run since the last of them fell ill.
  const latest = sinces.length === 0 ? Number.POSITIVE_INFINITY : Math.max(...sinces);
  const saying = (words: string): Subject[] => others.filter((one) => testimonyOf(one, latest) === words);
  return {
    failing,
    suspects: saying('fails'),
    well: saying('answers'),
    unheard: saying('nothing'),
    hosts,
    sort: failureSort(failing.flatMap(failuresOf)),
    incidents: tellIncidents(page),
    officially: tellOfficially(page),
    since: sinces.length === 0 ? undefined : Math.min(...sinces),
  };
}

/** A host that carries the models is down, others are up, and no model gets through. */
function isHostToBlame({ hosts, well }: Case): boolean {
  const isProvenWay = hosts.up.length > 0 || hosts.down.some(answeredBadly);
  return isProvenWay && hosts.down.some(carriesModels) && well.length === 0;
}

function hostVerdict(the: Case): Verdict {
  const { hosts, since } = the;
  const verb = hosts.down.length === 1 ? 'does' : 'do';
  const others =
    hosts.up.length === 0 ? '' : `; ${hostNames(hosts.up)} ${hosts.up.length === 1 ? 'does' : 'do'}`;
  return {
    verdict: 'platform',
    cause: 'host_down',
    confidence: raised(hostConfidence(hosts), the),
    evidence: [
      tellFailures(the.failing),
      `${hostNames(hosts.down)} ${verb} not answer as ${hosts.down.length === 1 ? 'it' : 'they'} should${others}.`,
      ...the.officially,
    ],
    since,
  };
}

/** How far a host that is down proves that fal is at fault. */
export function hostConfidence({ down, up }: HostSigns): number {
  if (down.some(answeredBadly)) return up.length > 0 ? CONFIDENCE.PROVEN : CONFIDENCE.LIKELY;
  // Nothing else answers either, or it was never reached from here: it may as well be blocked here.
  const isForeign = up.length > 0 && down.every((host) => host.hasChanged);
  return isForeign ? CONFIDENCE.STRONG : CONFIDENCE.LEANING;
}

/** Most of those that were heard fail; or several fail with errors that fal itself calls its own. */
function isMost({ failing, suspects, well }: Case): boolean {
  if (failing.length < 2) return false;
  const isOwnError = failing.filter((one) => failureSort(failuresOf(one)) === 'platform').length >= 2;
  return isOwnError || failing.length + suspects.length > well.length;
}

function mostVerdict(the: Case): Verdict {
  const { failing, suspects, well, unheard, hosts } = the;
  const heard = failing.length + suspects.length + well.length;
  const all = well.length === 0 ? 'none answers' : `${well.length} of ${heard} answer`;
  return {
    verdict: 'platform',
    cause: 'most_failing',
    confidence: raised(mostConfidence(the), the),
    evidence: [
      tellFailures(failing),
      `${failing.length} of ${plural(heard, 'model')} asked since then fail, ${all}.${hostWords(hosts)}`,
      ...(unheard.length === 0 ? [] : [`${namesOf(unheard.map(({ id }) => id))} not asked since.`]),
      ...doubts(the),
      ...the.officially,
    ],
    since: the.since,
  };
}

function mostConfidence({ failing, suspects, well, unheard, sort }: Case): number {
  const isNamed = sort === 'platform' || (sort === 'model' && failing.length >= 3);
  if (!isNamed) return sort === 'model' ? CONFIDENCE.LIKELY : CONFIDENCE.LEANING;
  if (well.length > 0 || unheard.length > 0) return CONFIDENCE.LIKELY;
  return sort === 'platform' && failing.length >= 2 && suspects.length === 0
    ? CONFIDENCE.PROVEN
    : CONFIDENCE.STRONG;
}

/** What else it could be, where the errors do not name their owner. */
function doubts({ failing, sort }: Case): string[] {
  const failures = failing.flatMap(failuresOf);
  if (sort === 'client' && failures.some((run) => run.reached === 'queue')) {
    return [
      'fal took the jobs and never started them: its runners are short, or your account’s slots are all taken.',
    ];
  }
  if (sort === 'client')
    return ['Only our own patience ended, so it may also be a time limit that is too short.'];
  if (sort === 'network') return ['The connections break: fal’s gate, or something between here and there.'];
  return sort === 'unclear' ? ['The answers are garbled: fal, or a proxy between here and there.'] : [];
}

function hostWords({ up, looked }: HostSigns): string {
  if (looked === 0) return '';
  return up.length === looked
    ? ' fal’s hosts still answer.'
    : ` ${up.length} of ${looked} hosts of fal answer.`;
}

function modelVerdict(the: Case): Verdict {
  const { failing, well, suspects, unheard } = the;
  if (well.length === 0) {
    return suspects.length + unheard.length === 0 ? loneVerdict(the) : undecided(the);
  }
  const isAnswered = well.length === 1 ? 'One other model answers' : `${well.length} other models answer`;
  const names = namesOf(failing.map(({ id }) => id));
  return {
    verdict: 'model',
    cause: 'model_failing',
    confidence: raised(modelConfidence(the), the),
    evidence: [
      tellFailures(failing),
      `${isAnswered}, so key, account and network are fine, and it is ${failing.length === 1 ? 'this model alone' : `these models alone: ${names}`}.`,
      ...the.incidents,
    ],
    since: the.since,
  };
}

function modelConfidence({ well, suspects, sort }: Case): number {
  const isStrong = well.some(({ judged }) => judged.at(-1)?.tier === 'inference');
  const isNamed = sort === 'platform' || sort === 'model';
  if (suspects.length > 0 || !isStrong) return CONFIDENCE.LEANING;
  if (!isNamed) return CONFIDENCE.LIKELY;
  return well.length >= 2 ? 0.9 : CONFIDENCE.STRONG;
}

/** One model fails and the others have not answered since. */
function undecided(the: Case): Verdict {
  const others = the.suspects.length > 0 ? 'others fail now, too' : 'no other model was asked since';
  return {
    verdict: 'unknown',
    cause: 'cannot_tell',
    confidence: CONFIDENCE.GUESS,
    evidence: [
      tellFailures(the.failing),
      `Whether it is the model or all of fal cannot be told yet: ${others}.`,
      ...the.incidents,
    ],
    since: the.since,
  };
}

const ONLY = 'It is the only model probed, so whether all of fal is affected cannot be told.';

/** With a single model there is nobody to compare with: only the error itself says something. */
function loneVerdict(the: Case): Verdict {
  const { sort, since, incidents } = the;
  const evidence = [tellFailures(the.failing), ONLY, ...doubts(the), ...incidents];
  if (sort === 'platform' || sort === 'model') {
    return {
      verdict: sort,
      cause: 'model_failing',
      confidence: raised(CONFIDENCE.LEANING, the),
      evidence,
      since,
    };
  }
  return { verdict: 'unknown', cause: 'cannot_tell', confidence: CONFIDENCE.GUESS, evidence, since };
}

/** An official incident agrees; it lags by minutes and never makes a verdict alone. */
function raised(confidence: number, { incidents }: Pick<Case, 'incidents'>): number {
  return incidents.length === 0 ? confidence : Math.min(CONFIDENCE.PROVEN, confidence + 0.05);
}
