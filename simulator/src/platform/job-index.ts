import type { Job, Ledger } from '../ledger.ts';
import type { TimeRange } from './time-range.ts';

/** A job that has ended. */
export type EndedJob = Job & { readonly completedAt: number };

/**
 * The jobs of a ledger by the time of their ends, kept up from one question to the next, so that a question costs
 * what it answers and not what the ledger holds. A job may end at any time after it was written down, but once only.
 */
class JobIndex {
  readonly #ledger: Ledger;
  /** The list that was read last; the ledger begins another one when it forgets its oldest jobs. */
  #jobs: readonly Job[] = [];
  /** How many of them were read. */
  #read = 0;
  #unfinished: Job[] = [];
  /** Oldest end first. */
  #ended: EndedJob[] = [];

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  /** Jobs that ended in a range of time, or all that ended. */
  ended(range?: TimeRange): EndedJob[] {
    this.#catchUp();
    if (range === undefined) return [...this.#ended];
    return this.#ended.slice(this.#firstFrom(range.start), this.#firstFrom(range.end));
  }

  /** Jobs that have not ended, in the order of their submits. */
  unfinished(): readonly Job[] {
    this.#catchUp();
    return this.#unfinished;
  }

  #catchUp(): void {
    const { jobs } = this.#ledger;
    if (jobs !== this.#jobs) {
      [this.#jobs, this.#read, this.#unfinished, this.#ended] = [jobs, 0, [], []];
    }
    const candidates = [...this.#unfinished, ...jobs.slice(this.#read)];
    this.#read = jobs.length;
    const fresh = candidates.filter(hasEnded);
    this.#unfinished = candidates.filter((job) => !hasEnded(job));
    fresh.sort(byEnd);
    const isBehind = (this.#ended.at(-1)?.completedAt ?? -Infinity) > (fresh[0]?.completedAt ?? Infinity);
    for (const job of fresh) this.#ended.push(job);
    // Jobs end in the order of time; only a ledger that somebody else writes can have an older end come later.
    if (isBehind) this.#ended.sort(byEnd);
  }

  /** Place of the first job that ended at that time or later. */
  #firstFrom(at: number): number {
    let [low, high] = [0, this.#ended.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#ended[middle]?.completedAt ?? at) < at) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Keyed by the ledger, so that two simulators in one process share nothing and a forgotten one is freed. */
const byLedger = new WeakMap<Ledger, JobIndex>();

export function jobIndexOf(ledger: Ledger): JobIndex {
  const known = byLedger.get(ledger);
  if (known !== undefined) return known;
  const fresh = new JobIndex(ledger);
  byLedger.set(ledger, fresh);
  return fresh;
}

function byEnd(a: EndedJob, b: EndedJob): number {
  return a.completedAt - b.completedAt;
}

function hasEnded(job: Job): job is EndedJob {
  return job.completedAt !== undefined;
}
