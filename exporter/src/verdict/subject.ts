import type { Fault } from 'opentelemetry-instrumentation-fal/core';
import type { EndpointWitness, RunKind, RunWitness } from './input.ts';
import { JUDGED_RUNS, prevails } from './prevails.ts';

/**
 * How one model stands by its own runs alone. `mixed`: bad runs prevail, but of no one kind. `doubtful`: a bad run
 * that proves nothing yet.
 */
export type Standing =
  'silent' | 'stale' | 'failing' | 'account' | 'app' | 'mixed' | 'slow' | 'doubtful' | 'well';

/** One model, read. */
export interface Subject {
  readonly id: string;
  readonly witness: EndpointWitness;
  readonly standing: Standing;
  /** The newest five, oldest first. */
  readonly judged: readonly RunWitness[];
  /** When the trouble began, while there is one. */
  readonly since?: number | undefined;
}

export function readSubject(witness: EndpointWitness): Subject {
  const judged = witness.runs.slice(-JUDGED_RUNS);
  const standing = standingOf(witness, judged);
  return { id: witness.id, witness, standing, judged, since: sinceOf(standing, witness) };
}

function standingOf(witness: EndpointWitness, judged: readonly RunWitness[]): Standing {
  const newest = judged.at(-1);
  if (newest === undefined) return 'silent';
  if (!(witness.ageSeconds <= witness.freshForSeconds)) return 'stale';
  // The newest kind first: what it is now counts for more than what it was five runs ago.
  const kinds: readonly RunKind[] = [newest.kind, 'failure', 'account', 'app'];
  const kind = kinds.find((one) => one !== 'ok' && prevails(judged, (run) => run.kind === one));
  if (kind === 'failure') return 'failing';
  if (kind === 'account' || kind === 'app') return kind;
  if (prevails(judged, (run) => run.kind !== 'ok')) return 'mixed';
  if (prevails(judged, isSlowFor(witness)) && judged.some((run) => run.kind === 'ok')) return 'slow';
  return judged.every((run) => run.kind === 'ok') ? 'well' : 'doubtful';
}

/** Beyond the limit; a run that we gave up on was slow, too, whatever else it was. */
export function isSlowFor({ latencyLimitSeconds }: EndpointWitness): (run: RunWitness) => boolean {
  return (run) =>
    run.errorType === 'client_timeout' ||
    (run.kind === 'ok' && (run.durationSeconds ?? 0) > latencyLimitSeconds);
}

function sinceOf(standing: Standing, witness: EndpointWitness): number | undefined {
  const { runs } = witness;
  const isBad = (run: RunWitness): boolean => run.kind !== 'ok';
  switch (standing) {
    case 'failing':
      return witness.failingSince ?? rowStart(runs, (run) => run.kind === 'failure');
    case 'account':
    case 'app':
      return rowStart(runs, (run) => run.kind === standing);
    case 'mixed':
      return rowStart(runs, isBad);
    case 'slow':
      return rowStart(runs, isSlowFor(witness));
    case 'doubtful':
      return runs.slice(-JUDGED_RUNS).find(isBad)?.at;
    case 'stale':
      return runs.at(-1)?.at;
    default:
      return undefined;
  }
}

/** Where the newest unbroken row of at least two began; else the first one among the judged runs. */
function rowStart(runs: readonly RunWitness[], isBad: (run: RunWitness) => boolean): number | undefined {
  const end = runs.findLastIndex((run, index) => {
    const before = runs[index - 1];
    return isBad(run) && before !== undefined && isBad(before);
  });
  if (end < 0) return runs.slice(-JUDGED_RUNS).find(isBad)?.at;
  const lastGood = runs.slice(0, end).findLastIndex((run) => !isBad(run));
  return runs[lastGood + 1]?.at;
}

/** True when its word counts: it has fresh runs. */
export function isHeard({ standing }: Subject): boolean {
  return standing !== 'silent' && standing !== 'stale';
}

export function failuresOf({ judged }: Subject): readonly RunWitness[] {
  return judged.filter((run) => run.kind === 'failure');
}

/** What most of the failures say. `client`: only our own patience ended, which says nothing about why. */
export type FailureSort = 'platform' | 'model' | 'network' | 'client' | 'unclear';

/** The sort that holds for more than half of the failures. */
export function failureSort(failures: readonly RunWitness[]): FailureSort {
  const sorts: readonly Exclude<FailureSort, 'unclear'>[] = ['platform', 'model', 'network', 'client'];
  const isMost = (sort: FailureSort): boolean =>
    failures.filter((run) => sortOf(run) === sort).length * 2 > failures.length;
  return sorts.find(isMost) ?? 'unclear';
}

export function sortOf({ fault, errorType }: RunWitness): FailureSort {
  const sort: Partial<Record<Fault, FailureSort>> = {
    platform: 'platform',
    model: 'model',
    network: 'network',
  };
  return errorType === 'client_timeout' ? 'client' : (sort[fault ?? 'unknown'] ?? 'unclear');
}

/** True when nothing at all came back: a connection that broke, or silence until we gave up. */
export function isUnanswered(run: RunWitness): boolean {
  const sort = sortOf(run);
  return sort === 'network' || (sort === 'client' && run.reached === undefined);
}

/** True when the newest run was good, so that the trouble may be over. */
export function isRecovering({ judged, witness }: Subject): boolean {
  const newest = judged.at(-1);
  return newest?.kind === 'ok' && !isSlowFor(witness)(newest);
}

/** When the run began: what it says about fal holds from then on. */
export function startOf(run: RunWitness): number {
  return run.at - (run.durationSeconds ?? 0) * 1000;
}

/** What another model says about a trouble that began at `since`. */
export type Testimony = 'answers' | 'fails' | 'nothing';

/** Only a run that began after the trouble is a witness of how things are during it. */
export function testimonyOf(subject: Subject, since: number): Testimony {
  const newest = subject.judged.at(-1);
  if (newest === undefined || !isHeard(subject)) return 'nothing';
  if (newest.kind === 'failure') return newest.at >= since ? 'fails' : 'nothing';
  return newest.kind === 'ok' && startOf(newest) >= since ? 'answers' : 'nothing';
}
