import type {
  EndpointWitness,
  RunWitness,
  StatusPageState,
  VerdictInput,
  Witness,
} from '../verdict/input.ts';
import type { EndpointFacts, ProbeFacts, RunView, VerdictFacts } from './view.ts';

/** What the board knows, as the witnesses that the verdict is made from. Pure. */
export function verdictInputOf(view: VerdictFacts): VerdictInput {
  const gateways = view.probes.filter(({ tier }) => tier === 'free');
  const hostsFreshFor = Math.max(0, ...gateways.map(freshFor));
  return {
    endpoints: view.endpoints.map((endpoint) => endpointWitness(endpoint, view)),
    gateways: gateways.map((probe) => ({
      ...freshness([probe]),
      runs: witnesses(probe.runs),
      failingSince: failingSince(probe),
    })),
    hosts: view.hosts.map(({ host, up, at, since, hasChanged, error }) => ({
      ...{ host, up, at, since, hasChanged, fault: error?.fault },
      isStale: (view.at - at) / 1000 > hostsFreshFor,
    })),
    account: { lock: lockOf(view), keyRejectedSince: view.account.keyRejectedSince },
    statusPage: pageOf(view),
  };
}

function endpointWitness(endpoint: EndpointFacts, view: VerdictFacts): EndpointWitness {
  const probes = view.probes.filter(({ endpointId }) => endpointId === endpoint.id);
  const fresh = probes.filter(({ isStale }) => !isStale);
  // Old words of one probe must not speak beside the fresh ones of another.
  const speakers = fresh.length > 0 ? fresh : probes;
  const names = new Set(speakers.map(({ name }) => name));
  return {
    ...freshness(speakers),
    id: endpoint.id,
    latencyLimitSeconds: endpoint.latencyLimitSeconds,
    runs: witnesses(endpoint.runs.filter(({ probe }) => names.has(probe))),
    failingSince: failingSince(endpoint),
  };
}

function failingSince({ condition }: Pick<EndpointFacts, 'condition'>): number | undefined {
  return condition?.state === 'failing' ? condition.since : undefined;
}

/** Of the probe that spoke last, by its own rhythm. */
function freshness(
  probes: readonly ProbeFacts[],
): Pick<Witness, 'ageSeconds' | 'intervalSeconds' | 'freshForSeconds'> {
  const [freshest] = probes.toSorted(
    (a, b) => a.dataAgeSeconds / a.intervalSeconds - b.dataAgeSeconds / b.intervalSeconds,
  );
  if (freshest === undefined)
    return { ageSeconds: Number.POSITIVE_INFINITY, intervalSeconds: 0, freshForSeconds: 0 };
  const { dataAgeSeconds: ageSeconds, intervalSeconds } = freshest;
  return { ageSeconds, intervalSeconds, freshForSeconds: freshFor(freshest) };
}

function freshFor({ intervalSeconds, timeoutSeconds }: ProbeFacts): number {
  return 3 * intervalSeconds + timeoutSeconds;
}

function witnesses(runs: readonly RunView[]): RunWitness[] {
  return runs.flatMap((run): RunWitness[] => {
    if (run.verdict === 'cancelled') return [];
    const { at, tier, outcome, durationSeconds, error } = run;
    return [
      {
        ...{ at, kind: run.verdict, tier, outcome, durationSeconds },
        ...{ errorType: error?.type, fault: error?.fault, reached: reachedBy(run) },
      },
    ];
  });
}

function reachedBy({ requestId, queueWait, inference }: RunView): RunWitness['reached'] {
  if (queueWait !== undefined || inference !== undefined) return 'runner';
  return requestId === undefined ? undefined : 'queue';
}

function lockOf({ account, probes, at }: VerdictFacts): VerdictInput['account']['lock'] {
  const { lock } = account;
  if (lock?.locked !== true) return undefined;
  const freshForSeconds = Math.max(0, ...probes.map(freshFor));
  const isFresh = (at - lock.at) / 1000 <= freshForSeconds;
  return { reason: lock.reason ?? 'unknown', since: lock.since, isFresh };
}

function pageOf({ statusPage: page }: VerdictFacts): StatusPageState | undefined {
  if (page === undefined) return undefined;
  const named = page.incidents.filter(({ impact }) => impact !== 'none').map(({ title }) => title);
  const unnamed =
    page.overall === 'issues' && page.incidents.length === 0 ? ['a problem without a name'] : [];
  return {
    host: page.host,
    answeredAt: page.at,
    isUnreadable: page.problem !== undefined,
    incidents: page.isStale ? [] : [...named, ...unnamed],
  };
}
