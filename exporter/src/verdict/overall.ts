import { plural } from '../domain/words.ts';
import type { VerdictInput } from './input.ts';
import type { Subject } from './subject.ts';
import { namesOf, tellFailures, tellIncidents } from './tell.ts';
import {
  CONFIDENCE,
  type EndpointVerdict,
  type OverallVerdict,
  type Verdict,
  type VerdictKind,
} from './verdict.ts';

/** Whose problem deserves the headline when there are several: the widest first, and fal's before our own. */
const LOUDEST_FIRST: readonly VerdictKind[] = ['platform', 'model', 'account', 'app'];

export interface OverallInput {
  readonly endpoints: readonly EndpointVerdict[];
  readonly subjects: readonly Subject[];
  /** What the free probes say of hosts, when there is something wrong. */
  readonly ways: Verdict | undefined;
  readonly input: VerdictInput;
}

/** One verdict from those on the models and on the way to fal. */
export function overallOf(all: OverallInput): OverallVerdict {
  const { endpoints, ways } = all;
  if (ways?.cause === 'unreachable') return ways;
  for (const kind of LOUDEST_FIRST) {
    const hit = endpoints.filter(({ verdict }) => verdict === kind);
    if (hit.length > 0) return summed(hit, all);
    if (kind === 'platform' && ways !== undefined && !endpoints.some(({ verdict }) => verdict === 'model'))
      return ways;
  }
  const undecided = endpoints.filter(({ cause }) => cause === 'cannot_tell' || cause === 'unreachable');
  if (undecided.length > 0) return summed(undecided, all);
  return quietOverall(all);
}

/** The surest first; among equals by cause and name, so that the order of the models decides nothing. */
function bySureness(a: EndpointVerdict, b: EndpointVerdict): number {
  const byName = `${a.cause} ${a.endpointId}` < `${b.cause} ${b.endpointId}` ? -1 : 1;
  return b.confidence - a.confidence || byName;
}

/** The verdicts of one kind as one: as sure as the surest of them. */
function summed(hit: readonly EndpointVerdict[], { subjects, endpoints }: OverallInput): OverallVerdict {
  const ids = hit.map(({ endpointId }) => endpointId);
  const [first] = hit.toSorted(bySureness);
  if (first === undefined) throw new Error('a verdict of no models was asked for');
  const times = hit.flatMap(({ since }) => since ?? []);
  const sick = subjects.filter(({ id, standing }) => ids.includes(id) && standing === 'failing');
  const tally = sick.length === 0 ? first.evidence[0] : tellFailures(sick);
  const others = endpoints.filter(
    ({ endpointId, verdict }) => !ids.includes(endpointId) && verdict !== 'ok' && verdict !== first.verdict,
  );
  return {
    verdict: first.verdict,
    cause: first.cause,
    confidence: first.confidence,
    evidence: [
      ...(tally === undefined ? [] : [tally]),
      ...first.evidence.slice(1),
      ...others.map(({ endpointId, evidence }) => `Besides, ${namesOf([endpointId])}: ${evidence[0] ?? ''}`),
    ],
    since: times.length === 0 ? undefined : Math.min(...times),
    endpointIds: ids,
  };
}

function quietOverall({ endpoints, input }: OverallInput): OverallVerdict {
  const well = endpoints.filter(({ verdict }) => verdict === 'ok');
  const silent = endpoints.filter(({ verdict }) => verdict === 'unknown');
  if (endpoints.length === 0) return gatewaysOnly(input);
  if (well.length === 0) return nothingKnown(endpoints);
  const sure = Math.min(...well.map(({ confidence }) => confidence));
  const names = namesOf(silent.map(({ endpointId }) => endpointId));
  return {
    verdict: 'ok',
    cause: well.some(({ cause }) => cause === 'blip') ? 'blip' : 'well',
    confidence: silent.length === 0 ? sure : Math.min(sure, CONFIDENCE.LIKELY),
    evidence: [
      `${well.length} of ${plural(endpoints.length, 'model')} ${well.length === 1 ? 'answers' : 'answer'}.`,
      ...(silent.length === 0 ? [] : [`Nothing is known of ${names}.`]),
      ...bumps(well),
      ...hostWords(input),
      ...tellIncidents(input.statusPage).map((words) => `${words} It is not felt here.`),
    ],
  };
}

/** Single bad runs, which prove nothing. */
function bumps(well: readonly EndpointVerdict[]): string[] {
  return well
    .filter(({ cause }) => cause === 'blip')
    .map(({ endpointId, evidence }) => `${namesOf([endpointId])}: ${evidence[1] ?? ''}`);
}

function nothingKnown(endpoints: readonly EndpointVerdict[]): OverallVerdict {
  const isStale = endpoints.some(({ cause }) => cause === 'stale');
  const times = endpoints.flatMap(({ since }) => since ?? []);
  return {
    verdict: 'unknown',
    cause: isStale ? 'stale' : 'no_data',
    confidence: CONFIDENCE.NOTHING,
    evidence: [
      isStale
        ? 'No model has fresh data: what was true before says nothing about now.'
        : 'No model has any data yet.',
    ],
    since: times.length === 0 ? undefined : Math.max(...times),
  };
}

/** No model is probed: all there is to know is whether fal can be reached. */
function gatewaysOnly({ gateways, hosts }: VerdictInput): OverallVerdict {
  const fresh = gateways.filter(({ ageSeconds, freshForSeconds }) => ageSeconds <= freshForSeconds);
  const newest = fresh.flatMap(({ runs }) => runs.at(-1) ?? []);
  if (newest.length === 0) {
    return {
      verdict: 'unknown',
      cause: gateways.some(({ runs }) => runs.length > 0) ? 'stale' : 'no_data',
      confidence: CONFIDENCE.NOTHING,
      evidence: ['No model is probed, and no look at fal’s hosts is fresh.'],
    };
  }
  const isWell = newest.every((run) => run.kind === 'ok');
  return {
    verdict: 'ok',
    cause: 'well',
    confidence: isWell ? CONFIDENCE.LIKELY : CONFIDENCE.LEANING,
    evidence: [
      'No model is probed, so only the way to fal is known.',
      ...hostWords({ hosts }),
      ...(isWell ? [] : ['The newest look went wrong: not enough to blame anybody.']),
    ],
  };
}

function hostWords({ hosts }: Pick<VerdictInput, 'hosts'>): string[] {
  const fresh = hosts.filter(({ isStale }) => !isStale);
  if (fresh.length === 0) return [];
  const up = fresh.filter((host) => host.up).length;
  return [`${up} of ${plural(fresh.length, 'host')} of fal ${up === 1 ? 'answers' : 'answer'} from here.`];
}
