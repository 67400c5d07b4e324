import type { Connection, Exchange, Job, JobRun, JobWebhook, Ledger, WebhookAttempt } from './ledger.ts';

type Writable<T> = { -readonly [Field in keyof T]: T[Field] };

/** A job as the engine writes it; the ledger shows the same object read-only. */
export type JobRecord = Writable<Omit<Job, 'runs' | 'webhook'>> & {
  readonly runs: Writable<JobRun>[];
  webhook?: JobWebhookRecord;
};

/** A webhook as its deliveries write it. */
export type JobWebhookRecord = Writable<Omit<JobWebhook, 'attempts'>> & {
  readonly attempts: Writable<WebhookAttempt>[];
};

/** A connection as its session writes it. */
export type ConnectionRecord = Writable<Connection>;

export interface LedgerLimits {
  /** Jobs that have ended; those that have not are always kept. */
  readonly jobs: number;
  /** Realtime connections are kept in the same number. */
  readonly exchanges: number;
}

/** Enough for a long demo, little enough to stay flat: about 50 MB when full. */
export const DEFAULT_LEDGER_LIMITS: LedgerLimits = { jobs: 10_000, exchanges: 100_000 };

/** Trimming a tenth at a time makes the cost of one entry constant. */
const SLACK = 1.1;

/** The ledger with its writing side. The oldest entries go first when a limit is passed by a tenth. */
export class LedgerBook implements Ledger {
  readonly #limits: LedgerLimits;
  readonly #onForget: (requestId: string) => void;
  readonly #byId = new Map<string, JobRecord>();
  #jobs: JobRecord[] = [];
  #exchanges: Exchange[] = [];
  #connections: Connection[] = [];
  readonly #topUps: Ledger['topUps'][number][] = [];

  /** @param onForget called with the request id of each job that is dropped. */
  constructor(limits: LedgerLimits, onForget: (requestId: string) => void) {
    this.#limits = limits;
    this.#onForget = onForget;
  }

  get jobs(): readonly Job[] {
    return this.#jobs;
  }

  get exchanges(): readonly Exchange[] {
    return this.#exchanges;
  }

  get connections(): readonly Connection[] {
    return this.#connections;
  }

  get topUps(): Ledger['topUps'] {
    return this.#topUps;
  }

  job(requestId: string): Job | undefined {
    return this.#byId.get(requestId);
  }

  addJob(record: JobRecord): void {
    this.#jobs.push(record);
    this.#byId.set(record.requestId, record);
    if (this.#jobs.length > this.#limits.jobs * SLACK) this.#trimJobs();
  }

  addExchange(exchange: Exchange): void {
    this.#exchanges.push(exchange);
    if (this.#exchanges.length > this.#limits.exchanges * SLACK) {
      this.#exchanges = this.#exchanges.slice(-this.#limits.exchanges);
    }
  }

  addConnection(record: ConnectionRecord): void {
    this.#connections.push(record);
    if (this.#connections.length > this.#limits.exchanges * SLACK) {
      this.#connections = this.#connections.slice(-this.#limits.exchanges);
    }
  }

  addTopUp(topUp: Ledger['topUps'][number]): void {
    this.#topUps.push(topUp);
  }

  #trimJobs(): void {
    const cut = this.#jobs.length - this.#limits.jobs;
    const isForgotten = (job: JobRecord, index: number): boolean => index < cut && job.outcome !== 'pending';
    for (const job of this.#jobs.filter(isForgotten)) {
      this.#byId.delete(job.requestId);
      this.#onForget(job.requestId);
    }
    this.#jobs = this.#jobs.filter((job, index) => !isForgotten(job, index));
  }
}
