/** What really happened, whatever anyone was told: the truth that measurements are compared with. Times are ms of the simulator's clock. */
export interface Ledger {
  readonly jobs: readonly Job[];
  readonly exchanges: readonly Exchange[];
  readonly connections: readonly Connection[];
  readonly topUps: readonly { readonly account: string; readonly at: number; readonly amountNano: number }[];
  job(requestId: string): Job | undefined;
}

/** How a job was asked for. `realtime`: by one message over a WebSocket. */
export type JobMode = 'queue' | 'run' | 'stream' | 'realtime';

/** One job: a queued request, a direct call, or one realtime message. */
export interface Job {
  readonly requestId: string;
  readonly endpointId: string;
  readonly account: string;
  readonly keyId: string;
  readonly mode: JobMode;
  /** Of a realtime job: the connection that it came by. */
  readonly connectionId?: string | undefined;
  readonly submittedAt: number;
  /** Set when an earlier submit with the same body within seconds was answered by a reset: the caller sent it twice. */
  readonly duplicateOf?: string | undefined;
  /** One entry per time that a runner took the job; more than one after platform retries. */
  readonly runs: readonly JobRun[];
  readonly completedAt?: number | undefined;
  readonly resultFetchedAt?: number | undefined;
  /** Present when the caller asked for a webhook. */
  readonly webhook?: JobWebhook | undefined;
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
  /** The endpoint that stood in for the job's own one, after a fallback. */
  readonly servedBy?: string | undefined;
}

/** One realtime WebSocket that was opened. Each input that a runner took is a job besides; the rest is counted here. */
export interface Connection {
  readonly connectionId: string;
  readonly endpointId: string;
  /** Absent when the caller was not let in. */
  readonly account?: string | undefined;
  readonly openedAt: number;
  readonly closedAt?: number | undefined;
  /** RFC 6455, section 7.4; 1005: closed without a code, 1006: broke off. */
  readonly closeCode?: number | undefined;
  /** Who or what ended it: `idle` and `error` with a frame that says so, `wire` without anybody's will. */
  readonly endedBy?: 'caller' | 'idle' | 'error' | 'unauthorized' | 'wire' | undefined;
  /** Messages from the caller. */
  readonly received: number;
  /** Messages that were not even read as input: no MessagePack or JSON object, or a field is wrong. */
  readonly refused: number;
  /** Inputs that newer ones pushed out of a full buffer, and those still waiting at the end. */
  readonly dropped: number;
  /** Messages to the caller, as fal sent them: the wire may have lost or spoilt some. */
  readonly sent: number;
  /** Those that were outputs of the model. */
  readonly results: number;
}

/** How the webhook of a job was delivered. */
export interface JobWebhook {
  /** Without query, fragment and credentials: they may be secret. */
  readonly url: string;
  /**
   * `delivered`: answered by a 2xx. `failed`: by a 3xx, which fal takes for good. `given-up`: no retry is left.
   * `lost`: never sent, by a fault on order.
   */
  readonly state: 'pending' | 'delivered' | 'failed' | 'given-up' | 'lost';
  /** Id of the platform's last attempt at the job; known when the job has ended. */
  readonly gatewayRequestId?: string | undefined;
  readonly attempts: readonly WebhookAttempt[];
}

export interface WebhookAttempt {
  readonly at: number;
  readonly endedAt?: number | undefined;
  /** HTTP status, or what came instead of one; absent while it is under way. */
  readonly answer?: number | 'timeout' | 'network-error' | undefined;
}

/** One HTTP exchange, as the simulator answered it. A WebSocket that opened is answered by 101. */
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
