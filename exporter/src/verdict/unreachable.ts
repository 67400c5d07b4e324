import { type HostSigns, answeredBadly } from './hosts.ts';
import type { StatusPageState } from './input.ts';
import { type Subject, failuresOf, isHeard, isUnanswered, startOf } from './subject.ts';
import { tellIncidents } from './tell.ts';
import { CONFIDENCE, type Verdict } from './verdict.ts';

/**
 * Nothing comes back from any host of fal: the network here, or fal's edge. The two look the same from here but for
 * one witness: the status page stands at another company, so
 *
 * - it answers: the network here is well, and fal's edge is the likelier cause (`platform`). Not for sure: a
 *   firewall may block fal alone.
 * - it does not answer either: the network here is the likelier cause, which is ours (`app`).
 * - it was not asked since: `unknown`.
 */
export function unreachableVerdict(
  failing: readonly Subject[],
  hosts: HostSigns,
  page: StatusPageState | undefined,
  since: number | undefined,
): Verdict {
  const everything =
    hosts.looked === 0 ? 'Every connection' : `All ${hosts.looked} hosts and every connection`;
  const start =
    failing.length === 0
      ? `None of the ${hosts.looked} hosts of fal answers from this machine.`
      : `${everything} to fal failed before any answer came.`;
  return { cause: 'unreachable', since, ...secondWitness(page, since, start) };
}

function secondWitness(
  page: StatusPageState | undefined,
  since: number | undefined,
  start: string,
): Pick<Verdict, 'verdict' | 'confidence' | 'evidence'> {
  if (page?.isUnreadable === true) {
    const also = `${page.host}, which stands at another company, could not be read either: the network, DNS or proxy of this machine is the likelier cause.`;
    return { verdict: 'app', confidence: CONFIDENCE.LEANING, evidence: [start, also] };
  }
  if (page?.answeredAt !== undefined && since !== undefined && page.answeredAt > since) {
    const also = `${page.host}, which stands at another company, answers: the network here works, unless something blocks fal alone.`;
    const incidents = tellIncidents(page);
    const confidence = CONFIDENCE.LIKELY + (incidents.length > 0 ? 0.05 : 0);
    return { verdict: 'platform', confidence, evidence: [start, also, ...incidents] };
  }
  const same =
    'It is the network, DNS or proxy of this machine, or fal’s edge: from here the two look the same.';
  return { verdict: 'unknown', confidence: CONFIDENCE.GUESS, evidence: [start, same] };
}

/** Not even fal's gate was seen: an answer of any kind, or one host that is up, would prove the way. */
export function isUnreachable(subjects: readonly Subject[], hosts: HostSigns): boolean {
  if (hosts.up.length > 0 || hosts.down.some(answeredBadly)) return false;
  const failing = subjects.filter(({ standing }) => standing === 'failing');
  const since = beginning(failing, hosts);
  if (since === undefined || subjects.some((subject) => wasAnswered(subject, since))) return false;
  if (failing.length === 0) return hosts.looked > 0 && hosts.down.length === hosts.looked;
  const newest = failing.flatMap((subject) => failuresOf(subject).at(-1) ?? []);
  // Without a look at the hosts, silence alone is no broken connection: the job may hang at fal.
  return hosts.down.length > 0 || newest.every((run) => run.fault === 'network');
}

function beginning(failing: readonly Subject[], hosts: HostSigns): number | undefined {
  const times = [...failing.flatMap(({ since }) => since ?? []), ...hosts.down.map(({ since }) => since)];
  return times.length === 0 ? undefined : Math.max(...times);
}

/** True when its newest run heard from fal since then, whatever it heard. */
function wasAnswered(subject: Subject, since: number): boolean {
  const newest = subject.judged.at(-1);
  if (newest === undefined || !isHeard(subject) || isUnanswered(newest)) return false;
  // A run that only waited in vain may have been let in before.
  return (newest.errorType === 'client_timeout' ? startOf(newest) : newest.at) > since;
}
