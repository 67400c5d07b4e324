import type { BackgroundProcess } from './background-process.ts';
import { waitUntil } from './wait-until.ts';

const READY_WITHIN_MS = 60_000;

/** Waits until a server of the Prometheus family says so itself; rejects with what it printed when it ends before. */
export async function whenReady(name: string, url: string, process: BackgroundProcess): Promise<void> {
  const readiness = await waitUntil(
    `${name} is ready at ${url}`,
    async () => {
      if (process.exit() !== undefined) return 'ended';
      const { ok } = await fetch(`${url}/-/ready`);
      return ok ? 'ready' : undefined;
    },
    { withinMs: READY_WITHIN_MS, evidence: () => process.output() },
  );
  if (readiness === 'ended')
    throw new Error(`${name} ended before it was ready; it said:\n${process.output()}`);
}
