import { type Job, type Simulator, trueInferenceMs, trueQueueWaitMs } from 'fal-simulator';
import {
  faultOfContract,
  labelOf,
  failed,
  outcomeIn,
} from '../../instrumentation/src/conformance/expected.ts';
import type { ErrorType } from 'opentelemetry-instrumentation-fal/client';
import type { Errand } from './errand.ts';

/** One logical request of the app, as it truly was. Times in seconds; absent is what did not happen or is not known. */
export interface RequestFact {
  readonly endpointId: string;
  readonly operation: string;
  readonly team: string;
  /** Unix time, seconds. */
  readonly startedAt: number;
  /** Absent while it is under way. */
  readonly endedAt?: number;
  readonly outcome: 'pending' | 'ok' | 'error' | 'timeout' | 'cancelled';
  /** As the labels `error_type` and `fault` have it. */
  readonly errorType?: string;
  readonly fault?: string;
  readonly durationSeconds?: number;
  readonly queueWaitSeconds?: number;
  readonly inferenceSeconds?: number;
  /** At list price: what the app can know. */
  readonly listCostUsd?: number;
}

/** One job at fal, whoever asked for it. */
export interface JobFact {
  readonly endpointId: string;
  /** `probe` when the exporter asked for it. */
  readonly by: 'app' | 'probe';
  /** Times as in Unix seconds; of several runs the last one counts. */
  readonly submittedAt: number;
  readonly startedAt?: number;
  readonly endedAt?: number;
  readonly outcome: Job['outcome'];
  /** After discount; 0 for what is not billed. */
  readonly chargedUsd: number;
}

export interface AccountFacts {
  readonly name: string;
  readonly firstBalanceUsd: number;
  readonly balanceUsd: number;
  readonly topUps: readonly { readonly at: number; readonly usd: number }[];
  readonly concurrencyLimit: number;
  /** Jobs that run at the end. */
  readonly running: number;
  readonly isLocked: boolean;
}

/** The truth about a past at its end, from the simulator's ledger and from the app's own diary. */
export interface LedgerFacts {
  readonly requests: readonly RequestFact[];
  readonly jobs: readonly JobFact[];
  readonly account: AccountFacts;
}

export function factsOf(
  simulator: Simulator,
  errands: readonly Errand[],
  account: { readonly name: string; readonly firstBalanceUsd: number },
): LedgerFacts {
  const appJobs = new Set(errands.flatMap(({ requestId }) => requestId ?? []));
  return {
    requests: errands.map((errand) => requestFact(simulator, errand)),
    jobs: simulator.ledger.jobs.map((job) => jobFact(job, appJobs.has(job.requestId))),
    account: accountFacts(simulator, account),
  };
}

function requestFact({ ledger }: Simulator, errand: Errand): RequestFact {
  const job = errand.requestId === undefined ? undefined : ledger.job(errand.requestId);
  const { startedAt, endedAt } = errand;
  return {
    ...{ endpointId: errand.endpointId, operation: errand.operation, team: errand.team },
    startedAt: startedAt / 1000,
    ...howItEnded(job, errand),
    ...(endedAt !== undefined && { endedAt: endedAt / 1000, durationSeconds: (endedAt - startedAt) / 1000 }),
    ...(job !== undefined && ofJob(job)),
  };
}

function howItEnded(
  job: Job | undefined,
  errand: Errand,
): Pick<RequestFact, 'outcome' | 'errorType' | 'fault'> {
  if (errand.ended === 'timeout')
    return { outcome: 'timeout', errorType: 'client_timeout', fault: 'unknown' };
  if (errand.ended !== 'error') return { outcome: errand.ended };
  const errorType = errorTypeOf(job, errand);
  return { outcome: outcomeIn(failed(errorType)) ?? 'error', errorType, fault: faultOfContract(errorType) };
}

function ofJob(job: Job): Partial<RequestFact> {
  const waitMs = trueQueueWaitMs(job);
  const inferenceMs = trueInferenceMs(job);
  const { billableUnits, unitPriceNano } = job;
  return {
    ...(waitMs !== undefined && { queueWaitSeconds: waitMs / 1000 }),
    ...(inferenceMs !== undefined && { inferenceSeconds: inferenceMs / 1000 }),
    ...(billableUnits !== undefined &&
      unitPriceNano !== undefined && { listCostUsd: (billableUnits * unitPriceNano) / 1e9 }),
  };
}

/** Why a request failed: what fal knows of its job, else what the refusal said. */
function errorTypeOf(job: Job | undefined, { refusal, operation }: Errand): ErrorType {
  const said = job?.errorType ?? refusal?.said;
  // An error inside a WebSocket has no type of fal's.
  if (operation === 'realtime' && refusal?.said === undefined) return '_OTHER';
  if (said !== undefined) return labelOf(said);
  return refusal === undefined ? 'network_error' : typeOfStatus(refusal);
}

function typeOfStatus({ status, isFromFal }: NonNullable<Errand['refusal']>): ErrorType {
  if (status === 401) return 'unauthorized';
  if (status === 403) return 'account_locked';
  // A gateway before fal, which gives no ids, has not let it in.
  const isGateway = status >= 502 && status <= 504 && !isFromFal;
  return isGateway ? 'ingress_error' : (String(status) as ErrorType);
}

function jobFact(job: Job, isOfApp: boolean): JobFact {
  const startedAt = job.runs.at(-1)?.startedAt;
  return {
    endpointId: job.endpointId,
    by: isOfApp ? 'app' : 'probe',
    submittedAt: job.submittedAt / 1000,
    ...(startedAt !== undefined && { startedAt: startedAt / 1000 }),
    ...(job.completedAt !== undefined && { endedAt: job.completedAt / 1000 }),
    outcome: job.outcome,
    chargedUsd: (job.chargedNano ?? 0) / 1e9,
  };
}

function accountFacts(
  { world, ledger, engine }: Simulator,
  { name, firstBalanceUsd }: { readonly name: string; readonly firstBalanceUsd: number },
): AccountFacts {
  const [account] = world.accounts.values();
  if (account === undefined) throw new Error('the world of the past has no account');
  const isRunning = ({ outcome, runs }: Job): boolean =>
    outcome === 'pending' && runs.at(-1)?.endedAt === undefined && runs.length > 0;
  return {
    name,
    firstBalanceUsd,
    balanceUsd: account.balanceNano / 1e9,
    topUps: ledger.topUps.map(({ at, amountNano }) => ({ at: at / 1000, usd: amountNano / 1e9 })),
    concurrencyLimit: account.concurrencyLimit,
    running: ledger.jobs.filter(isRunning).length,
    isLocked: engine.lockOf(account) !== undefined,
  };
}
