import type { Endpoint } from '../world.ts';
import type { LiveJob } from './live-job.ts';
import type { RunnerPool } from './runner-pool.ts';

/** Everything that waits for or runs on the runners of one endpoint. */
export interface EndpointWork {
  endpoint: Endpoint;
  readonly pool: RunnerPool;
  /** Direct calls without a runner yet; they hold a slot of their account already and go first. */
  readonly direct: LiveJob[];
  /** Queued jobs in the order in which they will start: normal priority before low, requeued ones first. */
  readonly queue: LiveJob[];
}

/** Puts a new job behind the last one of its priority. */
export function enqueue(work: EndpointWork, job: LiveJob): void {
  const firstLow = work.queue.findIndex((other) => other.order.isLowPriority);
  if (job.order.isLowPriority || firstLow === -1) work.queue.push(job);
  else work.queue.splice(firstLow, 0, job);
}

/** Takes a job out of whichever line it stands in. */
export function leaveLine(work: EndpointWork, job: LiveJob): void {
  for (const line of [work.queue, work.direct]) {
    const index = line.indexOf(job);
    if (index !== -1) line.splice(index, 1);
  }
}

/**
 * Places ahead of a queued job, 0 = next: other customers' requests, then our own that stand before it. It never
 * grows while nothing of higher priority arrives.
 */
export function positionOf(work: EndpointWork, job: LiveJob): number {
  let position = -1;
  for (const other of work.queue) {
    if (other.isHeldBack && other !== job) continue;
    position = Math.max(position + 1, other.foreignAhead);
    if (other === job) return position;
  }
  return 0;
}

/**
 * The queued jobs that could start now if runners were idle. The line stops at the first one that still has
 * foreign requests ahead; one that only its account holds back is passed.
 *
 * @param freeSlots how many more requests an account may run.
 */
export function startable(work: EndpointWork, freeSlots: (job: LiveJob) => number): LiveJob[] {
  const taken = new Map<string, number>();
  const ready: LiveJob[] = [];
  for (const job of work.queue) {
    if (job.isHeldBack) continue;
    if (job.foreignAhead > 0) break;
    const { name } = job.order.account;
    const takenNow = taken.get(name) ?? 0;
    if (freeSlots(job) <= takenNow) continue;
    taken.set(name, takenNow + 1);
    ready.push(job);
  }
  return ready;
}
