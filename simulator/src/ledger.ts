/** What really happened, whatever anyone was told: the truth that measurements are compared with. Times are ms of the simulator's clock. */
export interface Ledger {
  readonly jobs: readonly Job[];
  readonly exchanges: readonly Exchange[];
  readonly topUps: readonly { readonly account: string; readonly at: number; readonly amountNano: number }[];
  job(requestId: string): Job | undefined;
}

/** One job: a queued request, or a direct call. */
export interface Job {
  readonly requestId: string;
  readonly endpointId: string;
  readonly account: string;
  readonly keyId: string;
  readonly mode: 'queue' | 'run' | 'stream';
  readonly submittedAt: number;
  /** Set when an earlier submit with the same body within seconds was answered by a reset: the caller sent it twice. */
  readonly duplicateOf?: string | undefined;
  /** One entry per time that a runner took the job; more than one after platform retries. */
  readonly runs: readonly JobRun[];
  readonly completedAt?: number | undefined;
  readonly resultFetchedAt?: number | undefined;
  readonly outcome: 'pending' | 'ok' | 'error' | 'cancelled';
  readonly httpStatus?: number | undefined;
  readonly errorType?: string | undefined;
  /** Absent while pending; 0 for what is not billed. */
  readonly billableUnits?: number | undefined;
  readonly unit: string;
  readonly unitPriceNano?: number | undefined;
  /** Percent off that held when the job was billed; absent until then. */
  readonly percentDiscount?: number | undefined;
  /** After discount. 0 for what is not billed. */
  readonly chargedNano?: number | undefined;
}

export interface JobRun {
  readonly runnerId: string;
  /** IN_PROGRESS began. */
  readonly startedAt: number;
  readonly endedAt?: number | undefined;
  /** Time that the job waited for this runner to boot; 0 on a warm one. It passes while the job is IN_QUEUE. */
  readonly coldStartMs: number;
  readonly ended?: 'ok' | 'error' | 'requeued' | 'cancelled' | undefined;
}

/** One HTTP exchange, as the simulator answered it. */
export interface Exchange {
  readonly at: number;
  readonly method: string;
  readonly host: string;
  readonly path: string;
  /** HTTP status, or what the wire did instead. */
  readonly answer: number | 'hang' | 'reset';
  readonly requestId?: string | undefined;
}

/** Queue wait of a job in ms, runner start included: submit until the first IN_PROGRESS. */
export function trueQueueWaitMs(job: Job): number | undefined {
  const first = job.runs[0];
  return first === undefined ? undefined : first.startedAt - job.submittedAt;
}

/** Run time of the last attempt in ms: what fal reports as `metrics.inference_time`. */
export function trueInferenceMs(job: Job): number | undefined {
  const last = job.runs.at(-1);
  return last?.endedAt === undefined ? undefined : last.endedAt - last.startedAt;
}
