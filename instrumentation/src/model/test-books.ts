/** Seconds without a call after which nobody waits for a detached request any more. */
const WATCH_SECONDS = 60;

export type Outcome = 'ok' | 'error' | 'timeout' | 'cancelled';

/** One logical request as the model sees it: from the outside, by what the app and fal know. */
export interface Logical {
  readonly operation: string;
  readonly model: string;
  /** One call of the app spans its whole life. */
  readonly isAttached: boolean;
  callsInProgress: number;
  lastSeen: number;
  isWatched: boolean;
  outcome?: Outcome;
  suspicion?: Outcome;
  /** As fal has said, in thousandths. */
  milliUnits?: number;
}

/** Prices in nano-dollars per unit. */
export const MODELS: Readonly<Record<string, number>> = {
  'fal-ai/flux/dev': 21_000_000,
  'fal-ai/kling': 500_000_001,
};

/**
 * The books that the telemetry has to keep, kept a second time in the plainest way. The rules are those of the
 * comments in `open-request.ts` and `request-desk.ts`:
 *
 * - an attached request ends as its call ends;
 * - a detached one ends by the first of: a refused submit, a status that reports a failure, a fetched result, the
 *   model's own refusal of the result, an accepted cancel, a time-out of waiting, a webhook;
 * - another failed poll or fetch is a suspicion, forgotten at the next status, and the end when nobody asks for a minute;
 * - whatever comes after the end changes no count; units that come then are money all the same.
 */
export class Books {
  readonly requests: Logical[] = [];
  readonly #byJob = new Map<string, Logical>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  begin(operation: string, model: string, isAttached: boolean): Logical {
    const logical = {
      operation,
      model,
      isAttached,
      callsInProgress: 0,
      lastSeen: this.#now(),
      isWatched: true,
    };
    this.requests.push(logical);
    return logical;
  }

  accepted(jobId: string, logical: Logical): void {
    this.#byJob.set(jobId, logical);
  }

  /** The request of a job that somebody asks about; of another process's, a new one. */
  askedAbout(jobId: string, model: string): Logical {
    const known = this.#byJob.get(jobId);
    if (known === undefined) {
      const adopted = this.begin('result', model, false);
      this.#byJob.set(jobId, adopted);
      return adopted;
    }
    if (known.outcome === undefined) known.isWatched = true;
    return known;
  }

  seen(logical: Logical): void {
    logical.lastSeen = this.#now();
  }

  /** The app was told where the job stands. */
  statusTold(logical: Logical, status: object): void {
    delete logical.suspicion;
    if ('error_type' in status) this.endDetached(logical, 'error');
  }

  /** Told by a call that is about the request and does not span it. */
  endDetached(logical: Logical, outcome: Outcome): void {
    if (!logical.isAttached) this.end(logical, outcome);
  }

  suspect(logical: Logical, outcome: Outcome): void {
    if (!logical.isAttached && logical.outcome === undefined) logical.suspicion = outcome;
  }

  end(logical: Logical, outcome: Outcome): void {
    if (logical.outcome !== undefined) return;
    logical.outcome = outcome;
    logical.isWatched = false;
    logical.lastSeen = this.#now();
  }

  /** What a collection does: lets go of what nobody has asked about. */
  sweep(): void {
    for (const logical of this.requests) {
      const isWaitedFor = logical.callsInProgress > 0 || this.#now() - logical.lastSeen < WATCH_SECONDS;
      if (!logical.isWatched || isWaitedFor) continue;
      logical.isWatched = false;
      if (logical.suspicion !== undefined) this.end(logical, logical.suspicion);
    }
  }

  /** Requests that are over, as `model operation outcome`. */
  endings(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const { model, operation, outcome } of this.requests) {
      if (outcome === undefined) continue;
      const key = `${model} ${operation} ${outcome}`;
      counts[key] = (counts[key] ?? 0) + 1;
    }
    return counts;
  }

  watched(): number {
    return this.requests.filter(({ isWatched }) => isWatched).length;
  }

  /** Nano-dollars: of what is over, whenever its units became known. */
  costNano(): number {
    return this.requests.reduce((sum, { model, outcome, milliUnits = 0 }) => {
      const price = MODELS[model];
      if (outcome === undefined || price === undefined) return sum;
      const exact = BigInt(price) * BigInt(milliUnits);
      return sum + Number((exact * 2n + 1000n) / 2000n);
    }, 0);
  }
}
