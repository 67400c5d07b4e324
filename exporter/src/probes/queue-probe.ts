import type { FalAccess } from '../fal/client.ts';
import { ProbeJob } from './job.ts';
import { tellLockAfterReads, tellLockAfterSubmit } from './lock-state.ts';
import { ProbeRun } from './probe-run.ts';
import type { EndpointProbeConfig, Probe, ProbeRunResult, RunBilling } from './probe.ts';

/**
 * Submit, look, cancel before it starts: shows that the queue takes, reports and drops requests, for nothing
 * unless a runner is faster than the cancel. Such a race is not an error; its result is fetched for its units.
 */
export function createQueueProbe(config: EndpointProbeConfig, access: FalAccess, account: string): Probe {
  const { name, tier, endpointId, intervalMs, timeoutMs } = config;
  const probe: Probe = {
    ...{ name, tier, endpointId, intervalMs, timeoutMs },
    async run(context): Promise<ProbeRunResult> {
      const run = new ProbeRun(probe, access.clock, context.signal);
      const job = new ProbeJob(run, endpointId, access);
      const lockOptions = { account, clock: access.clock, emit: context.emit };
      await job.submit(config.input, 'low');
      tellLockAfterSubmit(run, lockOptions);
      let billing: RunBilling | undefined;
      if (job.requestId !== undefined) {
        context.onSubmitted(job.requestId);
        billing = await lookAndCancel(run, job);
      }
      tellLockAfterReads(run, lockOptions);
      return { finished: run.finish(), billing: billing ?? job.billing() };
    },
  };
  return probe;
}

/** Returns what is known of the cost, or undefined when the job itself knows best. */
async function lookAndCancel(run: ProbeRun, job: ProbeJob): Promise<RunBilling | undefined> {
  const seen = await job.poll();
  const isAccepted = await job.cancel();
  if (seen?.state === 'queued' && isAccepted && run.failure === undefined) {
    run.observe({ kind: 'finished' });
    return afterCancel(job);
  }
  if (seen?.state === 'completed' && run.failure === undefined) await job.fetchResult();
  else if (run.failure === undefined) run.observe({ kind: 'finished' });
  return undefined;
}

/** The cancel was accepted while the job waited, but a runner may have taken it in between. */
async function afterCancel(job: ProbeJob): Promise<RunBilling | undefined> {
  const after = await job.peek();
  if (after === 'completed') await job.fetchResult();
  return after === 'gone' || after === 'queued' || after === 'failed' ? { kind: 'none' } : undefined;
}
