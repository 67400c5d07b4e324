import type { FalAccess } from '../fal/client.ts';
import { ProbeJob } from './job.ts';
import { tellLockAfterReads, tellLockAfterSubmit } from './lock-state.ts';
import { ProbeRun } from './probe-run.ts';
import type { EndpointProbeConfig, Probe, ProbeRunResult } from './probe.ts';

/**
 * The real thing: submit, watch, fetch the result, look at it. Costs money and takes a concurrency slot.
 * The job of a run that ends early is cancelled, and counts as billed all the same.
 */
export function createInferenceProbe(config: EndpointProbeConfig, access: FalAccess, account: string): Probe {
  const { name, tier, endpointId, intervalMs, timeoutMs } = config;
  const probe: Probe = {
    ...{ name, tier, endpointId, intervalMs, timeoutMs },
    async run(context): Promise<ProbeRunResult> {
      const run = new ProbeRun(probe, access.clock, context.signal);
      const job = new ProbeJob(run, endpointId, access);
      const lockOptions = { account, clock: access.clock, emit: context.emit };
      await job.submit(config.input, 'normal');
      tellLockAfterSubmit(run, lockOptions);
      if (job.requestId !== undefined) {
        context.onSubmitted(job.requestId);
        await job.watch();
        if (run.failure === undefined) await job.fetchResult();
        if (job.isLeftBehind) await job.cancel();
      }
      tellLockAfterReads(run, lockOptions);
      return { finished: run.finish(), billing: job.billing() };
    },
  };
  return probe;
}
