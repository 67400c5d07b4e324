import { type Clock, wait } from '../clock.ts';
import { type LiveJob, whenJob } from '../jobs/live-job.ts';
import type { SimulatedRequest } from '../reply.ts';
import { reachable } from './answers.ts';

/** Shares of the inference after which a preview is sent. */
const PREVIEWS = [1 / 3, 2 / 3];

/**
 * What a model streams: two previews, then the full output. When the caller hangs up the run is given up; when
 * the run breaks off the connection does too, because the status line is long gone.
 *
 * Source: https://fal.ai/docs/documentation/model-apis/inference/streaming; the shape of previews is up to the model.
 */
export async function* modelEvents(
  job: LiveJob,
  clock: Clock,
  request: SimulatedRequest,
  hangUp: () => void,
): AsyncGenerator<string> {
  const { run } = job;
  const { signal } = request;
  try {
    for (const share of PREVIEWS) {
      if (run === undefined || job.run !== run) break;
      await wait(clock, run.startedAt + share * (run.endsAt - run.startedAt) - clock.now(), signal);
      if (signal.aborted) return;
      yield `data: ${JSON.stringify({ progress: Math.round(share * 100) / 100 })}\n\n`;
    }
    await whenJob(job, () => job.state === 'COMPLETED', signal);
    if (signal.aborted) return;
    if (job.answer?.status !== 200) throw new Error('the run broke off in mid-stream');
    job.record.resultFetchedAt = clock.now();
    yield `data: ${reachable(job.answer.body, request)}\n\n`;
  } finally {
    if (job.state !== 'COMPLETED') hangUp();
  }
}
