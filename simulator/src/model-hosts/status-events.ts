import { type LiveJob, whenJob } from '../jobs/live-job.ts';
import type { SimulatedRequest } from '../reply.ts';
import { type StatusView, statusBody } from './answers.ts';

/**
 * The status stream of a job as server-sent events: one event now, one per change of state or place, the last
 * when it is COMPLETED. Log lines come once each, in the first event after they were written.
 *
 * Source: https://fal.ai/docs/documentation/model-apis/inference/queue. Whether fal pushes on change or samples is
 * not documented; pushing is assumed.
 */
export async function* statusEvents(
  job: LiveJob,
  request: SimulatedRequest,
  look: () => StatusView,
): AsyncGenerator<string> {
  let told = 0;
  for (;;) {
    const view = look();
    const shown = changeKey(job, view);
    // An IN_QUEUE event has no logs; what a lost attempt wrote comes with the next event that has.
    const logs = view.logs === null ? null : view.logs.slice(told);
    if (job.state !== 'IN_QUEUE') told += logs?.length ?? 0;
    const isLast = job.state === 'COMPLETED';
    yield `data: ${JSON.stringify(statusBody(request, job, { ...view, logs }))}\n\n`;
    if (isLast) return;
    await whenJob(job, () => changeKey(job, look()) !== shown, request.signal);
    if (request.signal.aborted) return;
  }
}

function changeKey(job: LiveJob, view: StatusView): string {
  return `${job.state} ${job.attempts} ${job.state === 'IN_QUEUE' ? view.position : ''}`;
}
