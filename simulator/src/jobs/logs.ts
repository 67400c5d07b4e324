import type { LiveJob, LogLine, RunSpan } from './live-job.ts';

const PROGRESS: readonly (readonly [share: number, message: string])[] = [
  [0, 'request received by runner'],
  [0.25, 'step 1/4'],
  [0.5, 'step 2/4'],
  [0.75, 'step 3/4'],
  [1, 'step 4/4'],
];

/** The log of a job so far: what its finished attempts wrote, then what the current one has written by now. */
export function logsOf(job: LiveJob, now: number): LogLine[] {
  const finished = job.finishedRuns.flatMap((run) => runLogs(run, run.endedAt, !run.isCancelled));
  return job.run === undefined ? finished : [...finished, ...runLogs(job.run, now, false)];
}

/**
 * The lines of one attempt that have been written until `now`. One that has ended closes with its last step, or
 * with an ERROR line when it failed, early on; a stuck one never gets there.
 */
function runLogs(run: RunSpan, now: number, hasEnded: boolean): LogLine[] {
  const span = run.endsAt - run.startedAt;
  const lastShare = run.failure !== undefined ? 0.25 : hasEnded ? 1 : 0.75;
  const lines = PROGRESS.filter(([share]) => share <= lastShare)
    .map(([share, message]) => line(run.startedAt + share * span, 'INFO', message))
    .filter(({ timestamp }) => Date.parse(timestamp) <= now);
  if (hasEnded && run.failure !== undefined) {
    lines.push(line(run.endsAt, 'ERROR', `attempt failed: ${run.failure.errorType}`));
  }
  return lines;
}

function line(at: number, level: string, message: string): LogLine {
  return { message, level, source: 'USER', timestamp: new Date(Math.floor(at)).toISOString() };
}
