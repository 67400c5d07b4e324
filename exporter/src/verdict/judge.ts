import { accountWideVerdict, heldBack, inputRefused, isAtLimit } from './account.ts';
import { type Accusation, failingVerdict, hostConfidence } from './failing.ts';
import { type HostSigns, hostNames, readHosts } from './hosts.ts';
import type { VerdictInput } from './input.ts';
import { quietVerdict } from './quiet.ts';
import { overallOf } from './overall.ts';
import { slowVerdict } from './slow.ts';
import { type Subject, isHeard, isRecovering, readSubject } from './subject.ts';
import { tellFailures, tellIncidents } from './tell.ts';
import { isUnreachable, unreachableVerdict } from './unreachable.ts';
import { CONFIDENCE, type EndpointVerdict, type Verdict, type Verdicts } from './verdict.ts';

/**
 * Whose problem is it: per model, and for everything that the account uses. Pure and total. The first that
 * holds decides:
 *
 * 1. the account as a whole: locked, key rejected
 * 2. nothing to go by: no data, or old data
 * 3. nothing of fal can be reached
 * 4. per model: the account or the input of the probe is refused
 * 5. models fail: one of them, most of them, or through a host that is down
 * 6. models are slow
 * 7. well, or a single bad run that proves nothing
 *
 * One failed run never leaves `ok`; entering and leaving follow the rule of `prevails`.
 */
export function judge(input: VerdictInput): Verdicts {
  const subjects = input.endpoints.map(readSubject);
  const hosts = readHosts(input);
  const ofAll = accountWideVerdict(input);
  if (ofAll !== undefined) {
    return { overall: ofAll, endpoints: subjects.map(({ id }) => ({ ...ofAll, endpointId: id })) };
  }
  const accused = accusations(subjects, hosts, input);
  const incidents = tellIncidents(input.statusPage);
  const quiet = (subject: Subject): Verdict => {
    const verdict = quietVerdict(subject, incidents);
    return verdict.verdict === 'ok' && isAtLimit(subjects) ? spared(verdict) : verdict;
  };
  const endpoints = subjects.map((subject): EndpointVerdict => ({
    ...(accused.get(subject.id) ?? quiet(subject)),
    endpointId: subject.id,
  }));
  return {
    overall: overallOf({ endpoints, subjects, ways: wayVerdict(subjects, hosts, input), input }),
    endpoints,
  };
}

/** Good luck so far: the limit belongs to the account, and other models meet it. */
function spared(verdict: Verdict): Verdict {
  const words = 'Other models are refused at a limit of the account, which is this model’s, too.';
  const confidence = Math.min(CONFIDENCE.LIKELY, verdict.confidence);
  return { ...verdict, confidence, evidence: [...verdict.evidence, words] };
}

/** What each model stands accused of, or excused by; absent for the quiet ones. */
function accusations(
  subjects: readonly Subject[],
  hosts: HostSigns,
  { statusPage }: VerdictInput,
): ReadonlyMap<string, Verdict> {
  if (isUnreachable(subjects, hosts)) {
    const failing = subjects.filter(({ standing }) => standing === 'failing');
    const since = earliest(failing);
    const verdict = unreachableVerdict(failing, hosts, statusPage, since);
    return new Map(failing.map(({ id }) => [id, verdict]));
  }
  const excused = new Map([...inputRefused(subjects), ...heldBack(subjects)]);
  const rest = subjects.filter(({ id }) => !excused.has(id));
  const accusation = failingVerdict(rest, hosts, statusPage);
  const slow = slowVerdict(rest, subjects);
  const said = new Map([...ofEach(slow), ...ofEach(accusation), ...excused]);
  return new Map(subjects.flatMap((subject) => softened(subject, said.get(subject.id))));
}

/** A model that answers again may be well: nobody is accused with confidence any more. */
function softened(subject: Subject, verdict: Verdict | undefined): [string, Verdict][] {
  if (verdict === undefined) return [];
  const confidence = isRecovering(subject)
    ? Math.min(CONFIDENCE.LIKELY, verdict.confidence)
    : verdict.confidence;
  return [[subject.id, { ...verdict, confidence }]];
}

function ofEach(accusation: Accusation | undefined): [string, Verdict][] {
  if (accusation === undefined) return [];
  const { verdict, subjects } = accusation;
  const isOne = subjects.length === 1;
  return subjects.map((one): [string, Verdict] => {
    const isFailing = verdict.cause !== 'slow' && !isOne;
    const own = isFailing ? [tellFailures([one])] : [];
    const shared = isFailing ? verdict.evidence.slice(1) : verdict.evidence;
    return [one.id, { ...verdict, evidence: [...own, ...shared], since: one.since ?? verdict.since }];
  });
}

/** The way to fal by the free probes alone: hosts that are down although no model fails, or nothing reached at all. */
function wayVerdict(
  subjects: readonly Subject[],
  hosts: HostSigns,
  { statusPage }: VerdictInput,
): Verdict | undefined {
  const { down, up } = hosts;
  if (down.length === 0) return undefined;
  const since = Math.min(...down.map((host) => host.since));
  const failing = subjects.filter(({ standing }) => standing === 'failing');
  if (isUnreachable(subjects, hosts)) {
    return unreachableVerdict(failing, hosts, statusPage, earliest(failing) ?? since);
  }
  const isModelsWell = subjects.some((one) => isHeard(one) && one.judged.at(-1)?.kind === 'ok');
  const incidents = tellIncidents(statusPage);
  return {
    verdict: 'platform',
    cause: 'host_down',
    confidence: Math.min(0.95, hostConfidence(hosts) + (incidents.length > 0 ? 0.05 : 0)),
    evidence: [
      `${hostNames(down)} ${down.length === 1 ? 'does' : 'do'} not answer from here${up.length === 0 ? '' : `; ${hostNames(up)} ${up.length === 1 ? 'does' : 'do'}`}.`,
      ...(isModelsWell ? ['The models that are probed answer all the same.'] : []),
      ...incidents,
    ],
    since,
  };
}

function earliest(subjects: readonly Subject[]): number | undefined {
  const times = subjects.flatMap(({ since }) => since ?? []);
  return times.length === 0 ? undefined : Math.min(...times);
}
