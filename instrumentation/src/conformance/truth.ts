import { type Exchange, type Job, trueInferenceMs } from 'fal-simulator';
import type { Played } from './cell.ts';

/** What the ledger says that the telemetry should have counted. */
export interface Truth {
  /** HTTP exchanges by status or code of the network; those that still hang are left out. */
  readonly attempts: Readonly<Record<string, number>>;
  /** Requests for a job that followed one that may have arrived. */
  readonly repeatedSubmits: number;
  readonly platformRetries: number;
  /** Jobs whose units the client was told, in that order. */
  readonly billed: readonly Job[];
  /** The job that the chain ended with. */
  readonly job: Job | undefined;
}

/** Reads the ledger of a world in which one chain was played. */
export function truthOf({ exchanges, jobs }: Played, fault: string): Truth {
  const job = jobs.at(-1);
  return {
    attempts: attemptsOf(exchanges, fault),
    repeatedSubmits: repeatedSubmitsOf(exchanges, fault),
    platformRetries: (job?.runs ?? []).filter(({ ended }) => ended === 'requeued').length,
    billed: billedOf(exchanges, jobs),
    job,
  };
}

/** In seconds, after each start of a run of the job: its true queue wait, or what a poll that missed a run takes for it. */
export function possibleWaits(job: Job): readonly number[] {
  return job.runs.map(({ startedAt }) => (startedAt - job.submittedAt) / 1000);
}

export function inferenceSeconds(job: Job | undefined): number | undefined {
  const ms = job === undefined ? undefined : trueInferenceMs(job);
  return ms === undefined ? undefined : ms / 1000;
}

function attemptsOf(exchanges: readonly Exchange[], fault: string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const exchange of exchanges) {
    const status = statusOf(exchange, fault);
    if (status !== undefined) counts[status] = (counts[status] ?? 0) + 1;
  }
  return counts;
}

/** What the client saw of an exchange; undefined while it sees nothing. */
function statusOf({ answer }: Exchange, fault: string): string | undefined {
  if (answer === 'reset') return 'ECONNRESET';
  if (answer !== 'hang') return String(answer);
  return fault.startsWith('hang-after-headers') ? '200' : undefined;
}

function repeatedSubmitsOf(exchanges: readonly Exchange[], fault: string): number {
  let mayHaveArrived = false;
  let repeated = 0;
  for (const exchange of exchanges.filter(isForAJob)) {
    if (mayHaveArrived) repeated += 1;
    const status = statusOf(exchange, fault);
    mayHaveArrived ||= status === 'ECONNRESET' || status === '200';
  }
  return repeated;
}

function isForAJob({ method, host, path }: Exchange): boolean {
  return (
    method === 'POST' && (host === 'fal.run' || host === 'queue.fal.run') && !path.includes('/requests/')
  );
}

/** Headers with units come with the answer of a run, of a stream, and of a result that is there. */
function billedOf(exchanges: readonly Exchange[], jobs: readonly Job[]): Job[] {
  const told = exchanges.filter(({ host, path, answer }) => {
    const isResult = /\/requests\/[^/]+$/.test(path);
    return typeof answer === 'number' && (host === 'fal.run' || isResult);
  });
  const ids = new Set(
    told.flatMap(({ requestId, answer }) => {
      const job = jobs.find((each) => each.requestId === requestId);
      // A stream is announced with 200 whatever becomes of its job.
      const isItsOwn = job?.httpStatus === answer || (job?.mode === 'stream' && answer === 200);
      return isItsOwn && requestId !== undefined ? [requestId] : [];
    }),
  );
  return [...ids].flatMap((id) =>
    jobs.filter(({ requestId, chargedNano = 0 }) => requestId === id && chargedNano > 0),
  );
}
